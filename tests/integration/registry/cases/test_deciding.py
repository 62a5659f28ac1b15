"""What each decision does, that the preview says so before, and that undoing it leaves no trace."""

from collections.abc import Callable

import pytest

from circulation.cards import CardUid
from registry.belongings.footprint import Effect, EffectKind
from registry.cases.acts import CaseOrder
from registry.cases.decisions import CaseRefusal, Decision
from registry.cases.desk import CaseRefusedError
from registry.cases.kinds import CaseKind
from registry.cases.store_decisions import Viewer
from registry.desk.questions import ByName, ByNationalId
from tests.integration.registry.cases import pile as stories
from tests.integration.registry.cases.pile import CHEN, LIN, NEW, WHY, Pile, ming


def test_r3_r16_another_name_delays_nothing_and_the_library_s_own_stays_until_staff_take_the_other(pile: Pile) -> None:
    stories.other_name(pile)
    assert pile.holder(NEW) == pile.city.ming
    assert pile.city.sql("SELECT name FROM patron ORDER BY name") == [("歐陽小華",), ("王小明",)]
    pile.decide(Decision.TAKE_NAME)
    assert [one.id for one in pile.city.registry.desk.cards.find(ByName.written("王曉明"), by="lin")] == [pile.city.ming]
    assert pile.city.registry.desk.cards.find(ByName.written("王小明"), by="lin") == []
    assert pile.city.sql("SELECT name, masked_name FROM patron WHERE national_id = 'A123456789'") == [("王曉明", "王○○")]


def test_r16_the_library_s_name_stays_when_staff_keep_it_and_the_question_is_not_asked_again(pile: Pile) -> None:
    stories.other_name(pile)
    assert pile.decide(Decision.KEEP_NAME) == ()
    stories.other_name(pile)
    assert pile.desk.listed(LIN) == []
    assert ("王小明",) in pile.city.sql("SELECT name FROM patron")


def test_r3_an_id_with_another_birth_date_binds_nothing_until_staff_say_which_is_right(pile: Pile) -> None:
    stories.other_birth_date(pile)
    assert (pile.holder(NEW), pile.holder(pile.city.ming_card)) == (None, pile.city.ming)
    pile.decide(Decision.TAKE_BIRTH_DATE)
    assert (pile.holder(NEW), pile.holder(pile.city.ming_card)) == (pile.city.ming, None)
    assert pile.city.sql("SELECT birth_date FROM patron WHERE national_id = 'A123456789'") == [("2014-06-05",)]


@pytest.mark.parametrize("decision", [Decision.REFUSE_ROW, Decision.TWO_PERSONS])
def test_r3_when_the_registry_is_right_nothing_of_the_row_is_taken(pile: Pile, decision: Decision) -> None:
    stories.other_birth_date(pile)
    before = pile.rows("staff_case")
    assert pile.decide(decision) == ()
    assert pile.rows("staff_case") == before


def test_r9_a_number_of_somebody_else_s_is_taken_over_by_a_decided_case_only(pile: Pile) -> None:
    stories.hua_s_number(pile)
    card = pile.city.hua_card
    assert (pile.holder(card), pile.holder(pile.city.ming_card)) == (pile.city.hua, pile.city.ming)
    pile.decide(Decision.GIVE_NUMBER)
    assert (pile.holder(card), pile.holder(pile.city.ming_card)) == (pile.city.ming, None)
    assert pile.city.sql("SELECT count(*) FROM card") == [(1,)]


def test_r9_a_newcomer_gets_the_number_too_when_staff_decide_so(pile: Pile) -> None:
    stories.a_newcomer_with_hua_s_number(pile)
    assert pile.city.registry.desk.cards.find(ByNationalId.written("W234567893"), by="lin") == []
    pile.decide(Decision.GIVE_NUMBER)
    [found] = pile.city.registry.desk.cards.find(ByNationalId.written("W234567893"), by="lin")
    assert pile.holder(pile.city.hua_card) == found.id


def test_r9_left_where_it_is_the_number_stays_the_other_s(pile: Pile) -> None:
    stories.hua_s_number(pile)
    before = pile.rows("staff_case")
    assert pile.decide(Decision.LEAVE_NUMBER) == ()
    assert pile.rows("staff_case") == before


def test_r9_a_number_that_a_desk_could_not_bind_is_bound_by_the_decision_too(pile: Pile) -> None:
    card = pile.city.hua_card
    with pytest.raises(Exception, match="number_bound_elsewhere"):
        stories.replace_at_desk(pile, card, pile.city.ming_card)
    assert pile.holder(card) == pile.city.hua
    pile.decide(Decision.GIVE_NUMBER)
    assert (pile.holder(card), pile.holder(pile.city.ming_card)) == (pile.city.ming, None)


def test_r15_an_older_reissue_is_bound_by_a_decided_case_only(pile: Pile) -> None:
    stories.an_older_reissue(pile)
    older = CardUid.from_hex("04000077")
    assert (pile.holder(NEW), pile.holder(older)) == (pile.city.ming, None)
    pile.decide(Decision.BIND_ANYWAY)
    assert (pile.holder(NEW), pile.holder(older)) == (None, pile.city.ming)


def test_r15_r13_a_number_that_was_replaced_comes_back_by_a_decided_case_only_and_replaces_the_present_card(pile: Pile) -> None:
    stories.a_replaced_number(pile)
    old = pile.city.ming_card
    assert pile.holder(old) is None
    pile.decide(Decision.BIND_ANYWAY)
    assert pile.holder(old) == pile.city.ming
    assert pile.city.sql("SELECT count(*) FROM card WHERE kind = 'easycard'") == [(2,)]


def test_a_row_about_somebody_else_loses_what_it_bound(pile: Pile) -> None:
    stories.other_name(pile)
    assert pile.decide(Decision.OTHER_PERSON) == (Effect(EffectKind.CARD_ENDS, "easycard"),)
    assert pile.holder(NEW) is None


def test_contact_data_of_somebody_else_is_dropped_and_the_record_is_incomplete_again(pile: Pile) -> None:
    stories.a_wrong_contact(pile)
    assert pile.city.sql("SELECT count(*) FROM contact") == [(1,)]
    pile.decide(Decision.OTHER_PERSON)
    assert pile.city.sql("SELECT count(*) FROM contact") == [(0,)]
    [found] = pile.city.registry.desk.cards.find(ByNationalId.written("A123456789"), by="lin")
    assert not found.contact_complete


def test_r8_a_possible_duplicate_becomes_one_account_and_two_again(pile: Pile) -> None:
    stories.a_duplicate(pile)
    case = pile.one()
    before = pile.rows()
    order = CaseOrder(Decision.MERGE, WHY, survivor=case.patron_key)
    preview = pile.effects(case.id, order)
    assert Effect(EffectKind.RECORD_VANISHES) in preview
    assert pile.desk.decide(case.id, order, LIN) == preview
    assert pile.city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert [one.id for one in pile.city.registry.desk.cards.find(ByNationalId.written("FD12345676"), by="lin")] == [pile.city.hua]
    undone = pile.desk.preview_undo(case.id, LIN)
    assert pile.desk.undo(case.id, CHEN, because="兩個人") == undone
    assert pile.rows() == before


def test_a_row_under_another_number_of_the_same_person_becomes_hers_and_the_number_finds_her(pile: Pile) -> None:
    stories.a_new_resident_number(pile)
    assert pile.city.registry.desk.cards.find(ByNationalId.written("A800123450"), by="lin") == []
    pile.decide(Decision.MERGE)
    assert [one.id for one in pile.city.registry.desk.cards.find(ByNationalId.written("A800123450"), by="lin")] == [pile.city.hua]
    assert pile.city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert pile.city.sql("SELECT school_year FROM consent") == [(114,)]
    pile.bureau(stories.hua(national_id="A800123450"))
    assert (pile.holder(NEW), pile.holder(pile.city.hua_card)) == (pile.city.hua, None)


def test_two_people_and_one_number_is_the_next_question(pile: Pile) -> None:
    stories.a_new_resident_number(pile)
    assert pile.decide(Decision.NOT_DUPLICATE) == (Effect(EffectKind.CASE_OPENED, "number_bound_elsewhere"),)
    assert (pile.one().kind, pile.holder(pile.city.hua_card)) == (CaseKind.NUMBER_BOUND_ELSEWHERE, pile.city.hua)


def test_one_of_the_two_accounts_must_be_named_as_the_one_that_stays(pile: Pile) -> None:
    stories.a_duplicate(pile)
    with pytest.raises(CaseRefusedError) as error:
        pile.decide(Decision.MERGE)
    assert error.value.codes == (CaseRefusal.SURVIVOR_MISSING,)


STORIES: list[tuple[Callable[[Pile], None], Decision]] = [
    *((stories.other_name, one) for one in (Decision.KEEP_NAME, Decision.TAKE_NAME, Decision.OTHER_PERSON)),
    *((stories.other_birth_date, one) for one in (Decision.REFUSE_ROW, Decision.TAKE_BIRTH_DATE, Decision.TWO_PERSONS)),
    *((stories.hua_s_number, one) for one in (Decision.LEAVE_NUMBER, Decision.GIVE_NUMBER)),
    (stories.a_newcomer_with_hua_s_number, Decision.GIVE_NUMBER),
    (stories.a_wrong_contact, Decision.OTHER_PERSON),
    (stories.a_new_resident_number, Decision.MERGE),
    *((stories.a_replaced_number, one) for one in (Decision.KEEP_CARD, Decision.BIND_ANYWAY)),
    *((stories.an_older_reissue, one) for one in (Decision.KEEP_CARD, Decision.BIND_ANYWAY)),
    *((stories.another_form, one) for one in (Decision.REFUSE_ROW, Decision.BIND_AS_WRITTEN)),
    *((stories.changed_since, one) for one in (Decision.KEEP_AS_IS, Decision.UNDO_ANYWAY)),
]


@pytest.mark.parametrize(("story", "decision"), STORIES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_the_preview_is_what_then_happens_and_undone_everything_is_as_before(
    pile: Pile, story: Callable[[Pile], None], decision: Decision
) -> None:
    story(pile)
    case = pile.one().id
    before = pile.rows()
    preview = pile.effects(case, CaseOrder(decision))
    assert pile.rows() == before
    assert (preview != ()) is decision.changes
    assert pile.decide(decision, case) == preview
    undoing = pile.desk.preview_undo(case, LIN)
    assert pile.desk.undo(case, CHEN, because="按錯了") == undoing
    assert pile.rows() == before
    assert pile.decide(decision, case) == preview


def test_a_decision_is_refused_when_what_is_on_record_has_changed_since(pile: Pile) -> None:
    stories.other_birth_date(pile)
    case = pile.one().id
    pile.bureau(ming(card="04000055"))
    pile.city.registry.database.write(
        lambda work: work.connection.exec_driver_sql("UPDATE patron SET birth_date = '2014-05-07' WHERE national_id = 'A123456789'")
    )
    with pytest.raises(CaseRefusedError) as error:
        pile.effects(case, CaseOrder(Decision.TAKE_BIRTH_DATE))
    assert error.value.codes == (CaseRefusal.MOVED_SINCE,)
    assert pile.decide(Decision.REFUSE_ROW, case) == ()


def test_nothing_is_decided_twice(pile: Pile) -> None:
    stories.other_name(pile)
    case = pile.one().id
    pile.decide(Decision.KEEP_NAME, case)
    with pytest.raises(CaseRefusedError) as error:
        pile.decide(Decision.TAKE_NAME, case)
    assert error.value.codes == (CaseRefusal.ALREADY_DECIDED,)


def test_a_decision_that_something_stands_on_is_not_undone(pile: Pile) -> None:
    stories.other_birth_date(pile)
    case = pile.one().id
    pile.decide(Decision.TAKE_BIRTH_DATE, case)
    stories.replace_at_desk(pile, CardUid.from_hex("04000077"), NEW)
    before = pile.rows()
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.undo(case, LIN, because="按錯了")
    assert error.value.codes == (CaseRefusal.CONTRADICTED,)
    assert pile.rows() == before


def test_what_others_do_meanwhile_does_not_stand_in_the_way_of_undoing(pile: Pile) -> None:
    stories.other_name(pile)
    case = pile.one().id
    pile.decide(Decision.TAKE_NAME, case)
    stories.replace_at_desk(pile, CardUid.from_hex("04000077"), NEW)
    pile.desk.undo(case, LIN, because="按錯了")
    assert ("王小明",) in pile.city.sql("SELECT name FROM patron")


def test_after_its_term_a_decision_stands(pile: Pile) -> None:
    stories.other_name(pile)
    case = pile.one().id
    pile.decide(Decision.TAKE_NAME, case)
    pile.city.clock.pass_(days=30, seconds=1)
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.undo(case, LIN, because="按錯了")
    assert error.value.codes == (CaseRefusal.TERM_OVER,)
    assert pile.desk.forget() == (1, 0)
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.undo(case, LIN, because="按錯了")
    assert error.value.codes == (CaseRefusal.NOT_TO_BE_UNDONE,)


def test_kiosks_hear_of_what_a_decision_changed_and_of_its_undoing(pile: Pile) -> None:
    stories.other_name(pile)
    case = pile.one().id
    news, key = "SELECT count(*) FROM feed WHERE table_name = 'card' AND row_key = :key", pile.city.key_of(NEW).hex()
    [(before,)] = pile.city.sql(news, key=key)
    pile.decide(Decision.OTHER_PERSON, case)
    pile.desk.undo(case, LIN, because="按錯了")
    assert pile.city.sql(news, key=key) == [(before + 2,)]


@pytest.mark.parametrize(
    ("decision", "state", "approved"), [(Decision.APPROVE_BATCH, "staged", LIN.name), (Decision.DISCARD_BATCH, "discarded", None)]
)
def test_an_unusual_batch_waits_until_somebody_else_approves_or_discards_it(
    pile: Pile, decision: Decision, state: str, approved: str | None
) -> None:
    stories.an_unusual_batch(pile)
    case = pile.one()
    assert (case.kind, pile.holder(NEW)) == (CaseKind.BATCH_UNUSUAL, None)
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.decide(case.id, CaseOrder(Decision.APPROVE_BATCH, WHY), Viewer("bureau"))
    assert error.value.codes == (CaseRefusal.OWN_CASE,)
    pile.desk.decide(case.id, CaseOrder(decision, WHY), LIN)
    assert pile.city.sql("SELECT state, approved_by FROM roster_batch WHERE school_year = 114") == [(state, approved)]
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.undo(case.id, LIN, because="按錯了")
    assert error.value.codes == (CaseRefusal.NOT_TO_BE_UNDONE,)


def test_a_case_that_a_second_person_must_see_is_not_decided_by_the_first(pile: Pile) -> None:
    case = pile.open(CaseKind.BATCH_UNUSUAL, by=LIN.name)
    with pytest.raises(CaseRefusedError) as error:
        pile.effects(case, CaseOrder(Decision.APPROVE_BATCH))
    assert CaseRefusal.OWN_CASE in error.value.codes
