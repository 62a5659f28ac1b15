"""MF: the frames of every change of screen: all pairs of screens that may follow each other (``tests.walk.paths``), on the real QML with motion.

Ours is the kiosk's window at the size of the glass, drawn by Qt's software renderer to no screen. One screen stands, another is shown, and the
time between two pictures counts as long as the page moves (220 ms); the first is counted from the change. Where no page moves (Attract and
CardCheck are one page, StillHere is there at once) only the first counts: after it nothing is to be drawn, and a pause is no slow picture.
The limit is a bare window of the same size in which one coloured rectangle slides in by the same animation.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

from benchmarks.city import City
from benchmarks.figures import Goal, Measure, Samples
from kiosk.view import StillHere, View
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


class _Frame(NamedTuple):
    """Seconds between two pictures, and how many of them the thread that draws was at work: what others do to the machine is not in these."""

    seconds: float
    worked: float


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
    taken: list[dict[str, list[_Frame]]] = []
    empty: list[tuple[float, ...]] = []
    for _ in range(ROUNDS + 1):
        bare.setVisible(False)
        kiosk.window.setVisible(True)
        of_round: dict[str, list[_Frame]] = {}
        for name, before, after in _paths():
            model.show(before)
            ours.rest(_REST_MS)
            standing = _page(kiosk.window)
            frames = ours.frames_of(partial(model.show, after))
            moved = _page(kiosk.window) is not standing and not isinstance(after.screen, StillHere)
            of_round[name] = frames if moved else frames[:1]
        taken.append(of_round)
        kiosk.window.setVisible(False)
        bare.setVisible(True)
        slide = partial(bare.metaObject().invokeMethod, bare, "slide")
        empty.append(tuple(frame.seconds for _ in _paths() for frame in limit.frames_of(slide)))
    kiosk.close()
    engine.deleteLater()
    app.processEvents()
    counted = taken[1:]  # the first round makes every page for the first time
    mine = Samples(tuple(tuple(frame.seconds for frames in of_round.values() for frame in frames) for of_round in counted))
    what = f"a frame of {len(counted[0])} changes of screen"
    return [Measure("MF", what, mine, Samples(tuple(empty[1:])), "a bare rectangle slides in", GOAL, _beside(counted))]


def _page(window: QQuickWindow) -> object:
    """The page that is shown."""
    loader = window.findChild(QQuickItem, "page")
    assert loader is not None
    return loader.property("item")


def _beside(counted: list[dict[str, list[_Frame]]]) -> dict[str, float]:
    changes = [frames for of_round in counted for frames in of_round.values()]
    firsts, others = [frames[0] for frames in changes], [frame for frames in changes for frame in frames[1:]]
    beside: dict[str, float] = {}
    for name, frames in (("first pictures", firsts), ("other pictures", others)):
        beside |= _figures(name, [frame.seconds for frame in frames])
        beside |= _figures(f"{name}, processor time", [frame.worked for frame in frames])
    for name in counted[0]:
        beside |= _figures(name, [frame.seconds for of_round in counted for frame in of_round[name]])
    return beside


def _figures(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name}: median": statistics.median(seconds), f"{name}: p95": Samples((tuple(seconds),)).rank(0.95)}


class _Eye:
    """Sees a window's pictures."""

    def __init__(self, window: QQuickWindow) -> None:
        self._loop = QEventLoop()
        self._seen: list[tuple[float, float]] = []
        window.frameSwapped.connect(lambda: self._seen.append(_now()))

    def rest(self, milliseconds: int) -> None:
        QTimer.singleShot(milliseconds, self._loop.quit)
        self._loop.exec()

    def frames_of(self, change: Callable[[], object]) -> list[_Frame]:
        """From a change to the first picture, and from each to the next, while the page moves."""
        self._seen.clear()
        begun = _now()
        change()
        self.rest(_SLIDE_MS)
        return [_Frame(later[0] - sooner[0], later[1] - sooner[1]) for sooner, later in pairwise([begun, *self._seen])]


def _now() -> tuple[float, float]:
    """The time, and what this thread has worked."""
    return time.monotonic(), time.thread_time()


def _paths() -> Iterator[tuple[str, View, View]]:
    """Each pair of screens by name, with an example of both."""
    examples: dict[str, View] = {}
    for view in VIEWS.values():
        examples.setdefault(type(view.screen).__name__, view)
    for before, following in PATHS.items():
        for after in following:
            yield f"{before} → {after}", examples[before], examples[after]
