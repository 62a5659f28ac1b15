"""From what was seen to what is said: tables."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from circulation.offline import OfflineLimits
from kiosk.store.inspection import FileFault, LedgerInspection
from tests.unit.youyue.doctor_values import KEY, NOW, a_database, a_kiosk, a_ledger, a_program, a_replica, ago, holdings
from youyue.doctor.facts import (
    ClockFacts,
    DiskFacts,
    FolderFacts,
    KeyFileFacts,
    NetworkFacts,
    PackageFact,
    Patience,
    ProgramFacts,
    Reached,
    ReaderFacts,
    ReaderService,
    ScreenFacts,
    SlipsFacts,
    Standing,
)
from youyue.doctor.findings import Check, Finding, Level, failed, ok, warning, worst
from youyue.doctor.judge_kiosk import (
    Broken,
    IdentityFacts,
    judge_feed,
    judge_identity,
    judge_ledger,
    judge_readers,
    judge_replica,
    judge_running,
    judge_set_aside,
)
from youyue.doctor.judge_machine import (
    judge_clock,
    judge_disk,
    judge_folder,
    judge_keys,
    judge_own_clock,
    judge_program,
    judge_screen,
    judge_slips,
)
from youyue.doctor.judge_network import judge_certificate, judge_network, judge_standing
from youyue.doctor.judge_registry import DatabaseFault, judge_database, judge_flagged, judge_kiosks, judge_requests

LIMITS, PATIENCE = OfflineLimits(), Patience()
OK, WARNING, FAILED = Level
MIB = 2**20
LONG_AGO = ago(days=3)
IDENTITY = IdentityFacts(kiosk="k", branch="C01", card_key_version=1)
READERS = ReaderFacts("auto", ReaderService.ANSWERS, readers=("ACS ACR122U 00 00",))


def said(findings: Iterable[Finding]) -> list[tuple[Level, str]]:
    return [(finding.level, finding.code) for finding in findings]


def bad(findings: Iterable[Finding]) -> list[tuple[Level, str, datetime | None]]:
    return [(finding.level, finding.code, finding.since) for finding in findings if finding.level is not Level.OK]


def test_packages_and_python_are_held_against_the_needs() -> None:
    assert said(judge_program(a_program())) == [(OK, "program"), (OK, "python"), (OK, "packages")]
    packages = {"click": PackageFact(">=8.2", None, is_met=False), "msgspec": PackageFact(">=0.19", "0.18", is_met=False)}
    assert bad(judge_program(a_program(python="3.10.2", packages=packages))) == [
        (FAILED, "python_other", None),
        (FAILED, "package_missing", None),
        (FAILED, "package_other", None),
    ]


@pytest.mark.parametrize(
    ("facts", "level", "code"),
    [
        (ScreenFacts(qt="6.11.3"), OK, "screen"),
        (ScreenFacts(qt_problem="libGL.so.1: cannot open"), FAILED, "qt_broken"),
        (ScreenFacts(qt="6.11.3", font_problem="the font is missing"), FAILED, "font_missing"),
    ],
)
def test_the_screen(facts: ScreenFacts, level: Level, code: str) -> None:
    assert said(judge_screen(facts)) == [(level, code)]


@pytest.mark.parametrize(
    ("facts", "level", "code"),
    [
        (SlipsFacts(""), OK, "slips_off"),
        (SlipsFacts("/slips"), OK, "slips"),
        (SlipsFacts("/slips", is_writable=False), FAILED, "slips_unwritable"),
    ],
)
def test_the_slips(facts: SlipsFacts, level: Level, code: str) -> None:
    assert said(judge_slips(facts)) == [(level, code)]


@pytest.mark.parametrize(
    ("facts", "level", "code", "since"),
    [
        (FolderFacts("k", exists=True), OK, "folder", None),
        (FolderFacts("k", exists=False), FAILED, "folder_missing", None),
        (FolderFacts("k", exists=True, is_ours=False, changed_at=LONG_AGO), FAILED, "folder_foreign", LONG_AGO),
        (FolderFacts("k", exists=True, is_writable=False, changed_at=LONG_AGO), FAILED, "folder_unwritable", LONG_AGO),
        (FolderFacts("k", exists=True, mode=0o750, changed_at=LONG_AGO), WARNING, "folder_open", LONG_AGO),
        (FolderFacts("k", exists=True, mode=0o701, changed_at=LONG_AGO), WARNING, "folder_open", LONG_AGO),
    ],
)
def test_a_folder_of_secrets(facts: FolderFacts, level: Level, code: str, since: datetime | None) -> None:
    (finding,) = judge_folder(facts)
    assert (finding.level, finding.code, finding.since) == (level, code, since)


@pytest.mark.parametrize(
    ("file", "matches", "findings"),
    [
        (KeyFileFacts("a.key", exists=True), True, [(OK, "keys")]),
        (KeyFileFacts("a.key", exists=True), None, [(OK, "keys")]),
        (KeyFileFacts("a.key", exists=True), False, [(FAILED, "key_other")]),
        (KeyFileFacts("a.key", exists=False), None, [(FAILED, "key_missing")]),
        (KeyFileFacts("a.key", exists=True, mode=0o640), None, [(FAILED, "key_open")]),
        (KeyFileFacts("a.key", exists=True, size=None), None, [(FAILED, "key_unreadable")]),
        (KeyFileFacts("a.key", exists=True, size=31), False, [(FAILED, "key_length"), (FAILED, "key_other")]),
    ],
)
def test_keys(file: KeyFileFacts, matches: bool | None, findings: list[tuple[Level, str]]) -> None:  # noqa: FBT001 - a table
    assert said(judge_keys((file,), matches=matches)) == findings


@pytest.mark.parametrize(
    ("facts", "level", "code"),
    [
        (ClockFacts(NOW, timedelta(0)), OK, "clock"),
        (ClockFacts(NOW, timedelta(minutes=5)), OK, "clock"),
        (ClockFacts(NOW, timedelta(minutes=5, seconds=1)), WARNING, "clock_off"),
        (ClockFacts(NOW, timedelta(minutes=-6)), WARNING, "clock_off"),
        (ClockFacts(NOW, None), WARNING, "clock_unknown"),
        (ClockFacts(NOW, None, told_at=LONG_AGO), WARNING, "clock_unknown"),
        (ClockFacts(NOW, None, told_at=NOW + timedelta(minutes=6)), WARNING, "clock_behind"),
    ],
)
def test_the_kiosk_s_clock(facts: ClockFacts, level: Level, code: str) -> None:
    assert said(judge_clock(facts, PATIENCE)) == [(level, code)]


@pytest.mark.parametrize(
    ("synchronised", "written_at", "level", "code"),
    [
        (True, NOW, OK, "clock_kept"),
        (None, None, OK, "clock_unwatched"),
        (False, NOW, WARNING, "clock_alone"),
        (True, NOW + timedelta(hours=1), WARNING, "clock_behind"),
    ],
)
def test_the_registry_s_clock(synchronised: bool | None, written_at: datetime | None, level: Level, code: str) -> None:  # noqa: FBT001 - a table
    assert said(judge_own_clock(NOW, synchronised, written_at, PATIENCE)) == [(level, code)]


@pytest.mark.parametrize(
    ("free", "level", "code"),
    [
        (2048 * MIB, OK, "disk"),
        (1024 * MIB - 1, WARNING, "disk_soon"),
        (256 * MIB, WARNING, "disk_soon"),
        (256 * MIB - 1, FAILED, "disk_low"),
        (32 * MIB, FAILED, "disk_low"),
        (32 * MIB - 1, FAILED, "disk_full"),
        (0, FAILED, "disk_full"),
    ],
)
def test_the_disk_has_room_for_loans_and_then_for_returns(free: int, level: Level, code: str) -> None:
    assert said(judge_disk(DiskFacts("k", free), PATIENCE)) == [(level, code)]


@pytest.mark.parametrize("reached", Reached)
def test_the_way_to_the_registry_ends_somewhere_or_nowhere(reached: Reached) -> None:
    (finding,) = judge_network(NetworkFacts("https://r", reached, "why"), check=Check.NETWORK, since=LONG_AGO)
    if reached is Reached.ALL:
        assert (finding.level, finding.since) == (OK, None)
    else:
        assert (finding.level, finding.values["detail"], finding.since) == (FAILED, "why", LONG_AGO)


@pytest.mark.parametrize(
    ("expires_at", "findings"),
    [
        (None, []),
        (NOW + timedelta(days=22), [(OK, "certificate", None)]),
        (NOW + timedelta(days=21), [(WARNING, "certificate_soon", None)]),
        (NOW, [(FAILED, "certificate_over", NOW)]),
        (LONG_AGO, [(FAILED, "certificate_over", LONG_AGO)]),
    ],
)
def test_a_certificate_is_missed_in_time(expires_at: datetime | None, findings: list[tuple[Level, str, datetime | None]]) -> None:
    found = judge_certificate(expires_at, PATIENCE, now=NOW)
    assert [(finding.level, finding.code, finding.since) for finding in found] == findings


@pytest.mark.parametrize(
    ("standing", "level"),
    [(Standing.KNOWN, OK), (Standing.UNKNOWN, FAILED), (Standing.REVOKED, FAILED), (Standing.NOT_ASKED, WARNING)],
)
def test_what_the_registry_makes_of_the_kiosk(standing: Standing, level: Level) -> None:
    assert worst(judge_standing(standing)) is level


@pytest.mark.parametrize(
    ("facts", "level", "code"),
    [
        (READERS, OK, "reader"),
        (ReaderFacts("auto", ReaderService.ANSWERS), FAILED, "reader_none"),
        (ReaderFacts("auto", ReaderService.NOT_INSTALLED), FAILED, "pcscd_missing"),
        (ReaderFacts("system", ReaderService.DOES_NOT_ANSWER, virtual=True), FAILED, "pcscd_silent"),
        (ReaderFacts("auto", ReaderService.DOES_NOT_ANSWER, virtual=True), WARNING, "reader_only_virtual"),
        (ReaderFacts("virtual", ReaderService.DOES_NOT_ANSWER, virtual=True), OK, "reader_virtual"),
        (ReaderFacts("virtual", ReaderService.ANSWERS, readers=("ACS",)), FAILED, "reader_virtual_missing"),
    ],
)
def test_card_readers(facts: ReaderFacts, level: Level, code: str) -> None:
    assert said(judge_readers(facts)) == [(level, code)]


def test_a_kiosk_that_stands_is_worth_a_look() -> None:
    assert said(judge_running(runs=True)) == [(OK, "kiosk_runs")]
    assert said(judge_running(runs=False)) == [(WARNING, "kiosk_stands")]


def test_an_identity_is_held_against_the_replica() -> None:
    assert bad(judge_identity(IDENTITY, a_replica())) == []
    assert bad(judge_identity(IDENTITY, None)) == []
    assert bad(judge_identity(IdentityFacts(is_missing=True, problem="not there"), None)) == [(FAILED, "identity_missing", None)]
    assert bad(judge_identity(IdentityFacts(problem="mode 0644", changed_at=LONG_AGO), None)) == [(FAILED, "identity_broken", LONG_AGO)]
    assert bad(judge_identity(IDENTITY, a_replica(branch="L12"))) == [(FAILED, "branch_differs", None)]
    assert bad(judge_identity(IDENTITY, a_replica(card_key_version=2))) == [(FAILED, "card_key_differs", None)]


@pytest.mark.parametrize(
    ("found", "findings"),
    [
        (a_ledger(), []),
        (a_ledger(unsent=3, oldest_unsent_at=ago(minutes=14)), []),
        (a_ledger(unsent=3, oldest_unsent_at=ago(minutes=16)), [(WARNING, "unsent_long", ago(minutes=16))]),
        (a_ledger(unsent=5000, oldest_unsent_at=LONG_AGO), [(FAILED, "unsent_full", LONG_AGO)]),
        (a_ledger(is_current=False), [(WARNING, "ledger_revision", None)]),
        (a_ledger(problem="kiosk_revoked: revoked", problem_at=LONG_AGO), [(FAILED, "staff", LONG_AGO)]),
        (a_ledger(unreadable=1), [(WARNING, "facts_unreadable", None)]),
        (a_ledger(missing=2), [(FAILED, "ledger_lost_facts", None)]),
        (Broken(FileFault.MISSING, ""), [(WARNING, "ledger_missing", None)]),
        (Broken(FileFault.KEY, ""), [(FAILED, "ledger_key", None)]),
        (Broken(FileFault.DAMAGED, ""), [(FAILED, "ledger_damaged", None)]),
        (Broken(FileFault.UNREADABLE, ""), [(FAILED, "ledger_unreadable", None)]),
        (Broken(FileFault.FOREIGN, ""), [(FAILED, "ledger_foreign", None)]),
        (Broken(FileFault.NO_LIBRARY, ""), [(FAILED, "ledger_no_library", None)]),
    ],
)
def test_a_ledger(found: LedgerInspection | Broken, findings: list[tuple[Level, str, datetime | None]]) -> None:
    assert bad(judge_ledger(found, LIMITS, PATIENCE, now=NOW)) == findings


def test_a_ledger_that_was_set_aside_is_for_a_person() -> None:
    assert bad(judge_set_aside([])) == []
    assert bad(judge_set_aside(["ledger-set-aside-1.db"])) == [(FAILED, "ledger_set_aside", None)]


def test_a_replica_can_be_thrown_away_and_still_nothing_is_lent_without_one() -> None:
    assert said(judge_replica(a_replica())) == [(OK, "replica")]
    assert said(judge_replica(a_replica(is_current=False))) == [(WARNING, "replica_schema")]
    assert said(judge_replica(Broken(FileFault.MISSING, ""))) == [(FAILED, "replica_missing")]
    assert said(judge_replica(Broken(FileFault.KEY, ""))) == [(FAILED, "replica_broken")]


@pytest.mark.parametrize(
    ("age", "level", "code", "items"),
    [
        (timedelta(minutes=15), OK, "feed", None),
        (timedelta(minutes=-5), OK, "feed", None),
        (timedelta(minutes=-6), FAILED, "feed_future", None),
        (timedelta(minutes=16), WARNING, "feed_step", 5),
        (timedelta(hours=24), WARNING, "feed_step", 5),
        (timedelta(hours=25), WARNING, "feed_step", 3),
        (timedelta(hours=73), WARNING, "feed_regulars", 2),
        (timedelta(days=7), WARNING, "feed_regulars", 2),
        (timedelta(days=7, seconds=1), FAILED, "feed_over", None),
    ],
)
def test_news_of_every_age_has_its_step(age: timedelta, level: Level, code: str, items: int | None) -> None:
    (finding,) = judge_feed(NOW - age, LIMITS, now=NOW)
    assert (finding.level, finding.code, finding.values.get("items")) == (level, code, items)
    assert finding.since == (NOW - age if age > timedelta(minutes=15) else None)


def test_news_that_never_came_is_a_failure() -> None:
    assert said(judge_feed(None, LIMITS, now=NOW)) == [(FAILED, "feed_never")]


def test_a_registry_s_database() -> None:
    assert bad(judge_database(a_database(), PATIENCE, wal_bytes=MIB)) == []
    assert bad(judge_database(a_database(), PATIENCE, wal_bytes=None)) == []
    assert bad(judge_database(a_database(), PATIENCE, wal_bytes=300 * MIB)) == [(WARNING, "wal_large", None)]
    assert bad(judge_database(a_database(holds=holdings(branches=0)), PATIENCE, wal_bytes=0)) == [(WARNING, "library_empty", None)]
    assert bad(judge_database(a_database(is_current=False, is_older=True), PATIENCE, wal_bytes=0)) == [(WARNING, "database_older", None)]
    assert bad(judge_database(a_database(is_current=False), PATIENCE, wal_bytes=0)) == [(FAILED, "database_newer", None)]
    assert bad(judge_database(DatabaseFault("no"), PATIENCE, wal_bytes=0)) == [(FAILED, "database_broken", None)]
    assert bad(judge_database(DatabaseFault("no", is_missing=True), PATIENCE, wal_bytes=0)) == [(FAILED, "database_missing", None)]


def test_facts_wait_for_staff_a_week_before_it_is_a_warning() -> None:
    assert bad(judge_flagged(holdings(flagged=2, flagged_since=ago(days=7)), PATIENCE, now=NOW)) == []
    late = judge_flagged(holdings(flagged=2, flagged_since=ago(days=8)), PATIENCE, now=NOW)
    assert bad(late) == [(WARNING, "flagged_long", ago(days=8))]


def test_a_request_about_personal_data_past_its_term_is_a_warning_and_on_its_last_day_is_none() -> None:
    today = NOW.date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    assert list(judge_requests((), today=today)) == []
    assert bad(judge_requests((today, tomorrow), today=today)) == []
    (late,) = judge_requests((yesterday, today, tomorrow), today=today)
    assert (late.code, late.values) == ("requests_overdue", {"count": 1, "due": f"{yesterday}"})


def test_a_silent_kiosk_is_named_with_the_day_of_its_last_word() -> None:
    silent = a_kiosk(heard_at=ago(days=8))
    kiosks = (a_kiosk(), silent, a_kiosk(heard_at=None), a_kiosk(heard_at=None, enrolled_at=NOW), a_kiosk(revoked_at=NOW))
    found = list(judge_kiosks(kiosks, PATIENCE, now=NOW))
    assert said(found) == [(OK, "kiosk"), (WARNING, "kiosk_silent"), (WARNING, "kiosk_never"), (OK, "kiosk_new"), (OK, "kiosk_revoked")]
    assert found[1].since == ago(days=8)
    assert (found[0].values["facts"], found[0].values["epoch"]) == (7, str(KEY))
    assert said(judge_kiosks((), PATIENCE, now=NOW)) == [(WARNING, "kiosks_none")]


def test_a_kiosk_whose_program_never_asked_for_a_cover_is_named_while_it_serves() -> None:
    assert bad(judge_kiosks((a_kiosk(cover=None), a_kiosk(cover=1)), PATIENCE, now=NOW)) == [(WARNING, "kiosk_without_cover", None)]
    others = (a_kiosk(cover=None, revoked_at=NOW), a_kiosk(cover=None, heard_at=None, enrolled_at=NOW))
    assert bad(judge_kiosks(others, PATIENCE, now=NOW)) == []


def test_the_worst_finding_is_the_report_s_level() -> None:
    check = Check.DISK
    assert worst([]) is Level.OK
    assert worst([ok(check, "a"), warning(check, "b"), ok(check, "c")]) is Level.WARNING
    assert worst([failed(check, "a"), warning(check, "b")]) is Level.FAILED


def test_a_program_whose_needs_nobody_knows_is_worth_a_look() -> None:
    assert said(judge_program(ProgramFacts("0.1.0", "3.11.7", ">=3.11", None)))[-1] == (WARNING, "needs_unknown")
