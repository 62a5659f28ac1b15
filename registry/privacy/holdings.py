"""What the registry holds about a patron: which tables, which columns, and what is left out for which reason. Pure, from the tables themselves.

Whatever table names a patron belongs to an export, without anybody adding it anywhere: left out is only what stands
here with its reason. A new table needs its heading in the catalogue (``privacy.table.<name>``); a test asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any


@unique
class LeftOut(StrEnum):
    """Why something is not told. The sentences stand in the catalogue as ``privacy.left_out.<code>``."""

    MACHINE_KEY = "machine_key"
    """Bytes that machines know rows by: made with a secret, they say nothing of anybody."""
    SECRET = "secret"  # noqa: S105 - a reason's code
    """What opens an account: only that it is there is told."""
    OTHER_PERSON = "other_person"
    """It may be about somebody else."""
    STAFF_WORDS = "staff_words"
    """Staff wrote it, and it may name others; it is forgotten soon."""
    SHOWN_ELSEWHERE = "shown_elsewhere"
    """The same is told by another table of the export."""


EXCLUDED: Mapping[str, LeftOut] = {"audit_subject": LeftOut.SHOWN_ELSEWHERE}
"""Tables that name a patron and are told in another way: who read and changed what stands under ``audit``."""

HIDDEN: Mapping[tuple[str, str], LeftOut] = {
    ("pin", "hash"): LeftOut.SECRET,
    ("staff_case", "asks"): LeftOut.OTHER_PERSON,
    ("flagged_fact", "other_loan"): LeftOut.OTHER_PERSON,
    ("flagged_fact", "settled_because"): LeftOut.STAFF_WORDS,
}
"""Columns that are not told. Of bytes nothing is told in any table (``MACHINE_KEY``)."""

TOLD_WITH: Mapping[str, tuple[str, ...]] = {
    "branch": ("name",),
    "item": ("barcode", "title"),
    "roster_batch": ("kind", "school_year", "form_version", "cohort", "loaded_at"),
    "school": ("name",),
}
"""What a row says by naming a row of another table."""

_NAMING = frozenset({"patron", "other_patron"})
PEOPLE = "patron"


@dataclass(frozen=True, slots=True)
class Holding:
    """A table of an export: the columns that name a patron, those that are told, and those that are not, with the reason.

    ``joined`` are the tables that its foreign keys name and that are told with it, by column.
    """

    table: str
    naming: tuple[str, ...]
    told: tuple[str, ...]
    left_out: Mapping[str, LeftOut]
    joined: Mapping[str, str]


def holdings(tables: Sequence[Any]) -> Iterator[Holding]:
    """Every table that names a patron, the patron's own row first. ``tables`` are SQLAlchemy's."""
    for table in sorted(tables, key=lambda one: (one.name != PEOPLE, one.name)):
        naming = naming_columns(table)
        if naming and table.name not in EXCLUDED:
            left_out = {str(column.name): why for column in table.columns if (why := _why_not(table.name, column)) is not None}
            yield Holding(
                str(table.name),
                naming,
                tuple(str(column.name) for column in table.columns if column.name not in left_out),
                left_out,
                {str(column.name): target for column in table.columns if (target := _target(column)) in TOLD_WITH},
            )


def naming_columns(table: Any) -> tuple[str, ...]:  # noqa: ANN401 - a table of SQLAlchemy's, which only stores know
    """The columns of a table that name a patron: by foreign key, or by their name alone."""
    if table.name == PEOPLE:
        return ("id",)
    return tuple(str(column.name) for column in table.columns if _target(column) == PEOPLE or column.name in _NAMING)


def _why_not(table: str, column: Any) -> LeftOut | None:  # noqa: ANN401 - a column of SQLAlchemy's
    if type(column.type).__name__ == "LargeBinary":
        return LeftOut.MACHINE_KEY
    return HIDDEN.get((table, column.name))


def _target(column: Any) -> str:  # noqa: ANN401 - a column of SQLAlchemy's
    return next((str(key.column.table.name) for key in column.foreign_keys), "")
