"""Facts go up: one batch until it is answered."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import structlog

from circulation.wire import KeyReused, PushAnswer, PushBatch, SequenceGap
from kiosk.events import BatchAnswered, BatchRefused, LedgerForked, RightsTaken, SendFrom, SyncEvent
from sync.errors import RegistryAnswerError, SyncError, one_line
from sync.outage import Outage
from sync.plan import STEPS, Errand, Heard, Step, gap_problem, push_problem
from sync.turn import Heeds, Turn, nothing_to_heed
from sync.witness import LastWitness

log = structlog.get_logger()


class FactsTransport(Protocol):
    """Takes facts to the registry."""

    def push(self, batch: PushBatch, told: tuple[UUID, str] | None = None) -> PushAnswer | SequenceGap | KeyReused:
        """Send a batch once, or raise a ``SyncError``. ``told``: the last witness that this kiosk has heard, and of which feed."""


class Pusher:
    """Sends batches, one try a turn. No thread: the worker around it waits. ``monotonic`` says when an answer came."""

    def __init__(
        self,
        transport: FactsTransport,
        outage: Outage,
        *,
        monotonic: Callable[[], float],
        revoked: Heeds = nothing_to_heed,
        witness: LastWitness | None = None,
    ) -> None:
        self._transport = transport
        self._witness = witness or LastWitness(None, monotonic=monotonic)
        self._monotonic = monotonic
        self._revoked = revoked
        self._outage = outage

    def turn(self, batch: PushBatch) -> Turn:
        """Try once.

        Raises:
            RequestEndedError: the transport was closed.

        """
        try:
            event, heard = self._ask(batch)
        except SyncError as error:
            return self._failed(batch, error)
        log.info("facts_answered", seq=batch.first_seq, count=len(batch.facts), state=STEPS[Errand.PUSH, heard])
        return Turn(events=(event,), done=True, recovered=self._outage.over())

    def _ask(self, batch: PushBatch) -> tuple[SyncEvent, Heard]:
        answer = self._transport.push(batch, self._witness.last)
        came = self._monotonic()
        match answer:
            case PushAnswer():
                _require(push_problem(answer, batch))
                return BatchAnswered(answer, came), Heard.ANSWERED
            case SequenceGap():
                _require(gap_problem(answer, batch))
                return SendFrom(answer.send_from), Heard.GAP
            case KeyReused(seq=seq, fork=True) if batch.first_seq <= seq < batch.first_seq + len(batch.facts):
                return LedgerForked(seq), Heard.FORKED
            case KeyReused():
                return BatchRefused(f"number {answer.seq}: {one_line(answer.problem)}"), Heard.REUSED

    def _failed(self, batch: PushBatch, error: SyncError) -> Turn:
        if self._revoked(error):
            return Turn(events=(RightsTaken(),), done=True)
        problem = str(error)
        if STEPS[Errand.PUSH, error.heard] is Step.GIVE_UP:
            log.error("facts_refused", seq=batch.first_seq, count=len(batch.facts), problem=problem)
            return Turn(events=(BatchRefused(problem),), done=True, recovered=self._outage.over())
        pause, events = self._outage.failed(error)
        failures = self._outage.failures
        log.warning("facts_not_sent", seq=batch.first_seq, failures=failures, seconds=round(pause, 1), problem=problem)
        return Turn(events=events, done=False, pause=pause)


def _require(problem: str | None) -> None:
    if problem is not None:
        raise RegistryAnswerError(problem)
