"""What a ledger says of itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circulation.wire import FactStatus


@dataclass(frozen=True, slots=True)
class Epoch:
    """A name under which facts travel: number n of it is number ``base`` + n of the ledger. ``last`` is its last one here; none: it goes on."""

    name: UUID
    base: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What a ledger remembers of its kiosk. ``problem`` is for staff: empty when all is well. ``feed``: whose positions the overlay holds.

    Number n of the epoch is number ``epoch_base`` + n of the ledger. ``restored_at``: when it turned out to be an old image.
    """

    epoch: UUID
    heard_at: datetime | None
    snapshot_version: int
    problem: str
    problem_at: datetime | None
    feed: UUID | None = None
    epoch_base: int = 0
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flagged:
    """A fact that the registry laid before staff, or could not read."""

    seq: int
    status: FactStatus
    reasons: tuple[str, ...]
    place: str
    problem: str
