"""The two look-ups of a tap and a scan: their statements, and the values their rows become.

Each is one statement, because a statement costs more than its rows; columns that are read for every
card come as SQLite gives them, because decorators of columns would cost as much as the statement.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from circulation.blocks import Block, BlockCode
from circulation.cards import CardState
from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from kiosk.known import KnownCard, KnownItem
from replica.tables import block, card, item, loan, patron

AnyRow = Row[*tuple[Any, ...]]

# A dictionary is three times as fast as the call of an enumeration.
_CARD_STATES = {state.value: state for state in CardState}
_CLASSES = {name.value: name for name in PatronClass}
_KINDS = {kind.value: kind for kind in ItemKind}
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
)

CARD = (
    select(
        card.c.state,
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
    .select_from(
        card.join(patron, patron.c.id == card.c.patron)
        .outerjoin(block, block.c.patron == patron.c.id)
        .outerjoin(loan, loan.c.patron == patron.c.id)
    )
    .where(card.c.key == bindparam("key"))
)
"""A card's patron with blocks and loans: a row for each pair of them, of which there are few."""

ITEM = (
    select(
        _plain(item.c.id),
        item.c.barcode,
        item.c.title,
        item.c.kind,
        item.c.status,
        item.c.branch,
        _plain(item.c.held_for),
        _plain(loan.c.patron),
        *_LOAN,
    )
    .select_from(item.outerjoin(loan, loan.c.item == item.c.id))
    .where(item.c.barcode == bindparam("barcode"))
)
"""An item with its open loans."""


def known_card(rows: Sequence[AnyRow]) -> KnownCard:
    """The card that at least one row of ``CARD`` is about.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    state, key, masked_name, patron_class, expires, contact_complete, regular_here, *_ = rows[0]
    holder = PatronId(UUID(bytes=key))
    blocks: dict[Block, None] = {}
    loans: dict[bytes, Loan] = {}
    for _, _, _, _, _, _, _, code, until, loan_key, *of_loan in rows:
        if code is not None:
            blocks[Block(BlockCode(code), until)] = None
        if loan_key is not None and loan_key not in loans:
            loans[loan_key] = _loan(loan_key, holder, *of_loan)
    found = Patron(holder, masked_name, _CLASSES[patron_class], expires, contact_complete, regular_here, tuple(blocks))
    return KnownCard(_CARD_STATES[state], found, tuple(loans.values()))


def known_item(rows: Sequence[AnyRow]) -> KnownItem:
    """The item that at least one row of ``ITEM`` is about.

    Raises:
        LookupError, ValueError: a code is none that this version knows.

    """
    key, barcode, title, kind, status, branch, held_for, *_ = rows[0]
    holder = None if held_for is None else PatronId(UUID(bytes=held_for))
    found = Item(ItemId(UUID(bytes=key)), barcode, title, _KINDS[kind], ItemStatus(status), BranchCode(branch), holder)
    return KnownItem(found, tuple(_loan(row[8], PatronId(UUID(bytes=row[7])), *row[9:]) for row in rows if row[8] is not None))


def _loan(  # noqa: PLR0913, PLR0917 - one argument a column
    key: bytes, of_patron: PatronId, of_item: bytes, title: str, kind: str, due: date, lent_at: int, renewals: int
) -> Loan:
    since = _EPOCH + timedelta(microseconds=lent_at)
    return Loan(LoanId(UUID(bytes=key)), of_patron, ItemId(UUID(bytes=of_item)), title, _KINDS[kind], due, since, renewals)
