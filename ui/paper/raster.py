"""A slip as the dots of a receipt printer: the same lines on the same template as the PDF, black or white."""

from enum import StrEnum, unique

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from drivers.ports import Raster
from ui.paper.pdf import DrawingError
from ui.paper.sheet import DOTS_PER_INCH, Page, Sheet, draw, set_on_pages
from ui.paper.slips import Slip

_DOTS_PER_MM = 8
"""Of every usual receipt printer (203 dots an inch)."""
_DARK = 150
"""Greys below this are black: a little more than half, for strokes that heat thins out."""


@unique
class Roll(StrEnum):
    """How wide the printer's paper is, and with it how many dots it prints across: 576 and 384."""

    MM80 = "80mm"
    MM58 = "58mm"

    @property
    def sheet(self) -> Sheet:
        """What can be printed on: the printer leaves the edges of the paper white itself."""
        return Sheet(72, 1, 70) if self is Roll.MM80 else Sheet(48, 1, 46)


def raster_of(slip: Slip, roll: Roll) -> Raster:
    """Draw a slip in about 20 ms.

    Raises:
        DrawingError: Qt refuses to draw.

    """
    sheet = roll.sheet
    pages = set_on_pages(slip, sheet)
    width = round(sheet.width * _DOTS_PER_MM)
    return Raster(width, b"".join(_drawn(page, sheet, width) for page in pages))


def _drawn(page: Page, sheet: Sheet, width: int) -> bytes:
    grey = QImage(width, round(page.height * _DOTS_PER_MM), QImage.Format.Format_Grayscale8)
    grey.fill(Qt.GlobalColor.white)
    painter = QPainter()
    if not painter.begin(grey):
        message = "Qt can't draw a picture"
        raise DrawingError(message)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_DOTS_PER_MM * 25.4 / DOTS_PER_INCH, _DOTS_PER_MM * 25.4 / DOTS_PER_INCH)
    draw(page, sheet, painter)
    painter.end()
    rows = bytes(grey.constBits())
    across = grey.bytesPerLine()
    packed = bytearray()
    for top in range(0, len(rows), across):
        row = rows[top : top + width]
        packed += int("".join("1" if level < _DARK else "0" for level in row), 2).to_bytes(width // 8, "big")
    return bytes(packed)
