"""What a kiosk shows, as values: the core publishes them, the view models turn them into words.

Nothing here may say more than a bare card may show (R21): masked name, counts, due dates; titles only of the
items scanned in this session, and of all loans and holds after the PIN. Deadlines are monotonic seconds of the core's clock.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from circulation.blocks import Block
from circulation.cards import CardKind
from circulation.checkins import CheckinNote, Destination
from circulation.holds import HoldState
from circulation.ids import LoanId
from circulation.items import ItemKind
from circulation.opening_days import Hours
from circulation.reasons import Reason
from drivers.ports import DeviceHealth
from kiosk.animals import Animal
from kiosk.device_book import Standing
from kiosk.offline import Limited
from kiosk.refusal import Refusal
from kiosk.scans import ScanFault
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked, ClassProgress


@unique
class LineState(StrEnum):
    """What became of one scanned item."""

    BORROWED = "borrowed"
    REFUSED = "refused"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the slip. ``title`` is text from outside; empty when the item is unknown, then ``barcode`` speaks."""

    number: int
    state: LineState
    title: str
    barcode: str
    loan: LoanId | None = None
    due: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One item that came back: where it is to be put, what is worth saying. ``title`` is empty when the item is unknown.

    ``send_to`` names the branch of a routing slip; ``days_late`` counts calendar days, 0 in time. ``taken`` is false for what could
    not be written down: it goes to a librarian's hands. ``again``: it was scanned once more, and nothing more came of it.
    """

    number: int
    title: str
    barcode: str
    destination: Destination
    send_to: str = ""
    notes: tuple[CheckinNote, ...] = ()
    days_late: int = 0
    taken: bool = True
    again: bool = False


@unique
class RenewalState(StrEnum):
    """What may become, or became in this visit, of a loan's renewal."""

    POSSIBLE = "possible"
    NOT_POSSIBLE = "not_possible"
    RENEWED = "renewed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LoanLine:
    """One loan of the patron. ``title`` is empty while titles are hidden (R21); ``reasons`` say why it can't be renewed.

    ``renewals_left`` is none for a kind that is never renewed.
    """

    number: int
    loan: LoanId
    title: str
    kind: ItemKind
    due: date
    overdue: bool
    renewal: RenewalState
    renewals_left: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold. ``title`` is empty while titles are hidden; ``pickup`` is the branch's name; ``queue`` counts from 1, 0 when unknown."""

    title: str
    pickup: str
    here: bool
    """Whether this branch is where it is collected."""
    shelf: str = ""
    until: date | None = None
    queue: int = 0
    state: HoldState = HoldState.WAITING


@dataclass(frozen=True, slots=True)
class CardChoice:
    """One of the patron's other cards: its kind and nothing that names it. A lost one is shown as such and can't be chosen."""

    number: int
    kind: CardKind
    lost: bool = False


@unique
class PinProblem(StrEnum):
    """Why a PIN did not help."""

    WRONG = "pin_wrong"
    LOCKED = "pin_locked"
    NONE = "pin_none"
    """There is no PIN yet: the desk gives one."""
    OFFLINE = "pin_offline"
    """The registry can't be asked now."""


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is here. ``waiting`` items are nobody's yet and wait for the tap."""

    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What Home says about a patron. ``left``: items that would be lent now, by the rules and the offline limits; ``holds_ready``: at any branch."""

    masked_name: str
    on_loan: int
    limit: int
    left: int
    overdue: int = 0
    due_soon: int = 0
    next_due: date | None = None
    blocks: tuple[Block, ...] = ()
    expired: bool = False
    contact_complete: bool = True
    holds_ready: int = 0
    holds_ready_here: int = 0
    holds_waiting: int = 0
    animal: Animal | None = None
    """What the patron chose here: "that's me"."""

    @property
    def is_full(self) -> bool:
        """Whether nothing is left because the limit is reached, and for no other cause."""
        return self.left == 0 and 0 < self.limit <= self.on_loan


@dataclass(frozen=True, slots=True)
class Home:
    """The patron's own screen."""

    account: Account


@dataclass(frozen=True, slots=True)
class Borrow:
    """Scanning: newest line first. ``borrowed`` counts the lines that are still borrowed."""

    account: Account
    lines: tuple[Line, ...] = ()
    borrowed: int = 0


@dataclass(frozen=True, slots=True)
class Return:
    """Taking back: newest line first. ``returned`` counts those that were taken. ``account``: whose session is open; none needs to be."""

    lines: tuple[ReturnLine, ...] = ()
    returned: int = 0
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Loans:
    """My loans, earliest due date first, and my holds: those ready apart from those that wait. ``can_renew``: how many may be renewed now."""

    account: Account
    loans: tuple[LoanLine, ...] = ()
    ready: tuple[HoldLine, ...] = ()
    waiting: tuple[HoldLine, ...] = ()
    titles_hidden: bool = False
    can_renew: int = 0


@dataclass(frozen=True, slots=True)
class PinPad:
    """The PIN is wanted. ``checking``: the registry is being asked. ``tries_left`` of this visit, ``locked_until`` with ``LOCKED`` (aware UTC)."""

    checking: bool = False
    problem: PinProblem | None = None
    tries_left: int | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportLoss:
    """Which card is lost? ``chosen`` is the number of the card that only needs the held button now."""

    cards: tuple[CardChoice, ...]
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Animals:
    """Which animal are you? ``chosen`` is the one so far."""

    chosen: Animal | None = None


@dataclass(frozen=True, slots=True)
class LossReported:
    """The card is stopped. ``told``: the registry has heard it; else this kiosk refuses the card and tells as soon as it can.

    ``by_id``: reported without a card; the answer is the same whether or not anything matched.
    """

    kind: CardKind
    told: bool
    ends_at: float
    by_id: bool = False


@dataclass(frozen=True, slots=True)
class ReportLossById:
    """The form for somebody without a card. ``offline``: the registry can't be asked, the screen shows telephone and web address."""

    sending: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The slip: what was borrowed, renewed and returned in this visit, newest first; refused lines are not on it."""

    lines: tuple[Line, ...]
    ends_at: float
    returned: tuple[ReturnLine, ...] = ()
    renewed: tuple[LoanLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CardRefused:
    """The card opens nothing; the screen goes by itself."""

    refusal: Refusal
    ends_at: float


@dataclass(frozen=True, slots=True)
class StillHere:
    """The countdown: an opaque page without any account data. ``seconds`` is its whole length."""

    ends_at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class OutOfService:
    """This kiosk can't know anybody: it has no replica yet, or can't write its ledger. ``problem`` is a catalogue code."""

    problem: str


Screen = (
    Attract
    | Home
    | Borrow
    | Return
    | Loans
    | PinPad
    | ReportLoss
    | Animals
    | LossReported
    | ReportLossById
    | Goodbye
    | CardRefused
    | StillHere
    | OutOfService
    | CardCheck
    | CardChecked
    | Devices
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when: for the top bar and the attract screen. ``hours`` are today's, none when closed."""

    branch: str
    local_time: datetime
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class View:
    """Everything the screens need, published whole whenever something of it changes.

    ``idle_from``/``idle_until`` bound the time without a touch (the log-out ring); none without a session.
    ``offline_since`` is the instant the registry was last heard, when it can't be reached.
    """

    screen: Screen
    place: Place
    offline_since: datetime | None = None
    devices: tuple[DeviceHealth, ...] = ()
    idle_from: float | None = None
    idle_until: float | None = None
    other_card: bool = False
    """Another card was laid down in this session just now: it never joins it. A notice says to log out first."""
    needs_staff: bool = False
    """The registry refused what this kiosk sent: nothing is sent before a person has looked. Lending goes on."""
    limited: Limited | None = None
    """What the offline limits leave of the service; none while they limit nothing."""
    standings: tuple[Standing, ...] = ()
    """How every part is and since when, for the doctor and the registry."""
    scan_fault: ScanFault | None = None
    """Why the scan just now was nothing."""
    class_visit: ClassProgress | None = None
    """A class is here: how far it is."""


@unique
class Sound(StrEnum):
    """A cue for the patron's ears."""

    TAP = "tap"
    GOOD = "good"
    REFUSED = "refused"
    FINISH = "finish"
