"""PySide6 6.12.0 on Python 3.11 loses a reference to True in every signal emit and aborts in the end; the pinned one does not."""

import sys

from PySide6.QtCore import QObject, Signal

from tests.ui.bench import Bench
from ui.gallery.views import VIEWS

EMITS = 5_000


class Switch(QObject):
    flipped = Signal(bool)


def test_signals_keep_the_references_to_true_level() -> None:
    switch = Switch()
    heard: list[bool] = []
    switch.flipped.connect(heard.append)
    before = sys.getrefcount(True)  # noqa: FBT003 - it is what is counted

    for _ in range(EMITS):
        switch.flipped.emit(True)  # noqa: FBT003 - it is what is emitted
    heard.clear()

    assert abs(sys.getrefcount(True) - before) < EMITS / 10  # noqa: FBT003 - it is what is counted


def test_views_keep_the_references_to_true_level(portrait: Bench) -> None:
    views = [VIEWS["home"], VIEWS["borrow"], VIEWS["attract"]]
    portrait.show(views[0])
    before = sys.getrefcount(True)  # noqa: FBT003 - it is what is counted

    for number in range(60):
        portrait.show(views[number % 3])

    assert abs(sys.getrefcount(True) - before) < 1_000  # noqa: FBT003 - it is what is counted
