"""A rule set in a file of its own: read as the library's ``rules.toml`` is written, with the line of everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path

from circulation.rules import RuleSet
from registry.terms.rule_document import RuleDocumentError, RuleFault, read_rule_document
from youyue.toml_table import TomlFileError, lines_below, read_toml

_TABLE = "rule_set"


@unique
class RuleFileProblem(StrEnum):
    """What is wrong with the file as a whole. The sentences stand in the catalogue as ``rules.file.<code>``."""

    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"
    ONE_SET = "one_set"


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault and its line, from 1 on: of what is missing, the line of the table it belongs in."""

    line: int
    fault: RuleFault


class RuleFileError(Exception):
    """The file holds no rule set that can be read."""

    def __init__(self, problem: RuleFileProblem | None = None, *, line: int = 1, faults: tuple[PlacedFault, ...] = ()) -> None:
        super().__init__("the file holds no rule set that can be read")
        self.problem = problem
        self.line = line
        self.faults = faults


def read_rule_file(path: Path) -> RuleSet:
    """Read the one rule set of a file.

    Raises:
        RuleFileError: with every fault and its line.
        OSError: the file can't be read.

    """
    try:
        document, text = read_toml(path)
    except TomlFileError as error:
        raise RuleFileError(RuleFileProblem(error.problem), line=error.line) from None
    sets = document.pop(_TABLE, None)
    if document or not isinstance(sets, list) or len(sets) != 1 or not isinstance(sets[0], Mapping):
        raise RuleFileError(RuleFileProblem.ONE_SET)
    try:
        return read_rule_document(sets[0])
    except RuleDocumentError as error:
        lines = lines_below(_TABLE, [one.path for one in error.faults], text)
        raise RuleFileError(faults=tuple(map(PlacedFault, lines, error.faults))) from None
