"""One try of an errand and what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.events import SyncEvent
from sync.errors import SyncError

Heeds = Callable[[SyncError], bool]
"""Whether an error proves that the kiosk was revoked; what follows from that for its keys is done then."""


def nothing_to_heed(_error: SyncError) -> bool:
    """For a transport whose registry revokes nobody."""
    return False


@dataclass(frozen=True, slots=True)
class Turn:
    """What to tell the core, whether the errand is done, and how many seconds to pause then.

    ``recovered``: the registry has answered after a failure, so that the other errand need not wait any longer.
    """

    events: tuple[SyncEvent, ...]
    done: bool
    pause: float = 0.0
    recovered: bool = False
