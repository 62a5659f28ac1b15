"""Tables for people: private, whole or not there, and no cell a formula."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.spreadsheet import FORMULA_STARTS, armed_again, defused, private_csv, private_file

SPOILT = OSError("the disk")


@given(st.lists(st.sampled_from(["=1+1", "+2", "-3", "@x", "\tx", "\rx", "王", ""]) | st.text(st.characters(codec="utf-8"), max_size=4)))
def test_no_cell_is_a_formula_and_every_cell_comes_back(cells: list[str]) -> None:
    assert not [cell for cell in map(defused, cells) if cell.startswith(FORMULA_STARTS)]
    assert [armed_again(defused(cell)) for cell in cells if not cell.startswith("'")] == [
        cell for cell in cells if not cell.startswith("'")
    ]


def test_a_table_is_its_owners_alone_and_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    path.chmod(0o644)
    with private_csv(path) as add:
        add(["name", "count", None])
        add(["=cmd", -3, 1.5])
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["name", "count", ""], ["'=cmd", "-3", "1.5"]]


def half_written(path: Path) -> None:
    with private_file(path) as write:
        write("half")
        raise SPOILT


def test_what_could_not_be_written_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"):
        half_written(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
