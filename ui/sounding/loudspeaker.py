"""The loudspeaker of a kiosk: hears every view, plays what it calls for, speaks when the voice is on."""

from dataclasses import dataclass
from pathlib import Path

import structlog
from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.view import Screen, View
from ui.sounding.cues import Cue, Listener
from ui.sounding.player import PLAYER, Player
from ui.sounding.prompts import prompt_of, sentence_of
from ui.sounding.waves import SoundFileError, one_after_the_other, samples_of
from ui.viewmodels.comfort import ComfortViewModel, Hearing
from ui.viewmodels.notices import reader_works

SOUNDS = Path(__file__).parents[1] / "sounds"
VOICES = SOUNDS / "speech"
"""``LANGUAGE/KEY.wav``: made by packaging/sounds/build-speech, in no version control; without them there is no voice."""
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """``volume`` in percent; ``hearing``: what a visit begins with."""

    volume: int = 70
    hearing: Hearing = Hearing.SOUNDS
    voices: Path = VOICES
    program: str = PLAYER


class Loudspeaker(QObject):
    """Lives in the GUI thread; ``show`` alone may be called from any. From here on ``comfort`` offers its choices of what is heard."""

    _arrived = Signal(object)

    def __init__(self, comfort: ComfortViewModel, settings: SoundSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._comfort = comfort
        self._settings = settings
        self._listener = Listener()
        self._screen: Screen | None = None
        self._reads = True
        self._heard = settings.hearing
        self._unreadable: set[Path] = set()
        self.player = Player(self, settings.program)
        self.player.heard.connect(self._be_heard)
        comfort.offer_sound(settings.hearing, voice=any(settings.voices.glob("*/*.wav")))
        comfort.hearing_changed.connect(self._switched)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def show(self, view: View) -> None:
        """Take up what is shown now. Returns at once."""
        self._arrived.emit(view)

    @Slot()
    def tick(self) -> None:
        """Let a second of the countdown be heard, unless somebody is speaking or the beginning still sounds: it says what matters more."""
        if self._comfort.heard is not Hearing.MUTE and not self.player.is_playing:
            self._play(Cue.TICK, None)

    def close(self) -> None:
        """Be silent."""
        self.player.close()

    @Slot(object)
    def _take(self, view: View) -> None:
        before, self._screen, self._reads = self._screen, view.screen, reader_works(view)
        cue = self._listener.hear(view.screen, turn=view.class_visit.turn if view.class_visit else 0)
        heard = self._comfort.heard
        if heard is not Hearing.MUTE:
            prompt = prompt_of(before, view.screen, cue) if heard is Hearing.VOICE else None
            self._play(cue, prompt)

    @Slot()
    def _switched(self) -> None:
        """The button itself is heard: it says what it has switched on."""
        before, self._heard = self._heard, self._comfort.heard
        if self._heard is before or self._screen is None:
            return
        match self._heard:
            case Hearing.MUTE:
                self.player.stop()
            case Hearing.VOICE:
                self._play(None, sentence_of(self._screen, reads=self._reads))
            case Hearing.SOUNDS if before is Hearing.MUTE:
                self._play(Cue.TAP, None)
            case _:
                self.player.stop()

    def _play(self, cue: Cue | None, prompt: str | None) -> None:
        wanted = [] if cue is None else [SOUNDS / f"{cue.value}.wav"]
        if prompt is not None:
            clip = self._settings.voices / self._comfort.speech.main.language / f"{prompt}.wav"
            wanted += [clip] if clip.is_file() else []
        parts = [samples for path in wanted if (samples := self._samples(path)) is not None]
        if parts:
            self.player.play(one_after_the_other(parts, volume=self._settings.volume))

    def _samples(self, path: Path) -> bytes | None:
        try:
            return samples_of(path)
        except SoundFileError as error:
            if path not in self._unreadable:
                self._unreadable.add(path)
                _log.warning("sound_unreadable", path=path.name, problem=str(error))
            return None

    @Slot(bool)
    def _be_heard(self, heard: bool) -> None:  # noqa: FBT001 - a signal's value
        if heard:
            self._comfort.renew_sound()
        else:
            self._comfort.withdraw_sound()
