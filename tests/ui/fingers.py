"""A finger on the glass of a bench."""

import re

from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.events import Event, Touched
from tests.ui.bench import Bench, on_glass

UNBROKEN = re.compile("\u2060(?![\U00100000-\U0010ffff])")
FINGER = QTest.createTouchDevice()


def press(bench: Bench, spoken: str, number: int = 0) -> None:
    """Lay a finger on the control that says this, and leave it there."""
    point = on_glass(_named(bench, spoken, number)).center().toPoint()
    QTest.touchEvent(bench.window, FINGER).press(0, point, bench.window).commit()


def lift(bench: Bench, spoken: str, number: int = 0) -> None:
    """Lift it again."""
    point = on_glass(_named(bench, spoken, number)).center().toPoint()
    QTest.touchEvent(bench.window, FINGER).release(0, point, bench.window).commit()
    bench.settle()


def touch(bench: Bench, spoken: str, number: int = 0) -> None:
    """Lay a finger on the control that says this and lift it again."""
    point = on_glass(_named(bench, spoken, number)).center().toPoint()
    QTest.touchEvent(bench.window, FINGER).press(0, point, bench.window).commit()
    QTest.touchEvent(bench.window, FINGER).release(0, point, bench.window).commit()
    bench.settle()


def choices(bench: Bench) -> list[Event]:
    """What was chosen; that somebody touched the glass is no choice."""
    return [event for event in bench.posted if event != Touched()]


def said(bench: Bench) -> list[str]:
    """Every text that can be seen, in the order of drawing, without what keeps its lines from breaking."""
    return [
        UNBROKEN.sub("", str(text.property("text")).replace("\u00a0", " ")) for text in bench.of_type("PlainText") if text.property("text")
    ]


def _named(bench: Bench, spoken: str, number: int) -> QQuickItem:
    bench.lay_out()
    return [item for item in bench.of_type("Pressable") if str(item.property("spoken")).startswith(spoken)][number]
