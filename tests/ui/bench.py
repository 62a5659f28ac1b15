"""A kiosk's screens on a bench: a window that is drawn to nowhere, a clock that stands still, the choices that were made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum, unique
from functools import reduce
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMetaObject, QRectF, QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQml import QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.events import Event
from kiosk.view import View
from tests.ui.views import NOW
from texts.catalogue import open_catalogue
from ui.viewmodels.kiosk import KioskViewModel
from ui.window import LANDSCAPE, PORTRAIT, KioskWindow, ReaderSide, WindowSettings

TELEPHONE, WEBSITE = "02-0000-0000", "library.example"
FRAMES_TO_REST = 8
ORIENTATIONS = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


class RestlessScreenError(AssertionError):
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
        return self.seconds


@dataclass
class Bench:
    """One kiosk window. ``posted`` are the events that came out of it."""

    size: QSize
    side: ReaderSide = ReaderSide.RIGHT
    reduced_motion: bool = True
    clock: Clock = field(default_factory=Clock)
    posted: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kiosk = KioskViewModel(self.posted.append, self.clock, open_catalogue("zh_TW"), open_catalogue("en"))
        self.kiosk.losses_without_card.offer(telephone=TELEPHONE, website=WEBSITE)
        settings = WindowSettings(size=self.size, reader_side=self.side, reduced_motion=self.reduced_motion, closable=False)
        self._window = KioskWindow(self.kiosk, settings)

    @property
    def window(self) -> QQuickWindow:
        return self._window.window

    def close(self) -> None:
        self._window.close()

    def grab(self, path: Path) -> None:
        self._window.grab(path)

    def look(self, language: str = "zh_TW", look: Look = Look.USUAL) -> None:
        swapped = language != "zh_TW"
        contrast, large = look in {Look.CONTRAST, Look.BOTH}, look in {Look.LARGE, Look.BOTH}
        self.kiosk.comfort_choices._set(swapped=swapped, high_contrast=contrast, large_type=large)

    def show(self, view: View) -> None:
        """Publish a view the way the core does, and wait until it is on the screen."""
        self.kiosk.show(view)
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            QGuiApplication.sendPostedEvents(None, 0)

    def picture(self) -> QImage:
        return self.window.grabWindow()

    def picture_at_rest(self) -> QImage:
        """The screen as a person reads it. A list places its lines anew in the frame after the one in which they grew,
        and that may make a line; so frames are drawn until two in a row are alike.

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
        raise RestlessScreenError

    def items(self) -> Iterator[QQuickItem]:
        """Every item that can be seen, in the order of drawing."""
        return visible_under(self.window.contentItem())

    def of_type(self, name: str) -> list[QQuickItem]:
        """The visible items made from ``name.qml`` or derived from it."""
        return [item for item in self.items() if is_a(item, name)]


def visible_under(item: QQuickItem) -> Iterator[QQuickItem]:
    if item.isVisible() and item.opacity() > 0:
        yield item
        for child in item.childItems():
            yield from visible_under(child)


_KINDS: dict[str, frozenset[str]] = {}


def is_a(item: QQuickItem, name: str) -> bool:
    """Whether an item comes from ``name.qml``; the type of a QML file bears its name."""
    kind = item.metaObject()
    own = kind.className()
    if own not in _KINDS:
        _KINDS[own] = frozenset(ancestor.className().split("_QML")[0] for ancestor in with_ancestors(kind))
    return name in _KINDS[own]


def with_ancestors(kind: QMetaObject | None) -> Iterator[QMetaObject]:
    """A type, the one it is derived from and so on."""
    while kind is not None:
        yield kind
        kind = kind.superClass()


def ancestors(item: QQuickItem) -> Iterator[QQuickItem]:
    """Parent, its parent and so on."""
    parent: QQuickItem | None = item.parentItem()
    while parent is not None:
        yield parent
        parent = parent.parentItem()


def on_glass(item: QQuickItem) -> QRectF:
    """Where an item is, in pixels of the window."""
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def ink(text: QQuickItem) -> QRectF:
    """Where a text's lines are, in pixels of the window."""
    width, height = text.property("contentWidth"), text.property("contentHeight")
    room_x, room_y = text.width() - width, text.height() - height
    x = {4: room_x / 2, 2: room_x}.get(asked(text, "effectiveHorizontalAlignment"), 0.0)
    y = {128: room_y / 2, 64: room_y}.get(asked(text, "verticalAlignment"), 0.0)
    return text.mapRectToScene(QRectF(x, y, width, height))


def asked(item: QQuickItem, expression: str) -> int:
    """What QML says; some of its enumerations have no form in Python."""
    context = QQmlEngine.contextForObject(item)
    assert context is not None
    answer, _ = QQmlExpression(context, item, expression).evaluate()
    return int(answer)


def window_pane(item: QQuickItem) -> QRectF | None:
    """What a clipping ancestor lets through, none when nothing clips."""
    panes = [on_glass(parent) for parent in ancestors(item) if parent.clip()]
    return reduce(QRectF.intersected, panes) if panes else None
