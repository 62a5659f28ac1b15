"""Family accounts (家庭借閱證): an account of its own with a barcode card and a list of members, never a person (R20). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.people.refusals import PeopleRefusal


def is_family(patron_class: PatronClass) -> bool:
    """Whether the account is a family's: it is merged into nobody, and nobody into it."""
    return patron_class is PatronClass.FAMILY


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a family, from the first to the last day (local dates); without a last day still."""

    family: PatronId
    member: PatronId
    since: date
    until: date | None = None

    def holds(self, *, today: date) -> bool:
        """Whether the person belongs to the family on this day."""
        return self.since <= today and (self.until is None or today <= self.until)


def decide_member(
    family: PatronClass | None, member: PatronClass | None, known: Iterable[Membership], *, today: date
) -> tuple[PeopleRefusal, ...]:
    """Why somebody can't become a member today.

    Args:
        family: the class of the account that is to be a family's; none when there is no such account.
        member: the class of the account that is to be a person's.
        known: the person's memberships in this family until now.
        today: the library's local date.

    """
    found: list[PeopleRefusal] = []
    if family is not PatronClass.FAMILY:
        found.append(PeopleRefusal.NO_FAMILY)
    if member is None:
        found.append(PeopleRefusal.NOBODY_FOUND)
    elif is_family(member):
        found.append(PeopleRefusal.NOT_A_PERSON)
    if any(one.holds(today=today) for one in known):
        found.append(PeopleRefusal.MEMBER_ALREADY)
    return tuple(found)
