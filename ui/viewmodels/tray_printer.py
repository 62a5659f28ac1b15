"""The demo's printer: the slip that came out of it, and what may be wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickImageProvider

from drivers.ports import Raster
from ui.plain import plain

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

SLIP_PROVIDER = "slip"
_WHITE, _BLACK = 0xFFFFFFFF, 0xFF000000
_DOTS_PER_METRE = 8000


@dataclass(frozen=True, slots=True)
class PrinterChoice:
    """One condition of the printer. ``key`` goes back to ``choose``."""

    key: str
    name: str


def picture_of(slip: Raster) -> QImage:
    """A slip's dots as a picture."""
    lent = QImage(slip.rows, slip.width, slip.height, slip.width // 8, QImage.Format.Format_Mono)
    lent.setColorTable([_WHITE, _BLACK])
    lent.setDotsPerMeterX(_DOTS_PER_METRE)
    lent.setDotsPerMeterY(_DOTS_PER_METRE)
    return lent.copy()  # the bytes are the slip's


class SlipPictures(QQuickImageProvider):
    """``image://slip/NUMBER``: the newest slip, whatever the number, which only makes QML ask again."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self.newest = QImage()

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002, ARG002, N802, N803 - Qt's signature
        """Give the slip; ``size`` is Qt's way to hear its natural size."""
        size.setWidth(self.newest.width())
        size.setHeight(self.newest.height())
        return self.newest


@QmlElement
class TrayPrinterViewModel(QObject):
    """The printer, for QML. ``chosen`` gets the key of a condition and returns at once; ``show`` alone may be called from any thread."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""
    _arrived = Signal(object)

    def __init__(self, conditions: Sequence[PrinterChoice], chosen: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._conditions = [{"key": one.key, "name": plain(one.name)} for one in conditions]
        self._choose = chosen
        self._condition = conditions[0].key
        self._count = 0
        self._size = QSize()
        self.pictures = SlipPictures()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def show(self, slip: Raster) -> None:
        """A slip came out."""
        self._arrived.emit(slip)

    @Slot(object)
    def _take(self, slip: Raster) -> None:
        self.pictures.newest = picture_of(slip)
        self._size = self.pictures.newest.size()
        self._count += 1
        self.changed.emit()

    @Slot(str)
    def choose(self, key: str) -> None:
        """Let the printer be so."""
        if key != self._condition:
            self._condition = key
            self.changed.emit()
            self._choose(key)

    @Property("QVariantList", notify=fixed)  # type: ignore[arg-type] # Qt takes type names
    def conditions(self) -> list[dict[str, str]]:
        """Maps with ``key`` and ``name``."""
        return self._conditions

    @Property(str, notify=changed)
    def condition(self) -> str:
        """How the printer is now: a key."""
        return self._condition

    @Property(str, notify=changed)
    def slip(self) -> str:
        """Where QML gets the newest slip; empty before the first."""
        return f"image://{SLIP_PROVIDER}/{self._count}" if self._count else ""

    @Property(float, notify=changed)
    def slip_shape(self) -> float:
        """The slip's height in widths."""
        return self._size.height() / self._size.width() if self._count else 0.0
