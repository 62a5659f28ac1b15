"""Which sound and which sentence a step of the screens calls for."""

from dataclasses import replace

import pytest

from circulation.calibration import Calibration, CalibrationOutcome
from circulation.cards import CardKind, NumberForm
from circulation.checkins import Destination
from circulation.reasons import Reason
from kiosk.animals import Animal
from kiosk.refusal import Refusal
from kiosk.scans import ScanFault
from kiosk.view import (
    Animals,
    Attract,
    Borrow,
    CardRefused,
    Goodbye,
    Home,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    PinProblem,
    RenewalState,
    Return,
    Screen,
    StillHere,
)
from kiosk.view_devices import CardFault, CardTried, CodeKind, CodeTried, Compared, Devices, FormSought
from kiosk.view_modes import CardCheck, CardChecked
from texts.catalogue import Catalogue
from ui.gallery.examples import a_loan, an_account, borrowed, put_back, refused, returned
from ui.gallery.views import VIEWS
from ui.sounding.cues import Cue, Listener
from ui.sounding.prompts import prompt_of, sentence_of
from ui.viewmodels.notices import reader_works

ACCOUNT = an_account()
HOME = Home(ACCOUNT)
WAITING = StillHere(110, 10)
NO = (Reason.ITEM_ON_HOLD,)
LOAN = a_loan(1)
RENEWED = replace(LOAN, renewal=RenewalState.RENEWED)
NOT_RENEWED = replace(LOAN, renewal=RenewalState.REFUSED)
MISSED = returned(1, "小王子", Destination.STAFF, taken=False)


def heard(*screens: Screen) -> list[Cue | None]:
    listener = Listener()
    return [listener.hear(screen) for screen in screens]


@pytest.mark.parametrize(
    ("before", "now", "cue"),
    [
        (Attract(), HOME, Cue.TAP),
        (Attract(1), Borrow(ACCOUNT, (borrowed(1),), 1), Cue.SUCCESS),
        (Goodbye((), 108), HOME, Cue.TAP),
        (Attract(), Attract(1), Cue.SUCCESS),
        (Attract(2), Attract(), None),
        (Attract(), CardRefused(Refusal.UNKNOWN, 108), Cue.REFUSAL),
        (CardRefused(Refusal.UNKNOWN, 108), CardRefused(Refusal.UNKNOWN, 112), Cue.REFUSAL),
        (CardCheck(), CardChecked(None, 104), Cue.SUCCESS),
        (CardCheck(), CardChecked(Refusal.LOST, 112), Cue.REFUSAL),
        (CardChecked(Refusal.LOST, 112), CardChecked(None, 108), Cue.SUCCESS),
        (CardChecked(None, 104), CardCheck(1), None),
        (HOME, Animals(), None),
        (Animals(), Home(replace(ACCOUNT, animal=Animal.SALMON)), Cue.SUCCESS),
        (Animals(Animal.SALMON), Home(replace(ACCOUNT, animal=Animal.SALMON)), None),
        (HOME, Borrow(ACCOUNT), None),
        (HOME, Borrow(ACCOUNT, (borrowed(1),), 1), Cue.SUCCESS),
        (Borrow(ACCOUNT, (borrowed(1),), 1), Borrow(ACCOUNT, (refused(2, *NO), borrowed(1)), 1), Cue.REFUSAL),
        (Borrow(ACCOUNT, (borrowed(1),), 1), Borrow(ACCOUNT, (put_back(1),), 0), None),
        (Return(), Return((returned(1),), 1), Cue.SUCCESS),
        (Return(), Return((MISSED,), 0), Cue.REFUSAL),
        (Loans(ACCOUNT, (LOAN,)), Loans(ACCOUNT, (RENEWED,)), Cue.SUCCESS),
        (Loans(ACCOUNT, (LOAN,)), Loans(ACCOUNT, (NOT_RENEWED,)), Cue.REFUSAL),
        (Loans(ACCOUNT), Loans(ACCOUNT, (LOAN,)), None),
        (PinPad(checking=True), PinPad(problem=PinProblem.WRONG, tries_left=2), Cue.REFUSAL),
        (PinPad(problem=PinProblem.WRONG, tries_left=2), PinPad(checking=True), None),
        (HOME, PinPad(), None),
        (HOME, LossReported(CardKind.EASYCARD, told=True, ends_at=108), Cue.FINISH),
        (Borrow(ACCOUNT, (borrowed(1),), 1), Goodbye((borrowed(1),), 108), Cue.FINISH),
        (HOME, Goodbye((), 108), None),
        (HOME, WAITING, Cue.ATTENTION),
        (WAITING, StillHere(111, 10), None),
        (HOME, OutOfService("ledger_unwritable"), Cue.ATTENTION),
        (Attract(), OutOfService("no_replica"), None),
    ],
)
def test_each_step_has_its_sound(before: Screen, now: Screen, cue: Cue | None) -> None:
    assert heard(before, now) == [None, cue]


def test_the_first_screen_of_all_is_silent() -> None:
    assert heard(CardRefused(Refusal.LOST, 108)) == [None]


def test_what_comes_back_into_view_made_its_sound_before() -> None:
    slip = Borrow(ACCOUNT, (borrowed(2), borrowed(1)), 2)

    assert heard(HOME, slip, WAITING, slip, HOME, slip) == [None, Cue.SUCCESS, Cue.ATTENTION, None, None, None]


def test_the_next_visit_counts_its_lines_anew() -> None:
    slip = Borrow(ACCOUNT, (borrowed(1),), 1)

    assert heard(Attract(), HOME, slip, Goodbye(slip.lines, 108), Attract(), HOME, slip)[-1] is Cue.SUCCESS


def test_one_refusal_among_several_new_lines_is_heard() -> None:
    assert heard(HOME, Borrow(ACCOUNT, (borrowed(3), refused(2, *NO), borrowed(1)), 2))[-1] is Cue.REFUSAL


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_screen_can_be_spoken_in_both_languages(view: str, chinese: Catalogue, english: Catalogue) -> None:
    key = sentence_of(VIEWS[view].screen)

    assert key in chinese
    assert key in english


def test_every_spoken_sentence_is_said_somewhere(chinese: Catalogue) -> None:
    spoken = {sentence_of(view.screen, reads=reader_works(view)) for view in VIEWS.values()} | {"speech.refused", "speech.pin.wrong"}

    assert {key for key in chinese if key.startswith("speech.")} == spoken


@pytest.mark.parametrize(
    ("before", "now", "cue", "prompt"),
    [
        (Attract(), HOME, Cue.TAP, "speech.home"),
        (HOME, Attract(), None, None),
        (HOME, HOME, None, None),
        (Borrow(ACCOUNT), Borrow(ACCOUNT, (refused(1, *NO),)), Cue.REFUSAL, "speech.refused"),
        (Borrow(ACCOUNT), Borrow(ACCOUNT, (borrowed(1),), 1), Cue.SUCCESS, None),
        (PinPad(), PinPad(problem=PinProblem.WRONG), Cue.REFUSAL, "speech.pin.wrong"),
        (CardRefused(Refusal.LOST, 1), CardRefused(Refusal.PHONE, 2), Cue.REFUSAL, "speech.card_phone"),
    ],
)
def test_a_sentence_is_spoken_when_there_is_something_new_to_do(before: Screen, now: Screen, cue: Cue | None, prompt: str | None) -> None:
    assert prompt_of(before, now, cue) == prompt


def test_the_card_of_the_next_pupil_is_heard_though_the_page_is_the_same_and_so_are_the_first_books() -> None:
    listener = Listener()
    empty, one = Borrow(ACCOUNT), Borrow(ACCOUNT, (borrowed(1),), 1)
    steps: list[tuple[Screen, int]] = [(Attract(), 0), (empty, 1), (one, 1), (empty, 2), (one, 2), (one, 3)]

    assert [listener.hear(screen, turn=turn) for screen, turn in steps] == [
        *(None, Cue.TAP, Cue.SUCCESS, Cue.TAP, Cue.SUCCESS, Cue.SUCCESS),
    ]


def test_the_next_pupil_is_spoken_to_on_the_same_page_and_so_is_whoever_checks_the_next_card() -> None:
    assert prompt_of(Borrow(ACCOUNT), Borrow(ACCOUNT), Cue.TAP) == "speech.borrow"
    assert prompt_of(CardChecked(None, 104), CardChecked(None, 108), Cue.SUCCESS) == "speech.check.good"
    assert prompt_of(CardCheck(), CardChecked(Refusal.LOST, 112), Cue.REFUSAL) == "speech.check.other"
    assert prompt_of(CardChecked(None, 104), CardCheck(1), None) is None
    assert sentence_of(CardCheck()) == "speech.check"


CARD, CODE = CardTried(1, "reader", "2B1C", 4), CodeTried(1, "scanner", CodeKind.ITEM, "B1")
FOUND, WRONG = Calibration(CalibrationOutcome.FOUND, (NumberForm.HEX,)), Calibration(CalibrationOutcome.NONE_FITS)


@pytest.mark.parametrize(
    ("before", "now", "cue"),
    [
        (Attract(), Devices(), None),
        (Devices(), Devices(CARD), Cue.SUCCESS),
        (Devices(CARD), Devices(replace(CARD, tried=2)), Cue.SUCCESS),
        (Devices(), Devices(CardTried(1, "reader", fault=CardFault.BLANK)), Cue.REFUSAL),
        (Devices(CARD), Devices(CARD, CODE), Cue.SUCCESS),
        (Devices(CARD), Devices(CARD, CodeTried(2, "scanner", fault=ScanFault.UNREADABLE)), Cue.REFUSAL),
        (Devices(CARD), Devices(CARD, sought=FormSought()), None),
        (Devices(sought=FormSought()), Devices(sought=FormSought("2B1C")), Cue.TAP),
        (Devices(sought=FormSought()), Devices(sought=FormSought(fault=CardFault.RANDOM)), Cue.REFUSAL),
        (Devices(sought=FormSought("2B1C")), Devices(sought=FormSought(last=Compared("2B1C", FOUND))), Cue.SUCCESS),
        (Devices(sought=FormSought("2B1C")), Devices(sought=FormSought(last=Compared("2B1C", WRONG))), Cue.REFUSAL),
        (Devices(CARD), Attract(), None),
    ],
)
def test_what_staff_try_is_heard(before: Screen, now: Screen, cue: Cue | None) -> None:
    assert heard(before, now)[1] is cue
    assert prompt_of(before, now, cue) == (None if isinstance(before, Devices) or isinstance(now, Attract) else "speech.devices")


@pytest.mark.parametrize("screen", [Attract(2), CardCheck()])
def test_whoever_switches_the_voice_on_where_there_is_no_reader_is_not_asked_for_a_card(screen: Screen) -> None:
    assert sentence_of(screen, reads=False) == "speech.no_reader"
    assert sentence_of(screen) != "speech.no_reader"
    assert sentence_of(HOME, reads=False) == sentence_of(HOME)
