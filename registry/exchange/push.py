"""Taking a batch of facts: read by set, settle in memory, write by set, in one transaction with the results (sync rules 2 to 5)."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.wire import FactResult, KeyReused, PushAnswer, PushBatch, SequenceGap
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.exchange import store_facts
from registry.exchange.arrivals import Arrival, read_arrivals
from registry.exchange.facts import settle
from registry.exchange.hold_changes import changes_of_holds
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.projection import URGENT
from registry.exchange.returns import known_returns
from registry.exchange.sender import Sender
from registry.exchange.store_feed import FeedEntry, publish
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

    def take(self, sender: Sender, batch: PushBatch) -> PushAnswer | SequenceGap | KeyReused:
        """Take a batch: every fact once, retries with their first results. Nothing is applied on a gap or a reused key."""
        now = self._now()
        answer = self._database.write(lambda work: self._take(work, sender, batch, now))
        if isinstance(answer, KeyReused):
            self._alarm(sender, batch, answer, now)
        return answer

    def _take(self, work: UnitOfWork, sender: Sender, batch: PushBatch, now: datetime) -> PushAnswer | SequenceGap | KeyReused:
        connection = work.connection
        known = store_facts.last_number(connection, sender.kiosk, batch.epoch)
        last = known or 0
        if batch.first_seq > last + 1:
            return SequenceGap(send_from=last + 1)
        arrivals = read_arrivals(batch.first_seq, batch.facts)
        before = store_facts.stored(connection, sender.kiosk, batch.epoch, batch.first_seq, min(last, arrivals[-1].seq))
        fresh = [arrival for arrival in arrivals if arrival.seq > last]
        reused = self._reused(work, arrivals, before, fresh)
        if reused is not None:
            return reused
        self._note_epoch(work, sender, batch.epoch, known, now)
        results = self._apply(work, sender, batch.epoch, fresh, now) if fresh else ()
        return PushAnswer(
            server_time=now,
            next_seq=max(last, arrivals[-1].seq) + 1,
            results=(*(before[arrival.seq].result for arrival in arrivals if arrival.seq <= last), *results),
        )

    def _reused(
        self, work: UnitOfWork, arrivals: Sequence[Arrival], before: dict[int, store_facts.StoredFact], fresh: Sequence[Arrival]
    ) -> KeyReused | None:
        for arrival in arrivals:
            if arrival.seq in before and not before[arrival.seq].is_of(arrival.body):
                return KeyReused(seq=arrival.seq, problem="this number came before with another body")
        taken = store_facts.keys_taken(work.connection, {arrival.key for arrival in fresh if arrival.key is not None})
        for arrival in fresh:
            if arrival.key is None:
                continue
            if arrival.key in taken:
                return KeyReused(seq=arrival.seq, problem="this key came before with another body")
            taken.add(arrival.key)
        return None

    def _note_epoch(self, work: UnitOfWork, sender: Sender, epoch: UUID, known: int | None, now: datetime) -> None:
        detail = {"kiosk": str(sender.kiosk), "epoch": str(epoch)}
        newest = store_facts.newest_epoch(work.connection, sender.kiosk)
        if known is None:
            store_facts.open_epoch(work, sender.kiosk, epoch, at=now)
            # The first ledger of a kiosk is expected; every other one was restored or replaced.
            outcome = "expected" if newest is None else "alarm"
            append(work.connection, AuditEntry(now, f"kiosk:{sender.kiosk}", "new epoch", outcome, detail))
        elif newest != epoch:
            append(work.connection, AuditEntry(now, f"kiosk:{sender.kiosk}", "old epoch again", "alarm", detail))

    def _apply(self, work: UnitOfWork, sender: Sender, epoch: UUID, fresh: Sequence[Arrival], now: datetime) -> tuple[FactResult, ...]:
        today = on_behalf(fresh, merged_into(work.connection, named_by(fresh)))
        world = read_world(work.connection, asked_by(today), sender.branch)
        settled = settle(today, world, Place(sender.kiosk, BranchCode(sender.branch), now, self._zone))
        outcomes = told(settled, renamed(fresh, today))
        moved = {*world.holds.changed, *world.changes.served}
        queues = changes_of_holds(work.connection, moved)
        store_facts.write_effects(work, world, outcomes, sender, at=now)
        suspended = self._late.book(
            *(work, world.changes.closed, known_returns(outcomes, now=now)),
            touched={*world.changes.closed, *world.changes.renewed},
            now=now,
        )
        queues += changes_of_holds(work.connection, world.changes.given_back)
        _after_items_moved(work, world, outcomes, now)
        queues += self._after_loans(work, world.changes.closed)
        store_facts.advance(work, sender.kiosk, epoch, fresh[-1].seq)
        entries, place_of = _entries(outcomes)
        known = set(entries)
        entries += [entry for entry in dict.fromkeys([*queues, *suspended]) if entry not in known]
        before = publish(work, entries, at=now) if entries else 0
        results = tuple(_result(outcome, before + place_of[i] if i in place_of else 0) for i, outcome in enumerate(outcomes))
        store_facts.write_facts(work, zip(outcomes, results, strict=True), sender, epoch=epoch, at=now)
        if entries:
            urgent = any(entry.table in URGENT for entry in entries)
            work.afterwards(lambda: self._notify(urgent=urgent))
        work.afterwards(lambda: _tell(sender, outcomes, results))
        return results

    def _alarm(self, sender: Sender, batch: PushBatch, reused: KeyReused, now: datetime) -> None:
        detail: dict[str, str | int] = {"kiosk": str(sender.kiosk), "epoch": str(batch.epoch), "seq": reused.seq}
        entry = AuditEntry(now, f"kiosk:{sender.kiosk}", "fact key reused", "alarm", detail)
        self._database.write(lambda work: append(work.connection, entry))


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
