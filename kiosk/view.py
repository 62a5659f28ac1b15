"""What a kiosk shows, as values: the core publishes them, the view models turn them into words.

Nothing here may say more than a bare card may show (R21): masked name, counts, due dates; titles
only of the items scanned in this session. Deadlines are monotonic seconds of the core's clock.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from circulation.blocks import Block
from circulation.ids import LoanId
from circulation.opening_days import Hours
from circulation.reasons import Reason
from drivers.ports import DeviceHealth


@unique
class Refusal(StrEnum):
    """Why a card opens nothing. Unknown and replaced cards are one and the same (Q6-4)."""

    UNKNOWN = "unknown"
    PHONE = "phone"
    """A random UID: a telephone or a watch."""
    LOST = "lost"
    UNREADABLE = "unreadable"


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
class Attract:
    """Nobody is here. ``waiting`` items are nobody's yet and wait for the tap."""

    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What Home says about a patron. ``left``: items that would be lent now, by the rules and the offline limits."""

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
class Goodbye:
    """The slip: what was borrowed, newest first; refused lines are not on it."""

    lines: tuple[Line, ...]
    ends_at: float


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


Screen = Attract | Home | Borrow | Goodbye | CardRefused | StillHere | OutOfService


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


@unique
class Sound(StrEnum):
    """A cue for the patron's ears."""

    TAP = "tap"
    GOOD = "good"
    REFUSED = "refused"
    FINISH = "finish"
