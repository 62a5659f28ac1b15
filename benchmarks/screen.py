"""A kiosk's window and the frames that it draws; a kiosk without registry behind it, that is tapped."""

import random
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

from benchmarks.city import DATABASE_KEY, SEED, City
from circulation.cards import CardUid
from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from drivers.ports import CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import Event, FinishChosen
from kiosk.ports import Outside
from kiosk.runner import CoreThread
from kiosk.settings import KioskSettings
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Home, Sound, View
from texts.catalogue import open_catalogue
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import KioskWindow, WindowSettings
from youyue.clock import SystemClock, SystemKeys

PAUSE_MS = (5, 45)
"""A patron does not know when the last frame was."""
_LONGEST_MS = 10_000


class Screen(QObject):
    """One window and the frames that it draws."""

    def __init__(self, view_model: KioskViewModel, look: WindowSettings, pause_ms: tuple[int, int] = PAUSE_MS) -> None:
        super().__init__()
        self._pause_ms = pause_ms
        self._view_model = view_model
        self._loop = QEventLoop()
        self._is_shown: Callable[[], bool] = lambda: False
        self._drawn_at: list[float] = []
        self.chance = random.Random(SEED)
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
        if not self._drawn_at and self._is_shown():
            self._drawn_at.append(time.monotonic())
            self._loop.quit()

    def shows(self, page: str) -> bool:
        """Whether a page can be seen, be it ever so faintly."""
        item = self._page.property("item") if self._view_model.property("page") == page else None
        return item is not None and item.property("opacity") > 0

    def frame_of(self, page: str, cause: Callable[[], object]) -> float:
        """Seconds from a cause to the first frame that shows a page."""
        return self.frame_when(lambda: self.shows(page), cause)

    def frame_when(self, is_shown: Callable[[], bool], cause: Callable[[], object]) -> float:
        """Seconds from a cause to the first frame that is drawn when something holds."""
        self._is_shown = is_shown
        self._drawn_at.clear()
        self._too_late.start()
        begun: list[float] = []

        def begin() -> None:
            begun.append(time.monotonic())
            cause()

        QTimer.singleShot(self.chance.randrange(*self._pause_ms), begin)
        self._loop.exec()
        self._too_late.stop()
        assert self._drawn_at, f"no such frame; the page is {self._view_model.property('page')}"
        return self._drawn_at[0] - begun[0]

    def rest(self, milliseconds: int) -> None:
        """Let the screen move for a while."""
        QTimer.singleShot(milliseconds, self._loop.quit)
        self._loop.exec()

    @property
    def drawn_at(self) -> float:
        """When the last awaited frame was drawn, by the monotonic clock."""
        return self._drawn_at[0]


class TappedKiosk(Screen):
    """The real core in its thread over the city's encrypted replica and a ledger, the real view models and screens. Goodbye is short."""

    def __init__(self, city: City, folder: Path, look: WindowSettings, seen: deque[View], pause_ms: tuple[int, int] = PAUSE_MS) -> None:
        clock, keys = SystemClock(), SystemKeys()
        settings = KioskSettings(goodbye=0.01)
        ledger = open_ledger(folder / "ledger.db", DATABASE_KEY, new_epoch=keys.new_epoch, now=clock.now())
        shelf = ReplicaShelf(city.files, DATABASE_KEY, clock.monotonic, settings.page_chunk)
        chinese, english = open_catalogue("zh_TW"), open_catalogue("en")
        view_model = KioskViewModel(self.post, clock.monotonic, chinese, english)
        outlet = _ToScreen(view_model, seen)
        core = Core(Outside(clock, keys, outlet), settings, ledger, shelf, Enrolled(city.card_secret, bytes(32), bytes(32)))
        self._core = CoreThread(core, clock, _tell)
        super().__init__(view_model, look, pause_ms)
        self._city = city
        self._seen = seen
        self._core.start()

    def post(self, event: Event) -> None:
        """Tell the core of something, from any thread."""
        self._core.post(event)

    def card(self) -> CardUid:
        """Another patron's."""
        return self._city.tapped(self.chance)

    def tap(self) -> float:
        """Seconds from a tap to the frame of Home; then the patron goes."""
        before, uid = len(self._seen), self.card()
        taken = self.frame_of("home", lambda: self.post(CardPresented(uid, "reader", time.monotonic_ns())))
        assert len(self._seen) > before
        self.finish()
        return taken

    def finish(self) -> None:
        """The patron goes."""
        self.frame_of("attract", lambda: self.post(FinishChosen()))

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
