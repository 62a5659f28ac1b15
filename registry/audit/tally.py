"""Refusals of those who proved nothing, counted: anybody can cause a million, and none may cost a write for each. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.audit.store import AuditEntry

_WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(slots=True)
class _Count:
    count: int
    written_at: datetime | None = None


class RefusalTally:
    """Counts for each action, path and code. Of each there is an entry at once, then one a minute at most, with how many there were.

    Paths and codes must be the registry's own (a route's template, never what was asked for), so that strangers can't fill the memory.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], _Count] = {}

    def count(self, action: str, path: str, code: str, *, at: datetime) -> list[AuditEntry]:
        """Count a refusal, and give what should be written now."""
        key = (action, path, code)
        self._counts.setdefault(key, _Count(0)).count += 1
        return self._taken([key], at, everything=False)

    def due(self, *, at: datetime) -> list[AuditEntry]:
        """What has waited for a minute."""
        return self._taken(list(self._counts), at, everything=False)

    def rest(self, *, at: datetime) -> list[AuditEntry]:
        """Everything that is not written yet."""
        return self._taken(list(self._counts), at, everything=True)

    def put_back(self, entries: list[AuditEntry]) -> None:
        """Count again what could not be written."""
        for entry in entries:
            detail = entry.detail
            self._counts[entry.action, str(detail.get("path", "")), str(detail["code"])].count += int(detail["count"])

    def _taken(self, keys: list[tuple[str, str, str]], at: datetime, *, everything: bool) -> list[AuditEntry]:
        entries: list[AuditEntry] = []
        for key in keys:
            counted = self._counts[key]
            if counted.count and (everything or _is_due(counted, at)):
                entries.append(_entry(key, counted.count, at))
                counted.count, counted.written_at = 0, at
        return entries


def _is_due(counted: _Count, at: datetime) -> bool:
    # A clock that was set back must not hold entries back until it has caught up.
    return counted.written_at is None or not timedelta() <= at - counted.written_at < _WRITTEN_EVERY


def _entry(key: tuple[str, str, str], count: int, at: datetime) -> AuditEntry:
    action, path, code = key
    where = {"path": path} if path else {}
    return AuditEntry(at, "anyone", action, "refused", {**where, "code": code, "count": count})
