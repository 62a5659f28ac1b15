"""Values in pieces that one statement can take: 32,766 (SQLite) or 65,535 (PostgreSQL) are the most."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

AT_ONCE = 5_000

Thing = TypeVar("Thing")


def in_pieces(values: Iterable[Thing], *, most: int = AT_ONCE) -> Iterator[list[Thing]]:
    """The values in their order, ``most`` at a time."""
    coming = iter(values)
    while piece := list(islice(coming, most)):
        yield piece
