"""``youyue registry import``, as a person or a script calls it."""

import os
import pty
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from circulation.ids import BranchCode
from registry.database import Database
from registry.lending.store import Branch, add_branches
from tests.integration.registry.rosters.counter import dump
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil, bureau_file
from youyue.cli import main

BAD = a_pupil(name="陳一", national_id="Z199999990", born="2014/15/06", card="04000004")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry with one branch and nobody in it."""
    made = tmp_path / "registry"
    made.mkdir(mode=0o700)
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        database.write(lambda work: add_branches(work, [Branch(BranchCode("C01"), "總館")]))
    return made


def patrons_in(folder: Path) -> int:
    with closing(Database.sqlite(folder / "registry.db")) as database:
        return len(dump(database)["patron"])


def run(folder: Path, file: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["registry", "import", "bureau-students", str(file), "--folder", str(folder), *options])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def at_a_terminal(folder: Path, file: Path, answer: bytes) -> subprocess.CompletedProcess[bytes]:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "youyue", "registry", "import", "bureau-students", str(file), "--folder", str(folder)]
    os.write(ours, answer)
    try:
        return subprocess.run(command, stdin=theirs, capture_output=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_script_must_say_yes(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = bureau_file(tmp_path, a_pupil())
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert run(folder, file) == 2
    assert "--yes" in capsys.readouterr().err
    assert patrons_in(folder) == 0
    assert run(folder, file, "--yes") == 0
    assert patrons_in(folder) == 1


@pytest.mark.parametrize(("answer", "stored"), [(b"n\n", 0), (b"\n", 0), (b"y\n", 1)])
def test_a_person_sees_the_preview_and_is_asked(answer: bytes, stored: int, folder: Path, tmp_path: Path) -> None:
    done = at_a_terminal(folder, bureau_file(tmp_path, a_pupil()), answer)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert said.index("新建讀者 / patrons created") < said.index("Store this?")
    assert patrons_in(folder) == stored


def test_a_dry_run_stores_nothing_and_shows_every_number(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, bureau_file(tmp_path, a_pupil(), BAD), "--dry-run", "--yes") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "第 3 列「出生年月日」：月和日好像寫反了（2014/15/06）",
        "Row 3, “出生年月日”: day and month look swapped (2014/15/06)",
    ]
    assert lines[2:5] == ["       2  檔案裡的資料列 / rows in the file", "       1  新建讀者 / patrons created", "       0  更新 / changed"]
    assert "       1  有錯誤，不匯入 / wrong, not taken in" in lines
    assert lines[-1] == "什麼都沒有保存。 / Nothing was stored."
    assert patrons_in(folder) == 0


def test_the_bad_rows_come_back_as_a_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "bad.csv"
    assert run(folder, bureau_file(tmp_path, a_pupil(), BAD), "--yes", "--bad-rows", str(target)) == 0
    assert patrons_in(folder) == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert len(target.read_text("utf-8-sig").splitlines()) == 2


def test_what_is_said_names_nobody(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = bureau_file(tmp_path, a_pupil(card="04000001"), BAD, a_pupil(name="李", national_id="x", card="zz"))
    run(folder, file, "--yes")
    said = "".join(capfd.readouterr())
    assert not [secret for secret in ("王小明", "陳一", "A123456789", "Z199999990", "04000001", "虛構路", "2345") if secret in said]


def test_q3_2b_without_any_word_of_consent_a_file_may_be_looked_at_only(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bureau_file(tmp_path, a_pupil()[:-1], headings=HEADINGS[:-1])
    assert run(folder, file, "--dry-run") == 0
    assert run(folder, file, "--yes") == 2
    assert "consent" in capsys.readouterr().err
    assert patrons_in(folder) == 0
    assert run(folder, file, "--yes", "--consent-declared", "114-1") == 2
    assert run(folder, file, "--yes", "--consent-declared", "114-1", "--cohort", "新生", "--school-year", "114") == 0
    assert patrons_in(folder) == 1


def test_numbers_of_three_bytes_are_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, bureau_file(tmp_path, a_pupil()), "--yes", "--card-form", "low24_little") == 2
    assert "256 cards" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, bureau_file(tmp_path, BAD), "--yes", "--bad-rows", str(tmp_path / "none" / "bad.csv")) == 2
    assert "bad.csv" in capsys.readouterr().err


def test_a_folder_without_a_library_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "new", bureau_file(tmp_path, a_pupil()), "--yes") == 2
    assert "registry init" in capsys.readouterr().err
