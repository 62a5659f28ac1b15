"""The store of patrons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.database import UnitOfWork
from registry.enrolment.names import NameStyle, folded, masked
from registry.enrolment.tables import patron


@dataclass(frozen=True, slots=True)
class PatronRecord:
    """A patron as the registry knows one. ``regular_at`` is the code of the branch whose regular the patron is."""

    id: PatronId
    name: str
    national_id: str | None = None
    birth_date: date | None = None
    patron_class: PatronClass = PatronClass.PERSONAL
    expires: date | None = None
    contact_complete: bool = True
    regular_at: str | None = None


def add(work: UnitOfWork, patrons: Iterable[PatronRecord], *, names: NameStyle) -> int:
    """Add patrons, each with the masked name that screens may show.

    Raises:
        sqlalchemy.exc.IntegrityError: a key or a national ID is already there.

    """
    return work.add(
        patron,
        (
            (
                p.id,
                p.name,
                p.national_id,
                p.birth_date,
                masked(p.name, names),
                p.patron_class,
                p.expires,
                p.contact_complete,
                p.regular_at,
                folded(p.name),
            )
            for p in patrons
        ),
    )
