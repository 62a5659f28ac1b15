"""Where rosters are brought in tests: files in, outcomes and tables out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from circulation.cards import CardUid
from registry.audit.store import latest
from registry.database import Database
from registry.exchange.store_feed import entries_after
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.batches import BatchDesk
from registry.rosters.desk import RosterDesk
from registry.rosters.headings import RosterKind
from registry.rosters.loading import LoadedRoster
from registry.rosters.pipeline import Pipeline
from registry.rosters.preview import Preview
from registry.rosters.room import Rosters
from registry.tables import metadata
from tests.integration.registry.city import City
from tests.unit.registry.rosters.roster_files import HEADINGS, SCHOOL_YEAR, an_order, bureau_file, contact_file


@dataclass
class Counter:
    city: City
    rosters: Rosters
    folder: Path
    woken: list[bool]

    @property
    def desk(self) -> RosterDesk:
        return self.rosters.desk

    @property
    def pipeline(self) -> Pipeline:
        return self.rosters.pipeline

    @property
    def batches(self) -> BatchDesk:
        return self.rosters.batches

    def read_bureau(
        self,
        *pupils: Sequence[str],
        headings: Sequence[str] = HEADINGS,
        declaration: ConsentDeclaration | None = None,
        school_year: int = SCHOOL_YEAR,
    ) -> LoadedRoster:
        order = an_order(bureau_file(self.folder, *pupils, headings=headings), declaration=declaration)
        return self.desk.load(replace(order, school_year=school_year))

    def bureau(
        self,
        *pupils: Sequence[str],
        headings: Sequence[str] = HEADINGS,
        declaration: ConsentDeclaration | None = None,
        school_year: int = SCHOOL_YEAR,
    ) -> Preview:
        return self.store(self.read_bureau(*pupils, headings=headings, declaration=declaration, school_year=school_year))

    def contacts(self, *contacts: Sequence[str]) -> Preview:
        return self.store(self.desk.load(an_order(contact_file(self.folder, *contacts), RosterKind.SCHOOL_CONTACTS)))

    def store(self, loaded: LoadedRoster) -> Preview:
        preview = self.desk.preview(loaded, by="lin")
        self.desk.commit(loaded, preview, by="test")
        return preview

    def outcomes(self, preview: Preview) -> dict[str, int]:
        return {str(outcome): count for outcome, count in preview.outcomes.items() if count}

    def sql(self, query: str, **bound: str) -> list[tuple[Any, ...]]:
        return self.city.sql(query, **bound)

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table."""
        return dump(self.city.registry.database)

    def heard(self) -> list[tuple[str, str]]:
        """What kiosks hear of, in order."""
        with self.city.registry.database.reading() as connection:
            return [(str(entry.table), entry.key) for _, entry in entries_after(connection, 0, "C01", limit=10_000)]

    def keys_of(self, uids: Iterable[str]) -> list[tuple[str, str]]:
        return [("card", self.city.key_of(CardUid.from_hex(uid)).hex()) for uid in uids]


def dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table; of the audit trail, which notes every look too, what was changed and whom it was about."""
    with database.reading() as connection:
        tables = [table for table in metadata.sorted_tables if not table.name.startswith("audit")]
        found = {table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table))) for table in tables}
        found["audit"] = sorted(repr(one) for one in latest(connection, limit=100_000) if one.action != "roster compared")
        return found
