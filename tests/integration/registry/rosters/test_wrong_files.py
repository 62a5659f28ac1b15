"""Wrong files under a memory limit of 400 MB: one clear message, exit code 2, nothing stored."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from circulation.ids import BranchCode
from registry.database import Database
from registry.lending.store import Branch, add_branches
from registry.rosters.problems import FileFault
from tests.integration.registry.rosters import hostile_files as wrong
from tests.integration.registry.rosters.counter import dump
from texts.catalogue import open_catalogue
from youyue.registry_room import open_registry
from youyue.settings import Settings

TREE = Path(__file__).parents[4]
LIMIT_KB = 400 * 1024
_LIMITED = 'ulimit -v "$0" && exec "$@"'
WRONG_FILES: list[tuple[Callable[[Path], Path], FileFault]] = [
    (wrong.empty, FileFault.EMPTY),
    (wrong.two_hundred_megabytes, FileFault.TOO_LARGE),
    (wrong.one_endless_line, FileFault.LINE_TOO_LONG),
    (wrong.an_open_quote, FileFault.QUOTES),
    (wrong.a_thousand_columns, FileFault.TOO_MANY_COLUMNS),
    (wrong.a_thousand_columns_in_a_workbook, FileFault.TOO_MANY_COLUMNS),
    (wrong.rubbish, FileFault.BINARY),
    (wrong.headings_twice, FileFault.HEADING_TWICE),
    (wrong.a_deflated_bomb, FileFault.XLSX_TOO_LARGE_INSIDE),
    (wrong.a_bomb_that_lies_about_its_size, FileFault.XLSX_TOO_LARGE_INSIDE),
    (wrong.one_cell_far_away, FileFault.TOO_MANY_ROWS),
    (wrong.one_cell_far_away_in_small_letters, FileFault.XLSX_DAMAGED),
    (wrong.a_table_that_boasts, FileFault.EMPTY),
    (wrong.one_row_far_away, FileFault.TOO_MANY_ROWS),
    (wrong.one_text_in_every_cell, FileFault.XLSX_TOO_LARGE_INSIDE),
    (wrong.texts_that_multiply, FileFault.XLSX_DAMAGED),
    (wrong.too_many_cells, FileFault.TOO_MANY_CELLS),
    (wrong.a_workbook_with_a_password, FileFault.OLD_EXCEL),
    (wrong.utf_16_without_its_mark, FileFault.BINARY),
    (wrong.utf_16_cut_inside_a_character, FileFault.ENCODING),
    (wrong.no_workbook, FileFault.XLSX_DAMAGED),
    (wrong.a_workbook_cut_short, FileFault.XLSX_DAMAGED),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one branch and nobody in it; no wrong file changes it."""
    made = tmp_path_factory.mktemp("registry")
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        database.write(lambda work: add_branches(work, [Branch(BranchCode("C01"), "總館")]))
    open_registry(made, Settings()).close()  # a registry's first opening begins its feed
    return made


@pytest.fixture(scope="module")
def before(folder: Path) -> dict[str, list[str]]:
    """Every row of every table, before the first wrong file."""
    with closing(Database.sqlite(folder / "registry.db")) as database:
        return dump(database)


@dataclass(frozen=True)
class Answer:
    """What the command said about one file."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def answers(folder: Path, before: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What the command says of every file, one after the other in one process that may never have more than the limit."""
    files = [make(tmp_path_factory.mktemp("wrong")) for make, _ in WRONG_FILES]
    program = Path(__file__).with_name("import_each.py")
    limited = ["sh", "-c", _LIMITED, str(LIMIT_KB), sys.executable, str(program), str(folder), *map(str, files)]
    done = subprocess.run(limited, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False, cwd=TREE)
    assert done.returncode == 0, done.stderr
    said = [Answer(**json.loads(line)) for line in done.stdout.splitlines()]
    return {make.__name__: answer for (make, _), answer in zip(WRONG_FILES, said, strict=True)}


@pytest.mark.parametrize(("name", "fault"), [(make.__name__, fault) for make, fault in WRONG_FILES])
def test_a_wrong_file_is_refused_by_one_message(name: str, fault: FileFault, answers: dict[str, Answer]) -> None:
    answer = answers[name]
    assert (answer.code, answer.out) == (2, "")
    (message,) = answer.err.splitlines()
    _, chinese, english = re.split(": | / ", message.removeprefix("youyue: "), maxsplit=2)
    for said, language in ((chinese, "zh_TW"), (english, "en")):
        (pattern,) = open_catalogue(language).forms(f"roster.file.{fault}")
        assert said.startswith(pattern.partition("{")[0])


def test_nothing_of_any_wrong_file_is_stored(folder: Path, before: dict[str, list[str]], answers: dict[str, Answer]) -> None:
    assert len(answers) == len(WRONG_FILES)
    with closing(Database.sqlite(folder / "registry.db")) as database:
        assert dump(database) == before
    assert before["branch"]
    assert not before["patron"]


def test_a_reader_without_the_guard_does_not_survive_a_cell_far_away(tmp_path: Path) -> None:
    program = "import sys, python_calamine as c; c.load_workbook(sys.argv[1]).get_sheet_by_index(0)"
    limited = ["sh", "-c", _LIMITED, str(LIMIT_KB), sys.executable, "-c", program, str(wrong.one_cell_far_away(tmp_path))]
    assert subprocess.run(limited, capture_output=True, timeout=120, check=False).returncode != 0
