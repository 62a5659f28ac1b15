"""What may happen to a kiosk: the values that reach the core. Nothing else does.

From hardware come the values of ``drivers.ports`` as they are; from the screen the patron's choices;
from the two HTTP threads what the registry said. ``Tick`` says that a deadline may have passed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from circulation.cards import CardKind
from circulation.ids import LoanId
from circulation.range_checks import RangeAnswer, RangeCheck
from circulation.wire import ChangesPage, PinVerdict, PushAnswer
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, CardUnreadable, DeviceHealth, ScanUnreadable
from kiosk.animals import Animal
from kiosk.modes import Mode


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
class ReturnChosen:
    """To the return screen, with a card or without one: what is scanned there comes back."""


@dataclass(frozen=True, slots=True)
class LoansChosen:
    """To the patron's own loans and holds."""


@dataclass(frozen=True, slots=True)
class RenewChosen:
    """Keep this item longer."""

    loan: LoanId


@dataclass(frozen=True, slots=True)
class RenewAllChosen:
    """Keep everything longer that may be kept."""


@dataclass(frozen=True, slots=True)
class TitlesChosen:
    """Show the titles of loans and holds: asks for the PIN where the branch wants one (R21)."""


@dataclass(frozen=True, slots=True)
class PinEntered:
    """The patron typed a PIN. It goes to the registry and is kept nowhere."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LossChosen:
    """To the loss report: of one of the patron's other cards, or without a card by national ID and birth date."""


@dataclass(frozen=True, slots=True)
class LostCardChosen:
    """This card (a number of ``view.ReportLoss.cards``) is the one that is lost."""

    number: int


@dataclass(frozen=True, slots=True)
class LossConfirmed:
    """The button was held long enough: report the chosen card lost."""


@dataclass(frozen=True, slots=True)
class LossByIdEntered:
    """Somebody without a card reports one lost. What was typed goes to the registry and is kept nowhere."""

    national_id: str = field(repr=False)
    birth_date: date = field(repr=False)
    kind: CardKind


@dataclass(frozen=True, slots=True)
class AnimalsWanted:
    """To the animals, of which the patron chooses one."""


@dataclass(frozen=True, slots=True)
class AnimalChosen:
    """That's me."""

    animal: Animal


@dataclass(frozen=True, slots=True)
class FinishChosen:
    """Done: show the goodbye slip, then forget the patron."""


@dataclass(frozen=True, slots=True)
class StillHereChosen:
    """The answer to the countdown."""


@dataclass(frozen=True, slots=True)
class ModeChosen:
    """Staff have set what the kiosk is for, for so many seconds; without them as long as the settings say, or until it is set anew."""

    mode: Mode
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class DevicesChosen:
    """Staff want the page of devices, as soon as nobody is here."""


@dataclass(frozen=True, slots=True)
class FormSearchChosen:
    """On the page of devices: look for the form of a source's card numbers, from the beginning."""


@dataclass(frozen=True, slots=True)
class NumberEntered:
    """On the page of devices: the number on file of the card that was laid down. It is compared and kept nowhere."""

    written: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; the core looks at its clock."""


@dataclass(frozen=True, slots=True)
class ChangesReceived:
    """A page of the feed. ``came``: the monotonic second at which it did."""

    page: ChangesPage
    came: float


@dataclass(frozen=True, slots=True)
class RangesChecked:
    """The registry's word on ranges of the replica's rows; none: this registry does not compare them. Changes are not being asked for any more."""

    check: RangeCheck
    answer: RangeAnswer | None


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """The registry's results for the batch that is under way. ``came``: the monotonic second at which they did."""

    answer: PushAnswer
    came: float


@dataclass(frozen=True, slots=True)
class SendFrom:
    """The registry lacks facts before the batch under way (409): send again from this number."""

    seq: int


@dataclass(frozen=True, slots=True)
class LedgerForked:
    """From this number of the epoch on the registry holds other facts: this ledger is an old image, or there are two of it."""

    seq: int


@dataclass(frozen=True, slots=True)
class BatchRefused:
    """The registry refused the batch as a whole (key reused, kiosk revoked): a person must look. ``problem`` is for engineers."""

    problem: str


@dataclass(frozen=True, slots=True)
class RightsTaken:
    """The registry's own signed word that this kiosk was revoked: it must forget what it knows of patrons, and keep its ledger."""


@dataclass(frozen=True, slots=True)
class PinAnswered:
    """The registry's word on a PIN. ``ticket`` is the question's."""

    ticket: UUID
    verdict: PinVerdict
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LossByIdTaken:
    """The registry took a report without a card; it never says whether anything matched."""

    ticket: UUID


@dataclass(frozen=True, slots=True)
class QuestionFailed:
    """The registry could not be asked, or did not answer in time."""

    ticket: UUID


@dataclass(frozen=True, slots=True)
class RegistryLost:
    """The registry can't be reached. ``problem`` is for engineers and holds nothing personal."""

    problem: str


@dataclass(frozen=True, slots=True)
class SnapshotFetched:
    """A verified snapshot lies ready as an encrypted replica file; the core takes it over and removes the old one."""

    replica: Path


Choice = (
    Touched
    | BorrowChosen
    | ReturnChosen
    | LoansChosen
    | RenewChosen
    | RenewAllChosen
    | TitlesChosen
    | PinEntered
    | LossChosen
    | LostCardChosen
    | LossConfirmed
    | LossByIdEntered
    | BackChosen
    | PutBackChosen
    | AnimalsWanted
    | AnimalChosen
    | FinishChosen
    | StillHereChosen
)
StaffChoice = DevicesChosen | FormSearchChosen | NumberEntered
AskedAnswer = PinAnswered | LossByIdTaken | QuestionFailed
SyncEvent = (
    ChangesReceived
    | RangesChecked
    | BatchAnswered
    | SendFrom
    | LedgerForked
    | BatchRefused
    | RegistryLost
    | RightsTaken
    | SnapshotFetched
    | AskedAnswer
)
Event = (
    CardPresented
    | CardUnreadable
    | CardRemoved
    | BarcodeScanned
    | ScanUnreadable
    | DeviceHealth
    | Choice
    | ModeChosen
    | StaffChoice
    | Tick
    | SyncEvent
)
