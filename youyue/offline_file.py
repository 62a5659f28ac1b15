"""Offline terms in a file of their own, one ``[offline]`` table: read with the line of everything that is wrong, and written to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path

from circulation.offline_terms import OfflineTerms, TermsDocumentError, TermsFault, read_terms, written_limits
from youyue.toml_table import TomlFileError, lines_below, read_toml

_TABLE = "offline"


@unique
class OfflineFileProblem(StrEnum):
    """What is wrong with the file as a whole. The sentences stand in the catalogue as ``offline.file.<code>``."""

    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"
    ONE_TABLE = "one_table"


@dataclass(frozen=True, slots=True)
class PlacedTermsFault:
    """A fault and its line, from 1 on: of what is missing, the line of the table it belongs in."""

    line: int
    fault: TermsFault


class OfflineFileError(Exception):
    """The file holds no offline terms that can be read."""

    def __init__(self, problem: OfflineFileProblem | None = None, *, line: int = 1, faults: tuple[PlacedTermsFault, ...] = ()) -> None:
        super().__init__("the file holds no offline terms that can be read")
        self.problem = problem
        self.line = line
        self.faults = faults


def read_offline_file(path: Path) -> OfflineTerms:
    """Read the offline terms of a file.

    Raises:
        OfflineFileError: with every fault and its line.
        OSError: the file can't be read.

    """
    try:
        document, text = read_toml(path)
    except TomlFileError as error:
        raise OfflineFileError(OfflineFileProblem(error.problem), line=error.line) from None
    terms = document.pop(_TABLE, None)
    if document or not isinstance(terms, Mapping):
        raise OfflineFileError(OfflineFileProblem.ONE_TABLE)
    try:
        return read_terms(terms, strict=True)
    except TermsDocumentError as error:
        raise placed(error, text) from None


def placed(error: TermsDocumentError, text: str) -> OfflineFileError:
    """The faults of a document with their lines in the text that it was read from."""
    lines = lines_below(_TABLE, [one.path for one in error.faults], text)
    return OfflineFileError(faults=tuple(map(PlacedTermsFault, lines, error.faults)))


def file_of(terms: OfflineTerms) -> str:
    """The text of a file that says the same: what somebody changes for the next version."""
    whole = written_limits(terms.limits)
    lines = [f"[{_TABLE}]", f"version = {terms.version}", f"effective_from = {terms.effective_from.isoformat()}"]
    lines += [f"source = {_quoted(terms.source)}", *_lines(whole)]
    for code, own in sorted(terms.branches.items()):
        differs = {name: value for name, value in written_limits(own).items() if value != whole[name]}
        lines += ["", f"[{_TABLE}.branches.{code}]", *_lines(differs)]
    return "\n".join(lines) + "\n"


def _lines(limits: Mapping[str, object]) -> list[str]:
    found = []
    for name, value in limits.items():
        if isinstance(value, list):
            steps = [
                f"  {{ up_to_hours = {one['up_to_hours']}, items = {one['items']}, regulars_only = {str(one['regulars_only']).lower()} }},"
                for one in value
            ]
            found += [f"{name} = [", *steps, "]"]
        else:
            found.append(f"{name} = {value}")
    return found


def _quoted(text: str) -> str:
    escaped = "".join(f"\\u{ord(one):04x}" if ord(one) < ord(" ") or one == "\x7f" else one for one in text.replace("\\", "\\\\"))
    return '"' + escaped.replace('"', '\\"') + '"'
