"""An application at a desk with ID papers (Q8-b), judged by itself. Pure: what is on record is asked by the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from circulation.cards import CardKind, CardUid
from circulation.national_ids import NationalId
from registry.people.ages import AccountRules, AgeBand, Papers, Signer, age_on, band_of, decide_signer
from registry.people.guardianship import NewGuardian, Relation
from registry.people.refusals import PeopleRefusal

_LONGEST_LIFE = 130


@dataclass(frozen=True, slots=True, repr=False)
class ContactGiven:
    """How to reach somebody, as it was given at the desk."""

    address: str
    phone: str = ""
    mobile: str = ""
    postal_code: str = ""

    @property
    def is_complete(self) -> bool:
        """An address, and one telephone of the two."""
        return bool(self.address.strip() and (self.phone.strip() or self.mobile.strip()))


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """Somebody who came instead, with the types of papers shown: their own, and the applicant's stand in the application."""

    name: str
    relation: Relation
    papers: tuple[Papers, ...]


@dataclass(frozen=True, slots=True)
class FirstCard:
    """A card that is bound with the application."""

    kind: CardKind
    uid: CardUid


@dataclass(frozen=True, slots=True, repr=False)
class Application:
    """What a person brings to a desk. Without ``national_id`` it is somebody with a passport, or without a number: no roster will ever match."""

    name: str
    born: date
    papers: Papers
    signed_by: Signer
    branch: str
    contact: ContactGiven
    national_id: NationalId | None = None
    guardian: NewGuardian | None = None
    proxy: Proxy | None = None
    card: FirstCard | None = None


def faults_of(application: Application, rules: AccountRules | None, *, today: date) -> tuple[PeopleRefusal, ...]:
    """Every reason against an application that lies in itself, in the order of the form."""
    return tuple(_faults(application, rules, today))


def _faults(given: Application, rules: AccountRules | None, today: date) -> Iterator[PeopleRefusal]:
    if not given.name.strip():
        yield PeopleRefusal.NAME_MISSING
    dated = 0 <= age_on(today, born=given.born) <= _LONGEST_LIFE
    if not dated:
        yield PeopleRefusal.BIRTH_DATE_WRONG
    if not given.contact.is_complete:
        yield PeopleRefusal.CONTACT_INCOMPLETE
    if given.card is not None and not given.card.uid.names_a_card:
        yield PeopleRefusal.NO_CARD_NUMBER
    if rules is None:
        yield PeopleRefusal.NO_RULES
        return
    if given.papers not in rules.papers:
        yield PeopleRefusal.PAPERS_NOT_ACCEPTED
    if dated:
        yield from _by_age(given, rules, today)
    if given.proxy is not None and not (given.proxy.name.strip() and rules.papers.intersection(given.proxy.papers)):
        yield PeopleRefusal.PROXY_UNPROVEN


def _by_age(given: Application, rules: AccountRules, today: date) -> Iterator[PeopleRefusal]:
    if given.signed_by is not decide_signer(given.born, rules, today=today):
        yield PeopleRefusal.SIGNER_WRONG
    band = band_of(given.born, rules, today=today)
    if band is AgeBand.CHILD and given.guardian is None:
        yield PeopleRefusal.GUARDIAN_NEEDED
    if band is AgeBand.ADULT and given.guardian is not None:
        yield PeopleRefusal.NOT_A_MINOR


def decide_identity(recorded_birth_date: date | None, born: date) -> PeopleRefusal:
    """What to say when the ID is on record already: it is this person, or staff must look (R3). Never decided by a name."""
    return PeopleRefusal.HAS_ACCOUNT if recorded_birth_date == born else PeopleRefusal.BIRTH_DATE_DIFFERS
