"""How many rows there are."""

from sqlalchemy import Connection, func, select

from registry.lending.tables import loan
from registry.tables import metadata


def rows(connection: Connection) -> dict[str, int]:
    """The number of rows of every table, and of the loans that are open."""
    counted = {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables}
    is_open = loan.c.closed_at.is_(None)
    return {**counted, "open_loans": connection.execute(select(func.count()).select_from(loan).where(is_open)).scalar_one()}
