"""What a guardian may do for a child, and who may become one. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.ids import PatronId
from registry.people.ages import AccountRules, AgeBand, Papers, band_of
from registry.people.refusals import PeopleRefusal


@unique
class GuardianAct(StrEnum):
    """What a guardian may ask for. Titles are not among it: what a child reads is the child's own."""

    REPORT_LOSS = "report_loss"
    CHANGE_CONTACT = "change_contact"
    GET_PIN_CODE = "get_pin_code"
    SIGN_CONSENT = "sign_consent"


@unique
class Relation(StrEnum):
    """What somebody is to the person it is about."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    """A legal guardian who is no parent."""
    RELATIVE = "relative"
    OTHER = "other"


_ACTS = {
    AgeBand.CHILD: frozenset(GuardianAct),
    AgeBand.YOUTH: frozenset({GuardianAct.REPORT_LOSS, GuardianAct.CHANGE_CONTACT, GuardianAct.SIGN_CONSENT}),
    AgeBand.ADULT: frozenset[GuardianAct](),
}
"""A youth's PIN is the youth's own; of age, nobody acts for anybody (R12)."""


def may(act: GuardianAct, child_born: date | None, rules: AccountRules, *, today: date) -> bool:
    """Whether a linked guardian may do this today. Nothing, when nobody knows how old the child is."""
    return child_born is not None and act in _ACTS[band_of(child_born, rules, today=today)]


@dataclass(frozen=True, slots=True, repr=False)
class NewGuardian:
    """A guardian who comes to the desk: a patron (``adult``), or somebody with a name and a telephone, and the type of papers shown."""

    relation: Relation
    papers: Papers
    adult: PatronId | None = None
    name: str = ""
    phone: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the library can find this person again."""
        return self.adult is not None or bool(self.name.strip() and self.phone.strip())


def faults_of(new: NewGuardian, rules: AccountRules, *, adult_born: date | None, today: date) -> tuple[PeopleRefusal, ...]:
    """Why this person can't be a guardian; ``adult_born`` is when the patron was born who is to be one."""
    found: list[PeopleRefusal] = []
    if not new.is_complete:
        found.append(PeopleRefusal.GUARDIAN_INCOMPLETE)
    if new.papers not in rules.papers:
        found.append(PeopleRefusal.PAPERS_NOT_ACCEPTED)
    if new.adult is not None and (adult_born is None or band_of(adult_born, rules, today=today) is not AgeBand.ADULT):
        found.append(PeopleRefusal.GUARDIAN_NO_ADULT)
    return tuple(found)
