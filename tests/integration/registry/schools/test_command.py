"""``youyue registry schools``, as a person or a script calls it."""

import re
import stat
from contextlib import closing
from pathlib import Path

import pytest

from circulation.ids import BranchCode
from registry.database import Database
from registry.lending.store import Branch, add_branches
from tests.integration.registry.rosters.counter import dump
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil, bureau_file, contact_file, csv_bytes
from youyue.cli import main

LIST = [
    ("學校代碼", "學校名稱", "電話", "指定閱覽單位"),
    ("313501", "虛構<國小>", "02-2999-0001", "總館"),
    ("313502", "想像國中", "", "L12"),
]
LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506"}
TWIN = {"name": "林小雙", "national_id": "O200000015", "born": "1030506"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry with two branches and nobody in it."""
    made = tmp_path / "registry"
    made.mkdir(mode=0o700)
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        branches = [Branch(BranchCode("C01"), "總館"), Branch(BranchCode("L12"), "西園")]
        database.write(lambda work: add_branches(work, branches))
    return made


def run(folder: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["registry", *words, "--folder", str(folder)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def listed(folder: Path, tmp_path: Path) -> Path:
    """The same with two schools on the list of school year 114."""
    file = tmp_path / "schools.csv"
    file.write_bytes(csv_bytes(LIST))
    assert run(folder, "schools", "import", str(file), "--school-year", "114", "--source", "函 1", "--yes") == 0
    return folder


def test_a_list_is_shown_before_it_is_stored(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schools.csv"
    file.write_bytes(csv_bytes([*LIST, ("31350", "無", "", "C01"), ("313503", "無", "", "無館")]))
    words = ("schools", "import", str(file), "--school-year", "114", "--source", "函 1")
    assert run(folder, *words, "--dry-run") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("第 4 列「學校代碼」")
    assert said[2:4] == [
        "第 5 列「指定閱覽單位」：沒有這個閱覽單位，請填館別代碼（如 C01）或完整館名（無館）",
        "Row 5, “指定閱覽單位”: the library has no such branch: write its code, such as C01, or its full name (無館)",
    ]
    assert "       2  新增學校 / schools added" in said
    with closing(Database.sqlite(folder / "registry.db")) as database:
        assert dump(database)["school"] == []
    assert run(folder, *words, "--yes") == 0
    assert run(folder, *words, "--yes") == 0
    assert "沒有要改變的資料。 / It changes nothing." in capsys.readouterr().out
    assert run(folder, "schools", "list", "--school-year", "114", "--branch", "L12") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["313502\t想像國中\tL12\t-\t114\t2025-08-01\t函 1"]


def test_a_school_year_from_the_deadline_to_the_call_list(listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(listed, "schools", "deadline", "114", "1", "--begins", "2025-09-01", "--last-day", "2025-10-01", "--source", "函 2") == 0
    pupils = [
        (*a_pupil(**LIN, card="04000001"), "313501", "=110023"),
        (*a_pupil(**TWIN, card="04000002"), "313501", ""),
        (*a_pupil(name="陳一心", national_id="F131234569", card="04000003"), "313502", "110025"),
    ]
    bureau = bureau_file(tmp_path, *pupils, headings=(*HEADINGS, "學校代碼", "學號"))
    assert run(listed, "import", "bureau-students", str(bureau), "--school-year", "114", "--yes") == 0
    contacts = contact_file(tmp_path, a_contact(name="陳一心", national_id="F131234569", born="0990315"))
    words = ("import", "school-contacts", str(contacts), "--school-year", "114", "--yes", "--sender")
    assert run(listed, *words, "999999") == 2
    assert run(listed, *words, "313502") == 0
    capsys.readouterr()
    assert run(listed, "schools", "progress", "--school-year", "114") == 0
    assert [line.split("\t")[:6] for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["313501", "虛構<國小>", "C01", "2", "0", "2"],
        ["313502", "想像國中", "L12", "1", "1", "0"],
    ]
    assert run(listed, "schools", "progress", "--school-year", "114", "--by-branch", "--branch", "L12") == 0
    assert [line.split("\t")[:5] for line in capsys.readouterr().out.splitlines()[1:]] == [["L12", "1", "1", "1", "0"]]
    assert run(listed, "schools", "batches", "--school-year", "114", "--branch", "L12") == 0
    assert "遲交 / late\t2025-10-01" in capsys.readouterr().out
    assert run(listed, "schools", "worklist", "--school-year", "114", "--branch", "C01") == 0
    said = capsys.readouterr().out
    assert "林○○\t學校電話 02-2345-6789 / school phone 02-2345-6789" in said
    assert not [secret for secret in ("大雙", "小雙", "W234567893", "虛構路") if secret in said]
    page = tmp_path / "call.html"
    assert run(listed, "schools", "call-list", "313501", str(page), "--school-year", "114", "--branch", "L12") == 2
    assert not page.exists()
    assert run(listed, "schools", "call-list", "313501", str(page), "--school-year", "114", "--branch", "C01") == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert run(listed, "schools", "call-list", "313502", str(page), "--school-year", "114") == 1


def test_q3_3c_the_call_list_names_student_numbers_and_masks_and_nothing_else_of_a_pupil(listed: Path, tmp_path: Path) -> None:
    pupils = [(*a_pupil(**LIN, card="04000001"), "313501", "110023"), (*a_pupil(**TWIN, card="04000002"), "313501", "")]
    bureau = bureau_file(tmp_path, *pupils, headings=(*HEADINGS, "學校代碼", "學號"))
    assert run(listed, "import", "bureau-students", str(bureau), "--school-year", "114", "--yes") == 0
    page = tmp_path / "call.html"
    assert run(listed, "schools", "call-list", "313501", str(page), "--school-year", "114") == 0
    written = page.read_text("utf-8")
    rows = re.findall(r'<td class="number">\d+</td><td>(.*?)</td><td>(.*?)</td>', written)
    assert sorted(rows) == [("110023", "林○○"), ("2014-05-06 生 / born 2014-05-06", "林○○")]
    assert "虛構&lt;國小&gt;" in written
    assert "02-2345-6789、02-2999-0001" in written
    assert "@page { size: A4" in written
    assert not [word for word in ("大雙", "小雙", "W234567893", "O200000015", "04000001", "虛構路", "http", "<script") if word in written]
    with closing(Database.sqlite(listed / "registry.db")) as database:
        assert [entry for entry in dump(database)["audit"] if "call list printed" in entry]


def test_a_rollover_is_shown_before_it_is_done(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(listed, "schools", "rollover", "115", "--dry-run") == 0
    assert run(listed, "schools", "rollover", "115", "--yes") == 0
    assert capsys.readouterr().out.count("       2  沿用上學年閱覽單位的學校 / schools that keep their branch") == 2
    assert run(listed, "schools", "list", "--school-year", "115") == 0
    assert [line.split("\t")[4] for line in capsys.readouterr().out.splitlines()[1:]] == ["115", "115"]
    assert run(listed, "schools", "rollover", "100", "--yes") == 2
    assert "No earlier school year" in capsys.readouterr().err


def test_what_is_empty_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("list", "deadlines", "batches", "worklist", "waiting"):
        assert run(folder, "schools", command) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
