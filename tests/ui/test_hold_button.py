"""The button that must be held: a finger, Space or Enter; letting go cancels; a tap opens the way for hands that can't hold."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.events import LossConfirmed
from tests.ui.bench import Bench
from tests.ui.fingers import choices, lift, press, touch
from ui.gallery.views import VIEWS

HOLD = "按住 2 秒"
CONFIRM = "確定掛失"


def hold_button(bench: Bench) -> QQuickItem:
    (button,) = bench.of_type("HoldButton")
    return button


def names(bench: Bench) -> list[str]:
    return [str(item.property("spoken")) for item in bench.of_type("Pressable")]


def test_held_for_two_seconds_it_reports_once(portrait: Bench, qtbot: QtBot) -> None:
    portrait.show(VIEWS["loss-chosen"])

    press(portrait, HOLD)
    qtbot.waitUntil(lambda: 0 < hold_button(portrait).property("filled") < 1, timeout=5000)
    assert choices(portrait) == []
    qtbot.waitUntil(lambda: choices(portrait) != [], timeout=10000)
    lift(portrait, HOLD)

    assert choices(portrait) == [LossConfirmed()]
    assert CONFIRM not in names(portrait)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_key_may_hold_it(portrait: Bench, qtbot: QtBot, key: Qt.Key) -> None:
    portrait.show(VIEWS["loss-chosen"])
    hold_button(portrait).forceActiveFocus()

    QTest.keyPress(portrait.window, key)
    qtbot.waitUntil(lambda: choices(portrait) != [], timeout=10000)
    QTest.keyRelease(portrait.window, key)
    portrait.settle()

    assert choices(portrait) == [LossConfirmed()]


def test_letting_go_cancels(portrait: Bench, qtbot: QtBot) -> None:
    portrait.show(VIEWS["loss-chosen"])

    press(portrait, HOLD)
    qtbot.waitUntil(lambda: hold_button(portrait).property("filled") > 0, timeout=5000)
    lift(portrait, HOLD)

    qtbot.waitUntil(lambda: hold_button(portrait).property("filled") == 0, timeout=5000)
    assert choices(portrait) == []


@pytest.mark.parametrize("by_key", [False, True])
def test_who_cannot_hold_taps_it_and_then_confirms(portrait: Bench, by_key: bool) -> None:  # noqa: FBT001 - a parameter of the table
    portrait.show(VIEWS["loss-chosen"])
    assert CONFIRM not in names(portrait)

    if by_key:
        hold_button(portrait).forceActiveFocus()
        QTest.keyClick(portrait.window, Qt.Key.Key_Space)
        portrait.settle()
    else:
        touch(portrait, HOLD)
    assert choices(portrait) == []
    touch(portrait, CONFIRM)

    assert choices(portrait) == [LossConfirmed()]


def test_assistive_technology_presses_it_like_a_tap(portrait: Bench) -> None:
    QAccessible.setActive(True)
    portrait.show(VIEWS["loss-chosen"])
    face = QAccessible.queryAccessibleInterface(hold_button(portrait))
    assert face is not None

    actions = face.actionInterface()
    assert actions is not None
    actions.doAction(actions.pressAction())
    portrait.settle()

    assert choices(portrait) == []
    assert CONFIRM in names(portrait)


def test_before_a_card_is_chosen_nothing_can_be_held(portrait: Bench) -> None:
    portrait.show(VIEWS["loss"])

    assert not hold_button(portrait).isEnabled()
    touch(portrait, "先選一張卡")

    assert choices(portrait) == []


def test_a_card_that_is_lost_already_cannot_be_chosen(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-all-cards"])

    touch(portrait, "一卡通借閱證 已經掛失")
    portrait.kiosk._pages.loss.choose(2)

    assert choices(portrait) == []
