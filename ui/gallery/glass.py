"""A kiosk's window that is drawn to nowhere: its clock stands still, nothing moves by itself, every language and look can be put on."""

from dataclasses import dataclass, field
from enum import StrEnum, unique
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow
from shiboken6 import delete, isValid

from kiosk.events import Event
from kiosk.view import View
from texts.catalogue import open_catalogue
from ui.gallery.examples import NOW
from ui.viewmodels.comfort import Hearing
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import KioskWindow, ReaderSide, WindowError, WindowSettings

TELEPHONE, WEBSITE = "02-0000-0000", "library.example"
FRAMES_TO_REST = 8


class RestlessScreenError(WindowError):
    """A screen goes on changing though nobody touches it and motion is off."""


@unique
class Look(StrEnum):
    """What a person may have switched on."""

    USUAL = "usual"
    CONTRAST = "contrast"
    LARGE = "large"
    BOTH = "both"


@dataclass(slots=True)
class Clock:
    """Stands still until told."""

    seconds: float = NOW

    def __call__(self) -> float:
        """Monotonic seconds."""
        return self.seconds


@dataclass
class Glass:
    """One kiosk window of ``size`` pixels. ``posted`` are the events that came out of it.

    Raises:
        FontMissingError, WindowError: as ``KioskWindow``.

    """

    size: QSize
    side: ReaderSide = ReaderSide.RIGHT
    reduced_motion: bool = True
    clock: Clock = field(default_factory=Clock)
    posted: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the window."""
        self.kiosk = KioskViewModel(self.posted.append, self.clock, open_catalogue("zh_TW"), open_catalogue("en"))
        self.kiosk.losses_without_card.offer(telephone=TELEPHONE, website=WEBSITE)
        self.kiosk.staff_printing_wishes.offer(can_repeat=True)
        settings = WindowSettings(size=self.size, reader_side=self.side, reduced_motion=self.reduced_motion, closable=False)
        self.kiosk.comfort_choices.offer_sound(Hearing.SOUNDS, voice=True)
        self._window = KioskWindow(self.kiosk, settings)

    @property
    def window(self) -> QQuickWindow:
        """Qt's window."""
        return self._window.window

    def close(self) -> None:
        """Close it, and with it what it showed. May be called twice.

        A view model that waits to be found as garbage is found in any thread, and there Qt's timers cannot be stopped: the process dies.
        """
        self._window.close()
        if isValid(self.kiosk):
            delete(self.kiosk)

    def grab(self, path: Path) -> None:
        """Save what is drawn now."""
        self._window.grab(path)

    def look(self, language: str = "zh_TW", look: Look = Look.USUAL, *, low_reach: bool = False) -> None:
        """Put on a language and a look."""
        contrast, large = look in {Look.CONTRAST, Look.BOTH}, look in {Look.LARGE, Look.BOTH}
        self.kiosk.comfort_choices.choose(language, high_contrast=contrast, large_type=large, low_reach=low_reach)

    def show(self, view: View) -> None:
        """Publish a view the way the core does, and wait until it is on the screen."""
        self.kiosk.show(view)
        self.settle()

    def settle(self) -> None:
        """Let Qt do what waits to be done."""
        for _ in range(3):
            QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            QGuiApplication.sendPostedEvents(None, 0)

    def picture(self) -> QImage:
        """What is drawn now."""
        return self.window.grabWindow()

    def picture_at_rest(self) -> QImage:
        """The screen as a person reads it.

        A list places its lines anew in the frame after the one in which they grew, and that may make a line; so frames are drawn
        until two in a row are alike.

        Raises:
            RestlessScreenError: the screen doesn't come to rest within :data:`FRAMES_TO_REST` frames.

        """
        self.settle()
        before = self.picture()
        for _ in range(FRAMES_TO_REST):
            self.settle()
            now = self.picture()
            if now == before:
                return now
            before = now
        message = f"a screen does not come to rest within {FRAMES_TO_REST} frames"
        raise RestlessScreenError(message)
