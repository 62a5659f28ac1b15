"""Taking back: one line for each item that came back, and where it is to be put."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from circulation.checkins import CheckinNote, Destination
from kiosk.view import Return, ReturnLine
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.lines import LinesModel
from ui.viewmodels.place import branch_name
from ui.viewmodels.slip import title_of

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line in words. ``where`` says where to put the item; one that was not ``taken`` is not returned yet."""

    number: int
    title: str
    destination: Destination
    where: Phrase
    notes: tuple[Phrase, ...] = ()
    taken: bool = True

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {
            "number": self.number,
            "title": self.title,
            "destination": self.destination.value,
            "where": self.where.for_qml(),
            "notes": [note.for_qml() for note in self.notes],
            "taken": self.taken,
        }


def returned_line(line: ReturnLine, speech: Speech) -> ReturnedLine:
    """Put a line into words."""
    return ReturnedLine(
        number=line.number,
        title=title_of(line.title, line.barcode, speech),
        destination=line.destination,
        where=_where(line, speech),
        notes=tuple(_notes(line, speech)),
        taken=line.taken,
    )


def _where(line: ReturnLine, speech: Speech) -> Phrase:
    """Where to put it; a routing slip without a branch's name goes to whom the slip says."""
    if line.destination is not Destination.OTHER_BRANCH or not line.send_to:
        return speech.phrase(f"destination.{line.destination.value}")
    branch = branch_name(line.send_to, speech)
    return speech.pair(
        speech.main.say("destination.other_branch.named", branch=branch.main),
        speech.second.say("destination.other_branch.named", branch=branch.second),
    )


def _notes(line: ReturnLine, speech: Speech) -> Iterator[Phrase]:
    if not line.taken:
        yield speech.phrase("return.not_taken")
    if line.again:
        yield speech.phrase("return.again")
    yield from (_note(note, line, speech) for note in dict.fromkeys(line.notes))


def _note(note: CheckinNote, line: ReturnLine, speech: Speech) -> Phrase:
    if note is CheckinNote.OVERDUE and line.days_late > 0:
        return speech.phrase("note.checkin_overdue.days", count=line.days_late)
    return speech.phrase(f"note.{note.value}")


@dataclass(frozen=True, slots=True)
class ReturnsShown:
    """What stands around the lines."""

    returned: int = 0
    returned_words: Phrase = SILENT
    prompt: Phrase = SILENT
    advice: Phrase = SILENT
    scanning: bool = False
    in_session: bool = False


NO_RETURNS = ReturnsShown()


def returns_shown(screen: Return, speech: Speech, *, scanner: bool) -> ReturnsShown:
    """Count, and say what to do next. ``scanner``: whether a book can be scanned."""
    prompt = "return.no_scanner" if not scanner else "return.scan_next" if screen.lines else "return.scan_first"
    return ReturnsShown(
        returned=screen.returned,
        returned_words=speech.phrase("return.done", count=screen.returned),
        prompt=speech.phrase(prompt),
        advice=speech.phrase("return.empty.do" if scanner else "return.no_scanner.do"),
        scanning=scanner,
        in_session=screen.account is not None,
    )


@QmlElement
class ReturnsViewModel(QObject):
    """The return screen, for QML."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = LinesModel(self)
        self._shown = NO_RETURNS

    def show(self, screen: Return, speech: Speech, *, scanner: bool) -> None:
        """Take over what came back. ``scanner``: whether a book can be scanned."""
        self._lines.show([returned_line(line, speech) for line in screen.lines])
        self._take(returns_shown(screen, speech, scanner=scanner))

    def forget(self) -> None:
        """Nothing of this visit stays."""
        self._lines.show(())
        self._take(NO_RETURNS)

    def _take(self, shown: ReturnsShown) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Property(LinesModel, notify=fixed)
    def lines(self) -> LinesModel:
        """The lines, newest first."""
        return self._lines

    @Property(int, notify=changed)
    def returned(self) -> int:
        """Items that came back in this visit."""
        return self._shown.returned

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def returned_words(self) -> PhraseMap:
        """What stands below that figure."""
        return self._shown.returned_words.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def prompt(self) -> PhraseMap:
        """What to do next."""
        return self._shown.prompt.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def advice(self) -> PhraseMap:
        """How to do it, while the slip is empty."""
        return self._shown.advice.for_qml()

    @Property(bool, notify=changed)
    def scanning(self) -> bool:
        """Whether a book can be scanned."""
        return self._shown.scanning

    @Property(bool, notify=changed)
    def in_session(self) -> bool:
        """Whether somebody's session is open: there is a screen to go back to."""
        return self._shown.in_session
