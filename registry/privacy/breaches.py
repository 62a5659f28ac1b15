"""When data may have come into wrong hands: who saw or changed whose data between two moments, and by when it must be reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from registry.audit import store_reading
from registry.audit.store import AuditEntry, append
from registry.audit.store_reading import ActorTotal, Wanted
from registry.database import Database
from registry.outside import Outside
from registry.privacy import store
from registry.privacy.terms import BREACH, deadline_of, term_on
from registry.spreadsheet import private_csv
from texts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class BreachReport:
    """Who touched whose data: totals by actor, how many patrons in all, and by when (aware UTC) the breach must be reported."""

    wanted: Wanted
    actors: tuple[ActorTotal, ...]
    patrons: int
    deadline: datetime


class BreachDesk:
    """Of one registry. Looking is itself noted, without whose data it showed: the report names keys only."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone

    def report(self, wanted: Wanted, *, known_at: datetime | None = None, by: str) -> BreachReport:
        """Count who touched whose data. ``known_at`` is when the breach became known, none for now: its term begins there."""
        now = self._outside.now()
        known = known_at or now
        with self._database.reading() as connection:
            term = term_on(store.terms(connection), BREACH, today=known.astimezone(self._zone).date())
            actors = tuple(store_reading.totals(connection, wanted))
            patrons = store_reading.count_patrons(connection, wanted)
        self._note("breach reported", by, {"patrons": patrons, "actors": len(actors)})
        return BreachReport(wanted, actors, patrons, deadline_of(term, known_at=known))

    def entries(self, wanted: Wanted, *, limit: int, by: str) -> list[tuple[int, AuditEntry]]:
        """The entries of the trail that are wanted, the latest first. Reading the trail is noted in it."""
        with self._database.reading() as connection:
            found = store_reading.entries_like(connection, wanted, limit=limit)
        self._note("trail read", by, {"count": len(found)})
        return found

    def write_csv(self, path: Path, report: BreachReport, catalogues: Sequence[Catalogue]) -> int:
        """Write a row for every patron of every entry, streamed; how many. Patrons stand there by their keys.

        Raises:
            OSError: it can't be written.

        """
        count = 0
        names = ("seq", "at", "actor", "action", "outcome", "patron")
        with private_csv(path) as add, self._database.reading() as connection:
            add([" / ".join(catalogue.say(f"audit.column.{name}") for catalogue in catalogues) for name in names])
            for one in store_reading.touches(connection, report.wanted):
                at = one.at.astimezone(self._zone).isoformat(timespec="seconds")
                add([one.seq, at, one.actor, one.action, one.outcome, one.patron])
                count += 1
        return count

    def _note(self, action: str, by: str, detail: dict[str, str | int]) -> None:
        entry = AuditEntry(self._outside.now(), by, action, "done", detail)
        self._database.write(lambda work: append(work.connection, entry))
