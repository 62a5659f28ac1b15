"""What the registry holds about a patron, read from its own tables: which name one, and by which columns."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, LargeBinary, Table

from registry.privacy.holdings import EXCLUDED, HIDDEN, NAMING, PEOPLE, TOLD_WITH, Holding, LeftOut


def holdings(tables: Iterable[Table]) -> Iterator[Holding]:
    """Every table that names a patron, the patron's own row first."""
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


def naming_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table that name a patron: by foreign key, or by their name alone."""
    if table.name == PEOPLE:
        return ("id",)
    return tuple(str(column.name) for column in table.columns if _target(column) == PEOPLE or column.name in NAMING)


def _why_not(table: str, column: Column[Any]) -> LeftOut | None:
    if isinstance(column.type, LargeBinary):
        return LeftOut.MACHINE_KEY
    return HIDDEN.get((table, column.name))


def _target(column: Column[Any]) -> str:
    return next((str(key.column.table.name) for key in column.foreign_keys), "")
