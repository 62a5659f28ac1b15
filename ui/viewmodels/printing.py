"""The wishes for paper, a patron's and those of staff. What prints, and whether anything can, is not a matter of the screens."""

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


@QmlElement
class StaffPrintingViewModel(QObject):
    """What staff may want of the printer, for QML: ``print_trial`` a slip that shows how it prints, ``print_again`` the last slip once more."""

    changed = Signal()
    print_trial = Signal()
    print_again = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._can_print = self._can_repeat = False
        self._state = "ready"

    def offer(self, *, can_repeat: bool) -> None:
        """Say that something prints, and whether it can print a slip again. GUI thread."""
        self._can_print, self._can_repeat = True, can_repeat
        self.changed.emit()

    def forget(self) -> None:
        """What came of it is no news any more."""
        self._become("ready")

    def report_nothing(self) -> None:
        """Say that there is no slip to be printed again. GUI thread."""
        self._become("nothing")

    def report_failure(self) -> None:
        """Say that it did not come. GUI thread."""
        self._become("failed")

    def report_printed(self) -> None:
        """Say that it has come out. GUI thread."""
        self._become("printed")

    def _become(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit()

    @Slot()
    def try_it(self) -> None:
        """A slip that shows how it prints."""
        self._become("asked")
        self.print_trial.emit()

    @Slot()
    def repeat(self) -> None:
        """The last slip once more."""
        self._become("asked")
        self.print_again.emit()

    @Property(bool, notify=changed)
    def can_print(self) -> bool:
        """Whether there is something that prints."""
        return self._can_print

    @Property(bool, notify=changed)
    def can_repeat(self) -> bool:
        """Whether it keeps slips for a while."""
        return self._can_repeat

    @Property(str, notify=changed)
    def state(self) -> str:
        """What came of it: ready (nothing yet), asked, printed, failed, or nothing (there is no slip)."""
        return self._state
