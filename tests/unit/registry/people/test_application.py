"""An application at a desk, judged by itself."""

from datetime import date

import pytest

from circulation.cards import CardKind, CardUid
from registry.people.ages import AccountRules, Papers, Signer
from registry.people.application import Application, ContactGiven, FirstCard, Proxy, decide_identity, faults_of
from registry.people.guardianship import Relation
from registry.people.refusals import PeopleRefusal
from tests.unit.registry.people.forms import ADULT, AUNT, CHILD, MOTHER, RULES, TODAY, YOUTH, an_application

BY_GUARDIAN = Signer.GUARDIAN
NO_PAPERS = AccountRules(date(2023, 1, 1), 18, 12, 114, frozenset({Papers.PASSPORT}), "a library that takes passports only")


@pytest.mark.parametrize(
    "given",
    [
        an_application(),
        an_application(national_id=None, papers=Papers.PASSPORT),
        an_application(born=YOUTH, signed_by=BY_GUARDIAN),
        an_application(born=YOUTH, signed_by=BY_GUARDIAN, guardian=MOTHER),
        an_application(born=CHILD, signed_by=BY_GUARDIAN, guardian=MOTHER, papers=Papers.HOUSEHOLD_CERTIFICATE),
        an_application(proxy=AUNT),
        an_application(card=FirstCard(CardKind.IPASS, CardUid.from_hex("04000101"))),
        an_application(contact=ContactGiven("臺北市通訊路2號", "", "0912345678")),
    ],
)
def test_q8_b_who_brings_what_is_needed_may_apply(given: Application) -> None:
    assert faults_of(given, RULES, today=TODAY) == ()


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (an_application(name="\u3000"), ["name_missing"]),
        (an_application(born=date(2026, 3, 12)), ["birth_date_wrong"]),
        (an_application(born=date(1890, 1, 1)), ["birth_date_wrong"]),
        (an_application(contact=ContactGiven("臺北市通訊路2號")), ["contact_incomplete"]),
        (an_application(contact=ContactGiven(" ", "02-2345-6789")), ["contact_incomplete"]),
        (an_application(born=CHILD, signed_by=BY_GUARDIAN), ["guardian_needed"]),
        (an_application(born=CHILD), ["signer_wrong", "guardian_needed"]),
        (an_application(born=YOUTH), ["signer_wrong"]),
        (an_application(signed_by=BY_GUARDIAN), ["signer_wrong"]),
        (an_application(guardian=MOTHER), ["not_a_minor"]),
        (an_application(proxy=Proxy("陳阿姨", Relation.RELATIVE, ())), ["proxy_unproven"]),
        (an_application(proxy=Proxy("", Relation.RELATIVE, (Papers.PASSPORT,))), ["proxy_unproven"]),
        (an_application(card=FirstCard(CardKind.EASYCARD, CardUid.from_hex("08000001"))), ["no_card_number"]),
        (
            an_application(name="", born=CHILD, contact=ContactGiven("")),
            ["name_missing", "contact_incomplete", "signer_wrong", "guardian_needed"],
        ),
    ],
)
def test_q8_b_every_reason_against_an_application_is_given(given: Application, reasons: list[str]) -> None:
    assert [str(code) for code in faults_of(given, RULES, today=TODAY)] == reasons


def test_q8_b_which_papers_are_accepted_is_the_librarys_to_say() -> None:
    assert faults_of(an_application(proxy=AUNT), NO_PAPERS, today=TODAY) == (
        PeopleRefusal.PAPERS_NOT_ACCEPTED,
        PeopleRefusal.PROXY_UNPROVEN,
    )
    assert faults_of(an_application(), None, today=TODAY) == (PeopleRefusal.NO_RULES,)


@pytest.mark.parametrize(
    ("recorded", "answer"),
    [(ADULT, PeopleRefusal.HAS_ACCOUNT), (CHILD, PeopleRefusal.BIRTH_DATE_DIFFERS), (None, PeopleRefusal.BIRTH_DATE_DIFFERS)],
)
def test_r3_an_id_on_record_is_this_person_only_with_the_same_birth_date(recorded: date | None, answer: PeopleRefusal) -> None:
    assert decide_identity(recorded, ADULT) is answer


def test_an_application_shows_nobody_where_it_is_printed() -> None:
    shown = repr(an_application(guardian=MOTHER, proxy=AUNT))
    assert not [secret for secret in ("周轉學", "Z199999990", "林淑芬", "陳阿姨", "0912345678") if secret in shown]
