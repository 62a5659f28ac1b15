"""The desk for family accounts (家庭借閱證, R20): opened with a barcode card, members come and go."""

from dataclasses import dataclass
from datetime import timedelta

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards import store as cards
from registry.cards.replacement import decide_binding
from registry.cards.store import CardSource
from registry.cards.store_replacements import Binding, Origin, bind
from registry.database import UnitOfWork
from registry.desk.replacing import card_entries
from registry.enrolment import store as patrons
from registry.enrolment.basis import Basis
from registry.enrolment.store import PatronRecord
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.lending.store import branch_name
from registry.people import store, store_families
from registry.people.application import ContactGiven
from registry.people.families import Membership, decide_member
from registry.people.office import Office, Refusals, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.store_families import ShownMembership
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True, repr=False)
class NewFamily:
    """A family that gets an account: its name, how to reach it, the branch, the card and its kind, the first members."""

    name: str
    contact: ContactGiven
    branch: str
    card: CardUid
    members: tuple[PatronId, ...]
    kind: CardKind = CardKind.BARCODE


class FamilyDesk:
    """Opens family accounts and keeps their lists of members."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def open(self, family: NewFamily, *, by: str) -> PatronId:
        """Open a family account with its card and its members; all of it or nothing.

        Raises:
            PeopleRefusedError: with every reason.

        """

        def open_(work: UnitOfWork) -> PatronId | Refused:
            faults = self._faults(work, family)
            return Refused(faults) if faults else self._open(work, family, by)

        return self._office.decided(by, "family opened", open_)

    def join(self, family: PatronId, member: PatronId, *, by: str) -> None:
        """Make a person a member from today on.

        Raises:
            PeopleRefusedError: with every reason.

        """

        def join(work: UnitOfWork) -> bool | Refused:
            office, today = self._office, self._office.today
            people = store.persons(work.connection, [family, member])
            known = [one.membership for one in store_families.of(work.connection, family) if one.membership.member == member]
            family_class, member_class = (people[key].patron_class if key in people else None for key in (family, member))
            faults = decide_member(family_class, member_class, known, today=today)
            if faults:
                return Refused(faults, family)
            store_families.add_member(work, Membership(family, member, today))
            office.note(work, by, "family joined", {"patron": str(family), "member": str(member)})
            return True

        self._office.decided(by, "family joined", join)

    def leave(self, family: PatronId, member: PatronId, *, by: str) -> None:
        """End a membership: yesterday was its last day, so that the person may join again today.

        Raises:
            PeopleRefusedError: ``NO_MEMBER``.

        """

        def leave(work: UnitOfWork) -> bool | Refused:
            if not store_families.end_member(work, family, member, last_day=self._office.today - timedelta(days=1)):
                return Refused((PeopleRefusal.NO_MEMBER,), family)
            self._office.note(work, by, "family left", {"patron": str(family), "member": str(member)})
            return True

        self._office.decided(by, "family left", leave)

    def memberships_of(self, key: PatronId) -> list[ShownMembership]:
        """The members of a family, or the families of a person; a read that whoever shows it must audit."""
        with self._office.database.reading() as connection:
            return store_families.of(connection, key)

    def _faults(self, work: UnitOfWork, family: NewFamily) -> Refusals:
        connection = work.connection
        faults: list[PeopleRefusal] = [] if family.name.strip() else [PeopleRefusal.NAME_MISSING]
        if not family.contact.is_complete:
            faults.append(PeopleRefusal.CONTACT_INCOMPLETE)
        if branch_name(connection, family.branch) is None:
            faults.append(PeopleRefusal.BRANCH_UNKNOWN)
        if not family.card.names_a_card:
            faults.append(PeopleRefusal.NO_CARD_NUMBER)
        people = store.persons(connection, family.members)
        for key in family.members:
            member = people[key].patron_class if key in people else None
            faults += decide_member(PatronClass.FAMILY, member, (), today=self._office.today)
        owner = cards.owners(connection, [family.card]).get(family.card)
        former = cards.former_owners(connection, [family.card], secret=self._office.card_secret).get(family.card)
        refused = decide_binding(None, family.kind, patron_class=PatronClass.FAMILY, owner=owner, former=former)
        return (*faults, *(() if refused is None else (refused,)))

    def _open(self, work: UnitOfWork, family: NewFamily, by: str) -> PatronId:
        office = self._office
        key = PatronId(office.outside.new_id())
        record = PatronRecord(key, family.name.strip(), patron_class=PatronClass.FAMILY, regular_at=family.branch, basis=Basis.FAMILY)
        patrons.add(work, [record], names=office.names)
        store.set_contact(work, [key], family.contact)
        for member in dict.fromkeys(family.members):
            store_families.add_member(work, Membership(key, member, office.today))
        binding = Binding(CardId(office.outside.new_id()), key, family.kind, family.card)
        bound = bind(work, [binding], Origin(office.outside.now(), by, CardSource.DESK), secret=office.card_secret)
        office.note(work, by, "family opened", {"patron": str(key), "branch": family.branch, "members": len(set(family.members))})
        office.publish(work, [FeedEntry(ReplicaTable.PATRON, key_text(key)), *card_entries(bound)])
        return key
