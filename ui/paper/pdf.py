"""Pages as a PDF document, with its fonts in it."""

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from ui.paper.sheet import DOTS_PER_INCH, Page, Sheet, draw


class DrawingError(Exception):
    """Qt would not begin a document."""


def pdf_of(pages: list[Page], sheet: Sheet) -> bytes:
    """Draw the pages into a document in memory.

    Raises:
        DrawingError: Qt refuses to draw.

    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(_layout(pages[0]))
    painter = QPainter()
    if not painter.begin(writer):
        message = "Qt can't draw a PDF"
        raise DrawingError(message)
    for number, page in enumerate(pages):
        if number:
            writer.setPageLayout(_layout(page))
            writer.newPage()
        draw(page, sheet, painter)
    painter.end()
    return bytes(buffer.data().data())


def _layout(page: Page) -> QPageLayout:
    size = QPageSize(QSizeF(page.width, page.height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
