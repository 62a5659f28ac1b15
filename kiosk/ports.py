"""What the core needs from outside, as protocols. Time, keys and every effect are parameters, so that a simulator can run the real core."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from kiosk.animals import AnimalBook, AnimalsInMemory
from kiosk.view import Sound, View


class Clock(Protocol):
    """Time of one machine."""

    def now(self) -> datetime:
        """Wall time, aware UTC. May jump."""

    def monotonic(self) -> float:
        """Seconds since some instant of this boot. Never jumps."""

    def boot_id(self) -> str:
        """Names this boot of the machine."""


class Keys(Protocol):
    """A source of row and idempotency keys."""

    def new_key(self) -> UUID:
        """A fresh UUIDv7."""

    def new_epoch(self) -> UUID:
        """A random UUID that no other ledger has."""

    def new_correlation(self) -> str:
        """A short random word that follows one tap through all logs."""


class Outlet(Protocol):
    """Where the core's values go. Every method returns at once and is called in the core thread."""

    def show(self, view: View) -> None:
        """Draw this."""

    def play(self, sound: Sound) -> None:
        """Let this be heard."""

    def push(self, batch: PushBatch) -> None:
        """Send this batch; one is under way at a time. Answered by BatchAnswered, SendFrom, LedgerForked or BatchRefused, after as many tries as it takes."""

    def hurry(self) -> None:
        """End every pause between tries: what waits (a loss report) shall leave now, in its order."""

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        """Ask the registry something that a person waits for; one try, a few seconds. Answered by PinAnswered, LossByIdTaken or QuestionFailed."""

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        """Ask for the changes after this cursor; without a feed, for a snapshot. Answered by ChangesReceived or SnapshotFetched.

        With a check it is asked first, once; what comes of that is answered by RangesChecked, and nothing else is asked for then.
        """


@dataclass(frozen=True, slots=True)
class Outside:
    """What the core needs of the world."""

    clock: Clock
    keys: Keys
    outlet: Outlet
    disk_free: Callable[[], int | None] = lambda: None
    """Free bytes where the ledger is; none: nobody knows."""
    animals: AnimalBook = field(default_factory=AnimalsInMemory)
