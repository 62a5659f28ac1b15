"""Sending: takes batches from the ledger to the outlet, and answers back to the ledger."""

from dataclasses import replace
from datetime import datetime

import msgspec
import structlog
from msgspec import UNSET

from circulation.facts import LedgerRestored
from circulation.wire import FactStatus, HeardTime, PushAnswer, PushBatch
from kiosk.outbox import Outbox
from kiosk.ports import Outlet
from kiosk.recorder import NANOSECONDS, Recorder
from kiosk.registry_time import nearer
from kiosk.store.ledger_values import Epoch

_log = structlog.get_logger()


class Sender:
    """One batch under way at a time, from the first fact without a result on. ``again`` is the wait (seconds) after an answer of no use."""

    def __init__(self, recorder: Recorder, outlet: Outlet, *, again: float) -> None:
        self._recorder = recorder
        self._ledger = ledger = recorder.ledger
        self._clock = recorder.clock
        self._outlet = outlet
        self._again = again
        device = ledger.device()
        self._epochs = ledger.epochs()
        self._sent = self._epochs[-1]
        """The epoch of the batch that was sent last."""
        self._last_seq = ledger.last_seq()
        self._unanswered = ledger.unanswered()
        self._outbox = Outbox(ledger.first_to_send() or self._greeting())
        self._begun = device.restored_at is not None
        self._follows = device.feed is not None
        self._lacked_at: datetime | None = None
        self._ask_again = False
        self._heard: HeardTime | None = None
        self._problem = device.problem
        if self._problem:
            _log.warning("needs_staff", problem=self._problem)

    @property
    def needs_staff(self) -> bool:
        """Whether a batch was refused and none has been answered since, in this run or an earlier one."""
        return bool(self._problem)

    @property
    def registry_lacked_at(self) -> datetime | None:
        """When the registry last turned out to lack what it had answered, as after it was put back to a backup (aware UTC, in this run); none: never."""
        return self._lacked_at

    @property
    def sends_from(self) -> int:
        """The first number that may be sent again."""
        return self._outbox.next_seq if self._outbox.under_way is None else self._outbox.under_way.start

    @property
    def unanswered(self) -> int:
        """How many facts have no result yet."""
        return self._unanswered

    def committed(self) -> None:
        """After facts were written: look for them and send."""
        last = self._ledger.last_seq()
        self._unanswered += last - self._last_seq
        self._last_seq = last
        self.send()

    def send(self) -> None:
        """Hand over the next batch, if there is one and none is under way."""
        if self._ledger.owes and self._outbox.under_way is None and not self._outbox.problem and self._outbox.next_seq > self._last_seq:
            # All that was left has been answered: what follows must not take the numbers of what is missing.
            self._begin_epoch(self._last_seq + 1)
        epoch = self._epoch_of(self._outbox.next_seq)
        numbers = self._outbox.batch(epoch.last or self._last_seq, now=self._clock.monotonic())
        if numbers is None:
            return
        self._sent = epoch
        facts = [msgspec.Raw(body) for body in self._ledger.bodies(numbers.start, len(numbers))]
        span = self._ledger.span(numbers)
        self._outbox = self._outbox.sent(numbers)
        _log.info("batch_sent", seq=numbers.start, count=len(facts))
        heard = UNSET if self._heard is None else self._heard
        self._outlet.push(PushBatch(epoch=epoch.name, first_seq=numbers.start - epoch.base, facts=facts, chain=span, heard=heard))

    def ask_again(self) -> None:
        """Go back to the first fact that has no result in the present feed: a registry that was restored may have forgotten it."""
        if self._follows and self._last_seq:
            self._note_lack()
        self._follows = True
        self._ask_again = True
        self._go_back()
        self.send()

    def heard(self, server_time: datetime, came: float) -> None:
        """The registry has told its time (aware UTC), and its word came at a monotonic second: what stamps facts is measured by both."""
        said = HeardTime(server_time=server_time, monotonic=int(came * NANOSECONDS), boot=self._clock.boot_id())
        self._heard = nearer(self._heard, said)

    def answered(self, answer: PushAnswer, came: float) -> None:
        """Store the results and send the next batch. ``came`` as in ``heard``.

        Raises:
            LedgerUnwritableError: the results could not be stored; the batch counts as unanswered.

        """
        self.heard(answer.server_time, came)
        if self._ask_again:
            # Sent before the feed was another one: perhaps by the registry that was restored since.
            answer = msgspec.structs.replace(answer, results=())
        base, last = self._sent.base, self._sent.last or self._last_seq
        ours = (msgspec.structs.replace(result, seq=result.seq + base) for result in answer.results)
        results = [result for result in ours if base < result.seq <= last]
        try:
            self._ledger.store_results(results, at=answer.server_time, feed=answer.feed)
        except BaseException:
            self._outbox = self._outbox.answered((), again_at=self._again_at())
            raise
        for result in results:
            if result.status is not FactStatus.ACCEPTED:
                _log.warning(
                    "fact_not_accepted", seq=result.seq, reasons=result.reasons, problem=f"{result.place} {result.problem}".strip()
                )
        self._unanswered = self._ledger.unanswered()
        self._outbox = self._outbox.answered([result.seq for result in results], again_at=self._again_at())
        self._go_back()
        if results and self._problem and not self._outbox.problem:
            self._ledger.staff_have_looked()
            self._problem = ""
            _log.info("needs_staff_no_more")
        if self._outbox.ends_here:
            self._begin_epoch(self._outbox.next_seq)
        elif self._outbox.next_seq > self._last_seq and answer.next_seq - 1 + base > self._last_seq:
            self._begin_epoch(self._last_seq + 1)
        self.send()

    def forked(self, seq: int) -> None:
        """Go on in a new epoch, from a number of the present one: this ledger is an old image, or there are two of it.

        What is before it and has no answer yet is the registry's, too: that is asked for first.

        Raises:
            LedgerUnwritableError: the batch counts as unanswered.

        """
        under_way, base = self._outbox.under_way, self._sent.base
        seq += base
        if under_way is None:
            return
        if seq not in under_way or self._sent.last is not None or (seq == base + 1 and self._begun):
            # No honest registry knows a fact of an epoch that has just got its random name, or another one before the end of one that ended.
            self.refused(f"the registry holds another fact {seq - base} of an epoch of which it can hold none")
            return
        self._outbox = self._outbox.forked(seq)
        if self._outbox.ends_here:
            self._begin_epoch(seq)
        self.send()

    def send_from(self, seq: int) -> None:
        """Send again from a number of the epoch. When facts from there on have been pruned, only a person can help.

        Raises:
            LedgerUnwritableError: the ledger can't be read, and the batch counts as unanswered; or what a person must look at
                could not be kept, and sending has stopped all the same.

        """
        base = self._sent.base
        seq += base
        _log.warning("send_from", seq=seq)
        try:
            held = self._ledger.first_held()
            lacks = base < seq < (self._ledger.first_to_send() or self._last_seq + 1)
            if lacks:
                self._note_lack()
        except BaseException:
            self._outbox = self._outbox.answered((), again_at=self._again_at())
            raise
        if self._outbox.under_way is not None and base < seq < held:
            self.refused(f"the registry asks for facts from {seq} on, the ledger holds them from {held} on")
            return
        self._outbox = self._outbox.again_from(seq, self._last_seq, again_at=self._again_at())
        if lacks and self._outbox.next_seq == seq and self._sent is not self._epochs[0]:
            # It may lack what is older, too; and an older epoch that is heard of after a younger one looks like a second ledger.
            self._outbox = replace(self._outbox, next_seq=max(held, self._epochs[0].base + 1))
        self.send()

    def refused(self, problem: str) -> None:
        """Stop sending and lay it before staff. Lending goes on: what happened is in the ledger.

        Raises:
            LedgerUnwritableError: the problem could not be kept; sending has stopped all the same.

        """
        _log.error("batch_refused", problem=problem, seq=self._outbox.next_seq)
        self._outbox = self._outbox.stopped(problem)
        self._problem = problem
        self._ledger.lay_before_staff(problem, at=self._clock.now())

    def next_deadline(self) -> float | None:
        """When to try again after an answer of no use (monotonic seconds)."""
        waits = self._outbox.under_way is None and not self._outbox.problem and self._outbox.next_seq <= self._last_seq
        return self._outbox.not_before if waits else None

    def _note_lack(self) -> None:
        _log.error("registry_lacks_facts")
        self._lacked_at = self._clock.now()

    def _go_back(self) -> None:
        """Do so as soon as no batch is under way: its answer must find the numbers that it is about."""
        if self._ask_again and self._outbox.under_way is None:
            first = self._ledger.first_to_send() or self._outbox.next_seq
            self._outbox = replace(self._outbox, next_seq=min(first, self._outbox.next_seq))
            self._ask_again = False

    def _greeting(self) -> int:
        """Where to begin when all has been answered: at the last fact of this epoch, if it is still held."""
        return self._last_seq if self._last_seq >= max(self._ledger.first_held(), self._epochs[-1].base + 1) else self._last_seq + 1

    def _epoch_of(self, seq: int) -> Epoch:
        return next((one for one in self._epochs if one.last is not None and one.base < seq <= one.last), self._epochs[-1])

    def _begin_epoch(self, first: int) -> None:
        epoch, at = self._recorder.keys.new_epoch(), self._clock.now()
        former, base = self._ledger.owes or self._epochs[-1].name, self._epochs[-1].base
        try:
            with self._ledger.unit_of_work() as work:
                moved = work.begin_epoch(epoch, first=first, at=at)
                said = LedgerRestored(former=former, shared_seq=first - 1 - base, moved=moved)
                work.append(self._recorder.envelope(said, seq=work.next_seq(), at=at, correlation=""))
                work.commit()
        except BaseException:
            self._outbox = replace(self._outbox, fork=None, next_seq=min(first, self._last_seq), not_before=self._again_at())
            raise
        _log.error("ledger_restored", seq=first, count=moved)
        self._epochs, self._begun = self._ledger.epochs(), True
        self._last_seq = self._ledger.last_seq()
        self._unanswered = self._ledger.unanswered()
        self._outbox = Outbox(first)

    def _again_at(self) -> float:
        return self._clock.monotonic() + self._again
