"""MF: the frames of every change of screen: all pairs of screens that may follow each other (``tests.walk.paths``), on the real QML with motion.

Ours is the kiosk's window at the size of the glass, drawn by Qt's software renderer to no screen. One screen stands, another is shown, and the time
between two pictures counts as long as the page moves (220 ms); the first is counted from the change. The limit is a bare window of the same size in which one
coloured rectangle slides in by the same animation.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from benchmarks.city import City
from benchmarks.figures import Goal, Measure, Samples
from kiosk.view import View
from tests.walk.paths import PATHS
from texts.catalogue import open_catalogue
from ui.gallery.views import VIEWS
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import PORTRAIT, KioskWindow, WindowSettings, prepare_environment

ROUNDS = 2
GOAL = Goal(median=0.017, p95=0.025)
_SLIDE_MS, _REST_MS = 220, 240
_BARE = b"""
import QtQuick
Window {
    id: window
    visible: true
    width: 1080
    height: 1920
    function slide() { arrival.restart() }
    Rectangle {
        id: page
        width: window.width
        height: window.height
        color: "#15417A"
    }
    ParallelAnimation {
        id: arrival
        NumberAnimation { target: page; property: "x"; from: 48; to: 0; duration: 220; easing.type: Easing.OutCubic }
        NumberAnimation { target: page; property: "opacity"; from: 0; to: 1; duration: 220; easing.type: Easing.OutCubic }
    }
}
"""


def measures(_city: City, _build: Path) -> list[Measure]:
    prepare_environment(headless=True)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    model = KioskViewModel(lambda _: None, time.monotonic, open_catalogue("zh_TW"), open_catalogue("en"))
    kiosk = KioskWindow(model, WindowSettings(size=PORTRAIT))
    engine = QQmlApplicationEngine()
    engine.loadData(_BARE, QUrl())
    bare = engine.rootObjects()[0]
    assert isinstance(bare, QQuickWindow)
    ours, limit = _Eye(kiosk.window), _Eye(bare)
    by_path: dict[str, list[float]] = {}
    mine, empty = [], []
    first_ones: list[float] = []
    later_ones: list[float] = []
    for number in range(-1, ROUNDS):
        of_round: list[float] = []
        bare.setVisible(False)
        kiosk.window.setVisible(True)
        for name, before, after in _paths():
            model.show(before)
            ours.rest(_REST_MS)
            frames = ours.frames_of(lambda after=after: model.show(after))  # type: ignore[misc]  # a lambda's default
            of_round += frames
            if number >= 0:
                by_path.setdefault(name, []).extend(frames)
                first_ones += frames[:1]
                later_ones += frames[1:]
        kiosk.window.setVisible(False)
        bare.setVisible(True)
        slides = [frame for _ in _paths() for frame in limit.frames_of(lambda: bare.metaObject().invokeMethod(bare, "slide"))]
        if number >= 0:  # the first round makes every page for the first time
            mine.append(tuple(of_round))
            empty.append(tuple(slides))
    kiosk.close()
    engine.deleteLater()
    app.processEvents()
    first, later = Samples((tuple(first_ones),)), Samples((tuple(later_ones),))
    beside = {"first pictures: median": first.median, "first pictures: p95": first.rank(0.95)}
    beside |= {"pictures after the first: median": later.median, "pictures after the first: p95": later.rank(0.95)}
    for name, frames in sorted(by_path.items()):
        beside |= {f"{name}: median": statistics.median(frames), f"{name}: p95": Samples((tuple(frames),)).rank(0.95)}
    what = f"a frame of {len(by_path)} changes of screen"
    return [Measure("MF", what, Samples(tuple(mine)), Samples(tuple(empty)), "a bare rectangle slides in", GOAL, beside)]


class _Eye:
    """Sees a window's pictures."""

    def __init__(self, window: QQuickWindow) -> None:
        self._loop = QEventLoop()
        self._seen: list[float] = []
        window.frameSwapped.connect(lambda: self._seen.append(time.monotonic()))

    def rest(self, milliseconds: int) -> None:
        QTimer.singleShot(milliseconds, self._loop.quit)
        self._loop.exec()

    def frames_of(self, change: Callable[[], object]) -> list[float]:
        """Seconds from a change to the first picture, and from each to the next, while the page moves."""
        self._seen.clear()
        begun = time.monotonic()
        change()
        self.rest(_SLIDE_MS)
        return [later - sooner for sooner, later in pairwise([begun, *self._seen])]


def _paths() -> Iterator[tuple[str, View, View]]:
    """Each pair of screens by name, with an example of both."""
    examples: dict[str, View] = {}
    for view in VIEWS.values():
        examples.setdefault(type(view.screen).__name__, view)
    for before, following in PATHS.items():
        for after in following:
            yield f"{before} → {after}", examples[before], examples[after]
