"""Reporting a card lost: which one, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.events import Choice, LossConfirmed, LostCardChosen
from kiosk.view import CardChoice, LossReported, ReportLoss
from ui.speech import SILENT, Phrase, PhraseMap, Speech

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class LossShown:
    """What the two screens say. ``cards`` are maps with ``number``, ``name``, ``kind``, ``lost`` and ``chosen``."""

    cards: Sequence[dict[str, object]] = ()
    chosen: bool = False
    open_cards: int = 0
    what: Phrase = SILENT
    told: Phrase = SILENT
    after: Phrase = SILENT
    title: Phrase = SILENT


NO_LOSS = LossShown()


def cards_shown(screen: ReportLoss, speech: Speech) -> LossShown:
    """Put the choice into words."""
    return LossShown(
        cards=[_card(card, speech, chosen=card.number == screen.chosen) for card in screen.cards],
        chosen=any(card.number == screen.chosen and not card.lost for card in screen.cards),
        open_cards=sum(not card.lost for card in screen.cards),
    )


def _card(card: CardChoice, speech: Speech, *, chosen: bool) -> dict[str, object]:
    return {
        "number": card.number,
        "name": speech.phrase(f"card.{card.kind.value}").for_qml(),
        "kind": card.kind.value,
        "lost": card.lost,
        "chosen": chosen,
    }


def reported_shown(screen: LossReported, speech: Speech) -> LossShown:
    """Say what became of a report; of one without a card, nothing that tells whether anything matched."""
    if screen.by_id:
        return LossShown(
            title=speech.phrase("loss.by_id"),
            what=speech.phrase("loss.by_id.what"),
            told=speech.phrase("loss.by_id.told"),
            after=speech.phrase("loss.by_id.after"),
        )
    return LossShown(
        title=speech.phrase("loss.done"),
        what=speech.phrase(f"loss.done.{screen.kind.value}"),
        told=speech.phrase("loss.told" if screen.told else "loss.untold"),
        after=speech.phrase("loss.after"),
    )


@QmlElement
class LossViewModel(QObject):
    """The choice of a lost card and the report's end, for QML. ``post`` takes the choice."""

    changed = Signal()

    def __init__(self, post: Callable[[Choice], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._shown = NO_LOSS

    def show(self, shown: LossShown) -> None:
        """Take over what is to be shown; ``NO_LOSS`` forgets the cards."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    @Slot(int)
    def choose(self, number: int) -> None:
        """This card is the lost one."""
        if any(card["number"] == number and not card["lost"] for card in self._shown.cards):
            self._post(LostCardChosen(number))

    @Slot()
    def confirm(self) -> None:
        """The button was held long enough."""
        if self._shown.chosen:
            self._post(LossConfirmed())

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def cards(self) -> list[dict[str, object]]:
        """The patron's other cards: maps with ``number``, ``name``, ``kind``, ``lost`` and ``chosen``."""
        return list(self._shown.cards)

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether one is chosen."""
        return self._shown.chosen

    @Property(int, notify=changed)
    def open_cards(self) -> int:
        """How many can be chosen."""
        return self._shown.open_cards

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def title(self) -> PhraseMap:
        """That it is done."""
        return self._shown.title.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def what(self) -> PhraseMap:
        """What became of which card."""
        return self._shown.what.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def told(self) -> PhraseMap:
        """Who knows of it."""
        return self._shown.told.for_qml()

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type] # Qt takes type names
    def after(self) -> PhraseMap:
        """What comes next."""
        return self._shown.after.for_qml()
