"""One try of an errand and what follows from it."""

from dataclasses import dataclass

from kiosk.events import SyncEvent


@dataclass(frozen=True, slots=True)
class Turn:
    """What to tell the core, whether the errand is done, and how many seconds to pause then.

    ``recovered``: the registry has answered after a failure, so that the other errand need not wait any longer.
    """

    events: tuple[SyncEvent, ...]
    done: bool
    pause: float = 0.0
    recovered: bool = False
