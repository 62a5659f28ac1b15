"""Reading what a batch of facts looks at. Everything by set: a batch costs the same statements as one fact."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, or_, select

from circulation.blocks import Block, BlockCode
from circulation.cards import CardState
from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from registry.calendars.store import opening_days_of_branch
from registry.cards.tables import card
from registry.catalogue.tables import item
from registry.columns import among
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.exchange.moments import Moment
from registry.exchange.tables import fact, item_return
from registry.exchange.world import Asked, HeardReturn, KnownCard, OpenLoan, World
from registry.holds.queues import Holds
from registry.holds.store import is_wanted, of_items, of_titles
from registry.holds.store_served import served_by
from registry.lending.store import rule_book
from registry.lending.tables import block, loan


def read_world(connection: Connection, asked: Asked, branch: str) -> World:
    """Read what a batch of a branch looks at."""
    named = connection.execute(select(loan.c.id, loan.c.item).where(among(loan.c.id, asked.loans, connection)))
    item_of = {LoanId(row.id): ItemId(row.item) for row in named}
    items = _items(connection, asked.items | frozenset(item_of.values()), asked.barcodes)
    world = World(
        patrons=_patrons(connection, asked.patrons),
        items=items,
        cards=_cards(connection, asked.cards),
        rules=rule_book(connection),
        taken=set(item_of),
        item_of=item_of,
        holds=Holds.of([*of_titles(connection, {one.title for one in items.values()}), *of_items(connection, items)]),
        served=served_by(connection, asked.loans),
        opening_days=opening_days_of_branch(connection, branch),
    )
    world.returns = _returns(connection, items)
    for one in _open_loans(connection, asked, items):
        world.open(one)
    return world


def _items(connection: Connection, keys: Collection[UUID], barcodes: Collection[str]) -> dict[ItemId, Item]:
    found = connection.execute(select(item).where(or_(among(item.c.id, keys, connection), among(item.c.barcode, barcodes, connection))))
    return {
        ItemId(row.id): Item(
            ItemId(row.id), row.barcode, row.title, ItemKind(row.kind), ItemStatus(row.status), BranchCode(row.branch), row.held_for
        )
        for row in found
    }


def _cards(connection: Connection, keys: Collection[bytes]) -> dict[bytes, KnownCard]:
    found = connection.execute(select(card.c.card_key, card.c.patron, card.c.state).where(among(card.c.card_key, keys, connection)))
    return {row.card_key: KnownCard(PatronId(row.patron), CardState(row.state)) for row in found}


def _returns(connection: Connection, items: Collection[UUID]) -> dict[ItemId, list[HeardReturn]]:
    about = select(item_return, fact.c.loan).outerjoin(fact, fact.c.fact_key == item_return.c.fact_key)
    found = connection.execute(about.where(among(item_return.c.item, items, connection)).order_by(item_return.c.returned_at))
    returns: defaultdict[ItemId, list[HeardReturn]] = defaultdict(list)
    for row in found:
        error = None if row.error_ms is None else timedelta(milliseconds=row.error_ms)
        returns[ItemId(row.item)].append(HeardReturn(row.kiosk, Moment(row.returned_at, error), row.loan))
    return returns


def _open_loans(connection: Connection, asked: Asked, items: Collection[UUID]) -> list[OpenLoan]:
    """The oldest first."""
    of = ((loan.c.patron, asked.patrons), (loan.c.item, items), (loan.c.id, asked.loans))
    named = or_(*(among(column, keys, connection) for column, keys in of))
    columns = (loan, item.c.title, item.c.kind, item.c.barcode, item.c.branch, is_wanted().label("wanted"))
    found = select(*columns).join(item, item.c.id == loan.c.item).where(named, loan.c.closed_at.is_(None))
    return [
        OpenLoan(
            Loan(
                LoanId(row.id),
                PatronId(row.patron),
                ItemId(row.item),
                row.title,
                ItemKind(row.kind),
                row.due,
                row.lent_at,
                row.renewals,
                row.barcode,
                BranchCode(row.branch),
                bool(row.wanted),
            ),
            row.kiosk,
        )
        for row in connection.execute(found.order_by(loan.c.lent_at, loan.c.id))
    ]


def _patrons(connection: Connection, keys: Collection[UUID]) -> dict[PatronId, Patron]:
    """An account that has ended is nobody's: what comes of it late is flagged."""
    blocks: defaultdict[UUID, list[Block]] = defaultdict(list)
    for row in connection.execute(select(block).where(among(block.c.patron, keys, connection))):
        blocks[row.patron].append(Block(BlockCode(row.code), row.until))
    return {
        PatronId(row.id): Patron(
            PatronId(row.id),
            row.masked_name,
            PatronClass(row.patron_class),
            row.expires,
            row.contact_complete,
            blocks=tuple(blocks[row.id]),
        )
        for row in connection.execute(select(patron).where(among(patron.c.id, keys, connection), stands()))
    }
