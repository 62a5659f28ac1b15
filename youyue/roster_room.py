"""What a person at a terminal sees while a roster is loaded."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self, TextIO

from texts.catalogue import Catalogue


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python look for no garbage meanwhile: it would walk over all rows again and again, and nothing of an import is garbage before its end."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Progress:
    """One line that is written over again, at a terminal only: a log or a script gets nothing of it. Gone at the end of the block."""

    def __init__(self, catalogues: Sequence[Catalogue], stream: TextIO) -> None:
        self._catalogues = catalogues
        self._stream = stream
        self._seen = stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def read(self, count: int) -> None:
        """So many rows of the file have been read."""
        self.say("roster.progress.reading", count=count)

    def say(self, key: str, **values: object) -> None:
        """What is being done now."""
        self._write(" / ".join(catalogue.say(key, **values) for catalogue in self._catalogues))

    def _write(self, text: str) -> None:
        if self._seen:
            self._stream.write(f"\r{text}\x1b[K")
            self._stream.flush()
