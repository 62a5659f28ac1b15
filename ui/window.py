"""The windows: a kiosk's, and the demo's card tray. Everything here lives in the GUI thread."""

import os
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from ui.fonts import load_fonts
from ui.icons import PROVIDER, IconProvider
from ui.keyboard import Gatekeeper
from ui.network import LocalOnly, RefusingNetwork
from ui.viewmodels.card_tray import CardTrayViewModel
from ui.viewmodels.kiosk import KioskViewModel
from ui.viewmodels.tray_printer import SLIP_PROVIDER, SlipPictures

QML = Path(__file__).parent / "qml"
PORTRAIT = QSize(1080, 1920)
LANDSCAPE = QSize(1920, 1080)
TRAY = QSize(720, 1280)
_ROOM = 0.86
"""Of the screen's height or width, for a window of the demo."""


class WindowError(Exception):
    """The screens could not be made or drawn; the message says what Qt said."""


@unique
class ReaderSide(StrEnum):
    """Where the real reader is, seen from the screen: the arrow points there."""

    RIGHT = "right"
    LEFT = "left"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How the window stands on the glass. ``size`` in pixels; without it the largest that fits the screen (in full screen it is the screen's)."""

    orientation: QSize = PORTRAIT
    full_screen: bool = False
    size: QSize | None = None
    reader_side: ReaderSide = ReaderSide.RIGHT
    reduced_motion: bool = False
    closable: bool = True


DEFAULT_SETTINGS = WindowSettings()


def prepare_environment(*, headless: bool = False) -> None:
    """Set what Qt reads once, before any QGuiApplication is made. Settings of the user stay; headless draws to nowhere."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_WAYLAND_DISABLE_WINDOWDECORATION", "1")
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def build_engine(network: RefusingNetwork, addresses: LocalOnly) -> QQmlApplicationEngine:
    """Make an engine that finds our QML and no network. Both guards must live as long as the engine.

    Raises:
        FontMissingError: the screens would show empty boxes.

    """
    load_fonts()
    engine = QQmlApplicationEngine()
    engine.setNetworkAccessManagerFactory(network)
    engine.addUrlInterceptor(addresses)
    engine.addImageProvider(PROVIDER, IconProvider())
    engine.addImportPath(str(QML))
    return engine


class _QmlWindow:
    """One window with an engine of its own; ``backend`` outlives both."""

    def __init__(self, name: str, backend: QObject, properties: dict[str, object], pictures: SlipPictures | None = None) -> None:
        self._guards = RefusingNetwork(), LocalOnly()
        self._engine: QQmlApplicationEngine | None = build_engine(*self._guards)
        if pictures is not None:
            self._engine.addImageProvider(SLIP_PROVIDER, pictures)
        problems: list[str] = []
        self._engine.warnings.connect(lambda errors: problems.extend(error.toString() for error in errors))
        self._engine.setInitialProperties(properties)
        self._engine.loadFromModule("Youyue", name)
        roots = self._engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            message = f"the window {name} could not be made: {'; '.join(problems) or 'Qt gave no reason'}"
            raise WindowError(message)
        self._window: QQuickWindow | None = roots[0]
        self._backend = backend

    @property
    def window(self) -> QQuickWindow:
        """Qt's window.

        Raises:
            WindowError: it is closed.

        """
        if self._window is None:
            message = "the window is closed"
            raise WindowError(message)
        return self._window

    def grab(self, path: Path) -> None:
        """Save what is drawn now as PNG.

        Raises:
            WindowError: nothing is drawn, or the file can't be written.

        """
        image = self.window.grabWindow()
        path.parent.mkdir(parents=True, exist_ok=True)
        if image.isNull() or not image.save(str(path)):
            message = f"the picture {path} could not be written"
            raise WindowError(message)

    def close(self) -> None:
        """Close the window, then drop the engine. May be called twice."""
        if self._window is not None and self._engine is not None:
            self._window.close()
            self._window = None
            self._engine.deleteLater()
            self._engine = None
            QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _fitting(wanted: QSize) -> QSize:
    screen = QGuiApplication.primaryScreen().availableSize()
    fit = min(1.0, screen.width() * _ROOM / wanted.width(), screen.height() * _ROOM / wanted.height())
    return QSize(round(wanted.width() * fit), round(wanted.height() * fit))


class KioskWindow(_QmlWindow):
    """The kiosk's own window."""

    def __init__(self, kiosk: KioskViewModel, settings: WindowSettings = DEFAULT_SETTINGS) -> None:
        size = settings.size or _fitting(settings.orientation)
        super().__init__(
            "Main",
            kiosk,
            {
                "kiosk": kiosk,
                "readerSide": settings.reader_side.value,
                "fullScreen": settings.full_screen,
                "reducedMotion": settings.reduced_motion,
                "width": size.width(),
                "height": size.height(),
            },
        )
        self._gate = Gatekeeper(kiosk.touch, closable=settings.closable)
        self.window.installEventFilter(self._gate)

    def close(self) -> None:
        """Close it, allowed or not: the programme ends."""
        self._gate.allow_closing()
        super().close()


class TrayWindow(_QmlWindow):
    """The demo's card tray."""

    def __init__(self, tray: CardTrayViewModel, size: QSize | None = None) -> None:
        fitting = size or _fitting(TRAY) * 0.72
        super().__init__("CardTray", tray, {"tray": tray, "width": fitting.width(), "height": fitting.height()}, tray.pictures)
