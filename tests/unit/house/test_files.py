"""What holds for every file of the tree."""

import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

TREE = Path(__file__).parents[3]

LONGEST = 350
"""Lines: a longer file has two ideas."""
LONG_FOR_A_REASON: dict[str, str] = {}
"""Path → why it may be longer."""

_MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|far[m]|bash_job[s])/")
_INDEX_ADDRESSES = re.compile(
    r"--(?:extra-)?index-ur[l]|--find-link[s]|pythonhosted\.or[g]|pypi\.org/simpl[e]|\"resolved\": \"htt[p]|url = \"htt[p][^\"]*\.whl"
)
_SLEEPS = re.compile(r"\btime\.slee[p]\(|\basyncio\.slee[p]\((?!0\))|from time import [^#]*\bslee[p]\b|qWai[t]\(")
_EXEMPTION = re.compile(r"#\s*(?:noq[a]|type:\s*ignor[e]|pragma:\s*n[o])")
_EXEMPTION_WITH_REASON = re.compile(
    r"# noq[a]: [A-Z]+\d+(?:, [A-Z]+\d+)* - \S.{4,}"
    r"|# type: ignor[e]\[[a-z-]+(?:, ?[a-z-]+)*\]\s+(?:# )?(?:- )?\S.{4,}"
    r"|# pragma: n[o] (?:branch|cover) - \S.{4,}"
)


def test_no_file_has_two_ideas() -> None:
    long = {path: len(text.splitlines()) for path, text in _texts(".py", ".qml") if len(text.splitlines()) > LONGEST}
    assert long.keys() - LONG_FOR_A_REASON.keys() == set(), f"over {LONGEST} lines, split them or say why: {long}"


def test_no_excuse_outlives_its_file() -> None:
    lengths = {path: len(text.splitlines()) for path, text in _texts(".py", ".qml")}
    assert [path for path in LONG_FOR_A_REASON if lengths.get(path, 0) <= LONGEST] == []


def test_no_file_names_a_place_of_one_machine() -> None:
    assert _lines_with(_MACHINE_PATHS.search) == []


def test_no_file_holds_the_address_of_a_package_index() -> None:
    assert _lines_with(_INDEX_ADDRESSES.search) == []


def test_no_test_sleeps() -> None:
    assert _lines_with(_SLEEPS.search, ".py", under="tests/") == []


def test_every_exemption_from_a_check_says_why() -> None:
    """On its own line, or in a comment on the line above."""
    assert [
        f"{path}:{number}: {line.strip()}"
        for path, text in _texts(".py")
        for number, (above, line) in enumerate(pairwise(["", *text.splitlines()]), 1)
        if _lacks_a_reason(line) and not above.lstrip().startswith("# ")
    ] == []


def test_packaging_is_a_folder_of_scripts_and_hides_no_library() -> None:
    assert not (TREE / "packaging" / "__init__.py").exists()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 1  # noq" + "a: S311", True),
        ("x = 1  # noq" + "a", True),
        ("x = 1  # type: ignor" + "e[arg-type]", True),
        ("x = 1  # noq" + "a: S311 - seeded, for the demo city", False),
        ("x = 1  # noq" + "a: S311, S603 - seeded, for the demo city", False),
        ("x = 1  # type: ignor" + "e[arg-type]  # the stub is wrong here", False),
    ],
)
def test_an_exemption_is_recognised_with_and_without_its_reason(line: str, found: bool) -> None:  # noqa: FBT001 - a column of the table
    assert _lacks_a_reason(line) is found


@pytest.mark.parametrize("line", ["cd /wor" + "k/x", "'/roo" + "t/.ssh'"])
def test_a_place_of_one_machine_is_recognised(line: str) -> None:
    assert _MACHINE_PATHS.search(line)


def _lacks_a_reason(line: str) -> bool:
    return bool(_EXEMPTION.search(line)) and not _EXEMPTION_WITH_REASON.search(line)


def _lines_with(found: Callable[[str], object], *endings: str, under: str = "") -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in _texts(*endings)
        if path.startswith(under)
        for number, line in enumerate(text.splitlines(), 1)
        if found(line)
    ]


def _texts(*endings: str) -> Iterator[tuple[str, str]]:
    listing = ["git", "-c", f"safe.directory={TREE}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=TREE, capture_output=True, text=True, check=True).stdout
    for path in sorted(filter(None, listed.split("\0"))):
        file = TREE / path
        if file.is_file() and (not endings or file.suffix in endings):
            content = file.read_bytes()
            if b"\0" not in content:
                yield path, content.decode()
