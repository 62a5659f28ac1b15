"""The store of patrons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select, update

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.database import UnitOfWork
from registry.enrolment.basis import Basis
from registry.enrolment.names import NameStyle, folded, masked
from registry.enrolment.tables import account_end, patron


@dataclass(frozen=True, slots=True)
class PatronRecord:
    """A patron as the registry knows one. ``regular_at`` is the code of the branch whose regular the patron is.

    Whoever is loaded from the system before, stands on that.
    """

    id: PatronId
    name: str
    national_id: str | None = None
    birth_date: date | None = None
    patron_class: PatronClass = PatronClass.PERSONAL
    expires: date | None = None
    contact_complete: bool = True
    regular_at: str | None = None
    basis: Basis = Basis.BEFORE


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
                p.basis,
            )
            for p in patrons
        ),
    )


def stands() -> ColumnElement[bool]:
    """A condition on ``patron``: the account has not ended. Whoever looks for people asks it."""
    return ~exists(select(1).where(account_end.c.patron == patron.c.id).correlate(patron))


def stand_at_desk(work: UnitOfWork, key: PatronId) -> None:
    """Note that an account the programme brought has got a card of its own at a desk: it stands without the programme now (R11)."""
    of_programme = (patron.c.id == key) & (patron.c.basis == Basis.PROGRAMME.value)
    work.connection.execute(update(patron).where(of_programme).values(basis=Basis.DESK.value))
