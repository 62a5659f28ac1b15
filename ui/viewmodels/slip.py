"""The slip: one line for each scanned item, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtQml import QmlElement

from circulation.ids import LoanId
from kiosk.view import Line, LineState
from texts.dates import short_date
from ui.plain import plain
from ui.speech import SILENT, Phrase, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

MOST_REASONS = 3
"""Said at once; a child reads no more, and the desk knows all."""

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line in words. ``loan`` is set while the item can be put back."""

    number: int
    state: LineState
    title: str
    status: Phrase
    due: Phrase = SILENT
    reasons: tuple[Phrase, ...] = ()
    instruction: Phrase = SILENT
    loan: LoanId | None = None


def slip_line(line: Line, speech: Speech) -> SlipLine:
    """Put a line into words: the first reasons, and the first one's instruction, which a longer list would push off the screen."""
    barcode = plain(line.barcode)
    return SlipLine(
        number=line.number,
        state=line.state,
        title=plain(line.title) or speech.main.say("line.unknown_title", barcode=barcode),
        status=speech.phrase(f"line.{line.state.value}"),
        due=_due(line, speech),
        reasons=tuple(speech.phrase(f"reason.{reason.value}") for reason in line.reasons[:MOST_REASONS]),
        instruction=speech.phrase(f"reason.{line.reasons[0].value}.do") if line.reasons else SILENT,
        loan=line.loan if line.state is LineState.BORROWED else None,
    )


def _due(line: Line, speech: Speech) -> Phrase:
    if line.due is None or line.state is not LineState.BORROWED:
        return SILENT
    return Phrase(
        speech.main.say("line.due", date=short_date(line.due, speech.main)),
        speech.second.say("line.due", date=short_date(line.due, speech.second)),
    )


class Role(IntEnum):
    """What a delegate asks for."""

    NUMBER = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    TITLE = Qt.ItemDataRole.UserRole + 3
    STATUS = Qt.ItemDataRole.UserRole + 4
    DUE = Qt.ItemDataRole.UserRole + 5
    REASONS = Qt.ItemDataRole.UserRole + 6
    INSTRUCTION = Qt.ItemDataRole.UserRole + 7
    CAN_PUT_BACK = Qt.ItemDataRole.UserRole + 8
    LATEST = Qt.ItemDataRole.UserRole + 9


@QmlElement
class SlipModel(QAbstractListModel):
    """The lines, for a ListView: a new line is an insertion, so that it can be seen coming."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[SlipLine] = []

    def show(self, lines: Sequence[SlipLine]) -> None:
        """Take over these lines, newest first, with the fewest changes."""
        wanted = {line.number for line in lines}
        for row in reversed(range(len(self._lines))):
            if self._lines[row].number not in wanted:
                self.beginRemoveRows(_ROOT, row, row)
                del self._lines[row]
                self.endRemoveRows()
        for row, line in enumerate(lines):
            self._place(row, line)

    def _place(self, row: int, line: SlipLine) -> None:
        if row < len(self._lines) and self._lines[row].number == line.number:
            if self._lines[row] != line:
                self._lines[row] = line
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginInsertRows(_ROOT, row, row)
        self._lines.insert(row, line)
        self.endInsertRows()
        if row == 0 and len(self._lines) > 1:
            self.dataChanged.emit(self.index(1), self.index(1), [Role.LATEST])

    def loan_of(self, number: int) -> LoanId | None:
        """The loan of a line, while it can be put back."""
        return next((line.loan for line in self._lines if line.number == number), None)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One value of one line."""
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        return _values(self._lines[index.row()], latest=index.row() == 0).get(role)

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802 - Qt's name
        """The names that delegates use."""
        return {role.value: QByteArray(role.name.lower().encode()) for role in Role}


def _values(line: SlipLine, *, latest: bool) -> Mapping[int, object]:
    return {
        Role.NUMBER: line.number,
        Role.STATE: line.state.value,
        Role.TITLE: line.title,
        Role.STATUS: line.status.for_qml(),
        Role.DUE: line.due.for_qml(),
        Role.REASONS: [reason.for_qml() for reason in line.reasons],
        Role.INSTRUCTION: line.instruction.for_qml(),
        Role.CAN_PUT_BACK: line.loan is not None,
        Role.LATEST: latest,
    }
