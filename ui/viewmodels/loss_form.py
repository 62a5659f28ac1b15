"""The form for somebody without a card: ID, birth date, kind of card. What is typed is wiped when the form is left or sent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from circulation.cards import CardKind
from circulation.national_ids import NationalId
from kiosk.events import BackChosen, Choice, LossByIdEntered
from kiosk.view import ReportLossById
from ui.speech import SILENT, Phrase, PhraseMap, Speech
from ui.viewmodels.typed_id import Era, TypedDate, TypedId

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


class Step(IntEnum):
    """What is asked now."""

    ID = 0
    BIRTH = 1
    CARD = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything typed so far. ``fault`` is a catalogue key, empty when nothing is wrong."""

    step: Step = Step.ID
    id: TypedId = field(default_factory=TypedId)
    birth: TypedDate = field(default_factory=TypedDate)
    kind: CardKind | None = None
    fault: str = ""


@QmlElement
class LossFormViewModel(QObject):
    """The form, for QML. ``post`` takes what was typed and keeps it nowhere."""

    changed = Signal()

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self.__entry: Entry | None = None
        self._screen = ReportLossById()
        self._speech: Speech | None = None
        self._today = date.min
        self._telephone = self._website = ""

    def offer(self, *, telephone: str, website: str) -> None:
        """Say where a loss can be reported while the registry can't be asked; empty: not there. GUI thread."""
        self._telephone, self._website = telephone, website
        self.changed.emit()

    def show(self, screen: ReportLossById, speech: Speech, *, today: date) -> None:
        """Take over the form's state; a form that was not there begins empty, with the years the main language counts in."""
        if self.__entry is None:
            era = Era.ROC if speech.main.language.startswith("zh") else Era.WESTERN
            self.__entry = Entry(birth=TypedDate(era))
        self._screen, self._speech, self._today = screen, speech, today
        self.changed.emit()

    def forget(self) -> None:
        """Nothing of what was typed stays."""
        if self.__entry is not None:
            self.__entry, self._screen, self._speech = None, ReportLossById(), None
            self.changed.emit()

    def _take(self, entry: Entry) -> None:
        self.__entry = entry
        self.changed.emit()

    @property
    def _entry(self) -> Entry:
        return self.__entry or Entry()

    @Slot(str)
    def press(self, key: str) -> None:
        """One key more."""
        entry = self._entry
        if entry.step is Step.ID:
            self._take(replace(entry, id=entry.id.press(key), fault=""))
        elif entry.step is Step.BIRTH:
            self._take(replace(entry, birth=entry.birth.press(key), fault=""))

    @Slot()
    def delete(self) -> None:
        """Take the last character away."""
        entry = self._entry
        if entry.step is Step.ID:
            self._take(replace(entry, id=entry.id.delete(), fault=""))
        elif entry.step is Step.BIRTH:
            self._take(replace(entry, birth=entry.birth.delete(), fault=""))

    @Slot(str)
    def choose_era(self, era: str) -> None:
        """Count years another way; the date begins anew."""
        if era != self._entry.birth.era.value:
            self._take(replace(self._entry, birth=TypedDate(Era(era)), fault=""))

    @Slot(str)
    def choose_kind(self, kind: str) -> None:
        """This kind of card is lost."""
        self._take(replace(self._entry, kind=CardKind(kind)))

    @Slot()
    def forward(self) -> None:
        """To the next question, when this one has an answer that can be right; from the last one, send."""
        entry = self._entry
        if entry.step is Step.ID and entry.id.complete:
            fault = entry.id.fault
            self._take(replace(entry, step=Step.BIRTH) if fault is None else replace(entry, fault=f"loss_form.{fault.value}"))
        elif entry.step is Step.BIRTH and entry.birth.complete:
            wrong = entry.birth.fault(today=self._today)
            self._take(replace(entry, step=Step.CARD) if wrong is None else replace(entry, fault=f"loss_form.{wrong.value}"))
        elif entry.step is Step.CARD:
            self._send(entry)

    def _send(self, entry: Entry) -> None:
        day, kind = entry.birth.day, entry.kind
        if day is not None and kind is not None and not self._screen.sending:
            self._take(Entry(step=Step.CARD, birth=TypedDate(entry.birth.era)))
            self._post(LossByIdEntered(NationalId.read(entry.id.text).text, day, kind))

    @Slot()
    def back(self) -> None:
        """To the question before; from the first one, away."""
        if self._screen.offline or self._entry.step is Step.ID:
            self._post(BackChosen())
        else:
            self._take(replace(self._entry, step=Step(self._entry.step - 1), fault=""))

    @Property(int, notify=changed)
    def step(self) -> int:
        """Which question: 0 the ID, 1 the birth date, 2 the kind of card."""
        return self._entry.step.value

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def cells(self) -> list[str]:
        """What may be shown of the answer: dots but for the last three characters."""
        entry = self._entry
        return entry.id.cells if entry.step is Step.ID else entry.birth.cells if entry.step is Step.BIRTH else []

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def groups(self) -> list[int]:
        """How the cells stand together."""
        return [10] if self._entry.step is Step.ID else list(self._entry.birth.era.groups)

    @Property(str, notify=changed)
    def keys(self) -> str:
        """The keys that may come next."""
        return self._entry.id.next_keys if self._entry.step is Step.ID else "0123456789"

    @Property(str, notify=changed)
    def era(self) -> str:
        """How years are counted: a value of ``Era``."""
        return self._entry.birth.era.value

    @Property(str, notify=changed)
    def kind(self) -> str:
        """The kind of card that is lost; empty before the choice."""
        return self._entry.kind.value if self._entry.kind is not None else ""

    @Property(bool, notify=changed)
    def complete(self) -> bool:
        """Whether the question has an answer."""
        entry = self._entry
        answered = (entry.id.complete, entry.birth.complete, entry.kind is not None)
        return answered[entry.step] and not self._screen.sending

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def fault(self) -> PhraseMap:
        """What is wrong with the answer."""
        return self._said(self._entry.fault)

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def fault_advice(self) -> PhraseMap:
        """What to do about it."""
        return self._said(f"{self._entry.fault}.do" if self._entry.fault else "")

    def _said(self, key: str) -> PhraseMap:
        phrase: Phrase = self._speech.phrase(key) if key and self._speech is not None else SILENT
        return phrase.for_qml()

    @Property(bool, notify=changed)
    def sending(self) -> bool:
        """Whether the report is under way."""
        return self._screen.sending

    @Property(str, notify=changed)
    def telephone(self) -> str:
        """The library's telephone number; empty when there is none."""
        return self._telephone

    @Property(str, notify=changed)
    def website(self) -> str:
        """The library's address on the web; empty when there is none."""
        return self._website

    @Property(bool, notify=changed)
    def offline(self) -> bool:
        """Whether the registry can't be asked: the screen shows other ways."""
        return self._screen.offline
