"""A file with one version of the rules: read whole, or refused with the line of everything that is wrong."""

from importlib.resources import files
from pathlib import Path

import pytest

from registry.terms.rule_document import RuleFaultCode
from youyue import library
from youyue.rule_file import read_rule_file
from youyue.toml_table import TableFileError, TableProblem

TEXT = files("youyue.library").joinpath("rules.toml").read_text(encoding="utf-8")
NEWEST = "[[rule_set]]" + TEXT.split("[[rule_set]]")[-1]


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "rules.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def test_a_file_with_one_version_is_read(tmp_path: Path) -> None:
    assert read_rule_file(written(tmp_path, NEWEST)) == library.rule_sets()[-1]


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        ("total = 40", "total = -40", "total = -40", RuleFaultCode.OUT_OF_RANGE),
        ("rate = 1", "rte = 1", "rte = 1", RuleFaultCode.UNKNOWN),
        ("version = 2", 'version = "two"', 'version = "two"', RuleFaultCode.NOT_A_NUMBER),
        ("total = 25\n", "", "[rule_set.personal]", RuleFaultCode.MISSING),
        ("hot_title = 14, audio_visual = 14", "hot_title = 14", "days = { book = 30, hot_title = 14 }", RuleFaultCode.MISSING),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, where: str, code: RuleFaultCode) -> None:
    text = NEWEST.replace(old, new, 1)
    assert text != NEWEST
    with pytest.raises(TableFileError) as refused:
        read_rule_file(written(tmp_path, text))
    found = {(one.line, one.fault.code) for one in refused.value.faults}
    assert (line_of(text, where), code) in found


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        (TEXT, TableProblem.NOT_ONE, 1),
        ("", TableProblem.NOT_ONE, 1),
        ("rule_set = 3", TableProblem.NOT_ONE, 1),
        (f"more = 1\n{NEWEST}", TableProblem.NOT_ONE, 1),
        ("[[rule_set]]\nversion = \n", TableProblem.NOT_TOML, 2),
        (b"\xff\xfe", TableProblem.NOT_TEXT, 1),
    ],
)
def test_a_file_that_holds_no_version_is_refused(tmp_path: Path, text: str | bytes, problem: TableProblem, line: int) -> None:
    with pytest.raises(TableFileError) as refused:
        read_rule_file(written(tmp_path, text))
    assert (refused.value.problem, refused.value.line, refused.value.faults) == (problem, line, ())
