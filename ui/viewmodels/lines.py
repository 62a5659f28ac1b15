"""Lines of a list, for QML: what was scanned, what is on loan."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ShownLine(Protocol):
    """One line in words. ``number`` names it as long as it is shown; two lines are equal when they say the same."""

    @property
    def number(self) -> int:
        """Which line it is."""

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""


class Role(IntEnum):
    """What a delegate asks for."""

    LINE = Qt.ItemDataRole.UserRole + 1
    """The whole line, a map."""
    LATEST = Qt.ItemDataRole.UserRole + 2
    """Whether it is the first one."""


@QmlElement
class LinesModel(QAbstractListModel):
    """The lines, for a Repeater: a new line is an insertion, so that it can be seen coming and nothing else moves."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ShownLine] = []

    def show(self, lines: Sequence[ShownLine]) -> None:
        """Take over these lines, in their order, with the fewest changes."""
        if not lines:
            self._forget()
            return
        wanted = {line.number for line in lines}
        for row in reversed(range(len(self._lines))):
            if self._lines[row].number not in wanted:
                self.beginRemoveRows(_ROOT, row, row)
                del self._lines[row]
                self.endRemoveRows()
        for row, line in enumerate(lines):
            self._place(row, line)

    def _forget(self) -> None:
        """All at once: a view that is about to go need not follow line by line."""
        if self._lines:
            self.beginResetModel()
            self._lines = []
            self.endResetModel()

    def _place(self, row: int, line: ShownLine) -> None:
        if row < len(self._lines) and self._lines[row].number == line.number:
            if self._lines[row] != line:
                self._lines[row] = line
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self._drop_below(row, line.number)
        self.beginInsertRows(_ROOT, row, row)
        self._lines.insert(row, line)
        self.endInsertRows()
        if row == 0 and len(self._lines) > 1:
            self.dataChanged.emit(self.index(1), self.index(1), [Role.LATEST])

    def _drop_below(self, first: int, number: int) -> None:
        """A line that stands further down has moved: it is inserted anew in its place."""
        for row in range(first, len(self._lines)):
            if self._lines[row].number == number:
                self.beginRemoveRows(_ROOT, row, row)
                del self._lines[row]
                self.endRemoveRows()
                return

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One value of one line."""
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        if role == Role.LINE:
            return self._lines[index.row()].for_qml()
        return index.row() == 0 if role == Role.LATEST else None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802 - Qt's name
        """The names that delegates use."""
        return {role.value: QByteArray(role.name.lower().encode()) for role in Role}
