"""What a row does, by what is known: every rule of matching, without a database."""

from datetime import date
from uuid import uuid4

import pytest

from circulation.cards import CardKind, CardUid
from registry.cards.replacement import Owner
from registry.cases.kinds import CaseKind
from registry.rosters.asks import asks_of
from registry.rosters.known import ContactData, Known, KnownPatron, Named
from registry.rosters.plan import Outcome
from registry.rosters.rows import NotConsented
from tests.unit.registry.rosters.matching_rows import (
    BEGINS,
    CARD,
    DATA,
    HUA,
    MING,
    NEW,
    OLD_CARD,
    YEAR,
    a_contact,
    a_row,
    bureau,
    contacts,
    kinds,
    known,
    ming,
    outcome,
)


def test_q3_2c_a_new_pupil_gets_a_preliminary_record_and_a_card() -> None:
    plan = bureau(known(), a_row())
    assert outcome(plan) is Outcome.CREATED
    (patron,) = plan.patrons
    assert (patron.id, patron.complete, plan.completed, plan.contacts) == (NEW, False, [], {})
    assert [(card.patron, card.replaces) for card in plan.cards] == [(NEW, None)]
    assert plan.pupils == {NEW: DATA}
    assert plan.consents == [NEW]


def test_q3_2d_the_bureaus_data_alone_never_completes_a_record() -> None:
    plan = bureau(known(ming(complete=False)), a_row())
    assert (plan.completed, plan.contacts) == ([], {})


def test_q3_4b_an_easycard_is_replaced() -> None:
    plan = bureau(known(ming()), a_row())
    assert outcome(plan) is Outcome.REPLACED
    assert [(card.patron, card.row.card, card.replaces) for card in plan.cards] == [(MING, CARD, OLD_CARD.hex)]
    assert plan.patrons == []


def test_a_patron_without_an_easycard_gets_one() -> None:
    plan = bureau(known(ming(easycard=None)), a_row())
    assert outcome(plan) is Outcome.CHANGED
    assert [card.replaces for card in plan.cards] == [None]


def test_r15_what_is_known_already_changes_nothing() -> None:
    named = {CARD: Named(MING, BEGINS, BEGINS)}
    plan = bureau(known(ming(easycard=CARD, as_of=BEGINS), owners={CARD: Owner(MING, CardKind.EASYCARD)}, named=named), a_row())
    assert outcome(plan) is Outcome.UNCHANGED
    assert plan.is_empty


def test_r3_another_name_delays_nothing_and_opens_a_case() -> None:
    plan = bureau(known(ming(name="王大明")), a_row())
    assert outcome(plan) is Outcome.REPLACED
    assert kinds(plan) == [CaseKind.NAME_DIFFERS]
    assert (plan.cases[0].row_says, plan.cases[0].registry_says) == (asks_of(a_row(), YEAR), {"name": "王大明"})


@pytest.mark.parametrize("written", ["王 小明", "王　小明", "王小明 "])
def test_a_name_differs_only_by_its_characters(written: str) -> None:
    assert kinds(bureau(known(ming(name=written)), a_row())) == []


@pytest.mark.parametrize("born", [date(2014, 5, 7), None])
def test_r3_another_birth_date_binds_nothing_and_opens_a_case(born: date | None) -> None:
    plan = bureau(known(ming(born=born)), a_row())
    assert outcome(plan) is Outcome.HELD
    assert kinds(plan) == [CaseKind.BIRTH_DATE_DIFFERS]
    assert (plan.cards, plan.consents, plan.pupils) == ([], [], {})


def test_r3_the_same_name_and_birth_date_are_not_the_same_person() -> None:
    plan = bureau(Known({"F131234569": ming()}), a_row())
    assert outcome(plan) is Outcome.CREATED


def test_r9_a_number_of_somebody_else_goes_to_a_case() -> None:
    for patron in (ming(), None):
        plan = bureau(known(patron, owners={CARD: Owner(HUA, CardKind.EASYCARD)}), a_row())
        assert outcome(plan) is Outcome.HELD
        assert kinds(plan) == [CaseKind.NUMBER_BOUND_ELSEWHERE]
        assert plan.cases[0].other_patron == HUA
        assert (plan.cards, plan.patrons) == ([], [])


def test_r9_a_number_that_is_another_kind_of_card_of_the_same_patron_goes_to_a_case() -> None:
    plan = bureau(known(ming(), owners={CARD: Owner(MING, CardKind.CHIP)}), a_row())
    assert kinds(plan) == [CaseKind.NUMBER_BOUND_ELSEWHERE]


def test_r15_an_older_file_brings_no_replaced_number_back() -> None:
    plan = bureau(known(ming(), replaced={CARD: MING}), a_row())
    assert outcome(plan) is Outcome.HELD
    assert kinds(plan) == [CaseKind.NUMBER_REPLACED]
    assert kinds(bureau(known(ming(), replaced={CARD: HUA}), a_row())) == [CaseKind.NUMBER_BOUND_ELSEWHERE]


def test_the_same_question_has_the_same_names_before_and_after_the_number_was_replaced() -> None:
    before = bureau(known(ming(), owners={CARD: Owner(HUA, CardKind.EASYCARD)}), a_row())
    after = bureau(known(ming(), replaced={CARD: HUA}), a_row())
    assert before.cases[0].names == after.cases[0].names


def test_q4_b_and_r4_a_no_erases_what_waits_and_touches_nothing_else() -> None:
    plan = bureau(known(ming(), waiting={"A123456789": a_contact()}), no=(NotConsented(2, "A123456789"), NotConsented(3, None)))
    assert plan.no_longer_waits == ["A123456789"]
    assert (plan.cards, plan.contacts, plan.consents, plan.cases) == ([], {}, [], [])


def test_a_consent_for_another_school_year_is_added() -> None:
    plan = bureau(known(ming(easycard=CARD, consents=frozenset({YEAR - 1}))), a_row())
    assert (outcome(plan), plan.consents) == (Outcome.CHANGED, [MING])


def test_what_the_bureau_leaves_out_is_kept() -> None:
    plan = bureau(known(ming(easycard=CARD)), a_row(school=None))
    assert plan.pupils == {}


@pytest.mark.parametrize(("regular_at", "moved"), [(None, "B2"), ("B1", "B2"), ("Z9", None), ("B2", None)])
def test_a_pupils_branch_follows_the_school_and_one_chosen_otherwise_stays(regular_at: str | None, moved: str | None) -> None:
    branches = {"400001": "B1", "400002": "B2"}
    plan = bureau(known(ming(easycard=CARD, regular_at=regular_at), branch_of_school=branches), a_row(school="400002"))
    assert plan.moved == ({} if moved is None else {MING: moved})


def test_r4_waiting_contact_data_completes_a_record_the_moment_the_bureau_speaks() -> None:
    waiting = {"A123456789": a_contact()}
    new = bureau(known(waiting=waiting), a_row())
    assert [one.complete for one in new.patrons] == [True]
    assert new.contacts == {NEW: ContactData.of(a_contact())}
    assert new.no_longer_waits == ["A123456789"]
    there = bureau(known(ming(complete=False), waiting=waiting), a_row())
    assert there.completed == [MING]


def test_waiting_contact_data_with_another_birth_date_goes_on_waiting() -> None:
    plan = bureau(known(waiting={"A123456789": a_contact(born=date(2014, 5, 7))}), a_row())
    assert (plan.contacts, plan.no_longer_waits, [one.complete for one in plan.patrons]) == ({}, [], [False])


def test_waiting_contact_data_with_another_name_is_taken_and_opens_a_case() -> None:
    plan = bureau(known(waiting={"A123456789": a_contact(name="王大明")}), a_row())
    assert kinds(plan) == [CaseKind.NAME_DIFFERS]
    assert plan.contacts


def test_q3_3b_a_schools_row_completes_a_record() -> None:
    plan = contacts(known(ming(complete=False)), a_contact())
    assert (outcome(plan), plan.completed, plan.contacts) == (Outcome.CHANGED, [MING], {MING: ContactData.of(a_contact())})


def test_a_schools_row_that_is_known_changes_nothing() -> None:
    plan = contacts(known(ming(contact=ContactData.of(a_contact()), contact_year=YEAR)), a_contact())
    assert outcome(plan) is Outcome.UNCHANGED
    assert plan.is_empty


@pytest.mark.parametrize("patron", [None, ming(consents=frozenset())])
def test_r4_a_schools_row_before_the_bureaus_waits(patron: KnownPatron | None) -> None:
    plan = contacts(known(patron), a_contact())
    assert (outcome(plan), list(plan.waits), plan.contacts, plan.completed) == (Outcome.WAITING, ["A123456789"], {}, [])
    again = contacts(known(patron, waiting={"A123456789": a_contact()}), a_contact())
    assert outcome(again) is Outcome.UNCHANGED
    newer = contacts(known(patron, waiting={"A123456789": a_contact(address="舊路")}), a_contact())
    assert outcome(newer) is Outcome.WAITING


def test_r3_holds_for_a_schools_row_too() -> None:
    other_date = contacts(known(ming()), a_contact(born=date(2014, 5, 7)))
    assert (outcome(other_date), kinds(other_date), other_date.contacts) == (Outcome.HELD, [CaseKind.BIRTH_DATE_DIFFERS], {})
    other_name = contacts(known(ming()), a_contact(name="王大明"))
    assert (outcome(other_name), kinds(other_name)) == (Outcome.CHANGED, [CaseKind.NAME_DIFFERS])


def test_nothing_of_a_person_is_printed_with_a_plan() -> None:
    plan = bureau(known(ming(name="王大明")), a_row(), a_row(national_id="F131234569", card=CardUid(uuid4().bytes[:4])))
    shown = repr((plan.patrons, plan.cards, plan.pupils, plan.cases))
    assert "王" not in shown
    assert "A123456789" not in shown
