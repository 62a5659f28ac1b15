"""What a person may change about the screen: language, contrast, size of the letters, what is heard. Kept for one visit only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, unique

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from texts.catalogue import Catalogue
from ui.speech import Speech
from ui.viewmodels.readings import ReadingsViewModel
from ui.viewmodels.words import Words

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


ZHUYIN = "-zhuyin"
"""Behind a language's code: with readings."""


def has_zhuyin(language: str) -> bool:
    """Whether children read this language with 注音."""
    return language == "zh_TW"


@unique
class Hearing(StrEnum):
    """What is heard."""

    SOUNDS = "sounds"
    VOICE = "voice"
    """Sounds, and what to do on each screen is spoken."""
    MUTE = "mute"


_AFTER = {Hearing.SOUNDS: Hearing.VOICE, Hearing.VOICE: Hearing.MUTE, Hearing.MUTE: Hearing.SOUNDS}
"""What the next touch of the button gives."""


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices at once. ``language`` counts the offered ones from 0; ``zhuyin``: with the reading beside each character."""

    language: int = 0
    zhuyin: bool = False
    high_contrast: bool = False
    large_type: bool = False
    low_reach: bool = False
    hearing: Hearing = Hearing.SOUNDS


@QmlElement
class ComfortViewModel(QObject):
    """The choices, for QML.

    ``main`` and ``second`` are the kiosk's languages in their usual order, ``further`` the others that are offered; below any other
    language than the main one stands the main one.
    """

    changed = Signal()
    hearing_changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""

    def __init__(self, main: Catalogue, second: Catalogue, further: Sequence[Catalogue] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        others = (second, *further)
        self._offered = (Words(Speech(main, second), self), *(Words(Speech(other, main), self) for other in others))
        self._alone = [Words(replace(words.speech, alone=True), self) for words in self._offered]
        self._readings = ReadingsViewModel(self)
        self._usual = self._choices = Choices()
        self._can_sound = False
        self._can_speak = False

    @property
    def speech(self) -> Speech:
        """The two languages that stand on the screen now, in their order."""
        return self._chosen.speech

    @property
    def _chosen(self) -> Words:
        return (self._alone if self._choices.zhuyin else self._offered)[self._choices.language]

    @property
    def heard(self) -> Hearing:
        """What is to be heard now."""
        return self._choices.hearing if self._can_sound else Hearing.MUTE

    def offer_sound(self, hearing: Hearing, *, voice: bool) -> None:
        """From now on there are sounds. ``hearing``: the kiosk's own setting; ``voice``: sentences can be spoken too."""
        self._can_sound, self._can_speak = True, voice
        self._usual = replace(self._usual, hearing=hearing)
        self._take(replace(self._choices, hearing=hearing))
        self.hearing_changed.emit()

    def withdraw_sound(self) -> None:
        """Nothing can be heard here: there is no button for it either."""
        self._can_sound = False
        self.hearing_changed.emit()

    def renew_sound(self) -> None:
        """Something can be heard again."""
        self._can_sound = True
        self.hearing_changed.emit()

    def reset(self) -> None:
        """Back to the kiosk's own settings: the next person is another one."""
        self._take(self._usual)

    def choose(self, language: str, *, high_contrast: bool, large_type: bool, low_reach: bool = False) -> None:
        """Choose all at once; a language that is not offered changes none."""
        self.choose_language(language)
        self._take(replace(self._choices, high_contrast=high_contrast, large_type=large_type, low_reach=low_reach))

    def _take(self, choices: Choices) -> None:
        before, self._choices = self._choices, choices
        if choices.hearing != before.hearing:
            self.hearing_changed.emit()
        if replace(choices, hearing=before.hearing) != before:
            self.changed.emit()

    @Slot(str)
    def choose_language(self, language: str) -> None:
        """Put this language first."""
        code, _, reading = language.partition(ZHUYIN)
        for number, words in enumerate(self._offered):
            if words.speech.main.language == code:
                self._take(replace(self._choices, language=number, zhuyin=language != code and not reading))

    @Slot()
    def next_language(self) -> None:
        """Put the next of the offered languages first; after the last one comes the kiosk's own."""
        self._take(replace(self._choices, language=self._next, zhuyin=False))

    @Slot()
    def toggle_zhuyin(self) -> None:
        """The reading beside each character, or none again."""
        self._take(replace(self._choices, zhuyin=not self._choices.zhuyin))

    @Slot()
    def toggle_contrast(self) -> None:
        """White on black, or the paper again."""
        self._take(replace(self._choices, high_contrast=not self._choices.high_contrast))

    @Slot()
    def toggle_type(self) -> None:
        """Larger letters, or the usual ones again."""
        self._take(replace(self._choices, large_type=not self._choices.large_type))

    @Slot()
    def toggle_reach(self) -> None:
        """Everything that can be pressed in the lower half, or where it usually is."""
        self._take(replace(self._choices, low_reach=not self._choices.low_reach))

    @Slot()
    def next_hearing(self) -> None:
        """Sounds, then spoken sentences where there are some, then silence, then sounds again."""
        after = _AFTER[self._choices.hearing]
        if after is Hearing.VOICE and not self._can_speak:
            after = _AFTER[after]
        self._take(replace(self._choices, hearing=after))

    @property
    def _next(self) -> int:
        return (self._choices.language + 1) % len(self._offered)

    @Property(Words, notify=changed)
    def words(self) -> Words:
        """The sentences in the order chosen."""
        return self._chosen

    @Property(str, notify=changed)
    def language(self) -> str:
        """The code of what was chosen: the main language's, with ``ZHUYIN`` behind it where readings stand beside it."""
        return self.speech.main.language + (ZHUYIN if self._choices.zhuyin else "")

    @Property(ReadingsViewModel, notify=changed)
    def readings(self) -> ReadingsViewModel | None:
        """Whoever writes readings; none when there are to be none."""
        return self._readings if self._choices.zhuyin else None

    @Property(bool, notify=changed)
    def can_zhuyin(self) -> bool:
        """Whether the language is one that children read with 注音."""
        return has_zhuyin(self.speech.main.language)

    @Property(bool, notify=changed)
    def zhuyin(self) -> bool:
        """Whether readings stand beside the characters."""
        return self._choices.zhuyin

    @Property("QVariantList", notify=fixed)  # type: ignore[arg-type] # Qt takes type names
    def languages(self) -> list[dict[str, str]]:
        """The offered languages in their usual order, and with readings: ``code`` and their own ``name``."""
        catalogues = [words.speech.main for words in self._offered]
        plain = [{"code": catalogue.language, "name": catalogue.say("language.name")} for catalogue in catalogues]
        read = [
            {"code": catalogue.language + ZHUYIN, "name": catalogue.say("language.zhuyin")}
            for catalogue in catalogues
            if has_zhuyin(catalogue.language)
        ]
        return [*plain[:1], *read, *plain[1:]]

    @Property(str, notify=changed)
    def other_language(self) -> str:
        """The own name of the language that a touch gives."""
        return self._offered[self._next].speech.main.say("language.name")

    @Property(bool, notify=changed)
    def high_contrast(self) -> bool:
        """Whether all is white on black."""
        return self._choices.high_contrast

    @Property(bool, notify=changed)
    def large_type(self) -> bool:
        """Whether letters are larger."""
        return self._choices.large_type

    @Property(bool, notify=changed)
    def low_reach(self) -> bool:
        """Whether everything that can be pressed is in the lower half of a standing page."""
        return self._choices.low_reach

    @Property(bool, notify=hearing_changed)
    def can_sound(self) -> bool:
        """Whether anything can be heard here."""
        return self._can_sound

    @Property(str, notify=hearing_changed)
    def hearing(self) -> str:
        """What is heard: a value of ``Hearing``."""
        return self._choices.hearing.value
