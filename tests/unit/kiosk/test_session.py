"""The session machine: the rules that matter most, as sentences. Every state against every event stands in ``test_session_table.py``."""

from dataclasses import replace

import pytest

from circulation.wire import PinVerdict
from kiosk.answers import CardsFound, PatronIdentified, VisitChanged
from kiosk.events import LossChosen, PinAnswered, PinEntered, ReturnChosen, StillHereChosen, Tick, TitlesChosen, Touched
from kiosk.present_losses import pin_pad
from kiosk.scans import ItemScanned
from kiosk.session import advance, deadline
from kiosk.states import (
    Borrowing,
    Dropping,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Lend,
    Loans,
    LossForm,
    LossReported,
    LossTaken,
    Open,
    PinPad,
    Refused,
    Renew,
    ReportLoss,
    Returning,
    State,
    StillHere,
    TakeBack,
    Waiting,
    visit_in,
)
from kiosk.view import PinProblem, Refusal
from tests.unit.kiosk.session_values import (
    CARDS,
    CHANGED,
    DROP,
    DROPPING,
    EVENTS,
    FORM,
    IPASS,
    LOST,
    MINE,
    NOW,
    OTHER,
    OTHER_VISIT,
    SETTINGS,
    TICKET,
    VISIT,
)


def test_nobody_touches_for_twenty_seconds_then_a_countdown_of_ten_then_everything_is_wiped() -> None:
    state: State = Home(VISIT, NOW)
    assert deadline(state, SETTINGS) == NOW + 20
    assert advance(state, Tick(), now=NOW + 19.9, settings=SETTINGS) == state
    state = advance(state, Tick(), now=NOW + 20, settings=SETTINGS)
    assert state == StillHere(Home(VISIT, NOW), NOW + 30)
    assert deadline(state, SETTINGS) == NOW + 30
    assert advance(state, Tick(), now=NOW + 29.9, settings=SETTINGS) == state
    assert advance(state, Tick(), now=NOW + 30, settings=SETTINGS) == Idle()


def test_a_late_look_at_the_clock_gives_nobody_more_time() -> None:
    assert advance(Home(VISIT, NOW), Tick(), now=NOW + 25, settings=SETTINGS) == StillHere(Home(VISIT, NOW), NOW + 30)
    assert advance(Home(VISIT, NOW), Tick(), now=NOW + 31, settings=SETTINGS) == Idle()


def test_a_scan_after_the_time_is_up_waits_for_the_next_card_and_joins_no_session() -> None:
    late = advance(Borrowing(VISIT, NOW), EVENTS["scan"], now=NOW + 31, settings=SETTINGS)
    assert late == Idle(Waiting(("B9",), NOW + 61))


def test_a_card_after_the_time_is_up_begins_a_session_of_its_own() -> None:
    assert advance(Borrowing(VISIT, NOW), EVENTS["other card"], now=NOW + 30, settings=SETTINGS) == Identifying(OTHER)


@pytest.mark.parametrize(
    "inside", [Home(VISIT, NOW), Borrowing(VISIT, NOW), Returning(VISIT, NOW), Loans(VISIT, NOW), ReportLoss(VISIT, NOW, CARDS)]
)
def test_still_here_returns_to_where_one_was(inside: Open) -> None:
    counting = advance(inside, Tick(), now=NOW + 22, settings=SETTINGS)
    assert advance(counting, StillHereChosen(), now=NOW + 23, settings=SETTINGS) == replace(inside, since=NOW + 23)


def test_a_touch_elsewhere_does_not_stop_the_countdown() -> None:
    counting = advance(Home(VISIT, NOW), Tick(), now=NOW + 22, settings=SETTINGS)
    assert advance(counting, Touched(), now=NOW + 23, settings=SETTINGS) == counting


def test_a_scan_during_the_countdown_is_not_lent_and_waits_for_the_next_card_when_nobody_answers() -> None:
    counting = advance(Borrowing(VISIT, NOW), EVENTS["scan"], now=NOW + 25, settings=SETTINGS)
    assert counting == StillHere(Borrowing(VISIT, NOW), NOW + 30, Waiting(("B9",), NOW + 55))
    assert deadline(counting, SETTINGS) == NOW + 30
    free = advance(counting, Tick(), now=NOW + 30, settings=SETTINGS)
    assert free == Idle(Waiting(("B9",), NOW + 55))
    assert deadline(free, SETTINGS) == NOW + 55
    assert advance(counting, Tick(), now=NOW + 55, settings=SETTINGS) == Idle()
    next_child = advance(free, EVENTS["other card"], now=NOW + 31, settings=SETTINGS)
    begun = advance(next_child, EVENTS["identified another"], now=NOW + 31, settings=SETTINGS)
    assert begun == Borrowing(OTHER_VISIT, NOW + 31, (Lend("B9"),))


@pytest.mark.parametrize("event", ["still here", "my card"])
def test_who_says_that_he_is_still_here_gets_what_was_scanned_after_what_was_to_do_already(event: str) -> None:
    inside = Borrowing(VISIT, NOW, (Lend("B1"),), other_card_until=NOW + 24)
    counting = StillHere(inside, NOW + 30, Waiting(("B8", "B9"), NOW + 50))
    expected = Borrowing(VISIT, NOW + 23, (Lend("B1"), Lend("B8"), Lend("B9")), other_card_until=NOW + 24)
    assert advance(counting, EVENTS[event], now=NOW + 23, settings=SETTINGS) == expected


def test_a_scan_that_grew_old_during_a_long_countdown_is_not_lent() -> None:
    settings = replace(SETTINGS, countdown=60)
    counting = StillHere(Home(VISIT, NOW), NOW + 80, Waiting(("B9",), NOW + 52))
    assert advance(counting, StillHereChosen(), now=NOW + 52, settings=settings) == Home(VISIT, NOW + 52)


def test_ten_items_wait_during_a_countdown_and_no_eleventh() -> None:
    state: State = Home(VISIT, NOW)
    for n in range(12):
        state = advance(state, ItemScanned(f"B{n}"), now=NOW + 21, settings=SETTINGS)
    assert state == StillHere(Home(VISIT, NOW), NOW + 30, Waiting(tuple(f"B{n}" for n in range(10)), NOW + 51))


def test_the_notice_about_another_card_goes_after_four_seconds_and_gives_no_time() -> None:
    state = advance(Home(VISIT, NOW), EVENTS["other card"], now=NOW + 1, settings=SETTINGS)
    assert deadline(state, SETTINGS) == NOW + 5
    assert advance(state, Tick(), now=NOW + 5, settings=SETTINGS) == Home(VISIT, NOW)


def test_a_notice_during_the_countdown_goes_by_itself_too() -> None:
    counting = StillHere(Home(VISIT, NOW, NOW + 22), NOW + 30)
    assert deadline(counting, SETTINGS) == NOW + 22
    assert advance(counting, Tick(), now=NOW + 22, settings=SETTINGS) == StillHere(Home(VISIT, NOW), NOW + 30)


def test_items_scanned_before_the_tap_wait_thirty_seconds_from_the_last_scan() -> None:
    state: State = Idle()
    for seconds, barcode in ((0, "B1"), (20, "B2")):
        state = advance(state, ItemScanned(barcode), now=NOW + seconds, settings=SETTINGS)
    assert deadline(state, SETTINGS) == NOW + 50
    assert advance(state, Tick(), now=NOW + 49, settings=SETTINGS) == Idle(Waiting(("B1", "B2"), NOW + 50))
    assert advance(state, Tick(), now=NOW + 50, settings=SETTINGS) == Idle()


def test_ten_items_wait_and_no_eleventh_and_none_twice() -> None:
    state: State = Idle()
    for n in (*range(12), 3):
        state = advance(state, ItemScanned(f"B{n}"), now=NOW, settings=SETTINGS)
    assert state == Idle(Waiting(tuple(f"B{n}" for n in range(10)), NOW + 30))


def test_a_refused_card_leaves_the_pile_to_the_next_one_but_not_beyond_its_time() -> None:
    refused = Refused(Refusal.UNKNOWN, NOW + 8, Waiting(("B1",), NOW + 10))
    assert advance(refused, Tick(), now=NOW + 8, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 10))
    assert advance(refused, Tick(), now=NOW + 10, settings=SETTINGS) == Idle()


def test_a_pile_that_grew_old_while_the_card_was_looked_up_is_not_lent() -> None:
    identifying = Identifying(MINE, Waiting(("B1",), NOW))
    assert advance(identifying, PatronIdentified(VISIT), now=NOW, settings=SETTINGS) == Home(VISIT, NOW)


def test_doing_what_was_to_do_takes_it_off_the_list_and_news_does_not() -> None:
    state = Borrowing(VISIT, NOW, (Lend("B1"), Lend("B2")))
    assert advance(state, VisitChanged(CHANGED), now=NOW, settings=SETTINGS) == Borrowing(CHANGED, NOW, (Lend("B1"), Lend("B2")))
    assert advance(state, VisitChanged(CHANGED, done=True), now=NOW, settings=SETTINGS) == Borrowing(CHANGED, NOW, (Lend("B2"),))


@pytest.mark.parametrize("screen", [Returning(VISIT, NOW, (TakeBack("B1"),)), Loans(VISIT, NOW, (Renew(),)), Home(VISIT, NOW)])
def test_what_was_done_is_off_the_list_on_every_screen(screen: Open) -> None:
    after = advance(screen, VisitChanged(CHANGED, done=True), now=NOW, settings=SETTINGS)
    assert after == type(screen)(CHANGED, NOW)


def test_a_slip_leaves_the_pile_to_the_next_card_but_not_beyond_its_time() -> None:
    slip = Goodbye((), NOW + 8, Waiting(("B1",), NOW + 10))
    assert advance(slip, Tick(), now=NOW + 8, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 10))
    assert advance(slip, Tick(), now=NOW + 10, settings=SETTINGS) == Idle()


@pytest.mark.parametrize("state", [Goodbye((), NOW + 8), Refused(Refusal.LOST, NOW + 8), LossTaken(IPASS.kind, NOW + 8)])
def test_goodbye_and_refusal_go_by_themselves(state: State) -> None:
    assert deadline(state, SETTINGS) == NOW + 8
    assert advance(state, Tick(), now=NOW + 8, settings=SETTINGS) == Idle()


def test_items_without_a_card_are_left_after_twenty_seconds_without_a_countdown() -> None:
    state = Dropping(NOW, DROP)
    assert deadline(state, SETTINGS) == NOW + 20
    assert advance(state, Tick(), now=NOW + 19.9, settings=SETTINGS) == state
    assert advance(state, Tick(), now=NOW + 20, settings=SETTINGS) == Idle()


def test_a_scan_after_the_return_screen_has_gone_waits_for_a_card() -> None:
    assert advance(Dropping(NOW, DROP), EVENTS["scan"], now=NOW + 20, settings=SETTINGS) == Idle(Waiting(("B9",), NOW + 50))


def test_a_pile_that_grew_old_is_not_taken_back() -> None:
    assert advance(Idle(Waiting(("B1",), NOW)), ReturnChosen(), now=NOW, settings=SETTINGS) == Dropping(NOW)


def test_a_scan_during_the_countdown_of_a_return_comes_back_when_somebody_is_here() -> None:
    counting = advance(Returning(VISIT, NOW), EVENTS["scan"], now=NOW + 25, settings=SETTINGS)
    assert counting == StillHere(Returning(VISIT, NOW), NOW + 30, Waiting(("B9",), NOW + 55))
    assert advance(counting, StillHereChosen(), now=NOW + 26, settings=SETTINGS) == Returning(VISIT, NOW + 26, (TakeBack("B9"),))


def test_the_form_of_a_loss_without_a_card_goes_with_all_that_was_typed_when_nobody_touches_it() -> None:
    form = LossForm(NOW, Waiting(("B1",), NOW + 50), ticket=TICKET, kind=IPASS.kind)
    assert deadline(form, SETTINGS) == NOW + 30
    assert advance(form, Tick(), now=NOW + 30, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 50))
    assert advance(form, EVENTS["loss by id taken"], now=NOW + 30, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 50))


def test_a_report_without_a_card_can_be_tried_again_after_it_failed() -> None:
    failed = advance(LossForm(NOW, ticket=TICKET, kind=IPASS.kind), EVENTS["question failed"], now=NOW, settings=SETTINGS)
    assert isinstance(failed, LossForm)
    assert failed.failed
    assert advance(failed, FORM, now=NOW, settings=SETTINGS) == LossForm(NOW, form=FORM, kind=FORM.kind)


@pytest.mark.parametrize("state", [LossForm(NOW, form=FORM), PinPad(VISIT, NOW, "2468")])
def test_what_was_typed_stands_in_no_text_of_a_state(state: State) -> None:
    assert not [secret for secret in ("A123456789", "2015", "2468") if secret in repr(state)]


def test_the_countdown_wipes_the_pad_and_a_late_answer_opens_nothing() -> None:
    counting = advance(PinPad(VISIT, NOW, ticket=TICKET, problem=PinProblem.WRONG), Tick(), now=NOW + 20, settings=SETTINGS)
    assert counting == StillHere(PinPad(VISIT, NOW), NOW + 30)
    assert advance(counting, EVENTS["pin right"], now=NOW + 21, settings=SETTINGS) == counting
    assert advance(counting, StillHereChosen(), now=NOW + 22, settings=SETTINGS) == PinPad(VISIT, NOW + 22)


def test_the_countdown_lets_go_of_the_card_that_was_about_to_be_reported() -> None:
    counting = advance(ReportLoss(VISIT, NOW, CARDS, IPASS), Tick(), now=NOW + 20, settings=SETTINGS)
    assert counting == StillHere(ReportLoss(VISIT, NOW, CARDS), NOW + 30)


def test_news_about_the_cards_reach_the_screen_below_the_countdown() -> None:
    counting = StillHere(ReportLoss(VISIT, NOW, CARDS), NOW + 30)
    after = advance(counting, CardsFound("c1", (LOST,)), now=NOW + 21, settings=SETTINGS)
    assert after == StillHere(ReportLoss(VISIT, NOW, (LOST,)), NOW + 30)


@pytest.mark.parametrize("left_by", ["back", "scan", "my loans", "finish"])
def test_an_answer_that_comes_after_the_pad_was_left_opens_nothing(left_by: str) -> None:
    left = advance(PinPad(VISIT, NOW, ticket=TICKET), EVENTS[left_by], now=NOW, settings=SETTINGS)
    assert advance(left, EVENTS["pin right"], now=NOW, settings=SETTINGS) == left


def test_the_answer_to_an_earlier_question_is_no_answer_to_this_one() -> None:
    pad = PinPad(VISIT, NOW, ticket=TICKET)
    assert advance(pad, EVENTS["another pin right"], now=NOW, settings=SETTINGS) == pad


def test_three_wrong_pins_end_the_pad_and_no_fourth_is_asked_about_in_this_visit() -> None:
    state: State = advance(Loans(VISIT, NOW), TitlesChosen(), now=NOW, settings=SETTINGS)
    for wrong in range(1, 4):
        state = advance(state, PinEntered("0000"), now=NOW, settings=SETTINGS)
        state = advance(state, EVENTS["asked"], now=NOW, settings=SETTINGS)
        state = advance(state, PinAnswered(TICKET, PinVerdict.WRONG), now=NOW, settings=SETTINGS)
        tried = replace(VISIT, wrong_pins=wrong)
        assert state == (PinPad(tried, NOW, problem=PinProblem.WRONG) if wrong < 3 else Loans(tried, NOW))
    assert isinstance(state, Loans)
    assert (state.visit.wrong_pins, state.visit.titles_shown) == (3, False)
    again = advance(state, TitlesChosen(), now=NOW, settings=SETTINGS)
    assert again == PinPad(state.visit, NOW, problem=PinProblem.WRONG)
    assert advance(again, PinEntered("1234"), now=NOW, settings=SETTINGS) == again


def test_where_the_branch_wants_no_pin_titles_are_shown_at_once_and_once_shown_stay() -> None:
    shown = replace(VISIT, titles_shown=True)
    assert advance(Loans(VISIT, NOW), TitlesChosen(), now=NOW, settings=replace(SETTINGS, titles_need_pin=False)) == Loans(shown, NOW)
    assert advance(Loans(shown, NOW), TitlesChosen(), now=NOW + 1, settings=SETTINGS) == Loans(shown, NOW + 1)


def test_the_screen_after_a_loss_report_goes_home_by_itself_and_home_has_its_own_time() -> None:
    state = LossReported(VISIT, IPASS.kind, 7, NOW + 12)
    assert deadline(state, SETTINGS) == NOW + 12
    assert advance(state, Touched(), now=NOW + 11, settings=SETTINGS) == state
    assert advance(state, Tick(), now=NOW + 12, settings=SETTINGS) == Home(VISIT, NOW + 12)
    assert advance(state, Tick(), now=NOW + 32, settings=SETTINGS) == StillHere(Home(VISIT, NOW + 12), NOW + 42)
    assert advance(state, Tick(), now=NOW + 42, settings=SETTINGS) == Idle()


def test_another_card_beside_a_loss_report_gets_a_notice_for_a_moment() -> None:
    state = advance(LossReported(VISIT, IPASS.kind, 7, NOW + 12), EVENTS["other card"], now=NOW, settings=SETTINGS)
    assert deadline(state, SETTINGS) == NOW + 4
    assert advance(state, Tick(), now=NOW + 4, settings=SETTINGS) == LossReported(VISIT, IPASS.kind, 7, NOW + 12)


def test_a_card_that_was_stopped_meanwhile_is_not_chosen_any_more() -> None:
    chosen = ReportLoss(VISIT, NOW, CARDS, IPASS, confirmed=True)
    assert advance(chosen, CardsFound("c1", (LOST,)), now=NOW, settings=SETTINGS) == ReportLoss(VISIT, NOW, (LOST,))


def test_a_code_scanned_between_the_card_and_its_answer_comes_back_in_the_session() -> None:
    looking = advance(DROPPING, EVENTS["my card"], now=NOW, settings=SETTINGS)
    scanned = advance(looking, EVENTS["scan"], now=NOW, settings=SETTINGS)
    assert advance(scanned, EVENTS["identified me"], now=NOW, settings=SETTINGS) == Returning(VISIT, NOW, (TakeBack("B9"),))


def test_a_pin_that_was_asked_about_is_a_try_though_nobody_waits_for_its_answer() -> None:
    state: State = Loans(VISIT, NOW)
    for name in ("titles", "pin", "asked", "back", "pin wrong") * 3:
        state = advance(state, EVENTS[name], now=NOW, settings=SETTINGS)
    pad = advance(state, EVENTS["titles"], now=NOW, settings=SETTINGS)
    assert pad == PinPad(replace(VISIT, open_pins=3), NOW, problem=PinProblem.WRONG)
    assert advance(pad, EVENTS["pin"], now=NOW, settings=SETTINGS) == pad


@pytest.mark.parametrize("answer", ["pin locked", "no pin", "question failed", "pin right"])
def test_an_answer_that_is_not_wrong_gives_the_try_back(answer: str) -> None:
    state = advance(PinPad(replace(VISIT, open_pins=1), NOW, ticket=TICKET), EVENTS[answer], now=NOW, settings=SETTINGS)
    visit = visit_in(state)
    assert visit is not None
    assert (visit.open_pins, visit.wrong_pins) == (0, 0)


def test_the_try_under_way_is_not_taken_off_what_the_pad_shows_and_one_left_behind_is() -> None:
    left = [
        pin_pad(PinPad(replace(VISIT, open_pins=1), NOW, ticket=ticket), SETTINGS, offline=False).tries_left for ticket in (TICKET, None)
    ]
    assert left == [3, 2]


def test_a_card_laid_down_beside_the_form_opens_its_own_session() -> None:
    form = advance(Idle(), LossChosen(), now=NOW, settings=SETTINGS)
    assert advance(form, EVENTS["my card"], now=NOW, settings=SETTINGS) == Identifying(MINE)
