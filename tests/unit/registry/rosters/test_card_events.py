"""What reissues, leavings and losses do, by what is known: every rule of card events, without a database."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.replacement import Owner
from registry.cards.store import CardSource
from registry.cases.kinds import CaseKind
from registry.rosters.card_events import plan_card_events
from registry.rosters.events import BindingChange, FeedEvent, changes_binding
from registry.rosters.known import Fresh, Known, KnownCard, KnownPatron, Named
from registry.rosters.plan import Outcome, Plan
from registry.rosters.rows import LeavingRow, LossRow, ReissueRow

ID, BORN = "A123456789", date(2014, 5, 6)
MING, HUA = PatronId(UUID(int=1)), PatronId(UUID(int=2))
FIRST, NEW, OTHER = CardUid.from_hex("04000001"), CardUid.from_hex("04000002"), CardUid.from_hex("04000003")
BEGINS, OCTOBER, NOVEMBER = date(2025, 8, 1), date(2025, 10, 3), date(2025, 11, 5)


def ming(
    *,
    card: CardUid | None = FIRST,
    source: CardSource = CardSource.ROSTER,
    bound_on: date | None = None,
    consents: frozenset[int] = frozenset({114}),
    as_of: date | None = BEGINS,
) -> KnownPatron:
    bound_at = datetime(2025, 9, 20, tzinfo=UTC)
    easycard = None if card is None else KnownCard(card.hex, CardId(UUID(int=7)), CardState.ACTIVE, source, bound_at, bound_on)
    return KnownPatron(MING, "王小明", BORN, contact_complete=True, regular_at=None, card=easycard, consents=consents, fresh=Fresh(as_of))


def known(patron: KnownPatron | None, **more: object) -> Known:
    named = {FIRST: Named(MING, BEGINS, BEGINS)}
    return Known({} if patron is None else {ID: patron}, **{"named": named, **more})  # type: ignore[arg-type]  # named fields of Known


def plan(before: Known, *rows: ReissueRow | LeavingRow | LossRow, decided: frozenset[CaseKind] = frozenset()) -> Plan:
    return plan_card_events(rows, before, school_year=114, decided=decided)


def a_reissue(card: CardUid = NEW, on: date = OCTOBER, *, number: int = 2, old: CardUid | None = None, born: date = BORN) -> ReissueRow:
    return ReissueRow(number, ID, born, card, on, old)


def a_leaving(*, handed_in: bool, on: date = date(2026, 6, 20), card: CardUid | None = None) -> LeavingRow:
    return LeavingRow(2, ID, BORN, handed_in, on, card)


def a_loss(on: date = OCTOBER, card: CardUid | None = None) -> LossRow:
    return LossRow(2, ID, BORN, on, card)


def outcome(found: Plan) -> Outcome:
    (only,) = found.row_outcomes.values()
    return only


def kinds(found: Plan) -> list[CaseKind]:
    return [case.kind for case in found.cases]


def test_r10_only_loss_reissue_return_and_a_new_card_change_a_binding() -> None:
    assert {event: changes_binding(event) for event in FeedEvent} == {
        FeedEvent.NEW_CARD: BindingChange.BIND,
        FeedEvent.REISSUE: BindingChange.BIND,
        FeedEvent.LOSS: BindingChange.STOP,
        FeedEvent.RETURN: BindingChange.END,
        FeedEvent.CANCELLED: None,
        FeedEvent.CONTACT_DATA: None,
    }


def test_q6_3a_and_r6_a_reissue_replaces_with_or_without_a_loss_report() -> None:
    found = plan(known(ming()), a_reissue())
    assert (outcome(found), [(one.patron, one.replaces) for one in found.cards]) == (Outcome.REPLACED, [(MING, FIRST.hex)])
    assert found.fresh == {MING: Fresh(OCTOBER)}


@pytest.mark.parametrize("row", [a_reissue(), a_leaving(handed_in=True), a_leaving(handed_in=False), a_loss()])
@pytest.mark.parametrize("patron", [None, ming(consents=frozenset())])
def test_q6_3b_of_a_non_participant_nothing_is_kept(row: ReissueRow | LeavingRow | LossRow, patron: KnownPatron | None) -> None:
    found = plan(known(patron), row)
    assert (outcome(found), found.is_empty) == (Outcome.NOT_PARTICIPATING, True)


@pytest.mark.parametrize("row", [a_reissue(born=date(2014, 5, 7)), LossRow(2, ID, date(2014, 5, 7), OCTOBER)])
def test_r3_holds_for_card_events_too(row: ReissueRow | LossRow) -> None:
    found = plan(known(ming()), row)
    assert (outcome(found), kinds(found), found.cards, found.lost) == (Outcome.HELD, [CaseKind.BIRTH_DATE_DIFFERS], [], [])


def test_r15_an_older_reissue_never_overwrites_a_newer_card() -> None:
    newer = ming(card=OTHER, as_of=NOVEMBER)
    found = plan(known(newer), a_reissue())
    assert (outcome(found), kinds(found), found.cards) == (Outcome.HELD, [CaseKind.REISSUE_OLDER], [])
    decided = plan(known(newer), a_reissue(), decided=frozenset({CaseKind.REISSUE_OLDER}))
    assert (outcome(decided), decided.fresh) == (Outcome.REPLACED, {})


def test_r15_a_reissue_older_than_a_card_bound_at_a_desk_is_a_question() -> None:
    at_desk = ming(card=OTHER, source=CardSource.DESK, bound_on=NOVEMBER)
    assert kinds(plan(known(at_desk), a_reissue())) == [CaseKind.REISSUE_OLDER]
    assert outcome(plan(known(at_desk), a_reissue(on=NOVEMBER))) is Outcome.REPLACED


def test_r15_the_same_reissue_twice_changes_nothing() -> None:
    there = known(ming(card=NEW, as_of=OCTOBER), named={NEW: Named(MING, OCTOBER, OCTOBER)})
    assert (outcome(plan(there, a_reissue())), plan(there, a_reissue()).is_empty) == (Outcome.UNCHANGED, True)
    overtaken = known(ming(card=OTHER, as_of=NOVEMBER), named={NEW: Named(MING, OCTOBER, OCTOBER)}, replaced={NEW: MING})
    found = plan(overtaken, a_reissue())
    assert (outcome(found), found.is_empty) == (Outcome.OLDER, True)


@given(st.permutations([a_reissue(), a_reissue(OTHER, NOVEMBER, number=3), a_reissue(CardUid.from_hex("04000009"), BEGINS, number=4)]))
def test_r15_of_several_reissues_in_one_file_the_newest_counts_in_whatever_order(rows: list[ReissueRow]) -> None:
    found = plan(known(ming()), *rows)
    assert [one.row.card for one in found.cards] == [OTHER]
    assert found.row_outcomes == {2: Outcome.OLDER, 3: Outcome.REPLACED, 4: Outcome.OLDER}


def test_r9_a_reissue_takes_nothing_from_anybody() -> None:
    for before in ({"owners": {NEW: Owner(HUA, CardKind.EASYCARD)}}, {"replaced": {NEW: HUA}}):
        found = plan(known(ming(), **before), a_reissue())
        assert (kinds(found), found.cards) == ([CaseKind.NUMBER_BOUND_ELSEWHERE], [])
    old_of_another = plan(known(ming(), owners={OTHER: Owner(HUA, CardKind.EASYCARD)}), a_reissue(old=OTHER))
    assert (kinds(old_of_another), old_of_another.cards) == ([CaseKind.NUMBER_BOUND_ELSEWHERE], [])


def test_q7_b_a_card_handed_in_ends_its_number_and_nothing_else() -> None:
    found = plan(known(ming()), a_leaving(handed_in=True))
    assert (outcome(found), [(one.patron, one.card) for one in found.ended]) == (Outcome.ENDED, [(MING, FIRST)])
    assert (found.cards, found.lost, found.consents, found.contacts, found.patrons) == ([], [], [], {}, [])


def test_q7_a_and_r10_a_cancelled_card_is_noted_once_and_stays() -> None:
    found = plan(known(ming()), a_leaving(handed_in=False))
    assert (outcome(found), [one.card for one in found.cancelled]) == (Outcome.NOTED, [FIRST])
    assert (found.ended, found.lost, found.cards) == ([], [], [])
    again = plan(known(ming(), cancelled=frozenset({FIRST})), a_leaving(handed_in=False))
    assert (outcome(again), again.is_empty) == (Outcome.UNCHANGED, True)


def test_r18_a_loss_from_the_bureau_stops_the_student_id_once() -> None:
    found = plan(known(ming()), a_loss())
    assert (outcome(found), [one.card for one in found.lost]) == (Outcome.STOPPED, [FIRST])
    again = plan(known(ming(), lost=frozenset({FIRST})), a_loss())
    assert (outcome(again), again.is_empty) == (Outcome.UNCHANGED, True)


@pytest.mark.parametrize("row", [a_loss(on=OCTOBER), a_leaving(handed_in=True, on=OCTOBER)])
def test_r15_what_happened_to_the_card_before_does_not_touch_the_card_issued_since(row: LossRow | LeavingRow) -> None:
    since = known(ming(card=NEW, as_of=OCTOBER), named={NEW: Named(MING, OCTOBER, OCTOBER)})
    found = plan(since, row)
    assert (outcome(found), found.is_empty) == (Outcome.OLDER, True)


@pytest.mark.parametrize("row", [a_loss(card=OTHER), a_leaving(handed_in=True, card=OTHER)])
def test_r9_another_number_than_the_patrons_is_nobodys_or_a_question(row: LossRow | LeavingRow) -> None:
    nobodys = plan(known(ming()), row)
    assert (outcome(nobodys), nobodys.is_empty) == (Outcome.UNCHANGED, True)
    another = plan(known(ming(), owners={OTHER: Owner(HUA, CardKind.EASYCARD)}), row)
    assert (kinds(another), another.lost, another.ended) == ([CaseKind.NUMBER_BOUND_ELSEWHERE], [], [])


def test_a_card_of_the_patrons_own_is_no_student_id() -> None:
    own = known(ming(source=CardSource.DESK), named={})
    assert outcome(plan(own, a_loss())) is Outcome.UNCHANGED
    assert outcome(plan(own, a_loss(card=FIRST))) is Outcome.STOPPED
    assert outcome(plan(known(ming(card=None)), a_leaving(handed_in=True))) is Outcome.UNCHANGED


def test_a_day_of_leaving_and_losing_told_twice_is_done_once() -> None:
    rows = (
        LeavingRow(2, ID, BORN, handed_in=True, left_on=date(2026, 6, 20)),
        LeavingRow(3, ID, BORN, handed_in=True, left_on=date(2026, 6, 21), card=FIRST),
    )
    assert [one.card for one in plan(known(ming()), *rows).ended] == [FIRST]
    assert [one.card for one in plan(known(ming()), a_loss(), LossRow(3, ID, BORN, NOVEMBER)).lost] == [FIRST]


def test_nothing_of_a_person_is_printed_with_a_plan() -> None:
    found = plan(known(ming()), a_reissue())
    assert "04000002" not in repr((found.cards, found.cases, found.ended))
