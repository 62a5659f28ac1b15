"""What may happen to a kiosk: the values that reach the core. Nothing else does.

From hardware come the values of ``drivers.ports`` as they are; from the screen the patron's choices;
from the two HTTP threads what the registry said. ``Tick`` says that a deadline may have passed.
"""

from dataclasses import dataclass
from pathlib import Path

from circulation.ids import LoanId
from circulation.wire import ChangesPage, PushAnswer
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, CardUnreadable, DeviceHealth


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger on the screen, anywhere: the patron is still here."""


@dataclass(frozen=True, slots=True)
class BorrowChosen:
    """To the borrow screen; scanning an item goes there by itself."""


@dataclass(frozen=True, slots=True)
class BackChosen:
    """Back to Home, or from a refusal to Attract."""


@dataclass(frozen=True, slots=True)
class PutBackChosen:
    """The patron does not want this item after all; possible until goodbye."""

    loan: LoanId


@dataclass(frozen=True, slots=True)
class FinishChosen:
    """Done: show the goodbye slip, then forget the patron."""


@dataclass(frozen=True, slots=True)
class StillHereChosen:
    """The answer to the countdown."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; the core looks at its clock."""


@dataclass(frozen=True, slots=True)
class ChangesReceived:
    """A page of the feed."""

    page: ChangesPage


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """The registry's results for the batch that is under way."""

    answer: PushAnswer


@dataclass(frozen=True, slots=True)
class SendFrom:
    """The registry lacks facts before the batch under way (409): send again from this number."""

    seq: int


@dataclass(frozen=True, slots=True)
class BatchRefused:
    """The registry refused the batch as a whole (key reused, kiosk revoked): a person must look. ``problem`` is for engineers."""

    problem: str


@dataclass(frozen=True, slots=True)
class RegistryLost:
    """The registry can't be reached. ``problem`` is for engineers and holds nothing personal."""

    problem: str


@dataclass(frozen=True, slots=True)
class SnapshotFetched:
    """A verified snapshot lies ready as an encrypted replica file; the core takes it over and removes the old one."""

    replica: Path


Choice = Touched | BorrowChosen | BackChosen | PutBackChosen | FinishChosen | StillHereChosen
SyncEvent = ChangesReceived | BatchAnswered | SendFrom | BatchRefused | RegistryLost | SnapshotFetched
Event = CardPresented | CardUnreadable | CardRemoved | BarcodeScanned | DeviceHealth | Choice | Tick | SyncEvent
