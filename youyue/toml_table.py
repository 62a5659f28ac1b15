"""One table in a TOML file of its own, as people write it: whatever is wrong is told with its line."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path
from typing import TypeVar

from circulation.documents import DocumentError, DocumentFault
from youyue.toml_lines import line_of_fault, lines_of

Table = Mapping[str, object]
Read = TypeVar("Read")


@unique
class TableProblem(StrEnum):
    """What is wrong with a file as a whole. The sentences stand in the catalogue as ``<words>.file.<code>``."""

    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"
    NOT_ONE = "not_one"
    """It holds none of what is wanted, several, or something else as well."""


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault and its line, from 1 on: of what is missing, the line of the table it belongs in."""

    line: int
    fault: DocumentFault


class TableFileError(Exception):
    """The file can't be read as what it should hold."""

    def __init__(self, problem: TableProblem | None = None, *, line: int = 1, faults: tuple[PlacedFault, ...] = ()) -> None:
        super().__init__("the file can't be read as what it should hold")
        self.problem = problem
        self.line = line
        self.faults = faults


def read_table(path: Path, name: str, *, chosen: Callable[[object], Table | None], read: Callable[[Table], Read]) -> Read:
    """Read the one table of a file.

    Args:
        path: the file.
        name: of the table.
        chosen: the table, out of what stands under its name; none when that is not one.
        read: what the table says, or a ``DocumentError``.

    Raises:
        TableFileError: with every fault and its line.
        OSError: the file can't be read.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise TableFileError(TableProblem.NOT_TEXT) from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableFileError(TableProblem.NOT_TOML, line=line_of_fault(error, text)) from None
    table = chosen(document.pop(name, None))
    if document or table is None:
        raise TableFileError(TableProblem.NOT_ONE)
    try:
        return read(table)
    except DocumentError as error:
        raise placed(error, name, text) from None


def placed(error: DocumentError, name: str, text: str) -> TableFileError:
    """The faults of a table with their lines in the text that it was read from."""
    lines = lines_of(text)

    def line_of(path: tuple[str, ...]) -> int:
        places = ((name, *path[:length]) for length in range(len(path), -1, -1))
        return next((lines[place] for place in places if place in lines), 1)

    return TableFileError(faults=tuple(PlacedFault(line_of(one.path), one) for one in error.faults))
