"""What comes out of the loudspeaker: aplay itself plays, into a file of ALSA's in place of a device."""

import importlib.util
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot
from structlog.testing import capture_logs

from kiosk.view import Attract, Goodbye, Home, PinPad, Screen, StillHere
from tests.ui.bench import Bench
from tests.ui.fingers import touch
from texts.catalogue import Catalogue
from ui.gallery.examples import NOW, a_view, an_account
from ui.gallery.views import VIEWS
from ui.sounding.cues import Cue
from ui.sounding.loudspeaker import SOUNDS, Loudspeaker, SoundSettings
from ui.sounding.waves import RATE, SoundFileError, one_after_the_other, samples_of
from ui.viewmodels.comfort import ComfortViewModel, Hearing
from youyue.screened_kiosk import kiosk_loudspeaker
from youyue.settings import KioskSection

HOME = Home(an_account())
CLIP = b"\x07\x00" * 500
LONGEST_S = 0.45


def script() -> object:
    path = Path(__file__).parents[2] / "packaging" / "sounds" / "build-sounds.py"
    spec = importlib.util.spec_from_file_location("build_sounds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where all that is played arrives, as bare samples; in real time, as a device would take it, is not needed."""
    arrived = tmp_path / "arrived.raw"
    configuration = tmp_path / "asound.conf"
    configuration.write_text(
        f'pcm.!default {{ type file slave.pcm {{ type null }} file "{arrived}" format raw }}\nctl.!default {{ type null }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(configuration))
    return arrived


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    for language in ("zh_TW", "en"):
        folder = tmp_path / "voices" / language
        folder.mkdir(parents=True)
        for key in ("speech.home", "speech.attract", "speech.pin"):
            (folder / f"{key}.wav").write_bytes(one_after_the_other([CLIP if language == "zh_TW" else 2 * CLIP], volume=100))
    return tmp_path / "voices"


@pytest.fixture
def comfort(qapp: QCoreApplication, chinese: Catalogue, english: Catalogue) -> ComfortViewModel:
    return ComfortViewModel(chinese, english)


Speakers = Callable[..., Loudspeaker]


@pytest.fixture
def speaker(comfort: ComfortViewModel, voices: Path, qapp: QCoreApplication, request: pytest.FixtureRequest) -> Speakers:
    def make(hearing: Hearing = Hearing.SOUNDS, volume: int = 100, program: str = "aplay") -> Loudspeaker:
        made = Loudspeaker(comfort, SoundSettings(volume, hearing, voices, program))
        request.addfinalizer(made.close)
        return made

    return make


def steps(loudspeaker: Loudspeaker, *screens: Screen) -> None:
    for screen in screens:
        loudspeaker.show(a_view(screen))
        QCoreApplication.processEvents()


def tap() -> bytes:
    return samples_of(SOUNDS / "tap.wav")


def test_a_tap_is_heard(speaker: Speakers, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker()

    with qtbot.waitSignal(loudspeaker.player.played):
        steps(loudspeaker, Attract(), HOME)

    assert played.read_bytes().startswith(tap())


def test_the_volume_is_heard(speaker: Speakers, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker(volume=50)

    with qtbot.waitSignal(loudspeaker.player.played):
        steps(loudspeaker, Attract(), HOME)

    whole, half = (max(abs(number) for number in memoryview(sound).cast("h")) for sound in (tap(), played.read_bytes()[: len(tap())]))
    assert half == pytest.approx(whole / 4, abs=1)


def test_the_voice_speaks_after_the_sound_in_the_language_of_the_screen(
    speaker: Speakers, comfort: ComfortViewModel, played: Path, qtbot: QtBot
) -> None:
    loudspeaker = speaker(Hearing.VOICE)
    comfort.choose_language("en")

    with qtbot.waitSignal(loudspeaker.player.played):
        steps(loudspeaker, Attract(), HOME)

    assert played.read_bytes().startswith(tap() + 2 * CLIP)


def test_a_screen_without_a_sound_is_spoken_only_by_the_voice(speaker: Speakers, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker(Hearing.VOICE)
    steps(loudspeaker, HOME)

    with qtbot.waitSignal(loudspeaker.player.played):
        steps(loudspeaker, PinPad())

    assert played.read_bytes().startswith(CLIP)


def test_mute_is_silent(speaker: Speakers, comfort: ComfortViewModel, played: Path) -> None:
    loudspeaker = speaker(Hearing.MUTE)

    steps(loudspeaker, Attract(), HOME)
    loudspeaker.player.close()

    assert not played.exists()
    assert comfort.property("can_sound")


def test_a_second_of_the_countdown_is_heard(speaker: Speakers, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker()

    with qtbot.waitSignal(loudspeaker.player.played):
        loudspeaker.tick()

    assert played.read_bytes().startswith(samples_of(SOUNDS / "tick.wav"))


def test_a_muted_countdown_is_silent(speaker: Speakers) -> None:
    loudspeaker = speaker(Hearing.MUTE)

    loudspeaker.tick()

    assert not loudspeaker.player.is_playing


def test_a_tick_lets_a_sound_end(speaker: Speakers, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker()

    with qtbot.waitSignal(loudspeaker.player.played):
        steps(loudspeaker, Attract(), HOME)
        loudspeaker.tick()

    assert played.read_bytes().startswith(tap())


def test_the_kiosks_clock_lets_the_loudspeaker_tick(played: Path, portrait: Bench, qtbot: QtBot) -> None:
    loudspeaker = kiosk_loudspeaker(portrait.kiosk, KioskSection(sound_volume=100))
    assert loudspeaker is not None
    portrait.show(a_view(StillHere(NOW + 10, 10)))
    portrait.clock.seconds = NOW + 1

    with qtbot.waitSignal(loudspeaker.player.played):
        portrait.kiosk.beat()
    loudspeaker.close()

    assert played.read_bytes().startswith(samples_of(SOUNDS / "tick.wav"))


def test_switching_the_voice_on_speaks_at_once(speaker: Speakers, comfort: ComfortViewModel, played: Path, qtbot: QtBot) -> None:
    loudspeaker = speaker()
    steps(loudspeaker, HOME)

    with qtbot.waitSignal(loudspeaker.player.played):
        comfort.next_hearing()

    assert comfort.heard is Hearing.VOICE
    assert played.read_bytes().startswith(CLIP)


def test_a_device_that_is_missing_costs_one_line_in_the_log_and_the_button(
    speaker: Speakers, comfort: ComfortViewModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (tmp_path / "no.conf").write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "no.conf"))
    loudspeaker = speaker()

    with capture_logs() as logs:
        with qtbot.waitSignal(loudspeaker.player.heard):
            steps(loudspeaker, Attract(), HOME)
        steps(loudspeaker, Goodbye((), 108), HOME)

    assert [(line["event"], line["problem"]) for line in logs] == [("sounds_silent", "no_device")]
    assert not comfort.property("can_sound")
    assert comfort.heard is Hearing.MUTE


def test_a_player_that_is_not_installed_is_said_with_the_remedy(speaker: Speakers, comfort: ComfortViewModel, qtbot: QtBot) -> None:
    loudspeaker = speaker(program="no-such-player")

    with capture_logs() as logs:
        steps(loudspeaker, Attract(), HOME)
        qtbot.waitUntil(lambda: not comfort.property("can_sound"))

    assert [line["problem"] for line in logs] == ["no_player"]
    assert "apt-get install alsa-utils" in logs[0]["detail"]


def test_the_choice_of_what_is_heard_ends_with_the_visit(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    touch(portrait, "聲音")
    touch(portrait, "朗讀")
    assert portrait.kiosk.comfort_choices.property("hearing") == "mute"

    portrait.show(VIEWS["attract"])

    assert portrait.kiosk.comfort_choices.property("hearing") == "sounds"


def test_without_a_loudspeaker_there_is_no_button_for_it(portrait: Bench) -> None:
    portrait.kiosk.comfort_choices.withdraw_sound()

    portrait.show(VIEWS["home"])

    assert "聲音" not in [item.property("spoken") for item in portrait.of_type("ToolButton")]


def test_without_clips_the_voice_is_not_offered(comfort: ComfortViewModel, tmp_path: Path) -> None:
    comfort.offer_sound(Hearing.SOUNDS, voice=False)

    comfort.next_hearing()

    assert comfort.heard is Hearing.MUTE


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all"])
def test_a_broken_file_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(content)

    with pytest.raises(SoundFileError, match=r"x\.wav: no sound"):
        samples_of(path)


def test_a_file_of_another_form_is_named(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "x.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(b"\0" * 8)

    with pytest.raises(SoundFileError, match="2 channels"):
        samples_of(tmp_path / "x.wav")


@pytest.mark.parametrize("cue", list(Cue))
def test_each_sound_is_short_soft_at_both_ends_and_as_loud_as_the_others(cue: Cue) -> None:
    numbers = memoryview(samples_of(SOUNDS / f"{cue.value}.wav")).cast("h")
    loud = sorted((number * number for number in numbers), reverse=True)[: len(numbers) // 2]

    assert len(numbers) / RATE <= LONGEST_S
    assert numbers[0] == 0
    assert abs(numbers[-1]) < 100
    assert max(map(abs, numbers)) < 0.75 * 32_767
    assert (sum(loud) / len(loud)) ** 0.5 == pytest.approx(0.09 * 32_767, rel=0.1)


def test_the_committed_sounds_are_what_their_script_makes() -> None:
    module = script()
    made = {name: list(module.finished(samples)) for name, samples in module.sounds().items()}  # type: ignore[attr-defined]  # a script

    committed = {path.stem: list(memoryview(samples_of(path)).cast("h")) for path in SOUNDS.glob("*.wav")}
    assert made.keys() == committed.keys() == {cue.value for cue in Cue}
    assert all(abs(one - other) <= 2 for name in made for one, other in zip(made[name], committed[name], strict=True))
