"""The duty of a kiosk: what a mode changes, what it counts, when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.duty import chosen_duty, counted, duty_at, duty_deadline, first_duty, settings_on
from kiosk.events import ModeChosen
from kiosk.modes import CardCheck, ClassVisit, Duty, Lending, Mode
from kiosk.refusal import Refusal
from kiosk.states import Borrowing, Checked, Goodbye, Home, Identifying, Idle, Refused, State
from tests.kiosk_world import NOON
from tests.unit.kiosk.session_values import BORROWED, MINE, NOW, OTHER_VISIT, SETTINGS, STATES, VISIT

CLASS = ClassVisit(NOW + 60, NOON + timedelta(minutes=1))
NOTHING_BORROWED = replace(VISIT, lines=())


def test_a_kiosk_begins_with_lending_unless_its_settings_say_that_cards_are_checked() -> None:
    assert first_duty(SETTINGS) == first_duty(replace(SETTINGS, mode=Mode.CLASS_VISIT)) == Lending()
    assert first_duty(replace(SETTINGS, mode=Mode.CARD_CHECK)) == CardCheck()


@pytest.mark.parametrize(
    ("chosen", "duty"),
    [
        (ModeChosen(Mode.LENDING, 60), Lending()),
        (ModeChosen(Mode.CLASS_VISIT), ClassVisit(NOW + 2400, NOON + timedelta(minutes=40))),
        (ModeChosen(Mode.CLASS_VISIT, 600), ClassVisit(NOW + 600, NOON + timedelta(minutes=10))),
        (ModeChosen(Mode.CARD_CHECK), CardCheck()),
        (ModeChosen(Mode.CARD_CHECK, 600), CardCheck(NOW + 600, NOON + timedelta(minutes=10))),
    ],
)
def test_staff_choose_a_mode_and_for_how_long(chosen: ModeChosen, duty: Duty) -> None:
    assert chosen_duty(chosen, SETTINGS, now=NOW, wall=NOON) == duty


def test_a_mode_changes_the_settings_as_long_as_it_holds() -> None:
    check_by_settings = replace(SETTINGS, mode=Mode.CARD_CHECK)

    assert settings_on(Lending(), check_by_settings) == SETTINGS
    assert settings_on(CLASS, SETTINGS) == replace(SETTINGS, mode=Mode.CLASS_VISIT, goodbye=5)
    assert settings_on(CardCheck(), SETTINGS) == check_by_settings


@pytest.mark.parametrize(
    "after", [Idle(), Goodbye((BORROWED,), NOW + 5), Identifying(MINE), Refused(Refusal.LOST, NOW), Home(OTHER_VISIT, NOW)]
)
def test_a_pupil_counts_when_the_turn_is_over(after: State) -> None:
    assert counted(CLASS, Borrowing(VISIT, NOW), after) == replace(CLASS, turns=int(isinstance(after, Home)), pupils=1, items=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Borrowing(NOTHING_BORROWED, NOW), Idle()),
        (Borrowing(VISIT, NOW), Home(VISIT, NOW)),
        (Borrowing(VISIT, NOW), STATES["still here"]),
        (Goodbye((BORROWED,), NOW), Idle()),
    ],
)
def test_nobody_counts_who_borrows_nothing_or_is_still_here(before: State, after: State) -> None:
    assert counted(CLASS, before, after) == CLASS


def test_each_turn_has_a_number() -> None:
    assert counted(CLASS, Identifying(MINE), Home(VISIT, NOW)) == replace(CLASS, turns=1)


def test_each_card_that_is_checked_counts_once() -> None:
    good, lost = Checked(None, NOW + 4), Checked(Refusal.LOST, NOW + 8)

    assert counted(CardCheck(), Identifying(MINE), good) == CardCheck(good=1)
    assert counted(CardCheck(good=1), Identifying(MINE), lost) == CardCheck(good=1, other=1)
    assert counted(CardCheck(), good, good) == counted(CardCheck(), good, Idle()) == CardCheck()


def test_as_ever_nothing_is_counted() -> None:
    assert counted(Lending(), Borrowing(VISIT, NOW), Idle()) == Lending()


@pytest.mark.parametrize("duty", [CLASS, CardCheck(NOW + 60, NOON)])
def test_a_mode_is_over_at_its_time_but_a_turn_is_never_cut_off(duty: Duty) -> None:
    assert (duty_deadline(duty, Idle()), duty_deadline(duty, Home(VISIT, NOW))) == (NOW + 60, None)
    assert duty_at(duty, Idle(), now=NOW + 59.9) == duty
    assert duty_at(duty, Idle(), now=NOW + 60) == Lending()
    assert duty_at(duty, Home(VISIT, NOW), now=NOW + 600) == duty


def test_a_check_of_cards_without_an_end_goes_on() -> None:
    assert duty_deadline(CardCheck(), Idle()) is None
    assert duty_at(CardCheck(), Idle(), now=10**9) == CardCheck()
    assert duty_deadline(Lending(), Idle()) is None
