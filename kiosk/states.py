"""The states of a session. What the core answers to them stands in ``kiosk.answers``.

States carry their data, so "no patron while borrowing" cannot be written, and what a state does not
carry is forgotten. What must be looked up, written or asked stands in the state (``Identifying``, ``todo``, ``pin`` …).
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from circulation.cards import CardKind
from circulation.ids import LoanId
from kiosk.animals import Animal
from kiosk.events import LossByIdEntered
from kiosk.known import OwnCard
from kiosk.opener import Opener
from kiosk.refusal import Refusal
from kiosk.returned import Drop
from kiosk.view import Line, LoanLine, PinProblem, ReturnLine
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class Waiting:
    """Items scanned that are nobody's yet, oldest first; all of them go ``until``."""

    barcodes: tuple[str, ...] = ()
    until: float = 0


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is here."""

    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Lend:
    """To do: decide about this code."""

    barcode: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """To do: undo this loan of the visit."""

    loan: LoanId


@dataclass(frozen=True, slots=True)
class TakeBack:
    """To do: take this item back."""

    barcode: str


@dataclass(frozen=True, slots=True)
class Renew:
    """To do: renew this loan of the patron; without one, all that may be renewed."""

    loan: LoanId | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The patron's own screen, untouched since an instant."""

    visit: Visit
    since: float
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class Borrowing:
    """Items are being scanned. ``todo`` is what the core has yet to do, in this order."""

    visit: Visit
    since: float
    todo: tuple[Lend | PutBack, ...] = ()
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class Returning:
    """Items come back in a visit."""

    visit: Visit
    since: float
    todo: tuple[TakeBack, ...] = ()
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class Loans:
    """The patron's own loans and holds."""

    visit: Visit
    since: float
    todo: tuple[Renew, ...] = ()
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class PinPad:
    """The PIN is wanted. ``pin`` is to be asked about and goes as soon as that is done; then ``ticket`` waits for the answer."""

    visit: Visit
    since: float
    pin: str | None = field(default=None, repr=False)
    ticket: UUID | None = None
    problem: PinProblem | None = None
    locked_until: datetime | None = None
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class ReportLoss:
    """Which of the patron's other cards is lost? ``cards`` are to be looked up when there are none yet; ``confirmed``: write it down."""

    visit: Visit
    since: float
    cards: tuple[OwnCard, ...] | None = None
    chosen: OwnCard | None = None
    confirmed: bool = False
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class Animals:
    """Which animal are you? ``chosen`` is to be kept."""

    visit: Visit
    since: float
    chosen: Animal | None = None
    other_card_until: float | None = None


@dataclass(frozen=True, slots=True)
class LossReported:
    """A card is stopped; ``seq`` is the number of the fact. Goes back to Home by itself."""

    visit: Visit
    kind: CardKind
    seq: int
    ends_at: float
    other_card_until: float | None = None


Open = Home | Borrowing | Returning | Loans | PinPad | ReportLoss | Animals
"""A visit that ends when nobody touches anything."""


@dataclass(frozen=True, slots=True)
class StillHere:
    """The countdown over a visit that nobody has touched for a while.

    What is scanned meanwhile waits: it may be the next patron's. It is done for this one when he says that he is
    here, and waits for the next tap when he does not.
    """

    inside: Open
    ends_at: float
    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Dropping:
    """Items come back without a card, nobody has touched anything since an instant."""

    since: float
    drop: Drop = field(default_factory=Drop)
    todo: tuple[TakeBack, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifying:
    """A card was laid down, or a mobile card was shown; who is it? ``dropping``: beside items that come back without a card."""

    opener: Opener
    waiting: Waiting = Waiting()
    dropping: Dropping | None = None


@dataclass(frozen=True, slots=True)
class LossForm:
    """Somebody without a card reports one lost. ``form`` is to be sent and goes as soon as that is done; then ``ticket`` waits."""

    since: float
    waiting: Waiting = Waiting()
    form: LossByIdEntered | None = field(default=None, repr=False)
    ticket: UUID | None = None
    kind: CardKind | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class LossTaken:
    """The registry took the report of somebody without a card."""

    kind: CardKind
    ends_at: float
    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The slip. The patron is forgotten already; the lines are what stays for a moment."""

    lines: tuple[Line, ...]
    ends_at: float
    waiting: Waiting = Waiting()
    returned: tuple[ReturnLine, ...] = ()
    renewed: tuple[LoanLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A card opened nothing. ``dropping``: the return screen that goes on after it."""

    refusal: Refusal
    ends_at: float
    waiting: Waiting = Waiting()
    dropping: Dropping | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Cards are checked: the last one works (no ``refusal``), or why not. ``reference`` finds it in the logs; nothing else of it is kept."""

    refusal: Refusal | None
    ends_at: float
    reference: str = ""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """The kiosk can't work. ``problem`` is a code."""

    problem: str


Free = Idle | Identifying | Dropping | LossForm | LossTaken | Goodbye | Refused | Checked
"""Nobody's session is open."""
State = Free | Open | LossReported | StillHere | OutOfService


def visit_in(state: State) -> Visit | None:
    """The visit that is open in a state."""
    match state:
        case StillHere(inside):
            return inside.visit
        case Home() | Borrowing() | Returning() | Loans() | PinPad() | ReportLoss() | Animals() | LossReported():
            return state.visit
        case _:
            return None
