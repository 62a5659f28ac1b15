"""Questions that a person at the kiosk waits for: one at a time, one try each, an answer within seconds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import Protocol
from uuid import UUID

import structlog

from circulation.wire import LossRequest, LossTaken, PinAnswer, PinCheck
from kiosk.events import AskedAnswer, LossByIdTaken, PinAnswered, QuestionFailed
from sync.client import ASK_SECONDS
from sync.errors import RegistryAnswerError, RegistryRefusedError, SyncError
from sync.plan import pin_problem
from sync.turn import Turn

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the ticket its answer carries. What a person typed never shows."""

    ticket: UUID
    asked: PinCheck | LossRequest = field(repr=False)


_CUT_AGAIN = 0.05
"""Seconds between two cuts of a request that nobody waits for any more: the first may come before it has a socket."""


class QuestionTransport(Protocol):
    """Takes a question to the registry."""

    def ask(self, question: PinCheck | LossRequest) -> PinAnswer | LossTaken:
        """Ask once, or raise a ``SyncError``."""

    def cut(self) -> None:
        """End what is under way, from any thread."""


class Asker:
    """Sees to it that every ticket has exactly one answer: the registry's, or ``QuestionFailed``.

    A newer question ends an older one, whose ticket fails at once. A question also fails when its time is
    over, whatever the network does: looking up a name alone may take longer than a person waits.
    Who takes the open question out of its place, under the lock, is the one who answers it.

    Args:
        transport: used in the worker's thread, cut from any.
        post: takes the events; called in three threads, must return at once.
        seconds: from the question to its answer.

    """

    def __init__(self, transport: QuestionTransport, post: Callable[[AskedAnswer], None], *, seconds: float = ASK_SECONDS) -> None:
        self._transport = transport
        self._post = post
        self._seconds = seconds
        self._lock = Lock()
        self._open: Question | None = None
        self._under_way: UUID | None = None
        self._over: Timer | None = None

    def opened(self, question: Question) -> None:
        """Take up a question, in place of one that is open. From any thread."""
        over = Timer(self._seconds, self._time_is_over, (question.ticket,))
        over.daemon = True
        with self._lock:
            before = self._settle()
            if before is not None:
                self._transport.cut()
            late = self._under_way
            self._open, self._over = question, over
        over.start()
        if late is not None:
            self._cut_later(late)
        if before is not None:
            self._fail(before, "another question came")

    def turn(self, question: Question) -> Turn:
        """Ask, unless it has been answered already. Never again: a person tries again, no program.

        Raises:
            RequestEndedError: the transport was closed.

        """
        if not self._begins(question.ticket):
            return Turn(events=(), done=True)
        try:
            try:
                event = self._asked(question)
            finally:
                self._ends()
            heard = True
        except SyncError as error:
            # The words of a refusal may repeat what was asked.
            status = error.status if isinstance(error, RegistryRefusedError) else None
            log.warning("question_failed", problem=type(error).__name__, status=status)
            event, heard = QuestionFailed(question.ticket), False
        answers = self._settled(question.ticket)
        return Turn(events=(event,) if answers else (), done=True, recovered=heard)

    def stop(self) -> None:
        """Answer nothing any more. From any thread."""
        with self._lock:
            self._settle()

    def _asked(self, question: Question) -> AskedAnswer:
        answer = self._transport.ask(question.asked)
        match answer:
            case PinAnswer():
                if problem := pin_problem(answer):
                    raise RegistryAnswerError(problem)
                return PinAnswered(question.ticket, answer.verdict, answer.locked_until)
            case LossTaken():
                return LossByIdTaken(question.ticket)

    def _time_is_over(self, ticket: UUID) -> None:
        if self._settled(ticket, cut=True):
            self._cut_later(ticket)
            self._fail(ticket, "no answer in time")

    def _fail(self, ticket: UUID, problem: str) -> None:
        log.warning("question_failed", problem=problem)
        self._post(QuestionFailed(ticket))

    def _begins(self, ticket: UUID) -> bool:
        """Whether this question is still open: then its request is under way from here on."""
        with self._lock:
            if self._open is None or self._open.ticket != ticket:
                return False
            self._under_way = ticket
            return True

    def _ends(self) -> None:
        with self._lock:
            self._under_way = None

    def _cut_later(self, ticket: UUID) -> None:
        again = Timer(_CUT_AGAIN, self._cut, (ticket,))
        again.daemon = True
        again.start()

    def _cut(self, ticket: UUID) -> None:
        """End a request that nobody waits for any more, as often as it takes: the next question stands behind it."""
        with self._lock:
            if self._under_way != ticket:
                return
            self._transport.cut()
        self._cut_later(ticket)

    def _settled(self, ticket: UUID, *, cut: bool = False) -> bool:
        """Whether this question was open until now. ``cut`` ends its request while no newer one can have begun."""
        with self._lock:
            if self._open is None or self._open.ticket != ticket:
                return False
            self._settle()
            if cut:
                self._transport.cut()
            return True

    def _settle(self) -> UUID | None:
        """Under the lock: nothing is open from here on; the ticket of what was."""
        was, self._open = self._open, None
        if self._over is not None:
            self._over.cancel()
            self._over = None
        return None if was is None else was.ticket
