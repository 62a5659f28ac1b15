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
        ("[kiosk]\npin_tries = 0\n", ":2:", ">= 1"),
        ("[registry]\nhost = '::1'\ndispute_window_days = -1\n", ":3:", ">= 0"),
        ("[shop]\nname = 'x'\n", ":2:", "[library], [kiosk], [registry], [log]"),
        ("\n[shop]\n", ":2:", "[library], [kiosk], [registry], [log]"),
        ("\nreader = 'auto'\n", ":2:", "put it under one of"),
        ("[log]\n[kiosk\n", ":2:", "not TOML"),
        ('[kiosk]\nreader = "auto\n\n', ":2:", "not TOML"),
        ('[kiosk]\nreader = """auto\n\n', ":3:", "not TOML"),
        ("[log]\nkiosk.reader = 'auto'\n", ":2:", "there is no setting log.kiosk"),
        ("kiosk.reader = 'usb'\n", ":1:", "'usb'"),
        ("kiosk = {reader = 'usb'}\n", ":1:", "'usb'"),
        ('[kiosk]\nreader = """\nauto\n"""\npin_tries = 3\n', ":2:", "write one of auto, system, virtual"),
        ("[kiosk]\nxyzzy = 1\n", ":2:", "sections are [library]"),
        ("[registry]\ndatabase = 'mysql://root:secret@db/x'\n", ":2:", "postgresql://USER@HOST/DATABASE"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, text: str, place: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(write(tmp_path, text), {})
    assert place in str(refused.value)
    assert hint in str(refused.value)


def test_a_file_that_is_not_utf_8_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "youyue.toml"
    file.write_bytes("[kiosk]\n# 悠閱\n".encode() + "folder = '悠閱'\n".encode("big5"))
    with pytest.raises(SettingsError, match=r"youyue\.toml:3: not UTF-8"):
        load(file, {})


def test_a_file_that_windows_saved_is_read(tmp_path: Path) -> None:
    file = tmp_path / "youyue.toml"
    file.write_bytes(b"\xef\xbb\xbf[kiosk]\r\npin_tries = 5\r\n")
    assert Effective("kiosk.pin_tries", 5, f"{file}:2") in load(file, {}).effective


def test_a_password_in_a_wrong_setting_is_not_repeated(tmp_path: Path) -> None:
    file = write(tmp_path, "[registry]\nport = 'postgresql://registry:secret@host/youyue'\n")
    with pytest.raises(SettingsError) as refused:
        load(file, {})
    assert "secret" not in str(refused.value)


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
