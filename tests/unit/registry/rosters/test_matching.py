"""What a row does, by what is known: every rule of matching, without a database."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from registry.cards.replacement import Owner
from registry.cases.kinds import CaseKind
from registry.rosters.asks import asks_of
from registry.rosters.known import ContactData, Fresh, Known, KnownCard, KnownPatron, Named, Person, PupilData
from registry.rosters.matching import plan_bureau, plan_contacts
from registry.rosters.plan import Outcome, Plan
from registry.rosters.rows import BureauRow, ContactRow, NotConsented

BORN = date(2014, 5, 6)
MING = PatronId(UUID(int=1))
HUA = PatronId(UUID(int=2))
NEW = UUID(int=9)
OLD_CARD, CARD = CardUid.from_hex("04000001"), CardUid.from_hex("04000002")
YEAR = 114
BEGINS = date(2025, 8, 1)
"""The first day of that school year."""
DATA = PupilData("400001", "02-2345-6789", "7", "戶籍路1號")


def a_row(
    *, name: str = "王小明", born: date = BORN, card: CardUid = CARD, national_id: str = "A123456789", school: str | None = "400001"
) -> BureauRow:
    return BureauRow(2, name, national_id, born, card, "戶籍路1號", "02-2345-6789", school, "7")


def a_contact(*, name: str = "王小明", born: date = BORN, address: str = "通訊路1號", national_id: str = "A123456789") -> ContactRow:
    return ContactRow(5, name, national_id, born, address, None, "0912345678", "100", None)


def ming(  # noqa: PLR0913 - one optional argument a field
    *,
    name: str = "王小明",
    born: date | None = BORN,
    easycard: CardUid | None = OLD_CARD,
    complete: bool = True,
    contact: ContactData | None = None,
    pupil: PupilData | None = DATA,
    consents: frozenset[int] = frozenset({YEAR}),
    regular_at: str | None = None,
    as_of: date | None = None,
    contact_year: int | None = None,
    years: tuple[int, ...] = (YEAR,) * 4,
) -> KnownPatron:
    card = KnownCard(easycard.hex) if easycard else None
    return KnownPatron(MING, name, born, complete, regular_at, card, pupil, contact, consents, Fresh(as_of, contact_year, years))


def known(patron: KnownPatron | None = None, **more: object) -> Known:
    return Known({} if patron is None else {"A123456789": patron}, **more)  # type: ignore[arg-type]  # named fields of Known


def bureau(
    known_before: Known, *rows: BureauRow, no: tuple[NotConsented, ...] = (), year: int = YEAR, decided: frozenset[CaseKind] = frozenset()
) -> Plan:
    return plan_bureau(rows, no, known_before, school_year=year, new_patron=lambda _: NEW, decided=decided)


def contacts(known_before: Known, *rows: ContactRow, year: int = YEAR) -> Plan:
    return plan_contacts(rows, (), known_before, school_year=year)


def outcome(plan: Plan) -> Outcome:
    (found,) = plan.outcomes
    return found


def kinds(plan: Plan) -> list[CaseKind]:
    return [case.kind for case in plan.cases]


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
