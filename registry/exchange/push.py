"""Taking a batch of facts: read by set, settle in memory, write by set, in one transaction with the results (sync rules 2 to 5)."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from msgspec import UNSET

from circulation.chain import anchor
from circulation.facts import LedgerRestored
from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.wire import FactResult, KeyReused, Problem, PushAnswer, PushBatch, SequenceGap
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.exchange import store_facts
from registry.exchange.arrivals import Arrival, read_arrivals
from registry.exchange.chains import CHAIN_BROKEN, BrokenChain, broken_after, broken_before, values_along
from registry.exchange.facts import settle
from registry.exchange.hold_changes import changes_of_holds
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.projection import URGENT
from registry.exchange.returns import known_returns
from registry.exchange.sender import Sender
from registry.exchange.store_feed import FeedEntry, head, publish
from registry.exchange.store_world import read_world
from registry.exchange.successors import named_by, on_behalf, renamed, told
from registry.exchange.world import World, asked_by
from registry.holds.store_worklist import add_tasks, clear_tasks
from registry.holds.worklist import Chore, Task
from registry.merges.store_aliases import merged_into
from registry.notices import store as store_notices
from registry.overdue.booking import Booking

_log = structlog.get_logger()
_CORRELATION = re.compile(r"[0-9a-f]{1,32}")
"""It comes from outside and goes into a log."""


class Notify(Protocol):
    """Says that changes are durable; ``urgent`` ones must not be gathered with others."""

    def __call__(self, *, urgent: bool) -> None:
        """Say so, from any thread."""


AfterLoans = Callable[[UnitOfWork, Collection[UUID]], list[FeedEntry]]
"""Told which loans have ended, in their unit of work; says what else kiosks must hear of."""


class _Push(NamedTuple):
    """One batch under way: in which unit of work, whose, and when."""

    work: UnitOfWork
    sender: Sender
    batch: PushBatch
    now: datetime


class FactIntake:
    """The one way in for facts. ``after_loans`` does what waited for loans that end here."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        notify: Notify,
        after_loans: AfterLoans = lambda _work, _loans: [],
    ) -> None:
        self._after_loans = after_loans
        self._database = database
        self._now = now
        self._zone = zone
        self._notify = notify
        self._late = Booking(zone)

    def take(self, sender: Sender, batch: PushBatch) -> PushAnswer | SequenceGap | KeyReused | Problem:
        """Take a batch: every fact once, retries with their first results. Nothing is applied on a gap, a reused key or a broken chain."""
        now = self._now()
        answer = self._database.write(lambda work: self._take(_Push(work, sender, batch, now)))
        match answer:
            case KeyReused():
                self._alarm(sender, batch, "fact key reused" if answer.fork is UNSET else "ledger forked", answer.seq, now)
            case BrokenChain(seq=seq, place=place, problem=problem):
                self._alarm(sender, batch, "chain broken", seq, now)
                return Problem(code=CHAIN_BROKEN, problem=problem, place=place)
        return answer

    def _take(self, push: _Push) -> PushAnswer | SequenceGap | KeyReused | BrokenChain:
        connection, sender, batch = push.work.connection, push.sender, push.batch
        known = store_facts.last_number(connection, sender.kiosk, batch.epoch)
        last = known or 0
        if batch.first_seq > last + 1:
            return SequenceGap(send_from=last + 1)
        arrivals = read_arrivals(batch.first_seq, batch.facts)
        known_before = store_facts.chain_after(connection, sender.kiosk, batch.epoch, batch.first_seq - 1)
        if batch.first_seq == 1 and batch.chain is not UNSET:
            known_before = anchor(batch.epoch)
        broken = broken_before(batch.chain, known_before, seq=batch.first_seq)
        if broken is not None:
            return broken
        before = store_facts.stored(connection, sender.kiosk, batch.epoch, batch.first_seq, min(last, arrivals[-1].seq))
        fresh = [arrival for arrival in arrivals if arrival.seq > last]
        reused = _reused(push, arrivals, before, fresh)
        if reused is not None:
            return reused
        values = values_along(batch.chain, arrivals)
        broken = broken_after(batch.chain, values, seq=batch.first_seq)
        if broken is not None:
            return broken
        _note_epoch(push, known, is_news=bool(fresh))
        results = self._apply(push, fresh, values[len(arrivals) - len(fresh) :]) if fresh else ()
        return PushAnswer(
            server_time=push.now,
            next_seq=max(last, arrivals[-1].seq) + 1,
            results=(*(before[arrival.seq].result for arrival in arrivals if arrival.seq <= last), *results),
            feed=head(connection).feed,
        )

    def _apply(self, push: _Push, fresh: Sequence[Arrival], values: Sequence[bytes | None]) -> tuple[FactResult, ...]:
        work, sender, batch, now = push
        today = on_behalf(fresh, merged_into(work.connection, named_by(fresh)))
        world = read_world(work.connection, asked_by(today), sender.branch)
        settled = settle(today, world, Place(sender.kiosk, BranchCode(sender.branch), now, self._zone, batch.heard))
        outcomes = told(settled, renamed(fresh, today))
        moved = {*world.holds.changed, *world.changes.served}
        queues = changes_of_holds(work.connection, moved)
        store_facts.write_effects(work, world, outcomes, sender, at=now)
        suspended = self._late.book(
            *(work, world.changes.closed, known_returns(outcomes)),
            touched={*world.changes.closed, *world.changes.renewed},
            now=now,
        )
        queues += changes_of_holds(work.connection, world.changes.given_back)
        _after_items_moved(work, world, outcomes, now)
        queues += self._after_loans(work, world.changes.closed)
        _note_restored(work, sender, outcomes, now)
        store_facts.advance(work, sender.kiosk, batch.epoch, fresh[-1].seq)
        entries, place_of = _entries(outcomes)
        known = set(entries)
        entries += [entry for entry in dict.fromkeys([*queues, *suspended]) if entry not in known]
        before = publish(work, entries, at=now) if entries else 0
        results = tuple(_result(outcome, before + place_of[i] if i in place_of else 0) for i, outcome in enumerate(outcomes))
        taken = map(store_facts.TakenFact, outcomes, results, values)
        store_facts.write_facts(work, taken, sender=sender, epoch=batch.epoch, at=now)
        if entries:
            urgent = any(entry.table in URGENT for entry in entries)
            work.afterwards(lambda: self._notify(urgent=urgent))
        work.afterwards(lambda: _tell(sender, outcomes, results))
        return results

    def _alarm(self, sender: Sender, batch: PushBatch, action: str, seq: int, now: datetime) -> None:
        detail: dict[str, str | int] = {"kiosk": str(sender.kiosk), "epoch": str(batch.epoch), "seq": seq}
        entry = AuditEntry(now, f"kiosk:{sender.kiosk}", action, "alarm", detail)
        self._database.write(lambda work: append(work.connection, entry))


def _reused(
    push: _Push, arrivals: Sequence[Arrival], before: dict[int, store_facts.StoredFact], fresh: Sequence[Arrival]
) -> KeyReused | None:
    for arrival in arrivals:
        if arrival.seq in before and not before[arrival.seq].is_of(arrival.body):
            # By its chain the ledger is the one we know up to here; without a chain nobody can say so.
            fork = UNSET if push.batch.chain is UNSET else True
            return KeyReused(seq=arrival.seq, problem="this number came before with another body", fork=fork)
    taken = store_facts.keys_taken(push.work.connection, {arrival.key for arrival in fresh if arrival.key is not None})
    for arrival in fresh:
        if arrival.key is None:
            continue
        if arrival.key in taken:
            return KeyReused(seq=arrival.seq, problem="this key came before with another body")
        taken.add(arrival.key)
    return None


def _note_epoch(push: _Push, known: int | None, *, is_news: bool) -> None:
    work, sender, batch, now = push
    epoch = batch.epoch
    detail = {"kiosk": str(sender.kiosk), "epoch": str(epoch)}
    newest = store_facts.newest_epoch(work.connection, sender.kiosk)
    if known is None:
        store_facts.open_epoch(work, sender.kiosk, epoch, at=now)
        # The first ledger of a kiosk is expected; every other one was restored or replaced.
        outcome = "expected" if newest is None else "alarm"
        append(work.connection, AuditEntry(now, f"kiosk:{sender.kiosk}", "new epoch", outcome, detail))
    elif newest != epoch and is_news and store_facts.note_heard_again(work, sender.kiosk, epoch, at=now):
        # Two ledgers of one kiosk: said once, or every batch of both would be an alarm.
        append(work.connection, AuditEntry(now, f"kiosk:{sender.kiosk}", "old epoch again", "alarm", detail))


def _note_restored(work: UnitOfWork, sender: Sender, outcomes: Sequence[Outcome], now: datetime) -> None:
    """The alarm that names the epoch that ended: what a kiosk noticed by itself."""
    for outcome in outcomes:
        envelope = outcome.arrival.envelope
        if envelope is not None and isinstance(envelope.fact, LedgerRestored):
            said = envelope.fact
            detail: dict[str, str | int] = {"kiosk": str(sender.kiosk), "epoch": str(said.former), "seq": said.shared_seq}
            detail["count"] = said.moved
            append(work.connection, AuditEntry(now, f"kiosk:{sender.kiosk}", "ledger restored", "alarm", detail))


def _after_items_moved(work: UnitOfWork, world: World, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Nobody looks for what was seen, and nobody is told to fetch what lies ready no more. What was heard of late is looked for."""
    clear_tasks(work, {outcome.item for outcome in outcomes if outcome.item is not None})
    add_tasks(
        work,
        (
            Task(one.item, one.at, Chore.LOOK_ON_SHELF, now)
            for one in world.holds.changed.values()
            if one.item is not None and one.at is not None and one.item in world.changes.late and one.state is HoldState.SET_ASIDE
        ),
    )
    not_ready = {key for key, one in world.holds.changed.items() if one.state is not HoldState.READY}
    store_notices.withdraw(work, not_ready | set(world.changes.served))


def _entries(outcomes: Sequence[Outcome]) -> tuple[list[FeedEntry], dict[int, int]]:
    """The changes of a batch, and for each outcome which of them (from 1) is the last that it caused."""
    entries: list[FeedEntry] = []
    place_of: dict[int, int] = {}
    for index, outcome in enumerate(outcomes):
        entries += outcome.changes
        if outcome.changes:
            place_of[index] = len(entries)
    return entries, place_of


def _tell(sender: Sender, outcomes: Sequence[Outcome], results: Sequence[FactResult]) -> None:
    """One line a fact: the correlation of the tap leads from the kiosk's log to here."""
    for outcome, result in zip(outcomes, results, strict=True):
        envelope = outcome.arrival.envelope
        correlation = envelope.correlation if envelope is not None and _CORRELATION.fullmatch(envelope.correlation) else ""
        _log.info(
            "fact_recorded",
            kiosk=str(sender.kiosk),
            correlation=correlation,
            seq=result.seq,
            status=str(result.status),
            reasons=result.reasons,
        )


def _result(outcome: Outcome, position: int) -> FactResult:
    return FactResult(
        seq=outcome.arrival.seq,
        status=outcome.status,
        position=position,
        reasons=tuple(str(reason) for reason in outcome.reasons),
        place=outcome.place,
        problem=outcome.problem,
    )
