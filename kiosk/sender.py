"""Sending: takes batches from the ledger to the outlet, and answers back to the ledger."""

import msgspec
import structlog

from circulation.wire import FactStatus, PushAnswer, PushBatch
from kiosk.outbox import Outbox
from kiosk.ports import Clock, Outlet
from kiosk.store.ledger import Ledger

_log = structlog.get_logger()


class Sender:
    """One batch under way at a time, from the first fact without a result on. ``again`` is the wait (seconds) after an answer of no use."""

    def __init__(self, ledger: Ledger, clock: Clock, outlet: Outlet, *, again: float) -> None:
        self._ledger = ledger
        self._clock = clock
        self._outlet = outlet
        self._again = again
        self._epoch = ledger.device().epoch
        self._last_seq = ledger.last_seq()
        self._unanswered = ledger.unanswered()
        self._outbox = Outbox(ledger.first_unanswered() or self._last_seq + 1)
        self._problem = ledger.device().problem
        if self._problem:
            _log.warning("needs_staff", problem=self._problem)

    @property
    def needs_staff(self) -> bool:
        """Whether a batch was refused and none has been answered since, in this run or an earlier one."""
        return bool(self._problem)

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
        numbers = self._outbox.batch(self._last_seq, now=self._clock.monotonic())
        if numbers is None:
            return
        facts = [msgspec.Raw(body) for body in self._ledger.bodies(numbers.start, len(numbers))]
        self._outbox = self._outbox.sent(numbers)
        _log.info("batch_sent", seq=numbers.start, count=len(facts))
        self._outlet.push(PushBatch(epoch=self._epoch, first_seq=numbers.start, facts=facts))

    def answered(self, answer: PushAnswer) -> None:
        """Store the results and send the next batch.

        Raises:
            LedgerUnwritableError: the results could not be stored; the batch counts as unanswered.

        """
        results = [result for result in answer.results if 1 <= result.seq <= self._last_seq]
        try:
            self._ledger.store_results(results, at=self._clock.now())
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
        if results and self._problem and not self._outbox.problem:
            self._ledger.staff_have_looked()
            self._problem = ""
            _log.info("needs_staff_no_more")
        self.send()

    def send_from(self, seq: int) -> None:
        """Send again from a number. When facts from there on have been pruned, only a person can help.

        Raises:
            LedgerUnwritableError: the ledger can't be read, and the batch counts as unanswered; or what a person must look at
                could not be kept, and sending has stopped all the same.

        """
        _log.warning("send_from", seq=seq)
        try:
            held = self._ledger.first_held()
        except BaseException:
            self._outbox = self._outbox.answered((), again_at=self._again_at())
            raise
        if self._outbox.under_way is not None and 1 <= seq < held:
            self.refused(f"the registry asks for facts from {seq} on, the ledger holds them from {held} on")
            return
        self._outbox = self._outbox.again_from(seq, self._last_seq, again_at=self._again_at())
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

    def _again_at(self) -> float:
        return self._clock.monotonic() + self._again
