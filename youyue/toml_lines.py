"""On which line of a TOML document a key stands: the standard library's reader keeps no places."""

import re
import tomllib
from collections.abc import Iterator

_PLACE = re.compile(r"\(at line (?P<line>\d+), column \d+\)")


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Give the line, from 1 on, of every table and key of a valid document, by their paths: ``("kiosk", "reader")``.

    Every statement of TOML is a document by itself, so that statements are found by trying; only one that goes
    over several lines is tried more than once.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for line, statement in _statements(text):
        paths = list(_paths(tomllib.loads(statement), ()))
        if statement.startswith("["):
            table = max(paths, key=len)
            found.setdefault(table, line)
        else:
            for path in paths:
                found.setdefault(table + path, line)
    return found


def line_of_fault(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Give the line on which a document stops being TOML; the last one where the reader only says that the end is missing."""
    place = _PLACE.search(str(error))
    return int(place["line"]) if place else max(1, len(text.splitlines()))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    begun, waiting = 1, ""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        waiting += line
        try:
            tomllib.loads(waiting)
        except tomllib.TOMLDecodeError:
            continue
        yield begun, waiting.lstrip()
        begun, waiting = number + 1, ""


def _paths(value: object, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]  # what an array of tables is made of
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*above, key)
            yield from _paths(below, (*above, key))
