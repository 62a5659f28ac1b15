"""Words that come late or twice, and people and numbers that may be others: without a database."""

from datetime import date

import pytest
from msgspec import structs

from circulation.cards import CardKind, CardUid
from registry.cards.replacement import Owner
from registry.cases.kinds import CaseKind
from registry.rosters.known import ContactData, Known, Named, Person, PupilData
from registry.rosters.plan import Outcome
from tests.unit.registry.rosters.matching_rows import (
    BEGINS,
    BORN,
    CARD,
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


def test_q7_c_and_r15_the_next_schools_card_replaces_and_an_older_years_file_that_comes_late_does_not() -> None:
    next_year = bureau(known(ming(easycard=OLD_CARD, as_of=BEGINS)), a_row(), year=YEAR + 1)
    assert (outcome(next_year), [card.replaces for card in next_year.cards]) == (Outcome.REPLACED, [OLD_CARD.hex])
    late = bureau(known(ming(easycard=OLD_CARD, as_of=date(2026, 8, 1), consents=frozenset({YEAR, YEAR + 1}))), a_row())
    assert (outcome(late), late.cards, late.fresh) == (Outcome.OLDER, [], {})


def test_r15_a_word_that_was_heard_before_is_no_question_though_its_number_was_replaced_since() -> None:
    heard = {CARD: Named(MING, BEGINS, BEGINS)}
    plan = bureau(known(ming(as_of=BEGINS), replaced={CARD: MING}, named=heard), a_row())
    assert (outcome(plan), kinds(plan), plan.cards) == (Outcome.OLDER, [], [])
    assert plan.is_empty


def test_r15_an_older_years_row_fills_gaps_and_overwrites_nothing() -> None:
    newer = frozenset({YEAR, YEAR + 1})
    before = ming(
        easycard=CARD,
        as_of=date(2026, 8, 1),
        consents=newer,
        pupil=PupilData("400002", None, "8", "新路"),
        regular_at="B2",
        years=(115, 0, 115, 115),
    )
    plan = bureau(known(before, branch_of_school={"400001": "B1", "400002": "B2"}), a_row())
    assert plan.pupils == {MING: PupilData("400002", "02-2345-6789", "8", "新路")}
    assert plan.moved == {}


def test_r15_contact_data_of_an_older_year_overwrites_nothing() -> None:
    plan = contacts(known(ming(contact=ContactData.of(a_contact()), contact_year=YEAR + 1)), a_contact(address="舊路"))
    assert (outcome(plan), plan.is_empty) == (Outcome.OLDER, True)
    waits = contacts(known(waiting={"A123456789": a_contact()}, waiting_years={"A123456789": YEAR + 1}), a_contact(address="舊路"))
    assert (outcome(waits), waits.is_empty) == (Outcome.OLDER, True)


def test_the_cards_own_date_counts_before_the_school_years() -> None:
    patron = ming(as_of=date(2025, 9, 10))
    assert outcome(bureau(known(patron), a_row())) is Outcome.OLDER
    assert outcome(bureau(known(patron), structs.replace(a_row(), issued_on=date(2025, 9, 11)))) is Outcome.REPLACED


def test_a_number_that_is_a_card_in_the_other_byte_order_is_nobodys_until_a_person_has_looked() -> None:
    for patron in (ming(), None):
        before = known(patron, mirrored={CARD: HUA})
        plan = bureau(before, a_row())
        assert (outcome(plan), kinds(plan), plan.cases[0].other_patron) == (Outcome.HELD, [CaseKind.NUMBER_FORMS_MATCH], HUA)
        decided = bureau(before, a_row(), decided=frozenset({CaseKind.NUMBER_FORMS_MATCH}))
        assert [card.row.card for card in decided.cards] == [CARD]


OLD_FORM, NEW_FORM = "AC01234567", "A800123450"


def alike(national_id: str) -> dict[str, object]:
    return {"alike": {("王小明", BORN): (Person(HUA, "王小明", BORN, national_id),)}}


@pytest.mark.parametrize(
    ("row_id", "known_id", "asked"), [(NEW_FORM, OLD_FORM, True), (OLD_FORM, NEW_FORM, True), (NEW_FORM, NEW_FORM, False)]
)
def test_old_and_new_resident_number_with_one_name_and_birth_date_may_be_one_person_and_are_never_merged(
    row_id: str, known_id: str, *, asked: bool
) -> None:
    plan = bureau(known(None, **alike(known_id)), a_row(national_id=row_id))
    assert outcome(plan) is Outcome.CREATED
    assert [(case.kind, case.patron, case.other_patron) for case in plan.cases] == (
        [(CaseKind.POSSIBLE_DUPLICATE, NEW, HUA)] if asked else []
    )
    decided = bureau(known(None, **alike(known_id)), a_row(national_id=row_id), decided=frozenset({CaseKind.POSSIBLE_DUPLICATE}))
    assert (outcome(decided), decided.cases) == (Outcome.CREATED, [])


def test_two_forms_of_one_number_in_one_file_may_be_one_person_too() -> None:
    first, second = a_row(national_id=OLD_FORM), a_row(national_id=NEW_FORM, card=CardUid.from_hex("04000003"))
    assert kinds(bureau(known(), first, second)) == [CaseKind.POSSIBLE_DUPLICATE]


def test_a_citizen_with_the_same_name_and_birth_date_is_somebody_else() -> None:
    assert kinds(bureau(known(None, **alike("F131234569")), a_row())) == []


def test_r9_the_card_of_somebody_with_the_same_name_and_birth_date_may_be_the_same_persons() -> None:
    person = Person(HUA, "王小明", BORN, "F131234569")
    plan = bureau(known(owners={CARD: Owner(HUA, CardKind.EASYCARD)}, others={HUA: person}), a_row())
    assert (outcome(plan), kinds(plan), plan.cards) == (Outcome.HELD, [CaseKind.POSSIBLE_DUPLICATE], [])
    stranger = Person(HUA, "林小雙", BORN, "F131234569")
    assert kinds(bureau(known(replaced={CARD: HUA}, others={HUA: stranger}), a_row())) == [CaseKind.NUMBER_BOUND_ELSEWHERE]


def test_a_row_without_a_national_id_becomes_a_case() -> None:
    for plan in (bureau(known(), a_row(national_id="")), contacts(known(), a_contact(national_id=""))):
        assert (outcome(plan), kinds(plan)) == (Outcome.HELD, [CaseKind.MISSING_ID])
        assert (plan.patrons, plan.waits) == ([], {})


def test_r19_a_binding_asks_no_graduation_year() -> None:
    """A pupil of many years ago whose number stands on record keeps it, whatever files come about others."""
    plan = bureau(known(ming(consents=frozenset({YEAR - 15}))), a_row(national_id="F131234569"), year=YEAR)
    assert MING not in {one.patron for one in plan.cards}
    assert (plan.ended, plan.lost) == ([], [])


def test_a_decided_number_that_was_replaced_comes_back() -> None:
    plan = bureau(known(ming(), replaced={CARD: MING}), a_row(), decided=frozenset({CaseKind.NUMBER_REPLACED}))
    assert (outcome(plan), kinds(plan)) == (Outcome.REPLACED, [])


def test_two_rows_under_two_numbers_of_one_patron_are_a_question_not_two_cards() -> None:
    """After a merge a patron is known by the old resident number and by the new one."""
    patron = ming(consents=frozenset())
    before = Known({OLD_FORM: patron, NEW_FORM: patron})
    plan = bureau(before, a_row(national_id=OLD_FORM), a_row(national_id=NEW_FORM, card=CardUid.from_hex("04000003")))
    assert (kinds(plan), [card.row.card for card in plan.cards], plan.consents) == ([CaseKind.POSSIBLE_DUPLICATE], [CARD], [MING])
