"""The icons in any colour: ``image://icon/NAME/RRGGBB/WEIGHT`` draws ``ui/icons/NAME.svg``, at the size that is asked for."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

PROVIDER = "icon"
FOLDER = Path(__file__).parent / "icons"
_DRAWN_INK = "#14273D"
_DRAWN_WEIGHT = 'stroke-width="4"'
_GRID = 48
_DRAWN_KEPT = 128
"""Pictures of some 20 KB each."""


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    return path.read_text(encoding="utf-8") if name.isidentifier() and path.is_file() else ""


@lru_cache(maxsize=_DRAWN_KEPT)
def _drawn(asked: str, width: int, height: int) -> QImage:
    """Kept, since every page asks anew for the icons that all of them share; Qt copies none of the bytes."""
    name, colour, weight = asked.split("/")
    drawing = _drawing(name)
    if drawing == "":
        return QImage()
    drawing = drawing.replace(_DRAWN_INK, f"#{colour}").replace("currentColor", f"#{colour}")
    drawing = drawing.replace(_DRAWN_WEIGHT, f'stroke-width="{weight}"', 1)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


class IconProvider(QQuickImageProvider):
    """Draws icons for QML. An unknown name is an empty picture and a warning of Qt's."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002, N802, N803 - Qt's signature
        """Draw one icon; ``size`` is Qt's way to hear its natural size."""
        size.setWidth(_GRID)
        size.setHeight(_GRID)
        wanted = requestedSize if requestedSize.isValid() and not requestedSize.isEmpty() else QSize(_GRID, _GRID)
        return _drawn(id, wanted.width(), wanted.height())
