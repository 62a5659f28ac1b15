"""Every finding has its words in both languages, and its place in the table and in the JSON."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import youyue.doctor
from texts.catalogue import languages, open_catalogue
from youyue.doctor.findings import Check, Finding, Level, failed, ok, warning
from youyue.doctor.report import document, lines

TAIPEI = ZoneInfo("Asia/Taipei")
AT = datetime(2026, 3, 11, 16, 30, tzinfo=UTC)
SOURCES = "\n".join(path.read_text("utf-8") for path in Path(youyue.doctor.__path__[0]).glob("*.py"))
GOOD = set(re.findall(r'\bok\(\s*\w+(?:\.\w+)?,\s*"(\w+)"', SOURCES))
BAD = set(re.findall(r'\b(?:warning|failed)\(\s*\w+(?:\.\w+)?,\s*"(\w+)"', SOURCES)) | set(
    re.findall(r'(?:FileFault|Reached)\.\w+: "(\w+)"', SOURCES)
)
FINDINGS = (
    ok(Check.DISK, "disk", path="/k", free=5000),
    warning(Check.FEED, "feed_step", age=timedelta(hours=3), items=5, until=AT, since=AT),
    failed(Check.READER, "reader_none"),
)


def test_the_codes_are_found_in_the_sources() -> None:
    assert {"disk", "kiosk", "network"} <= GOOD
    assert {"disk_low", "network_trust", "ledger_key", "kiosk_silent", "check_fell", "database_missing"} <= BAD


@pytest.mark.parametrize("language", languages())
def test_every_code_has_a_sentence_and_every_bad_one_says_what_to_do(language: str) -> None:
    catalogue = open_catalogue(language)
    wanted = {f"doctor.{code}" for code in GOOD | BAD} | {f"doctor.{code}.do" for code in BAD}
    wanted |= {f"doctor.check.{check}" for check in Check} | {f"doctor.level.{level}" for level in Level}
    assert sorted(key for key in wanted if key not in catalogue) == []
    frame = {f"doctor.{word}" for word in ("since", "since_unknown", "do", "summary", "days", "hours", "minutes")}
    assert sorted({key for key in catalogue if key.startswith("doctor.")} - wanted - frame) == [], "nobody says these"


def test_the_table_says_since_when_and_what_to_do_in_local_time() -> None:
    told = list(lines(FINDINGS, open_catalogue("en"), zone=TAIPEI))
    assert told == [
        "ok       Disk         5000 MB free where /k is",
        "warning  News         3 hours old: lends at most 5 items to a patron, until 2026-03-12 00:30.",
        "                      since: 2026-03-12 00:30",
        "                      do:    See to the network below.",
        "FAILED   Card reader  The card reader service runs, but no reader is plugged in.",
        "                      since: unknown",
        "                      do:    See to the cable, try another USB port; `youyue reader watch` shows it when it comes.",
        "1 ok, 1 warnings, 1 failed.",
    ]


def test_chinese_columns_are_as_wide_as_they_look() -> None:
    told = list(lines(FINDINGS, open_catalogue("zh_TW"), zone=TAIPEI))
    assert told[0] == "正常  磁碟    /k 所在磁碟剩 5000 MB"
    assert told[4].startswith("故障  讀卡機  ")


def test_the_json_is_for_scripts() -> None:
    said = json.loads(document(FINDINGS, open_catalogue("en"), place="kiosk", at=AT, zone=TAIPEI))
    assert (said["place"], said["at"], said["level"]) == ("kiosk", "2026-03-11T16:30:00+00:00", "failed")
    disk, feed, reader = said["findings"]
    assert (disk["since"], disk["do"], disk["values"]) == (None, None, {"path": "/k", "free": 5000})
    assert (feed["since"], feed["values"]["age"]) == ("2026-03-11T16:30:00+00:00", 10_800.0)
    assert (reader["check"], reader["level"], reader["code"]) == ("reader", "failed", "reader_none")


def test_text_from_outside_can_not_command_a_terminal() -> None:
    finding = Finding(Check.NETWORK, Level.FAILED, "network_answer", {"address": "https://r", "detail": "\x1b[2Jgone\n{free}"})
    (first, *_) = lines((finding,), open_catalogue("en"), zone=TAIPEI)
    assert first.endswith("is no registry:  [2Jgone {free}")
