"""The oracle of the story of three school years stands by itself: else it would only repeat what it judges."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

STORY = Path(__file__).parents[2] / "story"
OWN = {"tests.story.accounts", "tests.story.events", "tests.story.oracle", "tests.story.people"}


@pytest.mark.parametrize("module", ["accounts", "events", "oracle", "people", "script"])
def test_the_oracle_and_the_story_it_hears_import_the_standard_library_and_each_other_only(module: str) -> None:
    others = {name for name in imported(STORY / f"{module}.py") if name.split(".")[0] not in sys.stdlib_module_names}
    assert others <= OWN


def imported(path: Path) -> set[str]:
    return set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
