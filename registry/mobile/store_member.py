"""The store of what a member sees of the own account."""

from datetime import datetime

from sqlalchemy import Connection, select

from circulation.cards import CardKind, CardState
from circulation.ids import PatronId
from registry.cards.tables import card
from registry.catalogue.tables import item
from registry.enrolment.tables import patron
from registry.holds.store import is_wanted, place_in_queue
from registry.holds.tables import hold
from registry.lending.tables import block, branch, loan
from registry.mobile.member_messages import Account, ShownBlock, ShownCard, ShownHold, ShownLoan


def account(connection: Connection, key: PatronId, *, at: datetime) -> Account | None:
    """The account of a patron; nothing when there is none any more."""
    whose = select(patron.c.masked_name, patron.c.expires, patron.c.contact_complete).where(patron.c.id == key)
    found = connection.execute(whose).first()
    if found is None:
        return None
    return Account(
        server_time=at,
        masked_name=found.masked_name,
        expires=found.expires,
        contact_complete=found.contact_complete,
        cards=_cards(connection, key),
        loans=_loans(connection, key),
        holds=_holds(connection, key),
        blocks=_blocks(connection, key),
    )


def _cards(connection: Connection, key: PatronId) -> tuple[ShownCard, ...]:
    rows = connection.execute(select(card.c.kind, card.c.state).where(card.c.patron == key).order_by(card.c.kind))
    return tuple(ShownCard(kind=CardKind(row.kind), state=CardState(row.state)) for row in rows)


def _loans(connection: Connection, key: PatronId) -> tuple[ShownLoan, ...]:
    of_loan = (loan.c.id.label("loan"), item.c.title, loan.c.due, loan.c.renewals, is_wanted().label("wanted"))
    theirs = select(*of_loan).join(item, item.c.id == loan.c.item).where(loan.c.patron == key, loan.c.closed_at.is_(None))
    return tuple(ShownLoan(**row) for row in connection.execute(theirs.order_by(loan.c.due, loan.c.id)).mappings())


def _holds(connection: Connection, key: PatronId) -> tuple[ShownHold, ...]:
    of_hold = (hold.c.id.label("hold"), hold.c.title, hold.c.state, hold.c.until, hold.c.suspended_until)
    where = (hold.c.pickup, branch.c.name.label("pickup_name"), place_in_queue().label("queue"))
    theirs = select(*of_hold, *where).join(branch, branch.c.code == hold.c.pickup).where(hold.c.patron == key)
    return tuple(ShownHold(**row) for row in connection.execute(theirs.order_by(hold.c.placed_at, hold.c.id)).mappings())


def _blocks(connection: Connection, key: PatronId) -> tuple[ShownBlock, ...]:
    rows = connection.execute(select(block.c.code, block.c.until).where(block.c.patron == key).order_by(block.c.code, block.c.id))
    return tuple(ShownBlock(**row) for row in rows.mappings())
