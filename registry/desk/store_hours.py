"""A branch's opening days, read as the registry keeps them."""

from datetime import date, time

from sqlalchemy import Connection, select

from circulation.opening_days import Hours, OpeningDays, Weekday
from registry.lending.tables import calendar


def opening_days_of(connection: Connection, branch: str) -> OpeningDays | None:
    """The calendar of a branch; nothing when it has none."""
    row = connection.execute(select(calendar).where(calendar.c.branch == branch)).first()
    if row is None:
        return None
    return OpeningDays(
        {Weekday(int(day)): Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for day, (opens, closes) in row.weekly.items()},
        frozenset(date.fromisoformat(day) for day in row.closed),
        frozenset((week, Weekday(weekday)) for week, weekday in row.closed_monthly),
    )
