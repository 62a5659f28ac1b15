"""Each MUST of the protocol has a number and a test that holds it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TREE = Path(__file__).parents[3]
PAGE = (TREE / "docs" / "sync-protocol.md").read_text("utf-8")
_NUMBERED = re.compile(r"\bMUST(?: NOT)? \[([A-Z]\d+)\]")
_ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_THE_WORD_ITSELF = "MUST, SHOULD and MAY are meant as in RFC 2119; each MUST has"
_HEADING = "What holds each MUST"

NUMBERS = _NUMBERED.findall(PAGE)
HELD = {number: _TEST.findall(tests) for number, tests in _ROW.findall(PAGE)}


def test_every_must_has_a_number_of_its_own() -> None:
    told = PAGE.replace(_THE_WORD_ITSELF, "").replace(_HEADING, "")
    assert len(NUMBERS) > 40
    assert len(re.findall(r"\bMUST\b", told)) == len(NUMBERS)
    assert len(set(NUMBERS)) == len(NUMBERS)


def test_numbers_rise_within_their_section() -> None:
    last: dict[str, int] = {}
    for number in NUMBERS:
        letter, count = number[0], int(number[1:])
        assert count == last.get(letter, 0) + 1, number
        last[letter] = count


def test_the_table_has_a_row_for_every_number_and_no_other() -> None:
    assert list(HELD) == NUMBERS
    assert [number for number, tests in HELD.items() if not tests] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_the_tests_that_hold_it_are_there(number: str) -> None:
    for path, name in HELD[number]:
        assert name in _tests_in(path), f"{number}: {path} has no {name}"


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((TREE / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
