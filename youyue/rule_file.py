"""A rule set in a file of its own: read as the library's ``rules.toml`` is written, with the line of everything that is wrong."""

from collections.abc import Mapping
from pathlib import Path

from circulation.rules import RuleSet
from registry.terms.rule_document import read_rule_document
from youyue.toml_table import Table, read_table


def read_rule_file(path: Path) -> RuleSet:
    """Read the one rule set of a file.

    Raises:
        TableFileError: with every fault and its line.
        OSError: the file can't be read.

    """
    return read_table(path, "rule_set", chosen=_only, read=read_rule_document)


def _only(sets: object) -> Table | None:
    return sets[0] if isinstance(sets, list) and len(sets) == 1 and isinstance(sets[0], Mapping) else None
