"""The store of rule sets with who recorded them, and whom they are for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from circulation.patrons import PatronClass
from circulation.rules import RuleSet
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.lending.tables import rule_set
from replica.library_rows import read_by_class, written_by_class


@dataclass(frozen=True, slots=True)
class RecordedRules:
    """A rule set on record. Who recorded it, when, and why for days that were over; none where it was there from the beginning."""

    rule_set: RuleSet
    at: datetime | None
    by: str | None
    because: str | None


def record(work: UnitOfWork, new: RuleSet, *, at: datetime, by: str, because: str) -> None:
    """Put a rule set on record."""
    written = (new.version, new.effective_from, new.source, written_by_class(new.by_class))
    work.add(rule_set, [(*written, at, by, because or None)])


def history(connection: Connection) -> list[RecordedRules]:
    """All rule sets, the newest version first."""
    return [
        RecordedRules(
            RuleSet(row.version, row.effective_from, row.source, read_by_class(row.by_class)), row.recorded_at, row.recorded_by, row.because
        )
        for row in connection.execute(select(rule_set).order_by(rule_set.c.version.desc()))
    ]


def patrons_by_class(connection: Connection) -> dict[PatronClass, int]:
    """How many patrons of each class there are."""
    found = connection.execute(select(patron.c.patron_class, func.count()).group_by(patron.c.patron_class))
    return {PatronClass(name): count for name, count in found}
