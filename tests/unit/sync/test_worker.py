"""The thread that carries out jobs: pauses, wake-ups, newer jobs, faults and its end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event

import pytest

from kiosk.events import BatchRefused, RegistryLost, SyncEvent
from sync.errors import RequestEndedError
from sync.turn import Turn
from sync.worker import Worker
from tests.unit.sync.values import Posted

DONE = Turn(events=(BatchRefused("done"),), done=True)
FOR_EVER = 3600.0


@contextmanager
def a_worker(
    turn: Callable[[str], Turn], post: Callable[[SyncEvent], None] = lambda _: None, recovered: Callable[[], None] = lambda: None
) -> Iterator[Worker[str]]:
    worker = Worker[str]("sync-test", turn, post, recovered=recovered)
    worker.start()
    yield worker
    worker.stop()
    assert worker.join(5)


def nothing_comes(tried: "Queue[str]") -> bool:
    try:
        tried.get(timeout=0.2)
    except Empty:
        return True
    return False


def test_a_job_is_tried_until_it_is_done() -> None:
    turns = iter([Turn(events=(RegistryLost("x"),), done=False), Turn(events=(), done=False, pause=0.001), DONE])
    posted = Posted()
    with a_worker(lambda _: next(turns), posted) as worker:
        worker.submit("job")
        posted.next(RegistryLost)
        posted.next(BatchRefused)
    assert posted.events.empty()


def test_a_pause_ends_at_once_when_somebody_says_try_now() -> None:
    tried: Queue[str] = Queue()

    def turn(job: str) -> Turn:
        tried.put(job)
        return Turn(events=(), done=False, pause=FOR_EVER)

    with a_worker(turn) as worker:
        worker.submit("job")
        tried.get(timeout=5)
        worker.wake()
        assert tried.get(timeout=5) == "job"


def test_a_newer_job_replaces_one_that_is_not_done_but_does_not_cut_its_pause_short() -> None:
    tried: Queue[str] = Queue()

    def turn(job: str) -> Turn:
        tried.put(job)
        return Turn(events=(), done=False, pause=FOR_EVER)

    with a_worker(turn) as worker:
        worker.submit("old")
        assert tried.get(timeout=5) == "old"
        worker.submit("new")
        assert nothing_comes(tried)
        worker.wake()
        assert tried.get(timeout=5) == "new"


def test_the_rest_after_a_job_that_is_done_holds_back_the_next() -> None:
    tried: Queue[str] = Queue()

    def turn(job: str) -> Turn:
        tried.put(job)
        return Turn(events=(), done=True, pause=FOR_EVER)

    with a_worker(turn) as worker:
        worker.submit("first")
        assert tried.get(timeout=5) == "first"
        worker.submit("second")
        assert nothing_comes(tried)
        worker.wake()
        assert tried.get(timeout=5) == "second"


def test_who_waits_beside_is_told_of_a_recovery() -> None:
    told = Event()
    with a_worker(lambda _: Turn(events=(), done=True, recovered=True), recovered=told.set) as worker:
        worker.submit("job")
        assert told.wait(5)


def test_a_fault_of_ours_in_one_turn_does_not_end_the_worker(capsys: pytest.CaptureFixture[str]) -> None:
    posted = Posted()
    failed = Event()

    def turn(job: str) -> Turn:
        if not failed.is_set():
            failed.set()
            name = "王小明"
            raise KeyError(name)
        return DONE

    with a_worker(turn, posted) as worker:
        worker.submit("job")
        assert failed.wait(5)
        worker.wake()
        posted.next(BatchRefused)
    said = capsys.readouterr().out
    assert "sync_fault" in said
    assert "KeyError" in said
    assert "test_worker.py" in said
    assert "王小明" not in said


def test_a_worker_stops_in_the_middle_of_a_pause() -> None:
    tried = Event()

    def turn(job: str) -> Turn:
        tried.set()
        return Turn(events=(), done=False, pause=FOR_EVER)

    with a_worker(turn) as worker:
        worker.submit("job")
        assert tried.wait(5)


def test_a_worker_whose_request_was_ended_is_at_its_end() -> None:
    def turn(job: str) -> Turn:
        raise RequestEndedError

    with a_worker(turn) as worker:
        worker.submit("job")
        assert worker.join(5)


def test_a_worker_that_was_never_started_has_ended() -> None:
    worker = Worker[str]("sync-test", lambda _: DONE, lambda _: None, recovered=lambda: None)
    worker.stop()
    assert worker.join(1)
