"""``youyue registry rules``, ``calendar`` and ``suspensions``, as staff and scripts call them."""

from pathlib import Path

import pytest

from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.commands import Run
from tests.integration.registry.overdue.late import april, blocks, late, lend
from tests.unit.youyue.test_rule_file import NEWEST

CLOSURE = ("calendar", "close", "all", "2026-04-10", "2026-04-11", "--reason", "typhoon", "--source", "notice")


def test_a_version_is_shown_then_asked_for_then_on_record(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(NEWEST.replace("total = 25", "total = 30").replace("2024-01-01", "2999-01-01"), encoding="utf-8")
    shown = run("rules", "add", str(file))
    assert (shown.code, shown.out.splitlines()) == (
        2,
        [
            "2999-01-01 起生效。 / It takes effect on 2999-01-01.",
            "  家庭借閱證，逾期停借上限（天）：60 → 90",
            "  family card, suspension for late returns, at most (days): 60 → 90",
            "  個人借閱證，一般館藏借閱上限（件）：25 → 30",
            "  personal card, ordinary items at once, at most: 25 → 30",
            "家庭借閱證讀者 0 人。",
            "0 patrons with a family card.",
            "個人借閱證讀者 2 人。",
            "2 patrons with a personal card.",
        ],
    )
    assert "--yes" in shown.err
    done = run("rules", "add", str(file), "--yes", "--staff", "lin")
    assert (done.code, done.out.splitlines()[-1]) == (0, "第 2 版已登錄。 / Version 2 is on record.")
    assert "30" in run("rules", "show", "--on", "2999-01-01").out
    history = run("rules", "history").out
    assert history.index("Version 2") < history.index("Version 1")
    assert "by lin" in history
    again = run("rules", "add", str(file), "--yes")
    assert (again.code, "on record already" in again.err) == (2, True)


def test_what_is_wrong_with_a_file_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(NEWEST.replace("rate = 1", "rate = -1"), encoding="utf-8")
    told = run("rules", "add", str(file), "--yes")
    assert told.code == 2
    assert "new.toml: line 12, personal.overdue.rate: it must be from 0 to 1000000" in told.err
    assert "new.toml: 第 12 行，personal.overdue.rate：要在 0 到 1000000 之間" in told.err
    old = NEWEST.replace("total = 25", "total = 30")
    file.write_text(old, encoding="utf-8")
    assert "--retroactive" in run("rules", "add", str(file), "--yes").err
    assert run("rules", "add", str(file), "--yes", "--retroactive", "decided long ago").code == 0


def test_a_day_before_all_rules_has_none(run: Run) -> None:
    assert run("rules", "show", "--on", "1999-01-01").out == "1999-01-01 沒有適用的規則。 / There are no rules for 1999-01-01.\n"


def test_a_closure_is_shown_with_what_moves_then_made(run: Run, city: City, kiosk: Kiosk) -> None:
    lend(city, kiosk, 0)
    shown = run(*CLOSURE)
    assert (shown.code, shown.out.splitlines()[:2]) == (2, ["C01 2026-04-10：08:30–21:00 → 休館", "C01 2026-04-10: 08:30–21:00 → closed"])
    moved = "C01：1 件借閱到期日 2026-04-10 → 2026-04-12 / C01: 1 loan due 2026-04-10 → 2026-04-12"
    assert moved in shown.out.splitlines()
    assert city.sql("SELECT due FROM loan") == [("2026-04-10",)]
    done = run(*CLOSURE, "--yes")
    assert (done.code, done.out.splitlines()[-1].partition(" / ")[2]) == (
        0,
        "Done: the calendars of 2 branches, 1 loans, 0 holds, the suspensions of 0 patrons.",
    )
    assert city.sql("SELECT due FROM loan") == [("2026-04-12",)]
    month = run("calendar", "show", "C01", "--month", "2026-04").out.splitlines()
    assert "2026-04-10 Fri closed  typhoon (source: notice; command line)" in month
    assert "2026-04-02 Thu closed" in month
    taken_back = run("calendar", "open", "C01", "2026-04-10", "2026-04-11", "--reason", "gone", "--source", "notice", "--yes")
    assert "No loan and no hold has a date that moves." in taken_back.out
    history = run("calendar", "history", "C01").out
    assert "#3 every branch 2026-04-10–2026-04-11 closed: typhoon (source: notice)" in history


def test_special_and_regular_hours_are_written_whole(run: Run) -> None:
    because = ("--reason", "summer", "--source", "notice", "--yes")
    special = run("calendar", "open", "C01", "2026-04-02", "2026-04-02", "--hours", "09:00-12:00", *because)
    assert "C01 2026-04-02: closed → 09:00–12:00" in special.out.splitlines()
    days = ("--day", "monday=10:00-16:00", "--day", "tuesday=10:00-16:30", "--closed-monthly", "none", "--desk-minutes", "15")
    regular = run("calendar", "hours", "C01", "2026-07-01", *days, *because)
    assert "C01 2026-07-01: 08:30–21:00 → closed" in regular.out.splitlines()
    assert "2026-07-07 Tue 10:00–16:30, desk services until 16:15" in run("calendar", "show", "C01", "--month", "2026-07").out.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "X99", "2026-04-10", "2026-04-10"), "no branch of this code"),
        (("close", "all", "2026-04-10", "2026-04-09"), "last day is before the first"),
        (("open", "all", "2026-04-10", "2026-04-10", "--hours", "9"), "such as 09:00-17:00"),
        (("hours", "all", "2026-04-10", "--day", "moonday=9:00-10:00", "--closed-monthly", "none", "--desk-minutes", "0"), "monday="),
        (("hours", "all", "2026-04-10", "--day", "monday=9:00-10:00", "--closed-monthly", "6=monday", "--desk-minutes", "0"), "1=thursday"),
    ],
)
def test_wrong_words_are_refused_with_what_is_right(run: Run, words: tuple[str, ...], said: str) -> None:
    told = run("calendar", *words, "--reason", "r", "--source", "s", "--yes")
    assert (told.code, said in told.err) == (2, True)
    assert "#3" not in run("calendar", "history").out


def test_a_suspension_is_shown_paid_in_part_and_waived(run: Run, city: City, kiosk: Kiosk) -> None:
    assert run("suspensions", "show", "04a32b1c").out == "王○○沒有因逾期停借。 / 王○○ is not suspended for late returns.\n"
    lend(city, kiosk, 1)
    late(city, kiosk, 0, on=april(13))
    waiting = run("suspensions", "show", "--national-id", typed="a123456789\n")
    assert (waiting.code, "the days begin when the last one is back" in waiting.out) == (0, True)
    assert "NT$3 ends it at once (NT$1 per item and day)." in waiting.out
    paid = run("suspensions", "pay", "04a32b1c", "--amount", "1")
    assert "NT$1 taken." in paid.out
    assert "NT$2 ends it at once" in paid.out
    too_much = run("suspensions", "pay", "04a32b1c", "--amount", "9")
    assert (too_much.code, "more than is owed" in too_much.err) == (2, True)
    waived = run("suspensions", "waive", "04a32b1c", "--reason", "in hospital")
    assert (waived.code, "Waived." in waived.out) == (0, True)
    assert blocks(city) == []
    assert not [secret for secret in ("王小明", "A123456789") if secret in waiting.out + paid.out + waived.out]
