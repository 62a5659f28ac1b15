"""Keys and fingers on a kiosk's window: what is not of use is dropped before anything hears of it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

USEFUL = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Space,
    }
)
"""Enough to reach and press everything. No function key, no letter, no arrow."""

_HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride, QEvent.Type.Shortcut})
_FINGERS = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress})


class Gatekeeper(QObject):
    """An event filter for one window: reports every touch, drops every key that is not ``USEFUL``, and closing unless allowed."""

    def __init__(self, touched: Callable[[], None], *, closable: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._touched = touched
        self._closable = closable

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, ARG002 - Qt's signature
        """Say whether the event ends here."""
        kind = event.type()
        if kind in _FINGERS:
            self._touched()
            return False
        if kind in _KEYS:
            if not isinstance(event, QKeyEvent) or not _useful(event):
                return True
            if kind == QEvent.Type.KeyPress:
                self._touched()
            return False
        return kind == QEvent.Type.Close and self._refuse(event)

    def allow_closing(self) -> None:
        """From now on the window may be closed: the programme itself ends it."""
        self._closable = True

    def _refuse(self, event: QEvent) -> bool:
        if self._closable:
            return False
        event.ignore()
        return True


def _useful(event: QKeyEvent) -> bool:
    return event.key() in USEFUL and not event.modifiers() & ~_HARMLESS
