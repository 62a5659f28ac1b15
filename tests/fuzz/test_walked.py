"""How it is measured what an input walks."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.fuzz.walked import Coverage, Walk, coverage, walking

SOURCE = '''"""A module."""
LIMIT = 3
def double(number):
    """Twice."""
    if number > LIMIT:
        return (
            LIMIT
        )
    return number * 2
def name(number):
    match number:
        case 1:
            return "one"
        case _:
            return "many"
class Never:
    """Never made."""
    def __init__(self):
        self.made = True
'''


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    file = tmp_path / "sample.py"
    file.write_text(SOURCE, "utf-8")
    spec = importlib.util.spec_from_file_location("sample", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def walked(module: ModuleType, *numbers: int) -> Coverage:
    file = Path(str(module.__file__))
    walk = Walk()
    with walking([file], walk):
        for number in numbers:
            module.double(number)
            module.name(number)
    return coverage([file], walk)


def test_only_statements_of_functions_count_and_docstrings_do_not(module: ModuleType) -> None:
    assert walked(module) == Coverage(7, tuple(f"sample.py:{line}" for line in (5, 6, 9, 11, 13, 15, 19)))


def test_a_statement_over_several_lines_is_walked_when_one_of_them_is(module: ModuleType) -> None:
    assert walked(module, 1, 9).missed == ("sample.py:19",)
    assert walked(module, 1, 9).percent == pytest.approx(100 * 6 / 7)


def test_what_is_walked_outside_is_not_noted(module: ModuleType) -> None:
    module.double(9)
    assert walked(module, 1).missed == ("sample.py:6", "sample.py:15", "sample.py:19")
