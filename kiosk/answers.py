"""What the core answers to a state that asks for something (``kiosk.states``)."""

from dataclasses import dataclass
from uuid import UUID

from circulation.cards import CardKind
from kiosk.animals import Animal
from kiosk.known import OwnCard
from kiosk.opener import Opener
from kiosk.refusal import Refusal
from kiosk.returned import Drop
from kiosk.visit import Visit


@dataclass(frozen=True, slots=True)
class PatronIdentified:
    """The answer to ``Identifying``: a visit begins. ``hindered``: the patron may not borrow, and must be told why."""

    visit: Visit
    hindered: bool = False


@dataclass(frozen=True, slots=True)
class CardTurnedAway:
    """This card or mobile card opens nothing, or not any more. ``reference`` finds it in the logs."""

    opener: Opener
    refusal: Refusal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """The first thing to do has been done (``done``), or the feed has brought news about the patron."""

    visit: Visit
    done: bool = False


@dataclass(frozen=True, slots=True)
class DropChanged:
    """The first item without a card has been taken back."""

    drop: Drop


@dataclass(frozen=True, slots=True)
class Asked:
    """The registry is being asked; the answer will name this ticket."""

    ticket: UUID


@dataclass(frozen=True, slots=True)
class CardsFound:
    """The patron's other cards as they are now. ``correlation`` is the visit's."""

    correlation: str
    cards: tuple[OwnCard, ...]


@dataclass(frozen=True, slots=True)
class LossWritten:
    """A loss is on disk, by the number of its fact. ``correlation`` is the visit's."""

    correlation: str
    kind: CardKind
    seq: int


@dataclass(frozen=True, slots=True)
class AnimalKept:
    """The patron's animal is kept. ``correlation`` is the visit's."""

    correlation: str
    animal: Animal


@dataclass(frozen=True, slots=True)
class ServiceStopped:
    """The kiosk can't work any more."""

    problem: str


@dataclass(frozen=True, slots=True)
class ServiceResumed:
    """It can again."""


Answer = (
    PatronIdentified
    | CardTurnedAway
    | VisitChanged
    | DropChanged
    | Asked
    | CardsFound
    | LossWritten
    | AnimalKept
    | ServiceStopped
    | ServiceResumed
)
