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

import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from benchmarks.city import DATABASE_KEY, SEED, City
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.rounds import Count
from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from drivers.ports import CardPresented
from kiosk.core import Core, Outside
from kiosk.enrolled import Enrolled
from kiosk.events import Event, FinishChosen
from kiosk.runner import CoreThread
from kiosk.settings import KioskSettings
from kiosk.store.ledger import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Attract, Home, Sound, View
from texts.catalogue import open_catalogue
from ui.viewmodels.home import home_shown
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import PORTRAIT, KioskWindow, WindowSettings, prepare_environment
from youyue.clock import SystemClock, SystemKeys

GATE = Count(rounds=6, samples=20, warm_up=3)
MOVING = Count(rounds=2, samples=20, warm_up=3)
GOAL = Goal(times=2, by="p99")
_LONGEST_MS = 10_000


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
        closing(_Kiosk(city, Path(folder), look, seen)) as ours,
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


class _Screen(QObject):
    """One window and the frames that it draws."""

    def __init__(self, view_model: KioskViewModel, look: WindowSettings) -> None:
        super().__init__()
        self._view_model = view_model
        self._loop = QEventLoop()
        self._awaited = ""
        self._drawn_at: list[float] = []
        self._chance = random.Random(SEED)
        self._too_late = QTimer(self)
        self._too_late.setSingleShot(True)
        self._too_late.setInterval(_LONGEST_MS)
        self._too_late.timeout.connect(self._loop.quit)
        self.glass = KioskWindow(view_model, look)
        page = self.glass.window.findChild(QObject, "page")
        assert page is not None
        self._page = page
        self.glass.window.frameSwapped.connect(self._swapped, Qt.ConnectionType.DirectConnection)

    @Slot()
    def _swapped(self) -> None:
        waiting = not self._drawn_at and self._view_model.property("page") == self._awaited
        item = self._page.property("item") if waiting else None
        if item is not None and item.property("opacity") > 0:
            self._drawn_at.append(time.perf_counter())
            self._loop.quit()

    def frame_of(self, page: str, cause: Callable[[], object]) -> float:
        """Seconds from a cause to the first frame that shows a page."""
        self._awaited = page
        self._drawn_at.clear()
        self._too_late.start()
        begun: list[float] = []

        def begin() -> None:
            begun.append(time.perf_counter())
            cause()

        QTimer.singleShot(self._chance.randrange(5, 45), begin)  # a patron does not know when the last frame was
        self._loop.exec()
        self._too_late.stop()
        assert self._drawn_at, f"no frame of {page}"
        return self._drawn_at[0] - begun[0]


class _Kiosk(_Screen):
    def __init__(self, city: City, folder: Path, look: WindowSettings, seen: deque[View]) -> None:
        clock, keys = SystemClock(), SystemKeys()
        settings = KioskSettings(goodbye=0.01)
        ledger = open_ledger(folder / "ledger.db", DATABASE_KEY, new_epoch=keys.new_epoch, now=clock.now())
        shelf = ReplicaShelf(city.files, DATABASE_KEY, clock.monotonic, settings.page_chunk)
        chinese, english = open_catalogue("zh_TW"), open_catalogue("en")
        view_model = KioskViewModel(self._post, clock.monotonic, chinese, english)
        outlet = _ToScreen(view_model, seen)
        core = Core(Outside(clock, keys, outlet), settings, ledger, shelf, Enrolled(city.card_secret, bytes(32)))
        self._core = CoreThread(core, clock, _tell)
        super().__init__(view_model, look)
        self._city = city
        self._seen = seen
        self._core.start()

    def _post(self, event: Event) -> None:
        self._core.post(event)

    def tap(self) -> float:
        before = len(self._seen)
        uid = self._city.tapped(self._chance)
        taken = self.frame_of("home", lambda: self._core.post(CardPresented(uid, "reader", time.monotonic_ns())))
        assert len(self._seen) > before
        self.frame_of("attract", lambda: self._core.post(FinishChosen()))
        return taken

    def close(self) -> None:
        self._core.stop()
        self.glass.close()


def _tell(error: BaseException) -> None:
    print(f"the core ended: {error!r}", file=sys.stderr)


class _ToScreen:
    """The core's outlet: its views go to the screen, the registry does not answer."""

    def __init__(self, view_model: KioskViewModel, seen: deque[View]) -> None:
        self._view_model = view_model
        self._seen = seen

    def show(self, view: View) -> None:
        if isinstance(view.screen, Home):
            self._seen.append(view)
        self._view_model.show(view)

    def play(self, sound: Sound) -> None:
        pass

    def push(self, batch: PushBatch) -> None:
        pass

    def hurry(self) -> None:
        pass

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        pass

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        pass


class _ConstantViewModel(KioskViewModel):
    """Turns its pages by a bare signal; what stands on them is constant."""

    def fill(self, view: View) -> None:
        assert isinstance(view.screen, Home)
        self._pages.home.show(home_shown(view.screen.account, self._comfort.speech, scanner=True))

    def turn_to(self, page: str) -> None:
        self._page = page
        self.page_changed.emit()


class _Constant(_Screen):
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
