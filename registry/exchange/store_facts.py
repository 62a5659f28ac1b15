"""The store of facts and of what they change. Everything by set: a batch costs the same statements as one fact."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from circulation.blocks import Block, BlockCode
from circulation.cards import CardState
from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from circulation.patrons import Patron, PatronClass
from circulation.wire import FactResult, FactStatus
from registry.cards.tables import card
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.exchange.facts import Asked, KnownCard, OpenLoan, Outcome, World
from registry.exchange.tables import fact, flagged_fact, ledger
from registry.lending.store import rule_book
from registry.lending.tables import block, loan


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact that was taken before: its bytes and its first result."""

    body: bytes
    result: FactResult


def last_number(connection: Connection, kiosk: UUID, epoch: UUID) -> int | None:
    """The last number taken from a ledger; nothing when this epoch is new."""
    found: int | None = connection.execute(
        select(ledger.c.last_seq).where(ledger.c.kiosk == kiosk, ledger.c.epoch == epoch)
    ).scalar_one_or_none()
    return found


def newest_epoch(connection: Connection, kiosk: UUID) -> UUID | None:
    """The epoch that this kiosk opened last."""
    newest = select(ledger.c.epoch).where(ledger.c.kiosk == kiosk).order_by(ledger.c.opened_at.desc()).limit(1)
    found: UUID | None = connection.execute(newest).scalar_one_or_none()
    return found


def open_epoch(work: UnitOfWork, kiosk: UUID, epoch: UUID, *, at: datetime) -> None:
    """Begin a new ledger at number 0."""
    work.connection.execute(insert(ledger), {"kiosk": kiosk, "epoch": epoch, "last_seq": 0, "opened_at": at})


def advance(work: UnitOfWork, kiosk: UUID, epoch: UUID, last_seq: int) -> None:
    """Record the last number taken."""
    work.connection.execute(update(ledger).where(ledger.c.kiosk == kiosk, ledger.c.epoch == epoch).values(last_seq=last_seq))


def stored(connection: Connection, kiosk: UUID, epoch: UUID, first: int, last: int) -> dict[int, StoredFact]:
    """Facts of a ledger taken before, by number."""
    found = connection.execute(select(fact).where(fact.c.kiosk == kiosk, fact.c.epoch == epoch, fact.c.seq >= first, fact.c.seq <= last))
    return {
        row.seq: StoredFact(
            row.body,
            FactResult(
                seq=row.seq,
                status=FactStatus(row.status),
                position=row.position,
                reasons=tuple(row.reasons),
                place=row.place,
                problem=row.problem,
            ),
        )
        for row in found
    }


def keys_taken(connection: Connection, keys: Collection[UUID]) -> set[UUID]:
    """Which of these idempotency keys came before, from whomever."""
    return set(connection.execute(select(fact.c.fact_key).where(fact.c.fact_key.in_(keys))).scalars())


def read_world(connection: Connection, asked: Asked) -> World:
    """Read what a batch looks at."""
    world = World(
        patrons=_patrons(connection, asked.patrons),
        items={
            ItemId(row.id): Item(
                ItemId(row.id), row.barcode, row.title, ItemKind(row.kind), ItemStatus(row.status), BranchCode(row.branch), row.held_for
            )
            for row in connection.execute(select(item).where(item.c.id.in_(asked.items)))
        },
        cards={
            row.card_key: KnownCard(PatronId(row.patron), CardState(row.state))
            for row in connection.execute(select(card.c.card_key, card.c.patron, card.c.state).where(card.c.card_key.in_(asked.cards)))
        },
        rules=rule_book(connection),
        taken={LoanId(key) for key in connection.execute(select(loan.c.id).where(loan.c.id.in_(asked.loans))).scalars()},
    )
    named = or_(loan.c.patron.in_(asked.patrons), loan.c.item.in_(asked.items), loan.c.id.in_(asked.loans))
    with_item = select(loan, item.c.title, item.c.kind).join(item, item.c.id == loan.c.item)
    for row in connection.execute(with_item.where(named, loan.c.closed_at.is_(None)).order_by(loan.c.lent_at, loan.c.id)):
        one = Loan(
            LoanId(row.id), PatronId(row.patron), ItemId(row.item), row.title, ItemKind(row.kind), row.due, row.lent_at, row.renewals
        )
        world.open(OpenLoan(one, row.kiosk))
    return world


def _patrons(connection: Connection, keys: Collection[UUID]) -> dict[PatronId, Patron]:
    blocks: defaultdict[UUID, list[Block]] = defaultdict(list)
    for row in connection.execute(select(block).where(block.c.patron.in_(keys))):
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
        for row in connection.execute(select(patron).where(patron.c.id.in_(keys)))
    }


def write_effects(work: UnitOfWork, outcomes: Sequence[Outcome], *, kiosk: UUID, at: datetime) -> None:
    """Write what the facts did to loans and items."""
    undone = {outcome.undone for outcome in outcomes if outcome.undone is not None}
    lent = [outcome.lent for outcome in outcomes if outcome.lent is not None]
    work.add(
        loan,
        ((one.id, one.patron, one.item, one.due, one.lent_at, one.renewals, kiosk, at if one.id in undone else None) for one in lent),
    )
    closed = undone - {one.id for one in lent}
    if closed:
        work.connection.execute(update(loan).where(loan.c.id.in_(closed)).values(closed_at=at))
    shelved = {outcome.shelved.id: outcome.shelved.status for outcome in outcomes if outcome.shelved is not None}
    for status in sorted(set(shelved.values())):
        keys = [key for key, now in shelved.items() if now is status]
        work.connection.execute(update(item).where(item.c.id.in_(keys)).values(status=status, held_for=None))


def write_facts(  # noqa: PLR0913 - a fact's row has these columns
    work: UnitOfWork, taken: Iterable[tuple[Outcome, FactResult]], *, kiosk: UUID, epoch: UUID, branch: str, at: datetime
) -> None:
    """Write the facts as they came with their results, and lay the flagged ones before staff."""
    pairs = list(taken)
    work.add(
        fact,
        (
            (
                kiosk,
                epoch,
                result.seq,
                # A malformed fact may carry a key that a good one still needs.
                outcome.arrival.key if outcome.status is not FactStatus.MALFORMED else None,
                outcome.arrival.body,
                at,
                result.status,
                result.position,
                list(result.reasons),
                result.place,
                result.problem,
            )
            for outcome, result in pairs
        ),
    )
    work.add(flagged_fact, (_flag(outcome, branch, at) for outcome, _ in pairs if outcome.status is FactStatus.FLAGGED))


def _flag(outcome: Outcome, branch: str, at: datetime) -> tuple[object, ...]:
    envelope = outcome.arrival.envelope
    said = None if envelope is None else envelope.fact
    return (
        outcome.arrival.key,
        branch,
        at,
        list(outcome.reasons),
        outcome.told,
        getattr(said, "patron", None),
        getattr(said, "item", None),
        outcome.collides_with,
        None,
    )
