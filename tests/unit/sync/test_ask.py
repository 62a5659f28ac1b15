"""Every ticket has exactly one answer, whatever the network does and whatever is asked meanwhile."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from queue import Queue
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest

from circulation.cards import CardKind
from circulation.wire import LossRequest, LossTaken, PinAnswer, PinCheck, PinVerdict, Problem
from kiosk.events import LossByIdTaken, PinAnswered, QuestionFailed, SyncEvent
from sync.ask import Asker, Question
from sync.errors import RegistryRefusedError, RegistryUnreachableError, RequestEndedError, SyncError
from tests.unit.sync.values import NOW, Posted

PIN = "8264"
FOR_EVER = 3600.0


@dataclass
class Silent:
    """A registry that answers nothing until it is cut."""

    asked: "Queue[PinCheck | LossRequest]" = field(default_factory=Queue)
    was_cut: Event = field(default_factory=Event)

    def ask(self, question: PinCheck | LossRequest) -> PinAnswer | LossTaken:
        self.asked.put(question)
        assert self.was_cut.wait(10)
        problem = "no answer in time"
        raise RegistryUnreachableError(problem)

    def cut(self) -> None:
        self.was_cut.set()


@dataclass
class Saying:
    """A registry that says this."""

    said: PinAnswer | LossTaken | Exception

    def ask(self, question: PinCheck | LossRequest) -> PinAnswer | LossTaken:  # noqa: ARG002 - it says what it says
        if isinstance(self.said, Exception):
            raise self.said
        return self.said

    def cut(self) -> None:
        pass


def a_pin_check() -> PinCheck:
    return PinCheck(patron=uuid4(), pin=PIN)


def a_loss_request() -> LossRequest:
    return LossRequest(national_id="A123456789", birth_date=date(2017, 3, 4), kind=CardKind.EASYCARD)


def answered(said: PinAnswer | LossTaken | Exception, asked: PinCheck | LossRequest) -> tuple[UUID, tuple[SyncEvent, ...]]:
    question = Question(uuid4(), asked)
    asker = Asker(Saying(said), Posted(), seconds=FOR_EVER)
    asker.opened(question)
    turn = asker.turn(question)
    assert turn.done
    asker.stop()
    return question.ticket, turn.events


@pytest.mark.parametrize("verdict", PinVerdict)
def test_the_word_on_a_pin_is_handed_to_the_core(verdict: PinVerdict) -> None:
    until = NOW + timedelta(minutes=15) if verdict is PinVerdict.LOCKED else None
    ticket, events = answered(PinAnswer(verdict=verdict, locked_until=until), a_pin_check())
    assert events == (PinAnswered(ticket, verdict, until),)


def test_a_loss_report_is_taken() -> None:
    ticket, events = answered(LossTaken(), a_loss_request())
    assert events == (LossByIdTaken(ticket),)


@pytest.mark.parametrize(
    "said",
    [
        RegistryUnreachableError("status 429", retry_after=60),
        RegistryRefusedError(422, Problem(code="malformed", problem="what is this?")),
        PinAnswer(verdict=PinVerdict.LOCKED, locked_until=NOW.replace(tzinfo=None)),
        PinAnswer(verdict=PinVerdict.RIGHT, locked_until=NOW),
    ],
)
def test_what_is_no_answer_is_a_failure(said: PinAnswer | SyncError) -> None:
    ticket, events = answered(said, a_pin_check())
    assert events == (QuestionFailed(ticket),)


def test_a_stopping_kiosk_answers_nothing_more() -> None:
    posted = Posted()
    question = Question(uuid4(), a_pin_check())
    asker = Asker(Saying(RequestEndedError()), posted, seconds=FOR_EVER)
    asker.opened(question)
    with pytest.raises(RequestEndedError):
        asker.turn(question)
    asker.stop()
    assert asker.turn(question).events == ()
    assert posted.events.empty()


def test_a_newer_question_ends_the_one_under_way_which_fails_at_once_and_only_once() -> None:
    posted, registry = Posted(), Silent()
    asker = Asker(registry, posted, seconds=FOR_EVER)
    old, new = Question(uuid4(), a_pin_check()), Question(uuid4(), a_pin_check())
    asker.opened(old)
    turns: Queue[tuple[SyncEvent, ...]] = Queue()
    asking = Thread(target=lambda: turns.put(asker.turn(old).events))
    asking.start()
    registry.asked.get(timeout=5)
    asker.opened(new)
    assert posted.next(QuestionFailed) == QuestionFailed(old.ticket)
    assert turns.get(timeout=5) == (), "it has been answered"
    asking.join(5)
    asker.stop()
    assert posted.events.empty()


def test_a_question_that_was_replaced_before_it_was_asked_is_never_asked() -> None:
    registry = Silent()
    asker = Asker(registry, Posted(), seconds=FOR_EVER)
    old, new = Question(uuid4(), a_pin_check()), Question(uuid4(), a_pin_check())
    asker.opened(old)
    asker.opened(new)
    assert asker.turn(old).events == ()
    assert registry.asked.empty()
    asker.stop()


@dataclass
class Connecting:
    """A registry whose first question has no socket yet when it is cut for the first two times, and then waits for an answer for ever."""

    asked: "Queue[PinCheck | LossRequest]" = field(default_factory=Queue)
    cuts: "Queue[None]" = field(default_factory=Queue)
    has_socket: Event = field(default_factory=Event)
    was_cut: Event = field(default_factory=Event)

    def ask(self, question: PinCheck | LossRequest) -> PinAnswer | LossTaken:
        first = self.asked.empty()
        self.asked.put(question)
        if first:
            for _ in range(2):
                self.cuts.get(timeout=10)
            self.has_socket.set()
            assert self.was_cut.wait(10)
            problem = "cut"
            raise RegistryUnreachableError(problem)
        return PinAnswer(verdict=PinVerdict.RIGHT)

    def cut(self) -> None:
        self.cuts.put(None)
        if self.has_socket.is_set():
            self.was_cut.set()


@pytest.mark.parametrize("its_time_is_over", [False, True])
def test_a_newer_question_is_sent_though_the_older_one_had_no_socket_yet_when_it_was_cut(its_time_is_over: bool) -> None:  # noqa: FBT001 - a parameter of the test
    posted, registry = Posted(), Connecting()
    asker = Asker(registry, posted, seconds=FOR_EVER)
    old, new = Question(uuid4(), a_pin_check()), Question(uuid4(), a_pin_check())
    asker.opened(old)
    asking = Thread(target=asker.turn, args=(old,))
    asking.start()
    while registry.asked.empty():
        asking.join(0.001)
    if its_time_is_over:
        asker._time_is_over(old.ticket)
    else:
        asker.opened(new)
    assert posted.next(QuestionFailed) == QuestionFailed(old.ticket)
    asking.join(5)
    assert not asking.is_alive(), "the older one must not stand in the way of the newer"
    if its_time_is_over:
        asker.opened(new)
    assert asker.turn(new).events == (PinAnswered(new.ticket, PinVerdict.RIGHT),)
    asker.stop()


def test_a_question_fails_when_its_time_is_over_even_before_it_was_asked() -> None:
    posted, registry = Posted(), Silent()
    asker = Asker(registry, posted, seconds=0.01)
    question = Question(uuid4(), a_pin_check())
    asker.opened(question)
    assert posted.next(QuestionFailed) == QuestionFailed(question.ticket)
    assert registry.was_cut.is_set()
    assert asker.turn(question).events == ()
    assert registry.asked.empty()


def test_what_a_person_typed_is_shown_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    echo = RegistryRefusedError(422, Problem(code=PIN, problem=f"not {PIN}", place=PIN))
    answered(echo, a_pin_check())
    said = capsys.readouterr().out
    assert "question_failed" in said
    shown = [said, repr(Question(uuid4(), a_pin_check())), repr(a_pin_check()), str(a_pin_check()), repr(a_loss_request())]
    assert not [text for text in shown if PIN in text or "A123456789" in text or "2017" in text]
