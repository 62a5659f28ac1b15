"""``youyue registry people`` as staff call it, in this process, while nothing else runs."""

import stat
from pathlib import Path

import pytest

from circulation.ids import PatronId
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.commands import Run, Told
from tests.integration.registry.desk.counter import BARCODE, NEW
from tests.integration.registry.people.office import PUPIL_CARD, audited, enrolled, is_on_record, people_of, rosters_of
from tests.unit.registry.people.forms import MOTHER
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil

SECRETS = ("周轉學", "Z199999990", "通訊路", "0912345678", "林淑芬", "0911222333", "陳阿姨")


@pytest.fixture
def run(run: Run, city: City, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Nothing that is said names anybody. Ages are counted at the city's day, or these people would grow up."""
    monkeypatch.setattr("youyue.clock.SystemClock.now", lambda _: city.clock())

    def discreet(*words: str, typed: str = "") -> Told:
        told = run(*words, typed=typed)
        assert not [secret for secret in SECRETS if secret in told.out]
        return told

    return discreet


def lines(*typed: str) -> str:
    return "".join(f"{line}\n" for line in typed)


def test_q8_b_somebody_applies_and_only_the_masked_name_is_said(run: Run, city: City) -> None:
    typed = lines("周轉學", "69/5/6", "臺北市通訊路2號", "", "0912345678", "", "Ｚ199999990")
    told = run(
        *("people", "apply", "--branch", "C01", "--papers", "national_id_card", "--signed-by", "self"),
        *("--card", NEW.hex, "--staff", "lin"),
        typed=typed,
    )
    assert (told.code, told.out) == (
        0,
        "周○○：帳號辦好了，現在就能用行動借閱證。 / 周○○: the account is open, the mobile card works now.\n",
    )
    assert city.sql("SELECT name, national_id, birth_date FROM patron WHERE basis = 'desk'") == [("周轉學", "Z199999990", "1980-05-06")]
    assert is_on_record(city, NEW)
    again = run("people", "apply", "--branch", "C01", "--papers", "passport", "--signed-by", "self", typed=typed)
    assert (again.code, "has an account already" in again.err) == (1, True)


def test_q8_b_a_child_with_a_guardian_and_somebody_who_came_instead(run: Run, city: City) -> None:
    told = run(
        *("people", "apply", "--branch", "C01", "--papers", "household_certificate", "--signed-by", "guardian", "--no-national-id"),
        *("--guardian-relation", "parent", "--guardian-papers", "national_id_card"),
        *("--proxy-relation", "relative", "--proxy-papers", "health_card"),
        typed=lines("周小學", "2020-05-06", "臺北市通訊路2號", "02-2345-6789", "", "", "林淑芬", "0911222333", "陳阿姨"),
    )
    assert told.code == 0, told.err
    assert city.sql("SELECT g.name, a.proxy_name FROM guardian g JOIN desk_application a ON a.patron = g.child") == [("林淑芬", "陳阿姨")]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        ([], ["周轉學", "yesterday"], "This is no date"),
        ([], ["周轉學", "69/5/6", "路", "1", "", "", "Z199999991"], "check digit"),
        (["--guardian-papers", "passport"], ["周轉學", "69/5/6", "路", "1", "", "", "Z199999990"], "--guardian-relation"),
        (["--proxy-relation", "other"], ["周轉學", "69/5/6", "路", "1", "", "", "Z199999990"], "--proxy-papers"),
        ([], [" ", "69/5/6", "路", "1", "", "", "Z199999990"], "The name is missing."),
    ],
)
def test_a_wrong_form_ends_with_one_line_that_says_why(run: Run, city: City, words: list[str], typed: list[str], said: str) -> None:
    told = run("people", "apply", "--branch", "C01", "--papers", "passport", "--signed-by", "self", *words, typed=lines(*typed))
    assert (told.code, said in told.err.splitlines()[-1]) == (2, True)
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]


def test_a_person_is_shown_masked_and_every_look_is_audited(run: Run, city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    link = people_of(city).guardians.link(pupil, MOTHER, by="lin")
    told = run("people", "show", PUPIL_CARD.hex, "--staff", "lin")
    assert told.code == 0
    for line in (
        "帳號依據：學生證計畫",
        "The account stands on: the student ID programme",
        "114 學年度同意參加：依同意書",
        f"Guardian: 林○○ (parent) since 2026-03-11, showed a national ID card, key {link}",
        "EasyCard, number ends in 0009, may be used",
    ):
        assert line in told.out
    assert "林大雙" not in told.out
    assert audited(city, "person shown") == [{"patron": str(pupil)}]
    assert city.registry.audit(limit=1)[0].actor == "lin"


def test_r11_a_withdrawal_says_what_it_waits_for_and_then_that_it_is_done(run: Run, city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    kiosk.push(1, kiosk.envelope(a_checkout(pupil, city.books[0])))
    withdraw = ["people", "withdraw", PUPIL_CARD.hex, "--signed-by", "guardian", "--branch", "C01"]
    assert run(*withdraw).code == 2, "a script must say yes"
    told = run(*withdraw, "--yes")
    assert (told.code, "Still open: loans 1, debts or blocks 0, questions for staff 0." in told.out) == (0, True)
    shown = run("people", "show", "--national-id", typed="W234567893\n").out
    assert "撤回同意，簽名：法定代理人" in shown
    assert "Services: none" in shown
    assert (
        run("people", "erase", "--national-id", "--signed-by", "guardian", "--yes", typed="W234567893\n").err.count("There are open loans.")
        == 1
    )


def test_an_account_ends_and_is_nobodys(run: Run, city: City) -> None:
    told = run("people", "erase", city.hua_card.hex, "--signed-by", "guardian", "--yes")
    assert (told.code, "the account has ended" in told.out) == (0, True)
    assert run("people", "show", city.hua_card.hex).err == "youyue: 查無該證資料 / No such record.\n"


def test_r20_a_family_is_opened_joined_and_left(run: Run, city: City) -> None:
    typed = lines("王家", "臺北市通訊路2號", "02-2345-6789", "", "")
    opened = run("people", "family-open", "--branch", "C01", "--card", BARCODE.hex, "--member", city.ming_card.hex, typed=typed)
    assert (opened.code, "members: 1" in opened.out) == (0, True)
    assert run("people", "family-join", BARCODE.hex, city.hua_card.hex).code == 0
    assert run("people", "family-join", city.hua_card.hex, BARCODE.hex).code == 1
    shown = run("people", "show", BARCODE.hex).out
    assert "Member: 歐陽○○" in shown
    assert "The account stands on: a family account" in shown
    assert run("people", "family-leave", BARCODE.hex, city.ming_card.hex).code == 0
    refused = run("cards", "replace", BARCODE.hex, "--new", NEW.hex, "--yes")
    assert refused.code == 0
    easycard = run("cards", "replace", "--national-id", "--new", NEW.hex, "--yes", typed="Z199999990\n")
    assert easycard.code == 1


def test_guardians_are_linked_and_their_links_end(run: Run, city: City) -> None:
    words = ["people", "guardian-link", city.ming_card.hex, "--relation", "parent", "--papers", "health_card"]
    told = run(*words, typed=lines("林淑芬", "0911222333"))
    assert told.code == 0
    (link,) = people_of(city).guardians.links_of(PatronId(city.ming))
    assert str(link.id) in told.out
    assert run(*words, "--guardian-card", city.hua_card.hex).code == 1, "she is no adult"
    assert run("people", "guardian-end", str(link.id)).code == 0
    assert run("people", "guardian-end", str(link.id)).code == 1
    assert "Former guardian" in run("people", "show", city.ming_card.hex).out


@pytest.mark.parametrize(("form", "separator"), [("text", "\n"), ("csv", ",")])
def test_school_slips_are_written_masked_into_a_file_of_its_owners_only(
    run: Run, city: City, tmp_path: Path, form: str, separator: str
) -> None:
    row = (*a_pupil(name="林大雙", national_id="W234567893", born="1000506", card=PUPIL_CARD.hex), "353301", "0002")
    rosters_of(city, tmp_path).bureau(row, headings=(*HEADINGS, "學校代碼", "學號"))
    out = tmp_path / "slips"
    slips = ["people", "school-slips", "353301", "--out", str(out), "--form", form]
    told = run(*slips)
    assert (told.code, "1 slips are in" in told.out) == (0, True)
    written = out.read_text(encoding="utf-8-sig")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "林○○" in written
    assert "林大雙" not in written
    assert separator in written
    assert run(*slips).code == 2, "a file that is there is left alone"
    assert out.read_text(encoding="utf-8-sig") == written
    nobody = tmp_path / "nobody"
    assert run("people", "school-slips", "999999", "--out", str(nobody)).code == 2
    assert not nobody.exists()


def test_a_text_message_waits_and_the_rules_are_shown_and_set(run: Run, city: City, tmp_path: Path) -> None:
    enrolled(city, tmp_path)
    assert "waits for a text message" in run("people", "pin-message", PUPIL_CARD.hex).out
    assert run("people", "pin-message", city.hua_card.hex).code == 1
    shown = run("people", "rules").out
    assert "From 2023-01-01: signs alone from age 18, needs a guardian below 12" in shown
    rules = ["people", "set-rules", "--from", "2027-01-01", "--adult-from", "18", "--guardian-below", "10", "--one-tick-from", "114"]
    assert run(*rules, "--papers", "passport", "--source", "the library's notice").code == 0
    assert "needs a guardian below 10, one tick decides all from school year 114. Papers: passport." in run("people", "rules").out
