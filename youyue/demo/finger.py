"""A finger on the glass: touches the button that a screen reader would call by a name, as a hand would."""

from PySide6.QtCore import QPointF
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest


class NothingToTouchError(LookupError):
    """No visible button has this name: the screen is another one than the story expects."""


class Finger:
    """Touches one window. GUI thread only."""

    def __init__(self, window: QQuickWindow) -> None:
        self._window = window
        self._device = QTest.createTouchDevice()

    def touch(self, name: str) -> None:
        """Press and lift in the middle of the button of this name.

        Raises:
            NothingToTouchError: there is none.

        """
        button = _named(self._window.contentItem(), name)
        if button is None:
            message = f"no button on the screen is called {name!r}"
            raise NothingToTouchError(message)
        middle = button.mapToScene(QPointF(button.width() / 2, button.height() / 2)).toPoint()
        QTest.touchEvent(self._window, self._device).press(0, middle, self._window).commit()
        QTest.touchEvent(self._window, self._device).release(0, middle, self._window).commit()


def _named(item: QQuickItem, name: str) -> QQuickItem | None:
    if not item.isVisible():
        return None
    if item.property("spoken") == name:
        return item
    for child in item.childItems():
        found = _named(child, name)
        if found is not None:
            return found
    return None
