"""A slip set on sheets: lines broken and placed in dots, ready for any painter. Needs a QGuiApplication and the fonts of ``ui.fonts``."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum, unique

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextLine, QTextOption

from ui.fonts import FAMILY
from ui.paper.codes import Code, code_of
from ui.paper.slips import Block, Said, Slip, Style

DOTS_PER_INCH = 600
_DOTS_PER_MM = DOTS_PER_INCH / 25.4
_LONGEST_RECEIPT = 3000.0
"""Millimetres; PDF readers take pages up to five metres."""
_GAP = 2.6
"""Millimetres between blocks."""
_MODULE = 0.625
"""Millimetres a module of a QR code: 5 dots of a receipt printer, read by any telephone."""
_BLACK = QColor(0, 0, 0)


@unique
class PaperWidth(StrEnum):
    """Which paper the printer of a kiosk has."""

    RECEIPT = "receipt"
    """A roll of 80 mm: as long as what stands on it."""
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lengths in millimetres. ``column``: how wide the text is; without a ``height`` the sheet is as long as what stands on it."""

    width: float
    margin: float
    column: float
    height: float | None = None


SHEETS = {PaperWidth.RECEIPT: Sheet(80, 4, 72), PaperWidth.A4: Sheet(210, 20, 120, height=297)}


@dataclass(frozen=True, slots=True)
class Placed:
    """Something at its place on a page, in dots: a paragraph, a QR code, or a rule when it is neither."""

    y: float
    layout: QTextLayout | None = None
    code: Code | None = None


@dataclass(slots=True)
class Page:
    """One page; width and height in millimetres."""

    width: float
    height: float
    placed: list[Placed] = field(default_factory=list)


def set_on_pages(slip: Slip, sheet: Sheet) -> list[Page]:
    """Break a slip's lines to the column and its blocks to pages; a block is never torn unless it is longer than a page."""
    room = (sheet.height or _LONGEST_RECEIPT) - 2 * sheet.margin
    pages: list[Page] = [Page(sheet.width, sheet.height or 0)]
    y = 0.0
    for block in slip.blocks:
        placed, height = _set_block(block, sheet.column * _DOTS_PER_MM)
        if pages[-1].placed and y + height > room * _DOTS_PER_MM:
            pages.append(Page(sheet.width, sheet.height or 0))
            y = 0.0
        top = sheet.margin * _DOTS_PER_MM + y
        pages[-1].placed += [replace(one, y=top + one.y) for one in placed]
        y += height + _GAP * _DOTS_PER_MM
        pages[-1].height = sheet.height or 2 * sheet.margin + y / _DOTS_PER_MM - _GAP
    return pages


def draw(page: Page, sheet: Sheet, painter: QPainter) -> None:
    """Draw a page; the painter counts in dots of ``DOTS_PER_INCH``."""
    left = sheet.margin * _DOTS_PER_MM
    painter.setPen(_BLACK)
    for one in page.placed:
        if one.code is not None:
            _draw_code(one.code, QPointF(left, one.y), painter)
        elif one.layout is None:
            painter.fillRect(QRectF(left, one.y, sheet.column * _DOTS_PER_MM, 0.25 * _DOTS_PER_MM), _BLACK)
        else:
            one.layout.draw(painter, QPointF(left, one.y))


def _set_block(block: Block, column: float) -> tuple[list[Placed], float]:
    y = air = 0.0
    placed: list[Placed] = []
    if block.ruled:
        placed.append(Placed(y))
        y = _GAP * _DOTS_PER_MM
    for said in block.said:
        layout, height = _set_text(said, column)
        placed.append(Placed(y + air, layout))
        y += air + height
        air = said.style.below * _DOTS_PER_MM
    if block.code and (code := code_of(block.code)):
        y += _GAP * _DOTS_PER_MM
        placed.append(Placed(y, code=code))
        y += len(code) * _MODULE * _DOTS_PER_MM
    return placed, y


def _draw_code(code: Code, at: QPointF, painter: QPainter) -> None:
    """Each row of neighbouring modules in one piece, so that no rounding leaves a gap between them."""
    side = _MODULE * _DOTS_PER_MM
    for row, modules in enumerate(code):
        column = 0
        for dark, same in itertools.groupby(modules):
            length = sum(1 for _ in same)
            if dark:
                painter.fillRect(QRectF(at.x() + column * side, at.y() + row * side, length * side, side), _BLACK)
            column += length


def font_of(style: Style) -> QFont:
    """The font of a style, sized in dots, so that it is the same on every device."""
    font = QFont(FAMILY)
    font.setPixelSize(round(style.points * DOTS_PER_INCH / 72))
    font.setWeight(QFont.Weight.Bold if style.bold else QFont.Weight.Medium)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _set_text(said: Said, column: float) -> tuple[QTextLayout, float]:
    """A layout knows no markup: whatever stands in the text is letters."""
    font = font_of(said.style)
    layout = _broken(said.text, font, column)
    starts = [layout.lineAt(number).textStart() for number in range(layout.lineCount())]
    if len(starts) > said.style.most_lines:
        kept, rest = said.text[: _utf16(said.text, starts[said.style.most_lines - 1])], said.text
        last = QFontMetricsF(font).elidedText(rest[len(kept) :], Qt.TextElideMode.ElideRight, column)
        layout = _broken(kept + last, font, column)
    return layout, layout.boundingRect().height()


def _utf16(text: str, units: int) -> int:
    """How many characters stand in the first UTF-16 units, which Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "surrogatepass"))


def _broken(text: str, font: QFont, column: float) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(option)
    y = 0.0
    layout.beginLayout()
    for line in _lines(layout):
        line.setLineWidth(column)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _lines(layout: QTextLayout) -> Iterator[QTextLine]:
    while (line := layout.createLine()).isValid():
        yield line
