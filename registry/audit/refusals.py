"""Refusals of those who proved nothing, on their way from the tally into the audit trail."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from registry.audit.store import AuditEntry, append
from registry.audit.tally import RefusalTally
from registry.database import Database, UnitOfWork


class Refusals:
    """Of this process. For any thread. What a killed process had only counted (a minute of it at most) is lost."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._tally = RefusalTally()
        self._lock = Lock()

    def count(self, action: str, code: str, *, path: str = "") -> list[AuditEntry]:
        """Count one, in memory only. What comes back must be given to ``write``."""
        with self._lock:
            return self._tally.count(action, path, code, at=self._now())

    def write(self, entries: list[AuditEntry]) -> None:
        """Write entries; when that fails they are counted again, and the failure goes on."""
        if not entries:
            return

        def write(work: UnitOfWork) -> None:
            for entry in entries:
                append(work.connection, entry)

        try:
            self._database.write(write)
        except BaseException:
            with self._lock:
                self._tally.put_back(entries)
            raise

    def write_due(self) -> None:
        """Write what has waited for a minute."""
        with self._lock:
            entries = self._tally.due(at=self._now())
        self.write(entries)

    def write_rest(self) -> None:
        """Write everything: the service stops."""
        with self._lock:
            entries = self._tally.rest(at=self._now())
        self.write(entries)
