"""One change of the code that breaks one rule of the programme, made in a copy of the tree, and which test notices."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.rules.carriers import TREE

_PATIENCE = 900
"""Seconds for the tests of one id."""
_PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "--tb=no", "-rfE", "-p", "no:cacheprovider"),
    *("-p", "tests.rules.unshrunk", "--hypothesis-profile", "unshrunk"),
)
_FAILED = ("FAILED ", "ERROR ")


@dataclass(frozen=True, slots=True)
class Break:
    """In ``path`` the text ``find``, which stands there once, becomes ``instead``; ``says`` is what that means."""

    id: str
    path: str
    find: str
    instead: str
    says: str


def copy_of_the_tree(house: Path) -> Path:
    """Copy all rooms, their tests and their documents to a new folder."""
    rooms = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    house.mkdir()
    shutil.copy(TREE / "pyproject.toml", house)
    for room in (*rooms, "tests", "docs"):
        shutil.copytree(TREE / room, house / room, ignore=shutil.ignore_patterns("__pycache__"))
    return house


def first_to_fail(house: Path, one: Break, tests: Sequence[str]) -> str | None:
    """The first of the tests that fails while the rule is broken, as pytest names it; nothing when none does.

    Those without a database come first, then those of SQLite, and those of PostgreSQL only when nothing has failed until then. A test
    that fails while nothing is broken notices nothing.
    """
    left = sorted(tests, key=lambda test: not test.startswith("tests/unit"))
    while left:
        found = _with_the_break(house, one, left)
        if found is None or _failing(house, [found], "") is None:
            return found
        left = [test for test in left if test != found.partition("[")[0]]
    return None


def _with_the_break(house: Path, one: Break, tests: Sequence[str]) -> str | None:
    file = house / one.path
    sound = file.read_text("utf-8")
    if sound.count(one.find) != 1:
        sys.exit(f"{one.id}: {one.path} holds the text to break {sound.count(one.find)} times instead of once: {one.find!r}")
    file.write_text(sound.replace(one.find, one.instead), "utf-8")
    try:
        return _failing(house, tests, "not postgresql") or _failing(house, tests, "postgresql")
    finally:
        file.write_text(sound, "utf-8")


def _failing(house: Path, tests: Sequence[str], engine: str) -> str | None:
    told = subprocess.run([*_PYTEST, "-k", engine, *tests], cwd=house, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    if told.returncode not in {0, 1, 5}:
        sys.exit(f"pytest itself ended with {told.returncode}:\n{told.stdout}{told.stderr}")
    return next((line.split(" ")[1] for line in told.stdout.splitlines() if line.startswith(_FAILED)), None)
