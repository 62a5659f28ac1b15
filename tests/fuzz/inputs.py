"""Bytes of the fuzzer become what a parser takes: numbers, texts, pieces. The same bytes always become the same."""

import re
from collections.abc import Iterator
from itertools import accumulate, chain, cycle, pairwise, repeat, takewhile

_NOT_PLAIN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")


class Bytes:
    """Takes an input apart from its beginning; what is missing at the end is zeros."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def take(self, length: int) -> bytes:
        """So many bytes."""
        taken, self._left = self._left[:length], self._left[length:]
        return taken.ljust(length, b"\0")

    def number(self, length: int = 1) -> int:
        """A number of so many bytes, big-endian."""
        return int.from_bytes(self.take(length), "big")

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._left))

    def groups(self, length: int) -> Iterator[bytes]:
        """What is left in groups of so many bytes."""
        while self._left:
            yield self.take(length)


def text_of(data: bytes) -> str:
    """A text, with rubbish in it where the bytes are none."""
    return data.decode("utf-8", "replace")


def pieces(data: bytes, steps: bytes) -> list[bytes]:
    """The bytes cut into pieces whose lengths ``steps`` says over and over (a step of 0 is 256)."""
    lengths: Iterator[int] = (step or 256 for step in cycle(steps)) if steps else repeat(1)
    ends = takewhile(lambda end: end < len(data), accumulate(lengths))
    return [data[begin:end] for begin, end in pairwise(chain((0,), ends, (len(data),)))]


def is_plain(text: str) -> bool:
    """Whether a text is without control letters, lone surrogates, and line and paragraph separators."""
    return _NOT_PLAIN.search(text) is None
