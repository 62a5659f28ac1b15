"""Offline terms in a file of their own, one ``[offline]`` table: read with the line of everything that is wrong, and written to begin with."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from circulation.documents import DocumentError
from circulation.offline_terms import OfflineTerms, read_terms, written_limits
from youyue import toml_table
from youyue.toml_table import Table, TableFileError, read_table

_TABLE = "offline"


def read_offline_file(path: Path) -> OfflineTerms:
    """Read the offline terms of a file.

    Raises:
        TableFileError: with every fault and its line.
        OSError: the file can't be read.

    """
    return read_table(path, _TABLE, chosen=_table, read=partial(read_terms, strict=True))


def placed(error: DocumentError, text: str) -> TableFileError:
    """The faults of terms with their lines in the text that they were read from."""
    return toml_table.placed(error, _TABLE, text)


def _table(found: object) -> Table | None:
    return found if isinstance(found, Mapping) else None


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
