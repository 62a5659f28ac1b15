"""The PIN: our own keys, dots on the glass, and nothing of it anywhere once it is sent or left."""

import gc
from datetime import UTC, datetime

import pytest

from kiosk.events import PinEntered
from kiosk.view import PinPad, PinProblem
from tests.ui.bench import Bench
from tests.ui.fingers import choices, said, touch
from texts.catalogue import Catalogue
from ui.gallery.examples import NOW, a_place, a_view
from ui.gallery.views import LOCKED_UNTIL, VIEWS
from ui.speech import Speech
from ui.viewmodels.pin import pin_shown

PIN = "70294"


def type_pin(bench: Bench, pin: str = PIN) -> None:
    for digit in pin:
        touch(bench, digit)


def everything_qml_sees(bench: Bench) -> str:
    """Every property of the pad's view model, and every text on the glass."""
    pin = bench.kiosk._pages.pin
    meta = pin.metaObject()
    properties = [str(getattr(pin, str(meta.property(number).name()))) for number in range(meta.propertyCount())]
    return " ".join([*properties, *said(bench)])


def test_a_typed_pin_is_sent_once_and_wiped(portrait: Bench) -> None:
    portrait.show(VIEWS["pin"])

    type_pin(portrait)
    touch(portrait, "確定")
    touch(portrait, "確定")

    assert choices(portrait) == [PinEntered(PIN)]
    assert portrait.kiosk._pages.pin.property("length") == 0


def test_the_glass_and_the_view_model_show_how_many_digits_and_never_which(portrait: Bench) -> None:
    portrait.show(VIEWS["pin"])
    empty = everything_qml_sees(portrait)

    type_pin(portrait)

    typed = everything_qml_sees(portrait)
    assert portrait.kiosk._pages.pin.property("length") == len(PIN)
    assert PIN not in typed
    assert sorted(set(typed.split()) - set(empty.split())) == ["5", "True"][: len(set(typed.split()) - set(empty.split()))]


def test_delete_takes_the_last_digit_away(portrait: Bench) -> None:
    portrait.show(VIEWS["pin"])

    type_pin(portrait, "70295")
    touch(portrait, "刪除")
    touch(portrait, "4")
    touch(portrait, "確定")

    assert choices(portrait) == [PinEntered(PIN)]


def test_a_pin_that_is_too_short_is_not_sent_and_a_longer_one_ends_with_its_eighth_digit(portrait: Bench) -> None:
    portrait.show(VIEWS["pin"])

    type_pin(portrait, "702")
    touch(portrait, "確定")
    assert choices(portrait) == []

    type_pin(portrait, "9481635")
    touch(portrait, "確定")
    assert choices(portrait) == [PinEntered("70294816")]


@pytest.mark.parametrize("after", ["still-here", "loans", "attract", "goodbye"])
def test_what_was_typed_does_not_outlive_the_page(portrait: Bench, after: str) -> None:
    portrait.show(VIEWS["pin"])
    type_pin(portrait)

    portrait.show(VIEWS[after])
    portrait.show(VIEWS["pin"])

    assert portrait.kiosk._pages.pin.property("length") == 0
    gc.collect()
    assert PIN not in [thing for thing in vars(portrait.kiosk._pages.pin).values() if isinstance(thing, str)]


def test_while_the_registry_is_asked_no_key_types(portrait: Bench) -> None:
    portrait.show(VIEWS["pin-checking"])

    type_pin(portrait)
    portrait.kiosk._pages.pin.press("1")
    touch(portrait, "確定")

    assert portrait.kiosk._pages.pin.property("length") == 0
    assert choices(portrait) == []
    assert "確認中，請等一下" in said(portrait)


@pytest.mark.parametrize("view", ["pin-locked", "pin-none"])
def test_where_no_try_can_help_there_are_no_keys(portrait: Bench, view: str) -> None:
    portrait.show(VIEWS[view])

    assert portrait.of_type("KeyCap") == []


@pytest.mark.parametrize("key", ["x", "12", "", "٣", "\u00b2"])
def test_only_a_digit_is_a_key(portrait: Bench, key: str) -> None:
    portrait.show(VIEWS["pin"])

    portrait.kiosk._pages.pin.press(key)

    assert portrait.kiosk._pages.pin.property("length") == 0


@pytest.mark.parametrize(
    ("screen", "problem", "advice"),
    [
        (PinPad(problem=PinProblem.WRONG, tries_left=1), "密碼不對", "還可以試 1 次。"),
        (PinPad(problem=PinProblem.WRONG, tries_left=0), "密碼不對", "請再試一次。"),
        (PinPad(problem=PinProblem.WRONG), "密碼不對", "請再試一次。"),
        (PinPad(problem=PinProblem.LOCKED, locked_until=LOCKED_UNTIL), "密碼鎖住了", "14:50 以後可以再試，或到櫃檯。"),
        (
            PinPad(problem=PinProblem.LOCKED, locked_until=datetime(2026, 11, 24, 16, 30, tzinfo=UTC)),
            "密碼鎖住了",
            "11月25日（三） 00:30 以後可以再試，或到櫃檯。",
        ),
        (PinPad(problem=PinProblem.LOCKED), "密碼鎖住了", "請到櫃檯，館員會幫你。"),
        (PinPad(problem=PinProblem.NONE), "你還沒有密碼", "請到櫃檯，館員會幫你設一個。"),
        (PinPad(problem=PinProblem.OFFLINE), "現在沒辦法確認密碼", "連不上總館，請等一下再試。"),
        (PinPad(checking=True, problem=PinProblem.WRONG), "", ""),
    ],
)
def test_why_a_pin_did_not_help_is_said_with_what_to_do(
    chinese: Catalogue, english: Catalogue, screen: PinPad, problem: str, advice: str
) -> None:
    shown = pin_shown(screen, a_place(), Speech(chinese, english))

    assert (shown.problem.main, shown.advice.main) == (problem, advice)


def test_the_log_out_ring_runs_on_the_pad(portrait: Bench) -> None:
    portrait.show(a_view(PinPad(), idle=(NOW - 10, NOW + 10)))

    assert portrait.kiosk._time_left.property("fraction") == pytest.approx(0.5)
