"""A TOML file of its own, as people write it: whatever is wrong with it is told with its line."""

import tomllib
from collections.abc import Sequence
from enum import StrEnum, unique
from pathlib import Path

from youyue.toml_lines import line_of_fault, lines_of

KeyPath = Sequence[str]


@unique
class TomlProblem(StrEnum):
    """What is wrong with a file as a whole."""

    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"


class TomlFileError(Exception):
    """The file is no TOML. ``line`` is where it stops being any, from 1 on."""

    def __init__(self, problem: TomlProblem, *, line: int = 1) -> None:
        super().__init__(f"line {line}: {problem}")
        self.problem = problem
        self.line = line


def read_toml(path: Path) -> tuple[dict[str, object], str]:
    """Read a file: the document, and the text that it was read from.

    Raises:
        TomlFileError: it is no TOML.
        OSError: it can't be read.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise TomlFileError(TomlProblem.NOT_TEXT) from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise TomlFileError(TomlProblem.NOT_TOML, line=line_of_fault(error, text)) from None


def lines_below(table: str, paths: Sequence[KeyPath], text: str) -> list[int]:
    """The line of each path below a table: of what is missing, the line of the table it belongs in."""
    lines = lines_of(text)

    def line_of(path: KeyPath) -> int:
        places = ((table, *path[:length]) for length in range(len(path), -1, -1))
        return next((lines[place] for place in places if place in lines), 1)

    return [line_of(path) for path in paths]
