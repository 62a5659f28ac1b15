"""Where the demo's three windows stand: kiosk 1 upright, the tray beside it, kiosk 2 across in what is left."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt

from ui.window import LANDSCAPE, PORTRAIT, TRAY

_MARGIN = 24
_TITLE_BAR = 40
_TRAY_SHARE = 0.86


@dataclass(frozen=True, slots=True)
class Layout:
    """One rectangle a window, without frames, in screen pixels."""

    first: QRect
    tray: QRect
    second: QRect


def arrange(screen: QRect) -> Layout:
    """Lay the windows side by side on the screen's available area, none over another."""
    top = screen.top() + _TITLE_BAR
    tall = QSize(screen.width(), screen.height() - _TITLE_BAR - _MARGIN)
    first = QRect(QPoint(screen.left() + _MARGIN, top), _fitted(PORTRAIT, tall))
    tray = QRect(QPoint(first.right() + _MARGIN, top), _fitted(TRAY, QSize(screen.width(), round(tall.height() * _TRAY_SHARE))))
    left = tray.right() + _MARGIN
    second = QRect(QPoint(left, top), _fitted(LANDSCAPE, QSize(screen.right() - left - _MARGIN, tall.height())))
    return Layout(first, tray, second)


def _fitted(shape: QSize, room: QSize) -> QSize:
    return shape.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
