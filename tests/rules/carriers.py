"""Which tests carry which rule of the programme: a test's name holds the rule's id, as in ``test_q3_4b_and_r15_…``."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TREE = Path(__file__).parents[2]
TABLE = TREE / "docs" / "programme-rules.md"

_IDS = """
Q1-a Q2-a Q2-b Q2-c Q3-1a Q3-2a Q3-2b Q3-2c Q3-2d Q3-3a Q3-3b Q3-3c Q3-4a Q3-4b Q3-4c Q4-a Q4-b Q4-c Q4-d Q5-a Q5-c
Q6-1a Q6-1b Q6-2 Q6-3a Q6-3b Q6-4 Q7-a Q7-b Q7-c Q7-d Q8-a Q8-b Q9-a Q9-b Q9-c Q9-d Q9-e
R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15 R16 R17 R18 R19 R20 R21
"""
IDS = tuple(_IDS.split())
"""Every statement of the programme's questions and answers, and every reading chosen where they are open."""

_ROW = re.compile(r"\| (?P<id>[QR]\d[\w-]*) \| (?P<rule>[^|]+) \| (?P<places>[^|]+) \|")
_ON_BOTH_ENGINES = frozenset({"homes", "city", "counter", "office", "kiosk", "database"})
"""Fixtures of tests/integration/registry that rest on a database."""
_PLACE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the table: what it says, and where it lives (``path`` or ``path:name``)."""

    id: str
    rule: str
    places: tuple[str, ...]


def table() -> list[Row]:
    """The rows of docs/programme-rules.md, in their order."""
    found = map(_ROW.fullmatch, TABLE.read_text("utf-8").splitlines())
    return [Row(row["id"], row["rule"], tuple(_PLACE.findall(row["places"]))) for row in found if row is not None]


@cache
def carriers() -> Mapping[str, list[str]]:
    """The tests of every id, as pytest names them."""
    by_id: defaultdict[str, list[str]] = defaultdict(list)
    for path, node in _nodes():
        for rule in IDS:
            if carries(node.name, rule):
                by_id[rule].append(f"{path}::{node.name}")
    return by_id


def carries(name: str, rule: str) -> bool:
    """Whether a test's name holds an id: ``r1`` is not in ``r10``."""
    return re.search(rf"(?<![a-z0-9]){rule.lower().replace('-', '_')}(?![a-z0-9])", name) is not None


def on_both_engines(rule: str) -> bool:
    """Whether a test that carries the id asks for a registry's database, which is made on SQLite and on PostgreSQL."""
    return any(carries(node.name, rule) and _is_on_both_engines(path, node) for path, node in _nodes())


def _is_on_both_engines(path: str, node: ast.FunctionDef) -> bool:
    asks_for = {argument.arg for argument in node.args.args}
    one_only = any("'homes'" in ast.unparse(decorator) for decorator in node.decorator_list)
    return path.startswith("tests/integration/registry/") and not one_only and not asks_for.isdisjoint(_ON_BOTH_ENGINES)


@cache
def _nodes() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Every test with the path of its file, and its class where it has one."""
    return tuple(
        (place, node)
        for path in sorted((TREE / "tests").rglob("test_*.py"))
        for place, body in _bodies(str(path.relative_to(TREE)), ast.parse(path.read_text("utf-8")).body)
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def _bodies(path: str, body: Sequence[ast.stmt]) -> Iterator[tuple[str, Sequence[ast.stmt]]]:
    yield path, body
    yield from ((f"{path}::{one.name}", one.body) for one in body if isinstance(one, ast.ClassDef) and one.name.startswith("Test"))
