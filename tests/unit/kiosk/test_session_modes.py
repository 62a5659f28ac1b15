"""The session machine while a class is here, and while cards are checked: every state against every event, and walks."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.answers import CardTurnedAway
from kiosk.events import BorrowChosen, Event, FinishChosen
from kiosk.modes import CardCheck, ClassVisit, Mode
from kiosk.opener import MobileCard
from kiosk.present import Scene, present
from kiosk.refusal import Refusal
from kiosk.scans import CardScanned, Scan, opener_in
from kiosk.session import advance, deadline
from kiosk.states import (
    Borrowing,
    Checked,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Lend,
    LossReported,
    Open,
    State,
    StillHere,
    Waiting,
    visit_in,
)
from tests.kiosk_world import NOON
from tests.unit.kiosk.session_values import BARCODE_CARD, EVENTS, MINE, MY_PHONE, NOW, OTHER, PILE, SETTINGS, STATES, VISIT
from tests.unit.kiosk.session_walk import PATRONS, TAPS, Walk, steps

CLASS = replace(SETTINGS, mode=Mode.CLASS_VISIT, goodbye=SETTINGS.class_goodbye)
CHECK = replace(SETTINGS, mode=Mode.CARD_CHECK)
VISITED = [name for name, state in STATES.items() if visit_in(state) is not None]
SEEDS = st.integers(0, 2**32)


def waiting_in(state: State) -> Waiting:
    return state.waiting if isinstance(state, StillHere) else Waiting()


@pytest.mark.parametrize("state", STATES)
def test_while_a_class_is_here_all_is_as_ever_but_for_the_next_card_the_way_to_the_books_and_the_slips_time(state: str) -> None:
    before = STATES[state]
    for name, event in EVENTS.items():
        as_ever = advance(before, event, now=NOW, settings=SETTINGS)
        now = advance(before, event, now=NOW, settings=CLASS)
        if state in VISITED and name in {"other card", "barcode card"}:
            assert now == Identifying(OTHER if name == "other card" else BARCODE_CARD, waiting_in(before))
        elif state == "identifying" and name == "identified me":
            assert now == as_ever == Borrowing(VISIT, NOW, (Lend("W1"),))
        elif isinstance(as_ever, Goodbye) and as_ever != before:
            assert now == replace(as_ever, ends_at=NOW + 5)
        else:
            assert now == as_ever


def test_in_a_class_a_card_leads_straight_to_the_books_and_who_may_not_borrow_is_told_why() -> None:
    looked_up = Identifying(MINE)

    assert advance(looked_up, EVENTS["identified me"], now=NOW, settings=CLASS) == Borrowing(VISIT, NOW)
    assert advance(looked_up, EVENTS["identified me hindered"], now=NOW, settings=CLASS) == Home(VISIT, NOW)
    assert advance(looked_up, EVENTS["identified me"], now=NOW, settings=SETTINGS) == Home(VISIT, NOW)


def test_in_a_class_a_phone_is_the_next_card_too() -> None:
    phone = MobileCard.shown(MY_PHONE)

    assert advance(STATES["borrowing"], CardScanned(phone), now=NOW, settings=CLASS) == Identifying(phone)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_whatever_a_class_does_the_turn_is_that_of_the_last_card_and_no_name_is_ever_shown(seed: int) -> None:
    walk = Walk(settings=CLASS)
    scene = Scene(NOON, None, None, (), duty=ClassVisit(10**6, NOON))
    for event, seconds in steps(seed, walk):
        walk.now += seconds
        before, opener = visit_in(walk.until_now()), opener_in(event)
        state = walk.take(event)
        visit = visit_in(state)
        if opener is not None and before is not None:
            assert visit is not None
            assert visit.patron == PATRONS[opener]
        if visit is not None:
            assert visit.lines == () or all(line.title == f"of {visit.patron.masked_name}" for line in visit.lines)
        if not isinstance(state, Goodbye) and (
            visit is None or not (visit.lines or visit.returned or visit.renewals or visit.titles_shown)
        ):
            assert "Patron" not in repr(present(state, scene, CLASS))


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_whatever_is_laid_down_to_be_checked_opens_nothing_and_nothing_is_lent(seed: int) -> None:
    walk = Walk(settings=CHECK)
    scene = Scene(NOON, None, None, (), duty=CardCheck())
    for event, seconds in steps(seed, walk):
        walk.now += seconds
        state = walk.take(event)
        assert isinstance(state, Idle | Checked)
        assert state == Idle() or isinstance(state, Checked)
        assert "Patron" not in repr(present(state, scene, CHECK))


@pytest.mark.parametrize("tap", TAPS)
def test_a_card_that_works_is_good_for_four_seconds_and_then_the_next_is_waited_for(tap: Event | Scan) -> None:
    walk = Walk(settings=CHECK)

    assert walk.take(tap) == Checked(None, 4)
    assert deadline(walk.state, CHECK) == 4
    walk.now = 4
    assert walk.until_now() == Idle()


def test_a_card_that_does_not_work_is_told_with_what_finds_it_in_the_logs() -> None:
    turned_away = CardTurnedAway(MINE, Refusal.LOST, "c7")

    assert advance(Identifying(MINE), turned_away, now=NOW, settings=CHECK) == Checked(Refusal.LOST, NOW + 12, "c7")
    assert advance(Identifying(OTHER), turned_away, now=NOW, settings=CHECK) == Identifying(OTHER)


@pytest.mark.parametrize("state", [Idle(), Idle(PILE), Checked(None, NOW + 1)])
def test_a_card_that_can_not_be_read_is_told_at_once_where_cards_are_checked(state: State) -> None:
    assert advance(state, EVENTS["unreadable"], now=NOW, settings=CHECK) == Checked(Refusal.UNREADABLE, NOW + 12)


@pytest.mark.parametrize("state", [name for name in STATES if name not in {"identifying", "identifying beside returns"}])
def test_what_had_begun_before_the_check_of_cards_ends_as_ever(state: str) -> None:
    before = STATES[state]
    if isinstance(before, Open | LossReported | StillHere):
        assert advance(before, FinishChosen(), now=NOW, settings=CHECK) == advance(before, FinishChosen(), now=NOW, settings=SETTINGS)
    assert advance(before, BorrowChosen(), now=NOW, settings=CHECK) == advance(before, BorrowChosen(), now=NOW, settings=SETTINGS)
