"""M1: from the UID that a reader reports to the first frame that shows Home.

Ours is the real core in its thread over the encrypted replica and a ledger, the real view models and the
real screens at the size of the glass (1080 × 1920, drawn by Qt's software renderer to no screen); only
the reader and the registry are missing. Every tap is another patron's. The limit is the same window, its
view models filled with the same patron's words beforehand: one signal of QML says that the page is
Home now, and the frame comes.

Each side's window is shown only in its own rounds: an attract screen that moves in the other one would
take time from this one. The gate is taken with reduced motion, where the first frame shows all of Home;
with motion the first frame that shows anything of it.
"""

import sys
import tempfile
import time
from collections import deque
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from benchmarks.city import City
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.rounds import Count
from benchmarks.screen import Screen, TappedKiosk
from kiosk.view import Attract, Home, View
from texts.catalogue import open_catalogue
from ui.viewmodels.home import home_shown
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import PORTRAIT, WindowSettings, prepare_environment

GATE = Count(rounds=6, samples=20, warm_up=3)
MOVING = Count(rounds=2, samples=20, warm_up=3)
GOAL = Goal(times=2, by="p99")


def measures(city: City, build: Path) -> list[Measure]:
    prepare_environment(headless=True)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    gate = _measure(city, build, GATE, reduced_motion=True)
    moving = _measure(city, build, MOVING, reduced_motion=False)
    app.processEvents()
    limit = "one QML signal → the same Home"
    return [
        Measure(
            "M1", "UID → frame that shows Home", *gate, limit, GOAL, {"p99 to the limit's median, ratio": gate[0].p99 / gate[1].median}
        ),
        Measure("M1m", "the same with motion", *moving, limit),
    ]


def _measure(city: City, build: Path, count: Count, *, reduced_motion: bool) -> tuple[Samples, Samples]:
    seen: deque[View] = deque()
    look = WindowSettings(size=PORTRAIT, reduced_motion=reduced_motion)
    with (
        tempfile.TemporaryDirectory(dir=build) as folder,
        closing(TappedKiosk(city, Path(folder), look, seen)) as ours,
        closing(_Constant(look, seen)) as limit,
    ):
        mine: list[tuple[float, ...]] = []
        bare: list[tuple[float, ...]] = []
        for round_number in range(-1, count.rounds):
            samples = count.warm_up if round_number < 0 else count.samples
            for side, taken in ((ours, mine), (limit, bare)):
                side.glass.window.setVisible(True)
                for _ in range(count.warm_up):  # what a window does when it is shown again is no part of a tap
                    side.tap()
                if side is ours:
                    seen.clear()
                taken.append(tuple(side.tap() for _ in range(samples)))
                side.glass.window.setVisible(False)
    return Samples(tuple(mine[1:])), Samples(tuple(bare[1:]))


class _ConstantViewModel(KioskViewModel):
    """Turns its pages by a bare signal; what stands on them is constant."""

    def fill(self, view: View) -> None:
        assert isinstance(view.screen, Home)
        self._pages.home.show(home_shown(view.screen.account, self._comfort.speech, scanner=True))

    def turn_to(self, page: str) -> None:
        self._page = page
        self.page_changed.emit()


class _Constant(Screen):
    """The limit."""

    def __init__(self, look: WindowSettings, seen: deque[View]) -> None:
        self._constant = _ConstantViewModel(lambda _: None, time.monotonic, open_catalogue("zh_TW"), open_catalogue("en"))
        super().__init__(self._constant, look)
        self._seen = seen
        self._begun = False

    def tap(self) -> float:
        self._seen.rotate(-1)
        if not self._begun:
            self.frame_of("attract", lambda: self._constant.show(replace(self._seen[-1], screen=Attract())))
            self._begun = True
        self._constant.fill(self._seen[-1])
        taken = self.frame_of("home", lambda: self._constant.turn_to("home"))
        self.frame_of("attract", lambda: self._constant.turn_to("attract"))
        return taken

    def close(self) -> None:
        self.glass.close()
