"""Files of schools, as bytes: which encoding they are in, and their rows."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from registry.rosters import encodings
from registry.rosters.csv_sheet import csv_rows
from registry.rosters.encodings import FoundText, find_encoding, has_own_characters
from registry.rosters.problems import FileFault, RosterFileError
from tests.fuzz.inputs import Bytes
from tests.fuzz.target import Target

_HEADINGS = frozenset({"姓名", "身分證字號", "a", "b"})
_USUAL_CHUNK = encodings._CHUNK


class _File:
    """A file in memory: all that is asked of a path is to open it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self, mode: str = "r", *, encoding: str = "", errors: str = "", newline: str | None = None) -> io.BytesIO | io.TextIOWrapper:
        content = io.BytesIO(self._content)
        return content if mode == "rb" else io.TextIOWrapper(content, encoding=encoding, errors=errors, newline=newline)


def roster_file(data: bytes) -> None:
    """A text file: the same encoding in whatever pieces it is read, and rows of text or one fault."""
    given = Bytes(data)
    chunk, content = 4 + given.number() % 60, given.rest()
    path = cast("Path", _File(content))
    found = _encoding_of(path, _USUAL_CHUNK)
    in_pieces = _encoding_of(path, chunk)
    assert in_pieces == found or not (isinstance(found, FoundText) or isinstance(in_pieces, FoundText))
    if not isinstance(found, FoundText):
        return
    text = content.decode(found.encoding.codec, found.encoding.errors)
    assert has_own_characters(text) is any(0xE000 <= ord(character) <= 0xF8FF for character in text)
    try:
        rows = list(csv_rows(path, found, _known_headings))
    except RosterFileError as error:
        assert error.fault in {FileFault.QUOTES, FileFault.LINE_TOO_LONG}
    else:
        assert all(cell in text or '"' in text for row in rows for cell in row)
        assert sum(len(cell) for row in rows for cell in row) <= len(text)


def _encoding_of(path: Path, chunk: int) -> FoundText | FileFault:
    encodings._CHUNK = chunk
    try:
        return find_encoding(path)
    except RosterFileError as error:
        return error.fault
    finally:
        encodings._CHUNK = _USUAL_CHUNK


def _known_headings(cells: Sequence[str]) -> int:
    return sum(cell in _HEADINGS for cell in cells)


TARGETS = (Target("roster_file", ("registry.rosters.encodings", "registry.rosters.csv_sheet"), roster_file, longest=100),)
