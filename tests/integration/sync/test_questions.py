"""Questions over real connections: one try, a few seconds, signed, never behind a poll or a push."""

import gc
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from queue import Queue
from random import Random
from tempfile import mkdtemp
from time import monotonic
from uuid import UUID, uuid4

import msgspec
import pytest

import sync.ask as ask_module
import sync.client as client_module
from circulation.cards import CardKind
from circulation.wire import LossRequest, LossTaken, PinAnswer, PinCheck, PinVerdict, Problem
from kiosk.events import BatchAnswered, LossByIdTaken, PinAnswered, QuestionFailed, RegistryLost
from sync.client import ASK_SECONDS, MAX_ANSWER_BYTES
from sync.memory import USUAL_MEMORY
from sync.plan import Pace
from sync.worker import SyncWorkers
from tests.integration.sync.certificates import Authority
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import FEED, Posted, StillClock, a_batch, an_answer_to, an_identity, later

RIGHT = PinAnswer(verdict=PinVerdict.RIGHT)
NEVER = Pace(first=3600, cap=3600, spread=3600)


class _Patient(Random):
    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


@pytest.fixture
def memory() -> Iterator[Path]:
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def asking(
    handler: Callable[[Exchange], None], memory: Path, *, tls: ssl.SSLContext | None = None, ca: Path | None = None
) -> Iterator[tuple[SyncWorkers, Posted, Loopback]]:
    posted = Posted()
    with Loopback(handler, tls=tls) as server:
        identity = an_identity(registry=server.url, ca=None if ca is None else str(ca))
        workers = SyncWorkers(
            identity, memory, posted, clock=StillClock(), random=_Patient(1), memory=memory, push_pace=NEVER, pull_pace=NEVER
        )
        workers.start()
        yield workers, posted, server
        assert workers.stop()


@pytest.fixture
def in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who waits for a quarter of a second."""
    monkeypatch.setattr(client_module, "ASK_SECONDS", 0.25)
    monkeypatch.setattr(ask_module.Asker.__init__, "__kwdefaults__", {"seconds": 0.25})


def ask_pin(workers: SyncWorkers, pin: str = "8264") -> UUID:
    ticket = uuid4()
    workers.ask(ticket, PinCheck(patron=uuid4(), pin=pin))
    return ticket


def test_a_pin_is_asked_for_in_a_signed_request_and_answered(memory: Path) -> None:
    with asking(lambda exchange: exchange.answer(RIGHT), memory) as (workers, posted, server):
        ticket, patron = uuid4(), uuid4()
        workers.ask(ticket, PinCheck(patron=patron, pin="8264"))
        assert posted.next(PinAnswered) == PinAnswered(ticket, PinVerdict.RIGHT)
        (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/v1/pin-checks")
    assert msgspec.json.decode(request.body) == {"v": 1, "patron": str(patron), "pin": "8264"}
    assert "signature" in request.headers


def test_a_loss_is_reported_without_a_card(memory: Path) -> None:
    request = LossRequest(national_id="A123456789", birth_date=date(2017, 3, 4), kind=CardKind.EASYCARD)
    with asking(lambda exchange: exchange.answer(LossTaken(), status=201), memory) as (workers, posted, server):
        ticket = uuid4()
        workers.ask(ticket, request)
        assert posted.next(LossByIdTaken) == LossByIdTaken(ticket)
        assert server.requests[0].path == "/v1/loss-reports"
        assert msgspec.json.decode(server.requests[0].body, type=LossRequest) == request


def test_a_question_is_trusted_over_tls_as_everything_else_is(tmp_path: Path, memory: Path) -> None:
    library, stranger = Authority(tmp_path, "library"), Authority(tmp_path, "stranger")
    with asking(lambda exchange: exchange.answer(RIGHT), memory, tls=library.server(), ca=library.pem) as (workers, posted, _):
        ask_pin(workers)
        posted.next(PinAnswered)
    with asking(lambda exchange: exchange.answer(RIGHT), memory, tls=library.server(), ca=stranger.pem) as (workers, posted, server):
        ask_pin(workers)
        posted.next(QuestionFailed)
        assert not server.requests


@pytest.mark.parametrize("status", [400, 403, 408, 422, 429, 500, 502, 503])
def test_a_refusal_fails_the_question_and_nothing_is_tried_again(memory: Path, status: int) -> None:
    problem = Problem(code="refused", problem="no")
    with asking(lambda exchange: exchange.answer(problem, status=status, headers={"Retry-After": "0"}), memory) as (
        workers,
        posted,
        server,
    ):
        ticket = ask_pin(workers)
        assert posted.next(QuestionFailed) == QuestionFailed(ticket)
        ask_pin(workers)
        posted.next(QuestionFailed)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer", [b"", b'{"v":1}', b'{"v":1,"verdict":"perhaps"}', b'{"v":1,"verdict":"locked","locked_until":"2026-03-11T02:00:00"}', b"\xff"]
)
def test_an_answer_that_is_none_fails_the_question(memory: Path, answer: bytes) -> None:
    with asking(lambda exchange: exchange.answer(answer), memory) as (workers, posted, _):
        ask_pin(workers)
        posted.next(QuestionFailed)


def test_a_redirect_is_not_followed_with_a_pin(memory: Path) -> None:
    with Loopback(lambda exchange: exchange.answer(RIGHT)) as elsewhere:

        def handler(exchange: Exchange) -> None:
            exchange.answer(b"", status=307, headers={"Location": f"{elsewhere.url}/v1/pin-checks"})

        with asking(handler, memory) as (workers, posted, _):
            ask_pin(workers)
            posted.next(QuestionFailed)
        assert not elsewhere.requests


def test_an_endless_answer_is_not_read(memory: Path) -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_ANSWER_BYTES + 1}\r\n\r\n".encode())
        exchange.wait_until_gone()

    with asking(handler, memory) as (workers, posted, _):
        ask_pin(workers)
        posted.next(QuestionFailed, within=2)


def test_a_wrong_clock_is_put_right_and_the_question_signed_once_more(memory: Path) -> None:
    def handler(exchange: Exchange) -> None:
        if f"created={int(later(86_400).timestamp())}" in exchange.headers["signature-input"]:
            exchange.answer(RIGHT)
        else:
            exchange.answer(Problem(code="clock", problem="too old", server_time=later(86_400)), status=401)

    with asking(handler, memory) as (workers, posted, server):
        ask_pin(workers)
        posted.next(PinAnswered)
        assert len(server.requests) == 2


def test_a_registry_that_never_believes_is_asked_twice_at_most(memory: Path) -> None:
    problem = Problem(code="unknown_kiosk", problem="no such kiosk", server_time=later(0))
    with asking(lambda exchange: exchange.answer(problem, status=401), memory) as (workers, posted, server):
        ask_pin(workers)
        posted.next(QuestionFailed)
        assert len(server.requests) == 2


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n\r\n{", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["silent", "body", "headers"])
@pytest.mark.usefixtures("in_a_moment")
def test_a_silent_registry_fails_the_question_in_time_and_the_next_one_is_asked(memory: Path, first: bytes) -> None:
    silent = iter([True])

    def handler(exchange: Exchange) -> None:
        if next(silent, False):
            exchange.send(first)
            exchange.wait_until_gone()
        exchange.answer(RIGHT)

    with asking(handler, memory) as (workers, posted, _):
        first_ticket = ask_pin(workers)
        assert posted.next(QuestionFailed, within=3) == QuestionFailed(first_ticket)
        second_ticket = ask_pin(workers)
        assert posted.next(PinAnswered) == PinAnswered(second_ticket, PinVerdict.RIGHT)


def test_nobody_there_fails_the_question(memory: Path) -> None:
    with asking(lambda exchange: exchange.answer(RIGHT), memory) as (workers, posted, server):
        server.__exit__(None, None, None)
        ticket = ask_pin(workers)
        assert posted.next(QuestionFailed) == QuestionFailed(ticket)


def test_a_newer_question_does_not_wait_for_an_older_one(memory: Path) -> None:
    arrived: Queue[None] = Queue()

    def handler(exchange: Exchange) -> None:
        if b"1111" in exchange.body:
            arrived.put(None)
            exchange.wait_until_gone()
        exchange.answer(RIGHT)

    with asking(handler, memory) as (workers, posted, _):
        old = ask_pin(workers, "1111")
        arrived.get(timeout=5)
        began = monotonic()
        new = ask_pin(workers, "2222")
        assert posted.next(QuestionFailed) == QuestionFailed(old)
        assert posted.next(PinAnswered) == PinAnswered(new, PinVerdict.RIGHT)
        assert monotonic() - began < ASK_SECONDS
    assert posted.events.empty()


def test_every_ticket_of_a_hundred_in_a_row_has_exactly_one_answer(memory: Path) -> None:
    with asking(lambda exchange: exchange.answer(RIGHT), memory) as (workers, posted, _):
        tickets = [ask_pin(workers) for _ in range(100)]
        answers: list[UUID] = []
        while len(answers) < len(tickets):
            event = posted.events.get(timeout=10)
            assert isinstance(event, PinAnswered | QuestionFailed)
            answers.append(event.ticket)
    assert posted.events.empty()
    assert sorted(answers) == sorted(tickets)


def test_a_question_waits_neither_for_a_poll_nor_for_a_push(memory: Path) -> None:
    arrived: Queue[str] = Queue()

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/pin-checks":
            exchange.answer(RIGHT)
        else:
            arrived.put(exchange.path)
            exchange.wait_until_gone()

    with asking(handler, memory) as (workers, posted, _):
        workers.pull(FEED, 5)
        workers.push(a_batch())
        assert {arrived.get(timeout=5), arrived.get(timeout=5)} == {"/v1/facts", "/v1/changes"}
        ask_pin(workers)
        posted.next(PinAnswered)


@pytest.mark.parametrize("hurry", [lambda workers: workers.try_now(), ask_pin], ids=["told to hurry", "a question was answered"])
def test_what_waits_after_a_failure_leaves_at_once(memory: Path, hurry: Callable[[SyncWorkers], object]) -> None:
    batch = a_batch()
    broken = threading.Event()
    broken.set()

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/pin-checks":
            exchange.answer(RIGHT)
        elif broken.is_set():
            exchange.answer(b"", status=500)
        else:
            exchange.answer(an_answer_to(batch))

    with asking(handler, memory) as (workers, posted, _):
        workers.push(batch)
        posted.next(RegistryLost)
        broken.clear()
        hurry(workers)
        if hurry is ask_pin:
            posted.next(PinAnswered)
        posted.next(BatchAnswered)


def test_stopping_in_the_middle_of_a_question_is_quick_and_answers_nothing(memory: Path) -> None:
    arrived = threading.Event()

    def handler(exchange: Exchange) -> None:
        arrived.set()
        exchange.wait_until_gone()

    with asking(handler, memory) as (workers, posted, _):
        ask_pin(workers)
        assert arrived.wait(5)
        began = monotonic()
        assert workers.stop()
        assert monotonic() - began < ASK_SECONDS
    assert posted.events.empty()


def test_a_pin_is_in_no_log_and_in_no_object_after_the_answer(memory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pin = "73519" + "0264"

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/pin-checks":
            exchange.answer(Problem(code=pin, problem=pin), status=422)
        else:
            exchange.wait_until_gone()

    with asking(handler, memory) as (workers, posted, server):
        ask_pin(workers, pin)
        posted.next(QuestionFailed)
        server.requests.clear()
        workers.push(a_batch())
        gc.collect()
        kept = [question for question in gc.get_objects() if type(question).__name__ in {"PinCheck", "Question", "PreparedRequest"}]
        assert not [one for one in kept if pin in str(getattr(one, "asked", "")) or pin.encode() in (getattr(one, "body", None) or b"")]
    said = capsys.readouterr()
    assert "question_failed" in said.out
    assert pin not in said.out + said.err
