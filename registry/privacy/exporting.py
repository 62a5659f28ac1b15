"""Everything that the registry holds about a patron, for the patron: as one JSON document, and as text that can be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.database import Database
from registry.outside import Outside
from registry.privacy.holdings import LeftOut
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.store_export import rows_about, trail_about
from registry.privacy.store_people import is_on_record
from registry.privacy.waiting_rows import WaitingRows
from registry.spreadsheet import private_file
from texts.catalogue import Catalogue

AUDIT, WAITING = "audit", "roster_waiting"
_BETWEEN = " / "
_AFTER = "："


@dataclass(frozen=True, slots=True)
class Section:
    """One table of an export; ``left_out`` are its columns that are not told, and why."""

    table: str
    rows: tuple[Mapping[str, Any], ...]
    left_out: Mapping[str, LeftOut]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """All that is held about a patron at an instant (aware UTC), also the sections that are empty."""

    patron: PatronId
    made_at: datetime
    sections: tuple[Section, ...]

    def section(self, table: str) -> Section:
        """The section of a table."""
        return next(one for one in self.sections if one.table == table)


class Exporter:
    """Of one registry. ``waiting`` opens what came before the Bureau's word and waits, encrypted."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, waiting: WaitingRows | None = None) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._waiting = waiting

    def export(self, patron: PatronId, *, by: str) -> PersonalData:
        """All that is held about a patron. That it was given out is noted before it is, and stands in it.

        Raises:
            PrivacyRefusedError: ``NOBODY_FOUND``.

        """
        now = self._outside.now()
        with self._database.reading() as connection:
            found = is_on_record(connection, patron)
        if not found:
            raise PrivacyRefusedError(PrivacyRefusal.NOBODY_FOUND)
        self._database.write(lambda work: append(work.connection, AuditEntry(now, by, "person exported", "done", {"patron": str(patron)})))
        with self._database.reading() as connection:
            sections = [Section(holding.table, tuple(rows), holding.left_out) for holding, rows in rows_about(connection, patron)]
            if self._waiting is not None:
                sections.append(Section(WAITING, tuple(self._waiting.about(connection, patron)), {"tag": LeftOut.MACHINE_KEY}))
            sections.append(Section(AUDIT, tuple(trail_about(connection, patron)), {}))
        return PersonalData(patron, now, tuple(sections))

    def write_json(self, path: Path, data: PersonalData, catalogues: Sequence[Catalogue]) -> None:
        """Write an export as JSON, indented, headings in every language; only its owner may read the file.

        Raises:
            OSError: it can't be written.

        """
        document = {
            "patron": str(data.patron),
            "made_at": self._plain(data.made_at),
            "sections": [
                {
                    "table": one.table,
                    "heading": {catalogue.language: heading(one.table, catalogue) for catalogue in catalogues},
                    "rows": [{name: self._plain(value) for name, value in row.items()} for row in one.rows],
                    "left_out": {
                        name: {catalogue.language: catalogue.say(f"privacy.left_out.{why}") for catalogue in catalogues}
                        for name, why in one.left_out.items()
                    },
                }
                for one in data.sections
            ],
        }
        with private_file(path) as write:
            write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")

    def write_text(self, path: Path, data: PersonalData, catalogues: Sequence[Catalogue]) -> None:
        """Write an export as text for people, headings in every language; only its owner may read the file.

        Raises:
            OSError: it can't be written.

        """
        with private_file(path) as write:
            for line in self.lines(data, catalogues):
                write(line + "\n")

    def lines(self, data: PersonalData, catalogues: Sequence[Catalogue]) -> Iterator[str]:
        """An export as lines of text; an empty section says that it is."""

        def all_of(key: str, **values: object) -> str:
            return _BETWEEN.join(catalogue.say(key, **values) for catalogue in catalogues)

        yield all_of("privacy.export.title", at=self._plain(data.made_at))
        for one in data.sections:
            yield ""
            yield f"== {_BETWEEN.join(heading(one.table, catalogue) for catalogue in catalogues)} =="
            if not one.rows:
                yield f"  {all_of('privacy.export.nothing')}"
            for row in one.rows:
                said = [
                    f"  {_BETWEEN.join(label(name, catalogue) for catalogue in catalogues)}{_AFTER}{self._shown(value)}"
                    for name, value in row.items()
                    if value is not None
                ]
                yield from (*said, "")
            for name, why in one.left_out.items():
                yield f"  {_BETWEEN.join(label(name, catalogue) for catalogue in catalogues)}{_AFTER}{all_of(f'privacy.left_out.{why}')}"

    def _shown(self, value: object) -> str:
        plain = self._plain(value)
        # One line a value: whatever a name or an address holds, it makes no line of its own.
        said = plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()
        return "".join(character if character.isprintable() else " " for character in said)

    def _plain(self, value: object) -> object:
        match value:
            case datetime():
                return value.astimezone(self._zone).isoformat(timespec="seconds")
            case date():
                return value.isoformat()
            case UUID():
                return str(value)
            case Enum():
                return value.value
            case _:
                return value


def heading(table: str, catalogue: Catalogue) -> str:
    """What a table is called for people; its own name where nobody has given it one."""
    key = f"privacy.table.{table}"
    return catalogue.say(key) if key in catalogue else table


def label(column: str, catalogue: Catalogue) -> str:
    """What a column is called for people; of ``item.title`` what stands for it or for ``title``. Its own name where nobody has given it one."""
    for name in (column, column.rpartition(".")[2]):
        if f"privacy.field.{name}" in catalogue:
            return catalogue.say(f"privacy.field.{name}")
    return column
