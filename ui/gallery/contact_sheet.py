"""Many screens on one picture, small, each with its name: what is out of line is seen at once."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from ui.fonts import FAMILY

_PAPER, _INK, _EDGE = QColor("#FFFFFF"), QColor("#14273D"), QColor("#857555")
_GAP, _NAME = 24, 32
_LETTERS = 20
_THUMB_AREA = 180_000
"""Square pixels of one small picture: a heading can be read, a hundred of them fit on a screen or two."""


class ContactSheet:
    """The small pictures of screens of one size, in rows. Only the small ones are kept."""

    def __init__(self, title: str, glass: QSize, count: int) -> None:
        self._title = title
        scale = (_THUMB_AREA / (glass.width() * glass.height())) ** 0.5
        self._thumb = QSize(round(glass.width() * scale), round(glass.height() * scale))
        self._columns = max(1, min(count, round((count * self._thumb.height() * 1.5 / self._thumb.width()) ** 0.5)))
        self._hung: list[tuple[str, QImage]] = []

    def hang(self, name: str, picture: QImage) -> None:
        """Add a screen."""
        small = picture.scaled(self._thumb, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._hung.append((name, small))

    def draw(self) -> QImage:
        """The whole sheet."""
        cells = list(_cells(self._thumb, self._columns, len(self._hung)))
        right = max(cell.right() for cell in cells)
        bottom = max(cell.bottom() for cell in cells)
        sheet = QImage(right + _GAP, bottom + _GAP, QImage.Format.Format_RGB32)
        sheet.fill(_PAPER)
        painter = QPainter(sheet)
        self._paint(painter, cells)
        painter.end()
        return sheet

    def _paint(self, painter: QPainter, cells: Sequence[QRect]) -> None:
        font = QFont(FAMILY)
        font.setPixelSize(_LETTERS)
        painter.setFont(font)
        painter.setPen(_INK)
        painter.drawText(_GAP, _GAP + _LETTERS, self._title)
        for cell, (name, small) in zip(cells, self._hung, strict=True):
            place = QRect(cell.topLeft(), self._thumb)
            painter.drawImage(place, small)
            painter.setPen(_EDGE)
            painter.drawRect(place)
            painter.setPen(_INK)
            label = QRect(place.left(), place.bottom() + 2, place.width(), _NAME)
            painter.drawText(label, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def _cells(thumb: QSize, columns: int, count: int) -> Iterator[QRect]:
    head = _GAP + 2 * _LETTERS
    for number in range(count):
        row, column = divmod(number, columns)
        left = _GAP + column * (thumb.width() + _GAP)
        top = head + row * (thumb.height() + _NAME + _GAP)
        yield QRect(left, top, thumb.width(), thumb.height() + _NAME)
