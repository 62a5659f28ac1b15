"""What stands open on accounts, and which of their cards is the student ID. Asked by set."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind
from circulation.holds import HoldState
from circulation.ids import PatronId
from registry.cards.store import CardSource
from registry.cards.store_replacements import Ending as CardEnding
from registry.cards.tables import card, former_card
from registry.cases.tables import staff_case
from registry.holds.tables import hold
from registry.lending.tables import block, loan
from registry.people.leaving import HeldCard, Open
from registry.pieces import in_pieces


@dataclass(frozen=True, slots=True)
class OwnedCard:
    """A card on record as it can be ended, with what tells its origin."""

    ending: CardEnding
    held: HeldCard


def cards_of(connection: Connection, keys: Collection[PatronId]) -> dict[PatronId, list[OwnedCard]]:
    """The cards of these patrons."""
    heir = exists(select(1).where(former_card.c.replaced_by == card.c.card_key).correlate(card)).label("heir")
    found: dict[PatronId, list[OwnedCard]] = defaultdict(list)
    for some in in_pieces(keys):
        wanted = select(card.c.patron, card.c.uid, card.c.kind, card.c.source, heir).where(card.c.patron.in_(some))
        for row in connection.execute(wanted.order_by(card.c.patron, card.c.kind)):
            held = HeldCard(CardKind(row.kind), CardSource(row.source), bool(row.heir))
            found[PatronId(row.patron)].append(OwnedCard(CardEnding(PatronId(row.patron), held.kind, row.uid), held))
    return found


def open_on(
    connection: Connection,
    keys: Collection[PatronId],
    *,
    today: date,
    before: Mapping[PatronId, datetime],
    own_blocks: Collection[UUID] = (),
) -> dict[PatronId, Open]:
    """What stands open on each of these accounts.

    Args:
        connection: a view of the registry.
        keys: whose accounts.
        today: the library's local date: a suspension that is over stands for nothing.
        before: loans made until then are ``earlier_loans``; of patrons who are missing there, none are.
        own_blocks: blocks that a withdrawal itself set: no debts.

    """
    loans: Counter[PatronId] = Counter()
    earlier: Counter[PatronId] = Counter()
    for some in in_pieces(keys):
        for row in connection.execute(select(loan.c.patron, loan.c.lent_at).where(loan.c.patron.in_(some), loan.c.closed_at.is_(None))):
            loans[row.patron] += 1
            earlier[row.patron] += row.patron in before and row.lent_at <= before[row.patron]
    debts, fees = _blocks(connection, keys, today, own_blocks)
    ready, questions = _ready_holds(connection, keys), _questions(connection, keys)
    return {key: Open(loans[key], earlier[key], debts[key], fees[key], ready[key], questions[key]) for key in keys}


def _blocks(
    connection: Connection, keys: Collection[PatronId], today: date, own: Collection[UUID]
) -> tuple[Counter[PatronId], Counter[PatronId]]:
    debts: Counter[PatronId] = Counter()
    fees: Counter[PatronId] = Counter()
    for some in in_pieces(keys):
        for row in connection.execute(select(block).where(block.c.patron.in_(some))):
            one = Block(BlockCode(row.code), row.until)
            if row.id not in own and one.stands(today=today):
                debts[row.patron] += 1
                fees[row.patron] += one.code is BlockCode.FEES
    return debts, fees


def _ready_holds(connection: Connection, keys: Collection[PatronId]) -> Counter[PatronId]:
    found: Counter[PatronId] = Counter()
    for some in in_pieces(keys):
        ready = select(hold.c.patron, func.count().label("n")).where(hold.c.patron.in_(some), hold.c.state == HoldState.READY.value)
        found.update({row.patron: row.n for row in connection.execute(ready.group_by(hold.c.patron))})
    return found


def _questions(connection: Connection, keys: Collection[PatronId]) -> Counter[PatronId]:
    """Cases that nobody has settled and that name the patron."""
    found: Counter[PatronId] = Counter()
    for some in in_pieces(keys):
        sides = (staff_case.c.patron, staff_case.c.other_patron)
        cases = [select(who.label("who")).where(who.in_(some), staff_case.c.settled_at.is_(None)) for who in sides]
        for wanted in cases:
            found.update(row.who for row in connection.execute(wanted))
    return found
