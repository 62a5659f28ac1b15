"""The store of families and their members."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.people.families import Membership
from registry.people.tables import family_member


@dataclass(frozen=True, slots=True)
class ShownMembership:
    """A membership with the masked names of both sides."""

    membership: Membership
    family_name: str
    member_name: str


def add_member(work: UnitOfWork, one: Membership) -> None:
    """Add a member.

    Raises:
        sqlalchemy.exc.IntegrityError: the person became a member of this family on this day already.

    """
    work.add(family_member, [(one.family, one.member, one.since, one.until)])


def end_member(work: UnitOfWork, family: PatronId, member: PatronId, *, last_day: date) -> bool:
    """Give a membership its last day; whether there was one that had none."""
    standing = (family_member.c.family == family) & (family_member.c.member == member) & family_member.c.until.is_(None)
    return work.connection.execute(update(family_member).where(standing).values(until=last_day)).rowcount > 0


def of(connection: Connection, key: PatronId) -> list[ShownMembership]:
    """The memberships of a family, or of a person, oldest first."""
    family, member = patron.alias("family"), patron.alias("member")
    wanted = (
        select(family_member, family.c.masked_name.label("family_name"), member.c.masked_name.label("member_name"))
        .join(family, family.c.id == family_member.c.family)
        .join(member, member.c.id == family_member.c.member)
        .where(or_(family_member.c.family == key, family_member.c.member == key))
        .order_by(family_member.c.since, family_member.c.member)
    )
    return [
        ShownMembership(Membership(PatronId(row.family), PatronId(row.member), row.since, row.until), row.family_name, row.member_name)
        for row in connection.execute(wanted)
    ]
