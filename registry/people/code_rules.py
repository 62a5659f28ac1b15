"""By which way a one-time code for a PIN may go, and to whom. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.patrons import PatronClass
from registry.people.ages import AccountRules, AgeBand, band_of
from registry.people.refusals import PeopleRefusal


@unique
class CodeWay(StrEnum):
    """How a code reaches its owner."""

    DESK_SELF = "desk_self"
    """A slip from the desk, to the patron."""
    DESK_GUARDIAN = "desk_guardian"
    """A slip from the desk, to a linked guardian."""
    SCHOOL_SLIP = "school_slip"
    """A sealed slip, through the pupil's school."""
    MESSAGE = "message"
    """A text message, to the number in the contact data."""


@dataclass(frozen=True, slots=True)
class CodeOwner:
    """What decides about a code. ``has_mobile``: the contact data name a mobile telephone; ``guardian``: who asks is a linked guardian."""

    patron_class: PatronClass
    born: date | None
    contact_complete: bool
    has_mobile: bool
    school: str | None
    guardian: bool = False


def decide_code(
    owner: CodeOwner, way: CodeWay, rules: AccountRules | None, *, today: date, school: str | None = None
) -> tuple[PeopleRefusal, ...]:
    """Every reason against sending a code this way. ``school`` is the one that the slips are for."""
    if owner.patron_class is PatronClass.FAMILY:
        return () if way is CodeWay.DESK_SELF else (PeopleRefusal.NOT_A_PERSON,)
    if rules is None:
        return (PeopleRefusal.NO_RULES,)
    return tuple(_faults(owner, way, rules, today, school))


def _faults(owner: CodeOwner, way: CodeWay, rules: AccountRules, today: date, school: str | None) -> Iterator[PeopleRefusal]:
    match way:
        case CodeWay.SCHOOL_SLIP if owner.school is None or owner.school != school:
            yield PeopleRefusal.NOT_IN_PROGRAMME
        case CodeWay.MESSAGE if not (owner.contact_complete and owner.has_mobile):
            yield PeopleRefusal.NO_MOBILE
        case CodeWay.DESK_SELF | CodeWay.DESK_GUARDIAN:
            yield from _at_desk(owner, way, None if owner.born is None else band_of(owner.born, rules, today=today))


def _at_desk(owner: CodeOwner, way: CodeWay, band: AgeBand | None) -> Iterator[PeopleRefusal]:
    if way is CodeWay.DESK_GUARDIAN:
        if not owner.guardian:
            yield PeopleRefusal.GUARDIAN_NOT_LINKED
        if band is not AgeBand.CHILD:
            yield PeopleRefusal.CODE_TO_OWNER
    elif band is None:
        yield PeopleRefusal.SIGNER_UNKNOWN
    elif band is AgeBand.CHILD:
        yield PeopleRefusal.CODE_TO_GUARDIAN
