"""The HTTP threads: a push that waits must not stand behind a long poll, nor a person behind either. The fourth tells how the kiosk is."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from circulation.range_checks import RangeCheck
from circulation.wire import MAX_WAIT_SECONDS, HealthReport, LossRequest, PinCheck, Position, PushBatch
from kiosk.events import SyncEvent
from kiosk.fault_place import place_of
from kiosk.ports import Clock
from sync.ask import Asker, Question
from sync.client import RegistryClient
from sync.covers import HeldCover
from sync.errors import RequestEndedError
from sync.heartbeat import Heartbeat
from sync.identity import Identity
from sync.memory import USUAL_MEMORY, PrivateMemory
from sync.outage import Outage
from sync.plan import PULL_PACE, PUSH_PACE, Pace
from sync.pull import Cursor, Puller
from sync.push import Pusher
from sync.revocation import Revocations
from sync.signing import RegistryClock, RequestSigner
from sync.snapshot import SnapshotFetcher
from sync.turn import Turn
from sync.witness import LastWitness

log = structlog.get_logger()

STOP_SECONDS: Final = 1.0
_AFTER_FAULT_SECONDS: Final = 30.0

Job = TypeVar("Job")


class Worker(Generic[Job]):
    """A thread that carries out one job at a time, turn by turn. A newer job replaces one that is not done.

    Args:
        name: of the thread.
        turn: one try; may raise RequestEndedError when the worker is being stopped.
        post: takes the events; called in this thread.
        recovered: called in this thread when a turn says so.

    """

    def __init__(self, name: str, turn: Callable[[Job], Turn], post: Callable[[SyncEvent], None], *, recovered: Callable[[], None]) -> None:
        self._turn = turn
        self._post = post
        self._recovered = recovered
        self._changed = Condition()
        self._job: Job | None = None
        self._awake = False
        self._stopped = False
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Do this. Returns at once, from any thread."""
        with self._changed:
            self._job = job
            self._changed.notify_all()

    def wake(self) -> None:
        """End a pause: try now. From any thread."""
        with self._changed:
            self._awake = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Ask the thread to end. Returns at once, from any thread; what the turn waits for must be ended by its owner."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def join(self, seconds: float) -> bool:
        """Wait for the thread's end; whether it came."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        job: Job | None = None
        while (job := self._next(job)) is not None:
            try:
                turn = self._turn(job)
            except RequestEndedError:
                return
            except Exception as error:  # noqa: BLE001 - a fault of ours in one turn must not silence the kiosk for good
                log.error(  # noqa: TRY400 - a traceback could show what must not be in a log
                    "sync_fault", thread=self._thread.name, problem=type(error).__name__, place=place_of(error)
                )
                turn = Turn(events=(), done=False, pause=_AFTER_FAULT_SECONDS)
            for event in turn.events:
                self._post(event)
            if turn.recovered:
                self._recovered()
            self._rest(turn.pause)
            if turn.done:
                job = None

    def _next(self, unfinished: Job | None) -> Job | None:
        """The job to do now: a new one before an unfinished one; none when stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._job is not None or unfinished is not None)
            if self._stopped:
                return None
            job, self._job = self._job, None
            if job is not None:
                self._awake = False
            return job if job is not None else unfinished

    def _rest(self, seconds: float) -> None:
        if seconds <= 0:
            return
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._awake, seconds)
            self._awake = False


class SyncWorkers:
    """The half of ``kiosk.ports.Outlet`` that speaks with the registry: ``push``, ``pull``, ``ask``. Answers are posted as events.

    Args:
        identity: who this kiosk is.
        folder: the kiosk's folder, where new replicas are put.
        post: takes the events; called in several threads, must return at once.
        clock: of this machine.
        random: spreads the pauses.
        memory: a folder on a file system in memory, for snapshots.
        push_pace, pull_pace: how patiently to try again.

    Raises:
        RegistryAddressError: the address or CA file in the identity can't be used.

    """

    def __init__(  # noqa: PLR0913 - the last four are for tests and special machines
        self,
        identity: Identity,
        folder: Path,
        post: Callable[[SyncEvent], None],
        *,
        clock: Clock,
        random: Random,
        memory: Path = USUAL_MEMORY,
        push_pace: Pace = PUSH_PACE,
        pull_pace: Pace = PULL_PACE,
        wait: int = MAX_WAIT_SECONDS,
    ) -> None:
        signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(clock))
        # One client a thread: a session is not made for two, and each is cut by itself.
        pushes, asks, reports = (RegistryClient(identity.registry, ca=identity.ca_file, signer=signer) for _ in range(3))
        cover = HeldCover(identity, X25519PrivateKey.generate())
        pulls = RegistryClient(identity.registry, ca=identity.ca_file, signer=signer, cover=cover)
        self._clients = (pushes, pulls, asks, reports)
        private = PrivateMemory(memory / f"youyue-{identity.kiosk}")
        self.revocations = Revocations(identity, folder, private.folder)
        fetcher = SnapshotFetcher(pulls, identity, folder, private)
        witness = LastWitness(folder, monotonic=clock.monotonic)
        pusher = Pusher(
            pushes, Outage(random=random, pace=push_pace), monotonic=clock.monotonic, revoked=self.revocations.heed, witness=witness
        )
        puller = Puller(
            pulls,
            fetcher,
            monotonic=clock.monotonic,
            random=random,
            pace=pull_pace,
            wait=wait,
            revoked=self.revocations.heed,
            witness=witness,
        )
        self._push: Worker[PushBatch] = Worker("sync-push", pusher.turn, post, recovered=self._wake_pull)
        self._pull: Worker[Cursor] = Worker("sync-pull", puller.turn, post, recovered=self._wake_push)
        self._asker = Asker(asks, post)
        self._ask: Worker[Question] = Worker("sync-ask", self._asker.turn, post, recovered=self.try_now)
        heartbeat = Heartbeat(reports, random=random, revoked=self.revocations.heed)
        self._health: Worker[HealthReport] = Worker("sync-health", heartbeat.turn, post, recovered=self.try_now)
        self._threads: tuple[Worker[Any], ...] = (self._push, self._pull, self._ask, self._health)

    def start(self) -> None:
        """Start the threads. Once."""
        for worker in self._threads:
            worker.start()

    def push(self, batch: PushBatch) -> None:
        """Send this batch until it is answered. Returns at once."""
        self._push.submit(batch)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        """Ask for changes until they come, before that once for a check; without a feed, for a snapshot. Returns at once."""
        self._pull.submit(Cursor(feed, after, check))

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        """Ask once, in place of a question that is still open and fails now. Answered within ``ASK_SECONDS``. Returns at once."""
        asked = Question(ticket, question)
        self._asker.opened(asked)
        self._ask.submit(asked)
        self._ask.wake()

    def report(self, health: HealthReport) -> None:
        """Tell how this kiosk is, now and again every few minutes until another report takes its place. Returns at once."""
        self._health.submit(health)
        self._health.wake()

    def try_now(self) -> None:
        """End the pauses of push and pull, as for a loss report or when the network has come back."""
        self._push.wake()
        self._pull.wake()

    def stop(self) -> bool:
        """Stop the threads within a second; whether they ended. One that does not is deep in encrypting and dies with the process."""
        self._asker.stop()
        for worker in self._threads:
            worker.stop()
        for client in self._clients:
            client.close()
        until = monotonic() + STOP_SECONDS
        ended = [worker.join(max(0.0, until - monotonic())) for worker in self._threads]
        return all(ended)

    def _wake_push(self) -> None:
        self._push.wake()

    def _wake_pull(self) -> None:
        self._pull.wake()
