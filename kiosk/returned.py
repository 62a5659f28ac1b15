"""The slip of what came back, newest first: of a visit, or of somebody who laid items down without any card."""

from dataclasses import dataclass

from kiosk.view import ReturnLine

MOST_NOT_TAKEN = 100
"""Lines kept of items that could not be taken back. What came back always stays."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Items that came back without a card. ``correlation`` follows them through all logs; empty before the first."""

    correlation: str = ""
    lines: tuple[ReturnLine, ...] = ()


def next_number(lines: tuple[ReturnLine, ...]) -> int:
    """The number of the next line."""
    return lines[0].number + 1 if lines else 1


def taken(lines: tuple[ReturnLine, ...], barcode: str) -> ReturnLine | None:
    """The line of an item that came back already."""
    return next((line for line in lines if line.taken and line.barcode == barcode), None)


def with_return(lines: tuple[ReturnLine, ...], line: ReturnLine) -> tuple[ReturnLine, ...]:
    """One more line on top, in place of any other of the same barcode."""
    others = [old for old in lines if old.barcode != line.barcode]
    while sum(not old.taken for old in others) >= MOST_NOT_TAKEN:
        others.remove(next(old for old in reversed(others) if not old.taken))
    return (line, *others)
