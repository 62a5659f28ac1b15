"""What a guardian may do, by the age of the child."""

from dataclasses import replace
from datetime import date

import pytest

from circulation.ids import PatronId
from registry.people.ages import Papers
from registry.people.guardianship import GuardianAct, NewGuardian, Relation, faults_of, may
from registry.people.refusals import PeopleRefusal
from tests.unit.registry.people.forms import ADULT, CHILD, MOTHER, NO_UUID, RULES, TODAY, YOUTH

EVERYTHING = {"report_loss", "change_contact", "get_pin_code", "sign_consent"}


@pytest.mark.parametrize(
    ("born", "acts"),
    [(CHILD, EVERYTHING), (YOUTH, EVERYTHING - {"get_pin_code"}), (ADULT, set()), (None, set())],
)
def test_r12_a_guardian_acts_for_a_child_less_for_a_youth_and_for_no_adult(born: date | None, acts: set[str]) -> None:
    assert {str(act) for act in GuardianAct if may(act, born, RULES, today=TODAY)} == acts


def test_on_the_day_a_child_is_of_age_its_guardian_may_do_nothing_more() -> None:
    born = date(2008, 3, 12)
    assert may(GuardianAct.SIGN_CONSENT, born, RULES, today=date(2026, 3, 11))
    assert not may(GuardianAct.SIGN_CONSENT, born, RULES, today=date(2026, 3, 12))


@pytest.mark.parametrize(
    ("new", "adult_born", "reasons"),
    [
        (MOTHER, None, []),
        (NewGuardian(Relation.PARENT, Papers.PASSPORT, name="林淑芬"), None, ["guardian_incomplete"]),
        (NewGuardian(Relation.PARENT, Papers.PASSPORT, adult=PatronId(NO_UUID)), ADULT, []),
        (NewGuardian(Relation.PARENT, Papers.PASSPORT, adult=PatronId(NO_UUID)), YOUTH, ["guardian_no_adult"]),
        (NewGuardian(Relation.PARENT, Papers.PASSPORT, adult=PatronId(NO_UUID)), None, ["guardian_no_adult"]),
    ],
)
def test_a_guardian_is_an_adult_patron_or_somebody_who_can_be_reached(
    new: NewGuardian, adult_born: date | None, reasons: list[str]
) -> None:
    assert [str(code) for code in faults_of(new, RULES, adult_born=adult_born, today=TODAY)] == reasons


def test_a_guardian_shows_papers_that_are_accepted() -> None:
    none = replace(RULES, papers=frozenset())
    assert faults_of(MOTHER, none, adult_born=None, today=TODAY) == (PeopleRefusal.PAPERS_NOT_ACCEPTED,)
