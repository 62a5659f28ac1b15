"""The one rule by which a patron is reached (Q3-3c). Everything that contacts anybody asks here, and says no more than it allows.

Until a record is complete every circulation matter goes through the school's phone, and a school hears only *that* a
pupil should come to the library: never a title, an item or a reason. A complete record is reached at its own phone and
address. Who can be reached in neither way is told at the desk. The household address (戶籍地址) is no way: it is not
even an argument (Q3-2d).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

ADULT_AT = 18
"""Years (R12; the age of majority of the Civil Code, section 12, since 2023): from then on patrons answer for themselves."""


@unique
class RouteKind(StrEnum):
    """By which way somebody is reached."""

    SCHOOL = "school"
    OWN = "own"
    DESK = "desk"
    """No way leads out of the library: the matter waits until the patron comes."""


@unique
class Addressee(StrEnum):
    """Who is spoken to."""

    SCHOOL = "school"
    GUARDIAN = "guardian"
    """A parent of a patron under 18."""
    PATRON = "patron"


@unique
class MayBeSaid(StrEnum):
    """How much of the matter may be said by this way."""

    COME_TO_LIBRARY = "come_to_library"
    """That the pupil should come to the library, and nothing of why: no title, no item, no reason."""
    MATTER = "matter"
    """The matter itself."""


@dataclass(frozen=True, slots=True, repr=False)
class OwnContact:
    """A patron's own contact data, from the school or from the desk."""

    address: str | None = None
    phone: str | None = None
    mobile: str | None = None
    postal_code: str | None = None
    guardian: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolContact:
    """A pupil's school: its code, the phone in the pupil's row (學校電話), and the school's own phone on record."""

    code: str | None = None
    row_phone: str | None = field(default=None, repr=False)
    recorded_phone: str | None = field(default=None, repr=False)

    @property
    def phone(self) -> str | None:
        """What the pupil's own row says is nearer to the pupil than what is known of the whole school."""
        return self.row_phone or self.recorded_phone


@dataclass(frozen=True, slots=True)
class ContactRoute:
    """How to reach a patron, and how much may be said there.

    ``phones`` in the order to try them; ``school`` is a code, ``name`` the guardian's where one is known. What names
    or reaches somebody stays out of logs and failed assertions.
    """

    kind: RouteKind
    addressee: Addressee
    may_be_said: MayBeSaid
    school: str | None = None
    phones: tuple[str, ...] = field(default=(), repr=False)
    mobile: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    postal_code: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)

    @property
    def may_name_items(self) -> bool:
        """Whether titles, items and reasons may be said: never to a school."""
        return self.may_be_said is MayBeSaid.MATTER


DESK_ROUTE = ContactRoute(RouteKind.DESK, Addressee.PATRON, MayBeSaid.MATTER)
"""A notice at the desk, for the patron in person."""


def contact_route(*, complete: bool, own: OwnContact | None, school: SchoolContact | None, born: date | None, today: date) -> ContactRoute:
    """How a patron is reached today, in any circulation matter.

    ``complete`` is the record's own mark (正式完成). A complete record is never reached through a school, an incomplete
    one never in another way, whatever else is on record. Without a birth date a patron counts as an adult: only
    patrons of the library's own desk have none.
    """
    if not complete:
        if school is None or school.phone is None:
            return DESK_ROUTE
        return ContactRoute(RouteKind.SCHOOL, Addressee.SCHOOL, MayBeSaid.COME_TO_LIBRARY, school.code, (school.phone,))
    if own is None or not (own.address or own.phone or own.mobile):
        return DESK_ROUTE
    minor = born is not None and not is_adult(born, today=today)
    return ContactRoute(
        RouteKind.OWN,
        Addressee.GUARDIAN if minor else Addressee.PATRON,
        MayBeSaid.MATTER,
        phones=tuple(phone for phone in (own.mobile, own.phone) if phone),
        mobile=own.mobile,
        address=own.address,
        postal_code=own.postal_code,
        name=own.guardian if minor else None,
    )


def is_adult(born: date, *, today: date) -> bool:
    """Whether somebody is 18 today (R12); who was born on 29 February is so on 1 March of a common year."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= ADULT_AT
