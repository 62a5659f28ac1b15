"""``youyue registry cards`` and the PIN's commands, as staff and scripts call them, while the service runs."""

import os
import pty
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from circulation.cards import CardKind, CardUid
from circulation.facts import LostCardShown
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.commands import Run
from tests.integration.registry.desk.counter import IPASS, NEW, NEWER, cards_heard, key
from youyue.cli import main


@pytest.mark.parametrize(("words", "typed"), [(["04a32b1c"], ""), (["--national-id"], "a123456789\n"), (["--name"], "王小明\n")])
def test_a_patron_is_shown_masked_with_the_cards(run: Run, words: list[str], typed: str) -> None:
    told = run("cards", "show", *words, typed=typed)
    assert (told.code, told.out.splitlines()) == (
        0,
        [
            "王○○，常用分館：C01，聯絡資料完整",
            "  借閱中 0 件，停權 0 項，密碼未設定",
            "  悠遊卡，號碼末四碼 2B1C，可使用",
            "王○○, regular at C01, contact data complete",
            "  open loans 0, blocks 0, PIN not set",
            "  EasyCard, number ends in 2B1C, may be used",
        ],
    )
    assert not [secret for secret in ("王小明", "A123456789", "04A32B1C") if secret in told.out + told.err]


@pytest.mark.parametrize(
    ("words", "typed", "code", "said"),
    [
        (["04FFFFFF"], "", 1, "查無該證資料 / No such record."),
        (["--national-id"], "Z199999990\n", 1, "Nobody is on record."),
        (["--name"], "王\n", 1, "Nobody is on record."),
        ([], "", 2, "Give one of these"),
        (["04A32B1C", "--name"], "", 2, "Give one of these"),
        (["A123456789"], "", 2, "This is no card number"),
    ],
)
def test_who_is_not_found_or_not_named_gets_one_line_and_a_code(run: Run, words: list[str], typed: str, code: int, said: str) -> None:
    told = run("cards", "show", *words, typed=typed)
    assert (told.code, told.out) == (code, "")
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert "A123456789" not in told.err


def test_q6_4_after_a_replacement_the_old_number_is_no_such_record(run: Run, city: City) -> None:
    told = run("cards", "replace", "04A32B1C", "--new", NEW.hex, "--yes", "--staff", "lin")
    assert (told.code, told.out.count("王○○")) == (0, 2)
    assert city.registry.audit(limit=1)[0].actor == "lin"
    assert run("cards", "replace", "04A32B1C", "--new", NEWER.hex, "--yes").err == "youyue: 查無該證資料 / No such record.\n"


def test_by_national_id_the_kind_is_chosen_and_a_first_card_is_bound(run: Run, city: City) -> None:
    told = run("cards", "replace", "--national-id", "--kind", "ipass", "--new", IPASS.hex, "--yes", typed="A123456789\n")
    assert (told.code, "iPASS was bound" in told.out) == (0, True)
    assert ("ipass", IPASS.hex) in city.sql("SELECT kind, uid FROM card")


def test_a_script_must_say_yes(run: Run, city: City) -> None:
    told = run("cards", "replace", "04A32B1C", "--new", NEW.hex)
    assert (told.code, "--yes" in told.err) == (2, True)
    assert city.sql("SELECT count(*) FROM former_card") == [(0,)]


@pytest.mark.parametrize(("answer", "replaced"), [(b"n\n", 0), (b"\n", 0), (b"y\n", 1)])
def test_a_person_is_asked_before_a_number_ends(city: City, answer: bytes, replaced: int) -> None:
    ours, theirs = pty.openpty()
    database = ["--database", city.home.url] if city.home.url else []
    command = [sys.executable, "-m", "youyue", "registry", "cards", "replace", "04A32B1C", "--new", NEW.hex]
    os.write(ours, answer)
    try:
        done = subprocess.run(
            [*command, "--folder", str(city.home.folder), *database], stdin=theirs, capture_output=True, timeout=60, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert "Replace the EasyCard of 王○○?" in done.stdout.decode()
    assert city.sql("SELECT count(*) FROM former_card") == [(replaced,)]


def test_r9_and_r15_refusals_are_said_plainly_and_change_nothing(run: Run, city: City) -> None:
    assert "bound elsewhere" in run("cards", "replace", "04A32B1C", "--new", city.hua_card.hex, "--yes").err
    run("cards", "replace", "04A32B1C", "--new", NEW.hex, "--yes")
    cards = city.sql("SELECT * FROM card ORDER BY uid")
    assert "can't be bound again" in run("cards", "replace", NEW.hex, "--new", "04A32B1C", "--yes").err
    assert "older than the card" in run("cards", "replace", NEW.hex, "--new", NEWER.hex, "--issued", "2026-03-01", "--yes").err
    assert city.sql("SELECT * FROM card ORDER BY uid") == cards


def test_r17_and_r18_a_card_is_stopped_and_given_back(run: Run, city: City) -> None:
    lose = ["cards", "lose", "04A32B1C", "--channel", "phone", "--proof", "name"]
    assert run(*lose).code == 2
    assert run(*lose, "--proof", "name").code == 2
    assert "the EasyCard is stopped" in run(*lose, "--proof", "birth_date").out
    assert "reported lost" in run("cards", "show", "04A32B1C").out
    assert run("cards", "restore", "04A32B1C", "--reason", " ").code == 2
    assert "may be used again" in run("cards", "restore", "04A32B1C", "--reason", "found").out
    assert run("cards", "restore", "04A32B1C", "--reason", "found").code == 1
    assert city.sql("SELECT state FROM card WHERE uid = '04A32B1C'") == [("active",)]


def test_a_report_by_identity_is_listed_and_confirmed(run: Run, city: City) -> None:
    assert "No report waits" in run("cards", "unconfirmed").out
    city.registry.desk.losses.lose_by_identity("A123456789", date(2014, 5, 6), CardKind.EASYCARD, reporter="kiosk:1", branch="C01")
    listed = run("cards", "unconfirmed").out
    assert "王○○, EasyCard, number ends in 2B1C, reported 2026-03-11 10:00" in listed
    assert run("cards", "confirm-loss", "04A32B1C").code == 0
    assert "No report waits" in run("cards", "unconfirmed").out
    assert run("cards", "confirm-loss", "04A32B1C").code == 1


def test_a_pin_is_set_by_the_code_on_the_slip_and_never_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("pin-code", "04A32B1C")
    code = told.out.split()[0]
    assert (told.code, len(code)) == (0, 14)
    unseen = iter(["1234", "1234", "729401", "729401"])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(unseen))
    assert "too easy to guess" in run("pin-set", typed=f"{code}\n").err
    told = run("pin-set", typed=f"{code}\n")
    assert (told.code, "729401" in told.out + told.err) == (0, False)
    assert "PIN set" in run("cards", "show", "04A32B1C").out
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "508213")
    assert run("pin-set", typed=f"{code}\n").code == 1


class TestBesideAService:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(milliseconds=50))

    def test_q6_3_a_command_wakes_a_kiosk_that_waits_within_two_seconds(self, run: Run, city: City, kiosk: Kiosk) -> None:
        heard: list[float] = []

        def wait() -> None:
            assert kiosk.changes(city.feed, 0, 20).end > 0
            heard.append(time.monotonic())

        poll = threading.Thread(target=wait)
        poll.start()
        assert run("cards", "replace", "04A32B1C", "--new", NEW.hex, "--yes").code == 0
        done = time.monotonic()
        poll.join(30)
        assert heard[0] - done < 2
        assert cards_heard(city, kiosk) == [(key(city, city.ming_card), None), (key(city, NEW), "active")]


def test_cards_of_every_kind_are_shown(run: Run, city: City) -> None:
    kinds = (CardKind.IPASS, CardKind.BARCODE, CardKind.CHIP)
    city.registry.add_cards(
        CardRecord(CardId(city.books[n]), PatronId(city.ming), kind, CardUid.from_hex(f"0400010{n}")) for n, kind in enumerate(kinds)
    )
    shown = run("cards", "show", "04A32B1C").out
    assert all(word in shown for word in ("悠遊卡", "一卡通", "條碼卡", "晶片卡", "EasyCard", "iPASS", "barcode card", "chip card"))


def test_a_registry_that_cannot_be_used_ends_the_command_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "registry.db").write_bytes(b"this is no database at all, but somebody's letter" * 100)
    with pytest.raises(SystemExit) as ended:
        main(["registry", "cards", "show", "04A32B1C", "--folder", str(tmp_path)])
    assert ended.value.code == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_student_id_is_handed_in_or_cancelled_and_its_life_is_told_in_both_languages(run: Run) -> None:
    assert "行動借閱證照常" in run("cards", "hand-in", "04A32B1C").out
    assert run("cards", "hand-in", "04A32B1C").err == "youyue: 查無該證資料 / No such record.\n"
    assert run("cards", "cancel", "04A1B2C3D4E580", "--staff", "lin").code == 0
    told = run("cards", "history", "04A1B2C3D4E580")
    assert [line[18:] for line in told.out.splitlines() if line.startswith("*")] == [
        "　悠遊卡　學生證註銷（卡片保留）（desk，lin）",
        "  EasyCard  student ID cancelled, card kept  (desk, lin)",
    ]


def test_found_cards_are_listed_and_settled(run: Run, city: City, kiosk: Kiosk) -> None:
    assert run("cards", "found").out == "沒有掛失卡被出示。 / No lost card was shown anywhere.\n"
    run("cards", "lose", "04A32B1C", "--channel", "phone", "--proof", "name", "--proof", "phone")
    kiosk.push(1, kiosk.envelope(LostCardShown(card=city.key_of(city.ming_card))))
    key, chinese, english = run("cards", "found", "--branch", "C01").out.splitlines()
    assert chinese.startswith("  C01：王○○ 掛失的悠遊卡（…2B1C）被出示 1 次")
    assert english.startswith("  C01: the lost EasyCard of 王○○ (…2B1C) was shown once")
    assert run("cards", "settle-find", key, "--outcome", "taken_in").code == 0
    again = run("cards", "settle-find", key, "--outcome", "taken_in")
    assert (again.code, again.out) == (1, "")
