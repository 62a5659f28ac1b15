"""Finding patrons for staff, and what staff are shown of them. By number: among the cards on record only (Q6-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, func, select

from circulation.ids import PatronId
from registry.cards import store as cards
from registry.cards.store import CardRecord
from registry.cards.tables import card
from registry.desk.questions import ByName, ByNationalId, ByNumber, Question
from registry.desk.tables import pin
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.lending.tables import block, loan
from registry.merges.store_aliases import has_national_id


@dataclass(frozen=True, slots=True)
class PatronFound:
    """A patron as staff see one: nothing that names or identifies but the masked name. ``cards`` has one of each kind at most."""

    id: PatronId
    masked_name: str
    regular_at: str | None
    contact_complete: bool
    expires: date | None
    cards: tuple[CardRecord, ...]
    open_loans: int
    blocks: int
    has_pin: bool


def find(connection: Connection, question: Question, *, limit: int) -> list[PatronFound]:
    """The patrons that a question names. A number and a national ID name one at most, a name any number of them."""
    found: ColumnElement[bool]
    match question:
        case ByNumber(uid):
            found = patron.c.id.in_(select(card.c.patron).where(card.c.uid == uid.hex))
        case ByNationalId(text):
            found = has_national_id(text)
        case ByName(folded):
            found = patron.c.folded_name == folded
        case _:
            assert_never(question)
    return _shown(connection, found, limit)


def patron_by_identity(connection: Connection, national_id: str, birth_date: date) -> PatronId | None:
    """Who has this national ID and was born on this day, both equal (R3)."""
    wanted = select(patron.c.id).where(has_national_id(national_id), patron.c.birth_date == birth_date)
    return connection.execute(wanted).scalar_one_or_none()


def birth_date_of(connection: Connection, key: PatronId) -> date | None:
    """When a patron was born, if the registry knows."""
    found: date | None = connection.execute(select(patron.c.birth_date).where(patron.c.id == key)).scalar_one_or_none()
    return found


def by_key(connection: Connection, key: PatronId) -> PatronFound | None:
    """The patron of this key."""
    return next(iter(_shown(connection, patron.c.id == key, 1)), None)


def _shown(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[PatronFound]:
    loans = select(func.count()).where(loan.c.patron == patron.c.id, loan.c.closed_at.is_(None)).scalar_subquery()
    blocks = select(func.count()).where(block.c.patron == patron.c.id).scalar_subquery()
    has_pin = select(pin.c.patron).where(pin.c.patron == patron.c.id).exists()
    columns = (patron.c.id, patron.c.masked_name, patron.c.regular_at, patron.c.contact_complete, patron.c.expires)
    wanted = select(*columns, loans.label("loans"), blocks.label("blocks"), has_pin.label("has_pin")).where(condition, stands())
    rows = connection.execute(wanted.order_by(patron.c.id).limit(limit)).all()
    held = _cards_of(connection, [row.id for row in rows])
    return [
        PatronFound(
            *(PatronId(row.id), row.masked_name, row.regular_at, row.contact_complete, row.expires),
            *(held.get(row.id, ()), row.loans, row.blocks, bool(row.has_pin)),
        )
        for row in rows
    ]


def _cards_of(connection: Connection, patrons: Sequence[PatronId]) -> dict[PatronId, tuple[CardRecord, ...]]:
    held: dict[PatronId, tuple[CardRecord, ...]] = {}
    for one in cards.of_patrons(connection, patrons):
        held[one.patron] = (*held.get(one.patron, ()), one)
    return held
