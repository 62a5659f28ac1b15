"""The look-ups of a tap and a scan: their statements, and the values their rows become.

Each is one statement, because a statement costs more than its rows; columns that are read for every
card come as SQLite gives them, because decorators of columns would cost as much as the statement.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardState
from circulation.holds import Hold, HoldState
from circulation.ids import BranchCode, HoldId, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from kiosk.known import KnownCard, KnownItem, KnownPatron, OwnCard
from replica.tables import block, card, hold, item, loan, patron

AnyRow = Row[*tuple[Any, ...]]

# A dictionary is three times as fast as the call of an enumeration.
_CARD_STATES = {state.value: state for state in CardState}
_CLASSES = {name.value: name for name in PatronClass}
_KINDS = {kind.value: kind for kind in ItemKind}
_HOLD_STATES = frozenset(state.value for state in HoldState)
_CARD_KINDS = tuple(kind.value for kind in CardKind)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, NullType())


_LOAN = (
    _plain(loan.c.id),
    _plain(loan.c.item),
    loan.c.title,
    loan.c.kind,
    loan.c.due,
    _plain(loan.c.lent_at),
    loan.c.renewals,
    loan.c.barcode,
    loan.c.branch,
    loan.c.wanted,
)

_PATRON = (
    _plain(patron.c.id),
    patron.c.masked_name,
    patron.c.patron_class,
    patron.c.expires,
    patron.c.contact_complete,
    patron.c.regular_here,
    block.c.code,
    block.c.until,
    *_LOAN,
)

PATRON = (
    select(*_PATRON)
    .select_from(patron.outerjoin(block, block.c.patron == patron.c.id).outerjoin(loan, loan.c.patron == patron.c.id))
    .where(patron.c.id == bindparam("patron", type_=patron.c.id.type))
)
"""A patron with blocks and loans: a row for each pair of them, of which there are few."""

CARD = (
    select(card.c.state, card.c.kind, *_PATRON)
    .select_from(
        card.join(patron, patron.c.id == card.c.patron)
        .outerjoin(block, block.c.patron == patron.c.id)
        .outerjoin(loan, loan.c.patron == patron.c.id)
    )
    .where(card.c.key == bindparam("key"))
)
"""The same of a card's patron, with the card's state and kind before it."""

_ITEM = select(
    _plain(item.c.id),
    item.c.barcode,
    item.c.title,
    item.c.kind,
    item.c.status,
    item.c.branch,
    _plain(item.c.held_for),
    _plain(loan.c.patron),
    *_LOAN,
).select_from(item.outerjoin(loan, loan.c.item == item.c.id))

ITEM = _ITEM.where(item.c.barcode == bindparam("barcode"))
"""An item of the branch with its open loans."""

ITEM_OF = _ITEM.where(item.c.id == bindparam("item", type_=item.c.id.type))
"""The same by its key."""

ITEM_ON_LOAN = select(_plain(loan.c.patron), *_LOAN).where(loan.c.barcode == bindparam("barcode")).order_by(loan.c.lent_at.desc())
"""The open loans of the items with this barcode, whichever branch they belong to."""

HOLDS = select(_plain(hold.c.id), hold.c.title, hold.c.state, hold.c.pickup, hold.c.shelf, hold.c.until, hold.c.queue).where(
    hold.c.patron == bindparam("patron", type_=hold.c.patron.type)
)

CARDS_OF_PATRON = select(card.c.key, card.c.kind, card.c.state).where(card.c.patron == bindparam("patron", type_=card.c.patron.type))


def known_card(rows: Sequence[AnyRow]) -> KnownCard:
    """The card that at least one row of ``CARD`` is about.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    found = known_patron([row[2:] for row in rows])
    state, kind = rows[0][:2]
    return KnownCard(_CARD_STATES[state], found.patron, found.loans, CardKind(kind) if kind in _CARD_KINDS else None)


def known_patron(rows: Sequence[Sequence[Any]]) -> KnownPatron:
    """The patron that at least one row of ``PATRON`` is about.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    key, masked_name, patron_class, expires, contact_complete, regular_here, *_ = rows[0]
    holder = PatronId(UUID(bytes=key))
    blocks: dict[Block, None] = {}
    loans: dict[bytes, Loan] = {}
    for _, _, _, _, _, _, code, until, loan_key, *of_loan in rows:
        if code is not None:
            blocks[Block(BlockCode(code), until)] = None
        if loan_key is not None and loan_key not in loans:
            loans[loan_key] = _loan(holder, (loan_key, *of_loan))
    found = Patron(holder, masked_name, _CLASSES[patron_class], expires, contact_complete, regular_here, tuple(blocks))
    return KnownPatron(found, tuple(loans.values()))


def known_item(rows: Sequence[AnyRow]) -> KnownItem:
    """The item that at least one row of ``ITEM`` is about.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    key, barcode, title, kind, status, branch, held_for, *_ = rows[0]
    holder = None if held_for is None else PatronId(UUID(bytes=held_for))
    found = Item(ItemId(UUID(bytes=key)), barcode, title, _KINDS[kind], ItemStatus(status), BranchCode(branch), holder)
    return KnownItem(found, tuple(_loan(PatronId(UUID(bytes=row[7])), row[8:]) for row in rows if row[8] is not None))


def item_on_loan(rows: Sequence[AnyRow]) -> KnownItem:
    """The item that at least one row of ``ITEM_ON_LOAN`` is about; of two items with one barcode the one that was lent last.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    loans = [_loan(PatronId(UUID(bytes=row[0])), row[1:]) for row in rows]
    newest = loans[0]
    found = Item(newest.item, newest.barcode, newest.title, newest.kind, ItemStatus.AVAILABLE, newest.branch or BranchCode(""))
    return KnownItem(found, tuple(loan for loan in loans if loan.item == newest.item))


def holds(of_patron: PatronId, rows: Sequence[AnyRow]) -> tuple[Hold, ...]:
    """The holds that rows of ``HOLDS`` are; those of a state that this version does not know are left out."""
    return tuple(
        Hold(HoldId(UUID(bytes=key)), of_patron, title, HoldState(state), BranchCode(pickup), shelf, until, queue)
        for key, title, state, pickup, shelf, until, queue in rows
        if state in _HOLD_STATES
    )


def own_cards(rows: Sequence[AnyRow]) -> tuple[OwnCard, ...]:
    """The cards that rows of ``CARDS_OF_PATRON`` are, kind by kind; those of a kind or state that this version does not know are left out."""
    known = [
        OwnCard(row.key, CardKind(row.kind), _CARD_STATES[row.state])
        for row in rows
        if row.kind in _CARD_KINDS and row.state in _CARD_STATES
    ]
    return tuple(sorted(known, key=lambda one: (_CARD_KINDS.index(one.kind), one.key)))


def _loan(of_patron: PatronId, columns: Sequence[Any]) -> Loan:
    """The loan that these values of ``_LOAN`` are."""
    key, of_item, title, kind, due, lent_at, renewals, barcode, branch, wanted = columns
    since = _EPOCH + timedelta(microseconds=lent_at)
    of = LoanId(UUID(bytes=key)), of_patron, ItemId(UUID(bytes=of_item)), title, _KINDS[kind], due, since
    return Loan(*of, renewals, barcode, BranchCode(branch), wanted)
