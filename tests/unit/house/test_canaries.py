"""The search for canaries can fail: it finds each of them in every form a program may leave it in."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from circulation.cards import CardUid
from circulation.national_ids import NationalId
from tests import canaries
from tests.canaries import ALL, PINS, UIDS, found_in, leave_planted, main, search

AROUND = b'{"event": "tap", "detail": "'
WRITTEN: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: text.encode("utf-16-le"),
    lambda text: text.encode("utf-16-be"),
    lambda text: text.encode("cp950"),
    lambda text: json.dumps(text).encode(),
    lambda text: repr(text).encode(),
    lambda text: repr(text.encode()).encode(),
    lambda text: quote(text).encode(),
    lambda text: text.encode().hex().encode(),
    lambda text: text.encode().hex().upper().encode(),
    *(lambda text, before=before: base64.b64encode(b"x" * before + text.encode() + b"y") for before in range(3)),
    lambda text: base64.urlsafe_b64encode(text.encode()),
]
NUMBERED: list[Callable[[bytes], bytes]] = [
    lambda octets: octets,
    lambda octets: octets[::-1],
    lambda octets: octets.hex().encode(),
    lambda octets: octets[::-1].hex(":").encode(),
    lambda octets: octets.hex(" ").upper().encode(),
    lambda octets: str(int.from_bytes(octets, "big")).encode(),
    lambda octets: str(int.from_bytes(octets, "little")).encode(),
    lambda octets: base64.b64encode(b"z" + octets),
    lambda octets: json.dumps(octets.hex("-")).encode("utf-16"),
]


def test_there_are_twenty_and_they_look_real() -> None:
    assert len(ALL) == len(set(ALL)) == 20
    for number in canaries.NATIONAL_IDS:
        assert NationalId.read(number).text == number
    assert all(CardUid.from_hex(uid).names_a_card for uid in UIDS)
    assert all(4 <= len(pin) <= 8 for pin in PINS)


@pytest.mark.parametrize("canary", ALL, ids=[str(number) for number in range(len(ALL))])  # the report of a run lists the names
def test_each_is_found_in_every_form_of_a_text(canary: str) -> None:
    for number, write in enumerate(WRITTEN):
        assert found_in(AROUND + write(canary) + b'"}'), number


@pytest.mark.parametrize("uid", UIDS, ids=[str(number) for number in range(len(UIDS))])
def test_each_uid_is_found_in_every_form_of_a_number(uid: str) -> None:
    for number, write in enumerate(NUMBERED):
        assert found_in(AROUND + write(CardUid.from_hex(uid).octets) + b'"}'), number


def test_nothing_is_found_where_nothing_is() -> None:
    assert not found_in("王小明 A123456789 04A32B1C 1234 小王子 0912-345-678".encode())
    assert not found_in(b"1" + PINS[0].encode())  # digits of a longer number


@pytest.fixture
def a_run(tmp_path: Path) -> Path:
    """The files of a test run in which all canaries were planted and none is left; nothing may stay for the search of the real run."""
    leave_planted(tmp_path)
    return tmp_path


def test_a_clean_run_passes(a_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(a_run)]) == 0
    assert "none found" in capsys.readouterr().out
    (a_run / canaries.PLANTED).unlink()


@pytest.mark.parametrize(("place", "name"), [("registry", "registry.db-backup"), ("kiosk-1", "registry.db"), ("logs", "kiosk.log")])
def test_a_canary_in_any_other_file_fails_it(a_run: Path, place: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (a_run / place).mkdir()
    bad = a_run / place / name
    bad.write_text(f"x{canaries.NAMES[0]}", encoding="cp950")
    try:
        assert main([str(a_run)]) == 1
    finally:
        bad.unlink()
        (a_run / canaries.PLANTED).unlink()
    assert f"{name}: a name, title or address as cp950" in capsys.readouterr().err


def test_the_registrys_own_database_may_hold_them(a_run: Path) -> None:
    (a_run / "registry").mkdir()
    own = a_run / "registry" / "registry.db"
    own.write_text(canaries.NAMES[0])
    try:
        assert main([str(a_run)]) == 0
        assert [find.path for find in search(a_run, with_registry=True)] == [own]
    finally:
        own.unlink()
        (a_run / canaries.PLANTED).unlink()


def test_a_canary_that_lies_across_two_pieces_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canaries, "_PIECE", 1000)
    log = tmp_path / "log"
    log.write_bytes(b"." * 995 + canaries.PHONES[0].encode() + b"." * 995)
    try:
        assert [find.path for find in search(tmp_path)] == [log]
    finally:
        log.unlink()


def test_a_run_in_which_nothing_was_planted_proves_nothing(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
