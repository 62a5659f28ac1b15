"""The states of a session and what the core answers to them.

States carry their data, so "no patron while borrowing" cannot be written, and what a state does not
carry is forgotten. What must be looked up or written stands in the state (``Identifying``, ``todo``).
"""

from dataclasses import dataclass

from circulation.cards import CardUid
from circulation.ids import LoanId
from kiosk.view import Line, Refusal
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
class Identifying:
    """A card was laid down; who is it?"""

    uid: CardUid
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
class StillHere:
    """The countdown over a visit that nobody has touched for a while.

    What is scanned meanwhile waits: it may be the next patron's. It is lent to this one when he says that he is
    here, and waits for the next tap when he does not.
    """

    inside: Home | Borrowing
    ends_at: float
    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The slip. The patron is forgotten already; the lines are what stays for a moment."""

    lines: tuple[Line, ...]
    ends_at: float
    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Refused:
    """A card opened nothing."""

    refusal: Refusal
    ends_at: float
    waiting: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class OutOfService:
    """The kiosk can't work. ``problem`` is a code."""

    problem: str


State = Idle | Identifying | Home | Borrowing | StillHere | Goodbye | Refused | OutOfService


@dataclass(frozen=True, slots=True)
class PatronIdentified:
    """The answer to ``Identifying``: a visit begins."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class CardTurnedAway:
    """This card opens nothing, or not any more."""

    uid: CardUid
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """The first thing to do has been done (``done``), or the feed has brought news about the patron."""

    visit: Visit
    done: bool = False


@dataclass(frozen=True, slots=True)
class ServiceStopped:
    """The kiosk can't work any more."""

    problem: str


@dataclass(frozen=True, slots=True)
class ServiceResumed:
    """It can again."""


Answer = PatronIdentified | CardTurnedAway | VisitChanged | ServiceStopped | ServiceResumed


def visit_in(state: State) -> Visit | None:
    """The visit that is open in a state."""
    match state:
        case Home(visit) | Borrowing(visit) | StillHere(Home(visit) | Borrowing(visit)):
            return visit
        case _:
            return None
