"""M13 and C30: a class of thirty at one kiosk, each with two books.

The kiosk is whole: ``KioskMachine`` enrolled at a registry of its own (another process, PostgreSQL), the real screens at the size of the glass with
motion, drawn by software; a scripted reader and scanner, and a finger on the real button. Each pupil lays the card down, scans two
books and touches "done"; the next card ends the farewell. At the end the registry must hold sixty loans.

M13 is the machine alone: from each act to the frame that answers it, and what each frame costs to draw. C30 adds people, virtually: nobody waits for
them here. **The human model**: every act of a hand (a card laid down, a book scanned, a button touched) takes 1 s, and whatever is new on the
screen and said to the pupil is read to its end at four characters a second before the next act: the greeting and the hint on Home, on each new line that it is
borrowed and until when, the prompt after the first book, the farewell. C30w is slower: 2 s a book, which must be turned to find its barcode, and 2 s until
the next pupil stands there.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from benchmarks.city import BRANCH, SCALES, City, barcode_of, state_of, uid_of
from benchmarks.city_files import open_registry
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.registry_on_postgres import RegistryOnPostgres, founded
from benchmarks.registry_process import served
from benchmarks.screen import Screen
from benchmarks.stillness import NoReader, NoScanner
from circulation.cards import CardState
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.events import Event
from sync.enrol import enrol
from sync.identity import Identity
from tests.ui.bench import is_a, on_glass, visible_under
from texts.catalogue import open_catalogue
from ui.viewmodels.kiosk import KioskViewModel
from ui.viewmodels.lines import Role
from ui.window import PORTRAIT, WindowSettings, prepare_environment
from youyue.clock import SystemClock, SystemKeys
from youyue.garbage import leave_standing
from youyue.machine import KioskMachine, Surroundings, kiosk_settings
from youyue.settings import Settings

PUPILS, BOOKS = 30, 2
MACHINE = Goal(p99=1)
DRAWN = Goal(p99_9=0.05)
WITH_PEOPLE = Goal(p99=20)
ACT_S = 1.0
CHARACTERS_A_SECOND = 4
BOOK_S, STEP_UP_S = 2.0, 2.0
"""Of the slower class."""
_SLIDE_MS = 350
_READY_S = 60
_HEARD_S = 60
STEPS = ("card", "first book", "second book", "done")


def measures(city: City, build: Path) -> list[Measure]:
    """The people of this registry are the demo's, whatever the scale: what a tap costs in a city is M1's."""
    prepare_environment(headless=True)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    few = City(SCALES["demo"], city.folder)
    with ExitStack() as parts:
        registry = parts.enter_context(founded(few, kiosks=1))
        code = _code(registry)
        service = parts.enter_context(served(registry.folder, registry.url))
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(dir=build)))
        identity = enrol(folder, registry=service.url, code=code, name="benchmark")
        kiosk = _Kiosk(folder, identity)
        parts.callback(kiosk.close)
        kiosk.begin()
        leave_standing()  # as the kiosk's own command does
        cards = [number for number in range(few.scale.borrowers, few.scale.patrons) if state_of(number) is CardState.ACTIVE]
        kiosk.visit(cards[PUPILS], [few.scale.items - 1, few.scale.items - 2])  # the first of all warms the screens up
        kiosk.drawn.clear()
        pupils = [kiosk.visit(cards[i], [few.scale.lent_here + BOOKS * i + book for book in range(BOOKS)]) for i in range(PUPILS)]
        _await_loans(registry, BOOKS * (PUPILS + 1), kiosk)
    app.processEvents()
    return [_machine(pupils), _frames(kiosk.drawn), *_with_people(pupils)]


@dataclass(frozen=True, slots=True)
class _Pupil:
    """What one pupil's acts cost the machine (seconds), and how many characters there were to read after each."""

    machine: tuple[float, ...]
    characters: tuple[int, ...]

    def seconds(self, *, book: float = ACT_S, step_up: float = 0.0) -> tuple[float, ...]:
        """Each step's time with people."""
        acts = (ACT_S + step_up, book, book, ACT_S)
        parts = zip(acts, self.machine, self.characters, strict=True)
        return tuple(act + machine + characters / CHARACTERS_A_SECOND for act, machine, characters in parts)


@dataclass
class _Frames:
    """What each frame cost, from the end of the animations' step to the picture: seconds, and how many of them its thread was at work."""

    begun: tuple[float, float] = (0.0, 0.0)
    seconds: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def begin(self) -> None:
        self.begun = time.monotonic(), time.thread_time()

    def end(self) -> None:
        self.seconds.append(time.monotonic() - self.begun[0])
        self.worked.append(time.thread_time() - self.begun[1])

    def clear(self) -> None:
        self.seconds.clear()
        self.worked.clear()


class _Kiosk(Screen):
    def __init__(self, folder: Path, identity: Identity) -> None:
        clock = SystemClock()
        view_model = KioskViewModel(self.post, clock.monotonic, open_catalogue("zh_TW"), open_catalogue("en"))
        surroundings = Surroundings(NoReader(), (NoScanner(),), view_model.show, _ended, clock, SystemKeys())
        self._machine = KioskMachine(folder, identity, kiosk_settings(Settings(), identity), surroundings)
        super().__init__(view_model, WindowSettings(size=PORTRAIT))
        self._words = view_model
        self._finger = QTest.createTouchDevice()
        self.drawn = _Frames()
        window = self.glass.window
        window.afterAnimating.connect(self.drawn.begin, Qt.ConnectionType.DirectConnection)
        window.frameSwapped.connect(self.drawn.end, Qt.ConnectionType.DirectConnection)

    def post(self, event: Event) -> None:
        self._machine.post(event)

    def begin(self) -> None:
        """Start, and wait until people are known."""
        self._machine.start()
        late = time.monotonic() + _READY_S
        while not self.shows("attract"):
            assert time.monotonic() < late, "the kiosk did not get ready"
            self.rest(100)

    def visit(self, card: int, books: list[int]) -> _Pupil:
        """One pupil, from the card to the farewell."""
        machine = [self.frame_of("home", lambda: self.post(CardPresented(uid_of(card), "reader", time.monotonic_ns())))]
        home = self._part("home")
        characters = [_length(home.hello) + _length(home.hint)]
        self.rest(_SLIDE_MS)
        for count, book in enumerate(books, start=1):
            machine.append(self.frame_when(self._lent(count), self._scan(book)))
            characters.append(self._read_after(count))
            self.rest(_SLIDE_MS)
        machine.append(self.frame_of("goodbye", self._touch_done))
        farewell = self._part("farewell")
        characters.append(_length(farewell.title) + sum(map(_length, farewell.said)))
        self.rest(_SLIDE_MS)
        return _Pupil(tuple(machine), tuple(characters))

    def _part(self, name: str) -> Any:  # noqa: ANN401 - Qt's properties have no types of their own
        return getattr(self._words, name)

    def _scan(self, book: int) -> Callable[[], None]:
        return lambda: self.post(BarcodeScanned(barcode_of(book), "scanner", time.monotonic_ns()))

    def _lent(self, count: int) -> Callable[[], bool]:
        return lambda: self.shows("borrow") and self._part("slip").borrowed == count

    def _read_after(self, count: int) -> int:
        slip = self._part("slip")
        newest = slip.lines.data(slip.lines.index(0), Role.LINE)
        prompt = _length(slip.prompt) if count == 1 else 0
        return _length(newest["status"]) + _length(newest["due"]) + prompt

    def _touch_done(self) -> None:
        wanted = open_catalogue("zh_TW").say("borrow.finish")
        buttons = [one for one in visible_under(self.glass.window.contentItem()) if is_a(one, "Pressable")]
        (done,) = (one for one in buttons if one.property("spoken") == wanted)
        point: QPoint = on_glass(done).center().toPoint()
        window = self.glass.window
        QTest.touchEvent(window, self._finger).press(0, point, window).commit()
        QTest.touchEvent(window, self._finger).release(0, point, window).commit()

    def close(self) -> None:
        self._machine.stop()
        self.glass.close()


def _length(phrase: dict[str, str]) -> int:
    """Characters of the main language that somebody reads: no blanks."""
    return len("".join(phrase["main"].split()))


def _ended(error: BaseException) -> None:
    print(f"the core ended: {error!r}", file=sys.stderr)


def _code(registry: RegistryOnPostgres) -> str:
    opened = open_registry(registry.folder, registry.url)
    try:
        return opened.issue_code(BRANCH).code
    finally:
        opened.close()


def _await_loans(registry: RegistryOnPostgres, wanted: int, kiosk: _Kiosk) -> None:
    """The registry hears of every loan."""
    late = time.monotonic() + _HEARD_S
    while True:
        ((found,),) = registry.server.as_admin("SELECT count(*) FROM loan WHERE kiosk IS NOT NULL", database=registry.database)
        if found == wanted:
            return
        assert time.monotonic() < late, f"{found} loans of {wanted}"
        kiosk.rest(200)


def _machine(pupils: list[_Pupil]) -> Measure:
    whole = Samples((tuple(sum(one.machine) for one in pupils),))
    beside = {step: statistics.median(one.machine[i] for one in pupils) for i, step in enumerate(STEPS)}
    return Measure("M13", "a pupil of a class of 30, the machine alone", whole, goal=MACHINE, beside=beside)


def _frames(drawn: _Frames) -> Measure:
    worked = Samples((tuple(drawn.worked),))
    beside = {"frames": float(len(drawn.seconds)), "p99.9": Samples((tuple(drawn.seconds),)).rank(0.999)}
    beside |= {"processor time: median": worked.median, "processor time: p99": worked.p99, "processor time: p99.9": worked.rank(0.999)}
    return Measure("M13f", "a frame of the class's screens, drawn", Samples((tuple(drawn.seconds),)), goal=DRAWN, beside=beside)


def _with_people(pupils: list[_Pupil]) -> list[Measure]:
    found = []
    for name, what, book, step_up, goal in (
        ("C30", "a pupil of a class of 30, with people", ACT_S, 0.0, WITH_PEOPLE),
        ("C30w", "the same, slower hands and a way to walk", BOOK_S, STEP_UP_S, None),
    ):
        steps = [one.seconds(book=book, step_up=step_up) for one in pupils]
        whole = Samples((tuple(sum(one) for one in steps),))
        beside = {f"{step}, with people": statistics.median(one[i] for one in steps) for i, step in enumerate(STEPS)}
        beside |= {
            f"{step}, characters to read": statistics.median(float(one.characters[i]) for one in pupils) for i, step in enumerate(STEPS)
        }
        found.append(Measure(name, what, whole, goal=goal, beside=beside))
    return found
