"""The story that plays by itself: tap, home, two books, goodbye; then the second kiosk shows them as on loan."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.virtual_scanner import send_scan
from drivers.vpcd import VirtualCard
from kiosk.view import Attract, Borrow, Goodbye, Home, LineState, Screen, View
from youyue.demo.audience import Audience
from youyue.demo.chronicle import Chronicle
from youyue.demo.finger import Finger
from youyue.demo.gui_thread import GuiThread
from youyue.demo.stage import Stage
from youyue.demo.verdict import problems
from youyue.devices import scanner_socket
from youyue.screened_kiosk import ScreenedKiosk

_START_S = 60.0
_STEP_S = 15.0
"""Shorter than a session without a touch lasts: what the story saw last is then the screen it was on."""


class StoryError(Exception):
    """The story did not end as it must; the message says where."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One kiosk on the stage: its screen, who watches it, the finger that touches it, the port of its virtual reader."""

    kiosk: ScreenedKiosk
    audience: Audience
    finger: Finger
    port: int


def play(stage: Stage, actors: tuple[Actor, Actor], chronicle: Chronicle, gui: GuiThread) -> None:
    """Play it, step by step. Not in the GUI thread.

    Raises:
        StoryError: the tables do not hold what they must at the end.
        NeverSeenError, NothingToTouchError, DeviceError: a step failed.

    """
    first, second = actors
    pupil, books = stage.pupil(), stage.books()
    camera = _Camera(stage.folder, gui)

    for number, actor in enumerate(actors, start=1):
        actor.audience.wait_for("the attract screen", _shows(Attract), seconds=_START_S)
        chronicle.step(f"Kiosk {number} has fetched its snapshot and waits for a card.", camera.picture(actor, f"{number}-attract"))

    with VirtualCard(pupil.uid, port=first.port):
        first.audience.wait_for("Home", _shows(Home), seconds=_STEP_S)
        chronicle.step("A card was tapped on kiosk 1; it knows the patron from its own replica.", camera.picture(first, "1-home"))
        for count, book in enumerate(books, start=1):
            send_scan(scanner_socket(1), book.barcode)
            first.audience.wait_for(f"book {count} borrowed", _borrowed(count), seconds=_STEP_S)
            chronicle.step(
                f"Book {count} was scanned and lent; the loan and its fact are on disk.", camera.picture(first, f"1-borrow-{count}")
            )
        lent_at = time.monotonic()
    gui.call(lambda: first.finger.touch(first.kiosk.main.say("borrow.finish")))
    first.audience.wait_for("Goodbye", _shows(Goodbye), seconds=_STEP_S)
    chronicle.step("A finger touched the button; the slip says what was borrowed.", camera.picture(first, "1-goodbye"))

    with VirtualCard(pupil.uid, port=second.port):
        second.audience.wait_for("Home", _shows(Home), seconds=_STEP_S)
        second.audience.wait_for("both loans", _on_loan(len(books)), seconds=_STEP_S)
        chronicle.step(
            f"The same card on kiosk 2, another branch: both books are on loan, {time.monotonic() - lent_at:.1f} s after the second was lent.",
            camera.picture(second, "2-home"),
        )
    found = list(problems(stage.registry, stage.kiosks[1], pupil, books))
    if found:
        raise StoryError("; ".join(found))
    chronicle.step("The registry's tables hold exactly the two loans, and the second kiosk's replica has them.")


@dataclass(frozen=True, slots=True)
class _Camera:
    folder: Path
    gui: GuiThread

    def picture(self, actor: Actor, name: str) -> Path:
        path = self.folder / "screens" / f"{name}.png"
        self.gui.call(lambda: actor.kiosk.glass.grab(path))
        return path


def _shows(screen: type[Screen]) -> Callable[[View], bool]:
    return lambda view: isinstance(view.screen, screen)


def _borrowed(count: int) -> Callable[[View], bool]:
    return lambda view: isinstance(view.screen, Borrow) and sum(line.state is LineState.BORROWED for line in view.screen.lines) == count


def _on_loan(count: int) -> Callable[[View], bool]:
    return lambda view: isinstance(view.screen, Home) and view.screen.account.on_loan == count
