"""What the library must know of somebody, as plain records that share nothing with the programme's code."""

from dataclasses import dataclass, field
from datetime import date

from tests.story.events import Kind


@dataclass
class Card:
    """A card on record: ``lost`` or not, and since when."""

    number: str
    since: date
    lost: bool = False
    lost_by_bureau: bool = False
    by_programme: bool = False


@dataclass
class Account:
    """A patron, as the library must know one."""

    name: str
    born: date
    own_basis: bool
    complete: bool = False
    from_school: bool = False
    """Whether the way to reach the patron is the school's word."""
    years: set[int] = field(default_factory=set)
    as_of: date | None = None
    """The day of the Bureau's newest word about the student ID: an older one never overwrites it (R15)."""
    cards: dict[Kind, Card] = field(default_factory=dict)
    withdrawn_on: date | None = None
