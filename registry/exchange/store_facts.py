"""The store of facts and of what they change. Everything by set: a batch costs the same statements as one fact."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from circulation.facts import CheckedIn
from circulation.ids import BranchCode
from circulation.loans import Loan
from circulation.wire import FactResult, FactStatus
from registry.cards import store_found, store_losses
from registry.cards.store_found import Find
from registry.cards.store_losses import LossChannel, LossReport
from registry.catalogue import store as catalogue
from registry.columns import among
from registry.database import UnitOfWork
from registry.exchange.outcomes import Outcome
from registry.exchange.sender import Sender
from registry.exchange.store_flags import lay_before_staff
from registry.exchange.tables import fact, item_return, ledger
from registry.exchange.world import Changes, World
from registry.holds import store as store_holds
from registry.holds import store_served
from registry.lending.tables import loan

_OF_LEDGER = (ledger.c.kiosk == bindparam("of_kiosk"), ledger.c.epoch == bindparam("of_epoch"))
_FACT_OF_LEDGER = (fact.c.kiosk == bindparam("of_kiosk"), fact.c.epoch == bindparam("of_epoch"))
_LAST_NUMBER = select(ledger.c.last_seq).where(*_OF_LEDGER)
_NEWEST_EPOCH = select(ledger.c.epoch).where(ledger.c.kiosk == bindparam("of_kiosk")).order_by(ledger.c.opened_at.desc()).limit(1)
_ADVANCE = update(ledger).where(*_OF_LEDGER).values(last_seq=bindparam("reached"))
_CHAIN_AFTER = select(fact.c.chain).where(*_FACT_OF_LEDGER, fact.c.seq == bindparam("at"))
_STORED = select(fact.c.seq, fact.c.digest, fact.c.status, fact.c.position, fact.c.reasons, fact.c.place, fact.c.problem).where(
    *_FACT_OF_LEDGER, fact.c.seq >= bindparam("first"), fact.c.seq <= bindparam("last")
)


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact that was taken before: the digest of its bytes and its first result."""

    digest: bytes | None
    """None when its bytes were cut and an older program has been here since: then nobody can say what they were."""
    result: FactResult

    def is_of(self, body: bytes) -> bool:
        """Whether these are its bytes, as far as anybody can tell."""
        return self.digest is None or self.digest == digest_of(body)


def last_number(connection: Connection, kiosk: UUID, epoch: UUID) -> int | None:
    """The last number taken from a ledger; nothing when this epoch is new."""
    found: int | None = connection.execute(_LAST_NUMBER, {"of_kiosk": kiosk, "of_epoch": epoch}).scalar_one_or_none()
    return found


def chain_after(connection: Connection, kiosk: UUID, epoch: UUID, seq: int) -> bytes | None:
    """The value of a ledger's chain after a fact; none when it came from a program without one."""
    if not seq:
        return None
    found: bytes | None = connection.execute(_CHAIN_AFTER, {"of_kiosk": kiosk, "of_epoch": epoch, "at": seq}).scalar_one_or_none()
    return found


def note_heard_again(work: UnitOfWork, kiosk: UUID, epoch: UUID, *, at: datetime) -> bool:
    """Note that a ledger was heard although a younger one had begun; whether that is news."""
    never = update(ledger).where(ledger.c.kiosk == kiosk, ledger.c.epoch == epoch, ledger.c.heard_again_at.is_(None))
    return work.connection.execute(never.values(heard_again_at=at)).rowcount == 1


def newest_epoch(connection: Connection, kiosk: UUID) -> UUID | None:
    """The epoch that this kiosk opened last."""
    found: UUID | None = connection.execute(_NEWEST_EPOCH, {"of_kiosk": kiosk}).scalar_one_or_none()
    return found


def open_epoch(work: UnitOfWork, kiosk: UUID, epoch: UUID, *, at: datetime) -> None:
    """Begin a new ledger at number 0."""
    work.connection.execute(insert(ledger), {"kiosk": kiosk, "epoch": epoch, "last_seq": 0, "opened_at": at})


def advance(work: UnitOfWork, kiosk: UUID, epoch: UUID, last_seq: int) -> None:
    """Record the last number taken."""
    work.connection.execute(_ADVANCE, {"of_kiosk": kiosk, "of_epoch": epoch, "reached": last_seq})


def stored(connection: Connection, kiosk: UUID, epoch: UUID, first: int, last: int) -> dict[int, StoredFact]:
    """Facts of a ledger taken before, by number."""
    found = connection.execute(_STORED, {"of_kiosk": kiosk, "of_epoch": epoch, "first": first, "last": last})
    return {
        row.seq: StoredFact(
            row.digest,
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
    return set(connection.execute(select(fact.c.fact_key).where(among(fact.c.fact_key, keys, connection))).scalars())


def write_effects(work: UnitOfWork, world: World, outcomes: Iterable[Outcome], sender: Sender, *, at: datetime) -> None:
    """Write what the facts did to loans, items, holds and cards. ``at`` is when the registry heard of it."""
    changes = world.changes
    _write_loans(work, changes, kiosk=sender.kiosk, at=at)
    catalogue.shelve(work, changes.items.values())
    store_served.give_back(work, changes.given_back)
    store_holds.write(work, world.holds.changed.values())
    store_served.end_by_loans(work, changes.served)
    store_served.forget(work, changes.closed)
    settled = list(outcomes)
    store_losses.record(work, (_report(outcome, sender) for outcome in settled if outcome.lost is not None))
    store_found.record(work, (_find(outcome, sender) for outcome in settled if outcome.found is not None))


def _write_loans(work: UnitOfWork, changes: Changes, *, kiosk: UUID, at: datetime) -> None:
    work.add(loan, (_new(one.loan, changes, kiosk=kiosk, at=at) for one in changes.lent.values()))
    if changes.renewed:
        renewed = update(loan).where(loan.c.id == bindparam("key")).values(due=bindparam("new_due"), renewals=bindparam("counted"))
        rows = [{"key": one.id, "new_due": one.due, "counted": one.renewals} for one in changes.renewed.values()]
        work.connection.execute(renewed, rows)
    ended = {key: returned for key, returned in changes.closed.items() if key not in changes.lent}
    if ended:
        closed = update(loan).where(loan.c.id == bindparam("key")).values(closed_at=bindparam("heard"), returned_at=bindparam("returned"))
        work.connection.execute(closed, [{"key": key, "heard": at, "returned": returned} for key, returned in ended.items()])


def _new(one: Loan, changes: Changes, *, kiosk: UUID, at: datetime) -> tuple[object, ...]:
    closed_at = at if one.id in changes.closed else None
    return (one.id, one.patron, one.item, one.due, one.lent_at, one.renewals, kiosk, closed_at, changes.closed.get(one.id))


def _report(outcome: Outcome, sender: Sender) -> LossReport:
    lost, key = outcome.lost, outcome.arrival.key
    if lost is None or key is None:
        message = "only a fact with a key stops a card"
        raise ValueError(message)
    return LossReport(key, lost.card_key, lost.patron, LossChannel.KIOSK, lost.at, f"kiosk:{sender.kiosk}", sender.branch)


def _find(outcome: Outcome, sender: Sender) -> Find:
    found, key = outcome.found, outcome.arrival.key
    if found is None or key is None:
        message = "only a fact with a key finds a card"
        raise ValueError(message)
    return Find(key, found.card_key, found.patron, BranchCode(sender.branch), found.at, f"kiosk:{sender.kiosk}")


@dataclass(frozen=True, slots=True)
class TakenFact:
    """What became of a fact, its result, and the value of its ledger's chain after it."""

    outcome: Outcome
    result: FactResult
    chain: bytes | None


def write_facts(work: UnitOfWork, facts: Iterable[TakenFact], *, sender: Sender, epoch: UUID, at: datetime) -> None:
    """Write the facts as they came with their results, and lay the flagged ones before staff."""
    taken = list(facts)
    work.add(
        fact,
        (
            (
                sender.kiosk,
                epoch,
                one.result.seq,
                # A malformed fact may carry a key that a good one still needs.
                one.outcome.arrival.key if one.outcome.status is not FactStatus.MALFORMED else None,
                one.outcome.arrival.body,
                at,
                one.result.status,
                one.result.position,
                list(one.result.reasons),
                one.result.place,
                one.result.problem,
                digest_of(one.outcome.arrival.body),
                one.outcome.loan,
                one.chain,
                None if one.outcome.moment is None else one.outcome.moment.at,
                None if one.outcome.moment is None else _milliseconds(one.outcome.moment.error),
            )
            for one in taken
        ),
    )
    work.add(item_return, filter(None, (_return(one.outcome, sender, at) for one in taken)))
    lay_before_staff(work, (one.outcome for one in taken if one.outcome.status is FactStatus.FLAGGED), sender, at=at)


def _return(outcome: Outcome, sender: Sender, heard_at: datetime) -> tuple[object, ...] | None:
    envelope, moment = outcome.arrival.envelope, outcome.moment
    if envelope is None or moment is None or outcome.item is None or not isinstance(envelope.fact, CheckedIn):
        return None
    return (envelope.key, outcome.item, sender.kiosk, moment.at, _milliseconds(moment.error), heard_at)


def _milliseconds(error: timedelta | None) -> int | None:
    return None if error is None else -(-error // timedelta(milliseconds=1))


def digest_of(body: bytes) -> bytes:
    """What tells a retry from another body, also when the body is no longer kept."""
    return hashlib.sha256(body).digest()
