from pathlib import Path

import pytest

from youyue.settings import Effective, SettingsError, load


def write(folder: Path, text: str) -> Path:
    file = folder / "youyue.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_file_and_environment_the_defaults_hold() -> None:
    loaded = load(environment={})
    assert loaded.settings.kiosk.idle_seconds == 20.0
    assert {setting.origin for setting in loaded.effective} == {"default"}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = write(tmp_path, "[kiosk]\nidle_seconds = 30\ncountdown_seconds = 15\n")
    loaded = load(file, {"YOUYUE_KIOSK_IDLE_SECONDS": "40"})
    assert (loaded.settings.kiosk.idle_seconds, loaded.settings.kiosk.countdown_seconds) == (40.0, 15.0)
    assert Effective("kiosk.idle_seconds", 40.0, "environment YOUYUE_KIOSK_IDLE_SECONDS") in loaded.effective
    assert Effective("kiosk.countdown_seconds", 15, f"{file}:3") in loaded.effective


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[log]\nverbose = true\n")
    assert load(environment={"YOUYUE_SETTINGS": str(file)}).settings.log.verbose


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("[kiosk]\n\nidle_secnds = 3\n", ":3:", "did you mean kiosk.idle_seconds?"),
        ("[kiosk]\nidle_seconds = 'long'\n", ":2:", "Expected `float`"),
        ("[kiosk]\nidle_seconds = 0\n", ":2:", "> 0"),
        ("[kiosk]\nreader = 'usb'\n", ":2:", "'usb'"),
        ("[library]\ntime_zone = 'Mars/Olympus'\n", ":2:", "write one such as Asia/Taipei"),
        ("[shop]\nname = 'x'\n", ":2:", "[library], [kiosk], [registry], [log]"),
        ("reader = 'auto'\n", "youyue.toml:", "put it under one of"),
        ("[kiosk\n", "youyue.toml:", "not a TOML file"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, text: str, place: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(write(tmp_path, text), {})
    assert place in str(refused.value)
    assert hint in str(refused.value)


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(SettingsError, match=r"environment YOUYUE_REGISTRY_PORT: registry\.port: Expected `int` <= 65535"):
        load(environment={"YOUYUE_REGISTRY_PORT": "99999"})


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="check the path"):
        load(tmp_path / "none.toml", {})


def test_a_variable_that_is_no_setting_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(
        SettingsError, match="environment YOUYUE_KIOSK_IDLE_SECOND: there is no such setting; did you mean YOUYUE_KIOSK_IDLE_SECONDS"
    ):
        load(environment={"YOUYUE_KIOSK_IDLE_SECOND": "3"})
