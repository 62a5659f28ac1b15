"""Both threads against a server that fails, falls silent and comes back."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from random import Random
from tempfile import mkdtemp
from time import monotonic

import pytest

from circulation.revocations import KioskRevoked
from circulation.wire import Problem, SnapshotNeeded
from kiosk.events import BatchAnswered, BatchRefused, ChangesReceived, RegistryLost
from sync.memory import USUAL_MEMORY
from sync.plan import Pace
from sync.worker import SyncWorkers
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import FEED, Posted, StillClock, a_batch, a_page, an_answer_to, an_identity

QUICK = Pace(first=0.001, cap=0.002)
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
def workers_of(
    handler: Callable[[Exchange], None], folder: Path, memory: Path, *, push_pace: Pace = QUICK, pull_pace: Pace = QUICK
) -> Iterator[tuple[SyncWorkers, Posted, Loopback]]:
    posted = Posted()
    with Loopback(handler) as server:
        workers = SyncWorkers(
            an_identity(registry=server.url),
            folder,
            posted,
            clock=StillClock(),
            random=_Patient(1),
            memory=memory,
            push_pace=push_pace,
            pull_pace=pull_pace,
        )
        workers.start()
        yield workers, posted, server
        assert workers.stop()


def test_a_push_does_not_wait_behind_a_long_poll(tmp_path: Path, memory: Path) -> None:
    batch = a_batch()
    polling = threading.Event()

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/facts":
            exchange.answer(an_answer_to(batch))
        else:
            polling.set()
            exchange.wait_until_gone()

    with workers_of(handler, tmp_path, memory) as (workers, posted, _):
        workers.pull(FEED, 5)
        assert polling.wait(5)
        workers.push(batch)
        assert posted.next(BatchAnswered).answer == an_answer_to(batch)


def test_stopping_in_the_middle_of_both_requests_takes_less_than_a_second(tmp_path: Path, memory: Path) -> None:
    arrived: Queue[str] = Queue()

    def handler(exchange: Exchange) -> None:
        arrived.put(exchange.path)
        exchange.wait_until_gone()

    with workers_of(handler, tmp_path, memory) as (workers, _, _server):
        workers.pull(FEED, 5)
        workers.push(a_batch())
        assert {arrived.get(timeout=5), arrived.get(timeout=5)} == {"/v1/facts", "/v1/changes"}
        began = monotonic()
        assert workers.stop()
        took = monotonic() - began
    assert took < 1


def test_a_batch_is_sent_as_the_same_bytes_until_it_is_answered(tmp_path: Path, memory: Path) -> None:
    batch = a_batch('{"seq":1}')
    failures = iter([500, 502, None, 404])

    def handler(exchange: Exchange) -> None:
        match next(failures, 200):
            case None:
                pass
            case 200:
                exchange.answer(an_answer_to(batch))
            case status:
                exchange.answer(b"<html>", status=status)

    with workers_of(handler, tmp_path, memory) as (workers, posted, server):
        workers.push(batch)
        posted.next(RegistryLost)
        posted.next(BatchAnswered)
        assert posted.events.empty()
        assert len(server.requests) == 5
        assert len({request.body for request in server.requests}) == 1


def test_when_one_thread_hears_the_registry_again_the_other_does_not_wait_any_longer(tmp_path: Path, memory: Path) -> None:
    batch = a_batch()
    pulls_may_pass = threading.Event()
    pushes_failed: Queue[None] = Queue()

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/facts" and pulls_may_pass.is_set():
            exchange.answer(an_answer_to(batch))
        elif pulls_may_pass.is_set():
            exchange.answer(a_page(start=5, seqs=(6,)))
        else:
            exchange.answer(b"", status=500)
            if exchange.path == "/v1/facts":
                pushes_failed.put(None)

    with workers_of(handler, tmp_path, memory, push_pace=NEVER) as (workers, posted, _):
        workers.push(batch)
        posted.next(RegistryLost)
        workers.pull(FEED, 5)
        posted.next(RegistryLost)
        pulls_may_pass.set()
        posted.next(ChangesReceived)
        posted.next(BatchAnswered)
    assert pushes_failed.qsize() == 1, "the push waited, and was not tried in between"


def test_a_poll_that_is_answered_at_once_is_not_repeated_at_once(tmp_path: Path, memory: Path) -> None:
    with workers_of(lambda exchange: exchange.answer(a_page(start=5)), tmp_path, memory) as (workers, posted, server):
        workers.pull(FEED, 5)
        posted.next(ChangesReceived)
        workers.pull(FEED, 5)
        workers.try_now()
        posted.next(ChangesReceived)
        workers.pull(FEED, 5)
        assert len(server.requests) == 2


def test_a_snapshot_that_can_not_be_had_leaves_the_kiosk_with_what_it_has(tmp_path: Path, memory: Path) -> None:
    pages = iter([SnapshotNeeded(problem="too old"), SnapshotNeeded(problem="too old"), a_page(start=5, seqs=(6,))])

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/v1/changes":
            page = next(pages)
            exchange.answer(page, status=410 if isinstance(page, SnapshotNeeded) else 200)
        else:
            exchange.answer(b'{"v":1,"manifest":"e30=","signature":"AAAA"}')

    with workers_of(handler, tmp_path, memory) as (workers, posted, _):
        workers.pull(FEED, 5)
        assert "signature" in posted.next(RegistryLost).problem
        assert posted.next(ChangesReceived).page.end == 6
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [
        Problem(code="kiosk_revoked", problem="go away"),
        KioskRevoked(code="kiosk_revoked", problem="go away", revocation=b"{}", signature=bytes(64)),
    ],
)
def test_a_403_that_is_not_the_registrys_own_word_wipes_nothing(tmp_path: Path, memory: Path, said: Problem) -> None:
    (tmp_path / "replica-1.db").write_bytes(b"kept")
    with workers_of(lambda exchange: exchange.answer(said, status=403), tmp_path, memory) as (workers, posted, _):
        workers.push(a_batch())
        assert "kiosk_revoked" in posted.next(BatchRefused).problem
        workers.pull(FEED, 5)
        assert "kiosk_revoked" in posted.next(RegistryLost).problem
        assert not workers.revocations.was_heard()
    assert [path.name for path in tmp_path.iterdir()] == ["replica-1.db"]
