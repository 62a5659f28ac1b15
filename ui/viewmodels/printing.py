"""The wish for a paper slip. What prints, and whether anything can, is not a matter of the screens."""

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class PrintingViewModel(QObject):
    """Whether the goodbye slip can be printed, for QML; ``print_slip`` is emitted when somebody wants it, once a visit."""

    changed = Signal()
    print_slip = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._offered = False
        self._asked = self._failed = self._printed = False

    def offer(self, *, can_print: bool) -> None:
        """Say whether something prints. GUI thread."""
        if can_print != self._offered:
            self._offered = can_print
            self.changed.emit()

    def forget(self) -> None:
        """The next slip is another one."""
        if self._asked:
            self._asked = self._failed = self._printed = False
            self.changed.emit()

    def report_failure(self) -> None:
        """Say that the slip that was asked for did not come. GUI thread."""
        if self._asked and not self._failed:
            self._failed = True
            self.changed.emit()

    def report_printed(self) -> None:
        """Say that the slip that was asked for has come out. GUI thread."""
        if self._asked and not self._printed:
            self._failed, self._printed = False, True
            self.changed.emit()

    @Slot()
    def ask(self) -> None:
        """Somebody wants the slip on paper."""
        if self._offered and not self._asked:
            self._asked = True
            self.changed.emit()
            self.print_slip.emit()

    @Property(bool, notify=changed)
    def can_print(self) -> bool:
        """Whether a slip can be asked for."""
        return self._offered

    @Property(bool, notify=changed)
    def asked(self) -> bool:
        """Whether it was asked for already."""
        return self._asked

    @Property(bool, notify=changed)
    def failed(self) -> bool:
        """Whether it could not be made."""
        return self._failed

    @Property(bool, notify=changed)
    def printed(self) -> bool:
        """Whether it is known to have come out."""
        return self._printed

    @Property(str, notify=changed)
    def said(self) -> str:
        """The key of what the button says: print it, printing, printed, not printed."""
        state = ".failed" if self._failed else ".printed" if self._printed else ".asked" if self._asked else ""
        return f"goodbye.print{state}"
