"""M11: a September's file of 30,000 pupils, matched against a library that knows a tenth of them, on both databases.

Ours is the whole import by a process of its own: every cell read and checked, every row matched, the preview, and the
commit in one transaction with cards, consents, cases, the feed and what undoing needs. Of the rows 10 % replace a card and
5 % open a case; the counts are checked in every round. The limit is PostgreSQL's COPY of the same rows into a table of
the same server, committed. The file is as the Bureau sends it; nobody in it exists.
"""

import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from benchmarks.city import City
from benchmarks.figures import Goal, Measure
from benchmarks.rounds import Count, in_turn, timed
from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.national_ids import with_check_digit
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from tests.postgres import PostgresServer, running_server
from youyue.registry_room import load_library, open_registry
from youyue.settings import Settings

ROWS, REPLACED, CASES_EACH, OTHERS = 30_000, 3_000, 500, 50_000
COUNT = Count(rounds=3, samples=1)
GOAL = Goal(times=10)
MOST_MEMORY = 300 * 1024 * 1024
COLUMNS = ("姓名", "身分證字號", "出生年月日", "戶籍地址", "學校電話", "悠遊卡號", "同意", "學號")
EXPECTED = {"created": ROWS - REPLACED - 3 * CASES_EACH, "replaced": REPLACED, "changed": CASES_EACH, "held": 2 * CASES_EACH}
EXPECTED_CASES = {"name_differs": CASES_EACH, "birth_date_differs": CASES_EACH, "number_bound_elsewhere": CASES_EACH}
_LETTERS = "ABCDEFGHJKLMNPQRSTUV"


def measures(city: City, build: Path) -> list[Measure]:
    """The size is a September's, whatever the city's scale: the scale decides nothing here."""
    del city
    with tempfile.TemporaryDirectory(dir=build) as made, running_server() as server:
        folder = Path(made)
        file = folder / "bureau-students.csv"
        rows = list(_rows())
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([COLUMNS, *rows])
        _library(folder / "sqlite", "")
        template = server.create()
        _library(folder / "postgresql", server.url(template))
        reports: dict[str, list[dict[str, float]]] = {"sqlite": [], "postgresql": []}

        def on_sqlite() -> float:
            return _on_sqlite(folder, file, reports["sqlite"])

        def on_postgresql() -> float:
            return _on_postgresql(folder, file, server, template, reports["postgresql"])

        def limit() -> float:
            return _copied(server, rows)

        ours = in_turn(COUNT, on_sqlite, on_postgresql, limit)
    bare = ours[-1]
    return [
        Measure(
            "M11",
            f"30,000 roster rows on {'SQLite' if name == 'sqlite' else 'PostgreSQL'}",
            taken,
            bare,
            "PostgreSQL COPY of the rows",
            GOAL,
            _beside(reports[name]),
        )
        for name, taken in zip(reports, ours[:2], strict=True)
    ]


def _beside(reports: list[dict[str, float]]) -> dict[str, float]:
    peak = max(report["peak"] for report in reports)
    assert peak <= MOST_MEMORY, f"{peak / 1024 / 1024:.0f} MB"
    read = statistics.median(report["read"] for report in reports)
    looked = statistics.median(report["looked"] - report["read"] for report in reports)
    return {"read": read, "preview": looked, "most memory, MB": peak / 1024 / 1024}


def _on_sqlite(folder: Path, file: Path, reports: list[dict[str, float]]) -> float:
    copy = folder / "copy"
    shutil.copytree(folder / "sqlite", copy)
    try:
        return _imported(copy, file, "", reports)
    finally:
        shutil.rmtree(copy)


def _on_postgresql(folder: Path, file: Path, server: PostgresServer, template: str, reports: list[dict[str, float]]) -> float:
    name = server.create(template)
    try:
        return _imported(folder / "postgresql", file, server.url(name), reports)
    finally:
        server.drop(name)


def _imported(folder: Path, file: Path, url: str, reports: list[dict[str, float]]) -> float:
    command = [sys.executable, "-m", "benchmarks.roster_process", str(folder), str(file), *([url] if url else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["outcomes"], report["cases"], report["state"]) == (EXPECTED, EXPECTED_CASES, "committed"), report
    assert report["told"] == ROWS // 1_000, "progress was not told"
    reports.append(report)
    seconds: float = report["seconds"]
    return seconds


def _copied(server: PostgresServer, rows: list[tuple[str, ...]]) -> float:
    """The limit."""
    name = server.create()
    with closing(psycopg.connect(server.url(name))) as connection:
        connection.execute(
            "CREATE TABLE row (name text, national_id text, born text, address text, phone text, card text, consent text, number text)"
        )
        connection.commit()

        def copy() -> None:
            with connection.cursor().copy("COPY row FROM STDIN") as copying:
                for row in rows:
                    copying.write_row(row)
            connection.commit()

        taken = timed(copy)
    server.drop(name)
    return taken


def _rows() -> Iterator[tuple[str, ...]]:
    """Consenting pupils: first those whose card is replaced, then those that open each kind of case, then the new ones."""
    for number in range(ROWS):
        card = _uid(OTHERS + number)
        if REPLACED + 2 * CASES_EACH <= number < REPLACED + 3 * CASES_EACH:
            card = _uid(number)  # somebody else's
        born = _born(number)
        if REPLACED + CASES_EACH <= number < REPLACED + 2 * CASES_EACH:
            born += timedelta(days=1)
        address = f"臺北市虛構區虛構路{number % 400 + 1}號"
        yield (_name(number), _national_id(number), f"{born}", address, f"02-2{number % 1000:03d}-5678", card.hex, "是", f"{number:07d}")


def _library(folder: Path, database: str) -> None:
    """A library of 50,000 patrons with a card each, some of whom are pupils of the file."""
    folder.mkdir(mode=0o700)
    with closing(open_registry(folder, Settings(), database)) as registry:
        load_library(registry)
        registry.add_patrons(map(_patron, range(OTHERS)), tell_feed=False)
        registry.add_cards(map(_card, range(OTHERS)), tell_feed=False)


def _patron(number: int) -> PatronRecord:
    is_pupil = number < REPLACED + 2 * CASES_EACH
    is_other_name = REPLACED <= number < REPLACED + CASES_EACH or number >= REPLACED + 2 * CASES_EACH
    name = f"{_name(number)}二" if is_other_name else _name(number)
    national_id = _national_id(number if is_pupil else ROWS + number)
    return PatronRecord(PatronId(UUID(int=number + 1)), name, national_id, _born(number))


def _card(number: int) -> CardRecord:
    has_easycard = not REPLACED <= number < REPLACED + CASES_EACH
    kind = CardKind.EASYCARD if has_easycard else CardKind.CHIP
    return CardRecord(CardId(UUID(int=number + 1)), PatronId(UUID(int=number + 1)), kind, _uid(number))


def _name(number: int) -> str:
    return f"生{chr(0x4E00 + number // 1000)}{chr(0x4E00 + number % 1000)}"


def _born(number: int) -> date:
    return date(2013, 9, 1) + timedelta(days=number % 365)


def _national_id(number: int) -> str:
    return with_check_digit(f"{_LETTERS[number % len(_LETTERS)]}{number % 2 + 1}{number:07d}")


def _uid(number: int) -> CardUid:
    """Seven bytes, so that none is another read backwards."""
    return CardUid(bytes([0x04]) + number.to_bytes(5, "big") + b"\x80")
