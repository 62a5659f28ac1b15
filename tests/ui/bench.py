"""A kiosk's screens on a bench: the gallery's glass, and where on it each item is."""

from collections.abc import Iterator
from functools import reduce

from PySide6.QtCore import QMetaObject, QRectF
from PySide6.QtQml import QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickItem

from ui.gallery.glass import Glass
from ui.window import LANDSCAPE, PORTRAIT

ORIENTATIONS = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


class Bench(Glass):
    """One kiosk window, looked into."""

    def settle(self) -> None:
        """Let Qt do what waits to be done, and have every item where it belongs: a machine that is busy has not drawn a frame by then."""
        super().settle()
        self.lay_out()

    def items(self) -> Iterator[QQuickItem]:
        """Every item that can be seen, in the order of drawing."""
        return visible_under(self.window.contentItem())

    def lay_out(self) -> None:
        """Put every item where the next frame, whenever it is drawn, would put it: else a key moves under a finger that has aimed."""
        for item in self.items():
            item.ensurePolished()

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
