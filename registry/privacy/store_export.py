"""The store of exports: every row about a patron, by the tables themselves."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Connection, FromClause, or_, select

from circulation.ids import PatronId
from registry.audit.tables import audit, audit_subject
from registry.privacy.holdings import PEOPLE, TOLD_WITH, Holding
from registry.privacy.store_holdings import holdings
from registry.tables import metadata

Told = Mapping[str, Any]
OF_SOMEBODY_ELSE = "…"
"""Stands where a row names another patron too."""


def held() -> list[Holding]:
    """What an export consists of, by this program's tables."""
    return list(holdings(list(metadata.tables.values())))


def rows_about(connection: Connection, key: PatronId) -> Iterator[tuple[Holding, list[Told]]]:
    """Every table with the rows about a patron, and what these name in other tables."""
    for holding in held():
        yield holding, [_told(row, holding, key) for row in _rows(connection, holding, key)]


def national_id_of(connection: Connection, key: PatronId) -> str | None:
    """The patron's national ID."""
    patron = metadata.tables[PEOPLE]
    found: str | None = connection.execute(select(patron.c.national_id).where(patron.c.id == key)).scalar_one_or_none()
    return found


def trail_about(connection: Connection, key: PatronId) -> Iterator[Told]:
    """Who read or changed the patron's data, oldest first. What else an entry says may be about others."""
    about = select(audit.c.seq, audit.c.at, audit.c.actor, audit.c.action, audit.c.outcome)
    found = connection.execute(
        about.join(audit_subject, audit_subject.c.seq == audit.c.seq).where(audit_subject.c.patron == key).order_by(audit.c.seq)
    )
    for row in found.mappings():
        yield {str(name): value for name, value in row.items()}


def _rows(connection: Connection, holding: Holding, key: PatronId) -> list[Mapping[str, Any]]:
    table = metadata.tables[holding.table]
    columns = [table.c[name].label(name) for name in dict.fromkeys((*holding.naming, *holding.told))]
    joined: FromClause = table
    for column, target in holding.joined.items():
        other = metadata.tables[target].alias(f"with_{column}")
        (foreign,) = table.c[column].foreign_keys
        joined = joined.outerjoin(other, table.c[column] == other.c[foreign.column.name])
        columns += [other.c[name].label(f"{column}.{name}") for name in TOLD_WITH[target]]
    about = or_(*(table.c[name] == key for name in holding.naming))
    found = connection.execute(select(*columns).select_from(joined).where(about).order_by(*table.primary_key.columns))
    return [{str(name): value for name, value in row.items()} for row in found.mappings()]


def _told(row: Mapping[str, Any], holding: Holding, key: PatronId) -> Told:
    """A row as the patron may see it: where it names somebody else too, neither who nor what documents say."""
    others = {name for name in holding.naming if row[name] not in {None, key}}
    table = metadata.tables[holding.table]

    def value(name: str) -> object:
        if name in others or (others and name in table.c and isinstance(table.c[name].type, JSON)):
            return OF_SOMEBODY_ELSE
        return row[name]

    names = [name for name in row if "." in name or name in holding.told]
    return {name: value(name) for name in names}
