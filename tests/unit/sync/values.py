"""Sync values for tests: each builder makes an ordinary one, a test names only what matters to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.range_checks import RangeCheck, RangeDigest
from circulation.wire import Change, ChangesPage, FactResult, FactStatus, PushAnswer, PushBatch
from kiosk.events import SyncEvent
from sync.identity import Identity

FEED = UUID("0192b6f0-0000-7000-8000-00000000feed")
NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)

Wanted = TypeVar("Wanted", bound=SyncEvent)


@dataclass
class StillClock:
    """A clock that a test moves."""

    wall: datetime = NOW
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def boot_id(self) -> str:
        return "boot"


@dataclass
class Posted:
    """Takes the events that the workers post."""

    events: "Queue[SyncEvent]" = field(default_factory=Queue)

    def __call__(self, event: SyncEvent) -> None:
        self.events.put(event)

    def next(self, kind: type[Wanted], *, within: float = 10.0) -> Wanted:
        """The next event, which must be of this kind."""
        event = self.events.get(timeout=within)
        assert isinstance(event, kind), event
        return event


def a_batch(*facts: str, first_seq: int = 1, epoch: UUID | None = None) -> PushBatch:
    return PushBatch(epoch=epoch or uuid4(), first_seq=first_seq, facts=[msgspec.Raw(fact.encode()) for fact in facts or ("{}",)])


def an_answer_to(batch: PushBatch, *, next_seq: int | None = None) -> PushAnswer:
    count = len(batch.facts)
    results = tuple(FactResult(seq=batch.first_seq + index, status=FactStatus.ACCEPTED, position=index + 1) for index in range(count))
    return PushAnswer(server_time=NOW, next_seq=next_seq or batch.first_seq + count, results=results)


def a_page(  # noqa: PLR0913 - one optional argument a field
    *,
    feed: UUID = FEED,
    start: int = 0,
    end: int | None = None,
    head: int | None = None,
    seqs: Sequence[int] = (),
    server_time: datetime = NOW,
) -> ChangesPage:
    last = end if end is not None else max(seqs, default=start)
    changes = tuple(Change(seq=seq, table="patron", key=str(seq)) for seq in seqs)
    return ChangesPage(
        feed=feed, start=start, end=last, head=head if head is not None else max(last, 0), server_time=server_time, changes=changes
    )


def a_check(*, cursor: int = 0) -> RangeCheck:
    return RangeCheck(feed=FEED, cursor=cursor, schema=3, ranges=(RangeDigest(table="patron", rows=0, xor="0" * 16),))


def an_identity(
    *, registry: str = "http://127.0.0.1:1", ca: str | None = None, branch: str = "C01", registry_key: bytes | None = None
) -> Identity:
    return Identity(
        kiosk=uuid4(),
        branch=branch,
        branch_name="總館",
        registry=registry,
        ca=ca,
        time_zone="Asia/Taipei",
        card_key=bytes(range(32)),
        card_key_version=1,
        registry_key=registry_key or Ed25519PrivateKey.generate().public_key().public_bytes_raw(),
        device_key=Ed25519PrivateKey.generate().private_bytes_raw(),
        database_key=bytes(range(32, 64)),
    )


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
