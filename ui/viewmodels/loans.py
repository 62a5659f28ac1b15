"""My loans and my holds: the lists, what may be renewed, whether titles are hidden."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from circulation.ids import LoanId
from kiosk.events import Choice, RenewAllChosen, RenewChosen, TitlesChosen
from kiosk.view import Loans
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.lines import LinesModel
from ui.viewmodels.loan_lines import loan_shown, ready_hold_shown, waiting_hold_shown

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class LoansHead:
    """What stands above the lists and below them."""

    on_loan: Phrase = SILENT
    renew_all: Phrase = SILENT
    titles_hidden: bool = False
    can_renew: int = 0
    loans: int = 0
    ready: int = 0
    waiting: int = 0


NO_LOANS = LoansHead()


def loans_head(screen: Loans, speech: Speech) -> LoansHead:
    """Count the lists."""
    count = len(screen.loans)
    return LoansHead(
        on_loan=speech.phrase("loans.count", count=count) if count else speech.phrase("loans.none"),
        renew_all=speech.phrase("loans.renew_all", count=screen.can_renew),
        titles_hidden=screen.titles_hidden,
        can_renew=screen.can_renew,
        loans=count,
        ready=len(screen.ready),
        waiting=len(screen.waiting),
    )


@QmlElement
class LoansViewModel(QObject):
    """My loans, for QML. ``post`` takes what the patron renews and wants to see."""

    changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._lists = LinesModel(self), LinesModel(self), LinesModel(self)
        self._renewable: dict[int, LoanId] = {}
        self._head = NO_LOANS

    def show(self, screen: Loans, speech: Speech) -> None:
        """Take over the lists."""
        loans, ready, waiting = self._lists
        shown = [loan_shown(line, speech) for line in screen.loans]
        self._renewable = {line.number: line.loan for line in screen.loans}
        loans.show(shown)
        ready.show([ready_hold_shown(number, hold, speech) for number, hold in enumerate(screen.ready, 1)])
        waiting.show([waiting_hold_shown(number, hold, speech) for number, hold in enumerate(screen.waiting, 1)])
        self._take(loans_head(screen, speech))

    def forget(self) -> None:
        """Nothing of this patron stays."""
        self._renewable = {}
        for model in self._lists:
            model.show(())
        self._take(NO_LOANS)

    def _take(self, head: LoansHead) -> None:
        if head != self._head:
            self._head = head
            self.changed.emit()

    @Slot(int)
    def renew(self, number: int) -> None:
        """Keep the item of this line longer."""
        loan = self._renewable.get(number)
        if loan is not None:
            self._post(RenewChosen(loan))

    @Slot()
    def renew_all(self) -> None:
        """Keep all longer that may be kept."""
        self._post(RenewAllChosen())

    @Slot()
    def show_titles(self) -> None:
        """Show the titles; the PIN may be asked for."""
        self._post(TitlesChosen())

    @Property(LinesModel, notify=fixed)
    def loans(self) -> LinesModel:
        """The loans, earliest due date first."""
        return self._lists[0]

    @Property(LinesModel, notify=fixed)
    def ready(self) -> LinesModel:
        """The holds that can be collected."""
        return self._lists[1]

    @Property(LinesModel, notify=fixed)
    def waiting(self) -> LinesModel:
        """The holds that wait."""
        return self._lists[2]

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def on_loan(self) -> PhraseMap:
        """How many are on loan, as a sentence."""
        return self._head.on_loan.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def renew_all_words(self) -> PhraseMap:
        """What the button says that renews all."""
        return self._head.renew_all.for_qml()

    @Property(bool, notify=changed)
    def titles_hidden(self) -> bool:
        """Whether titles wait for the PIN (R21)."""
        return self._head.titles_hidden

    @Property(int, notify=changed)
    def can_renew(self) -> int:
        """How many may be renewed now."""
        return self._head.can_renew

    @Property(int, notify=changed)
    def loan_count(self) -> int:
        """How many are on loan."""
        return self._head.loans

    @Property(int, notify=changed)
    def ready_count(self) -> int:
        """How many holds can be collected."""
        return self._head.ready

    @Property(int, notify=changed)
    def waiting_count(self) -> int:
        """How many holds wait."""
        return self._head.waiting
