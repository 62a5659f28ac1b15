"""Files that people open in a spreadsheet: no cell of them is a formula, and only their owner may read them. The one way out for tables."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def armed_again(text: str) -> str:
    """A text as it was before ``defused``."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


@contextmanager
def private_file(path: Path, *, text: str = "utf-8") -> Iterator[Callable[[str], object]]:
    """Write a text file of 0600 that has its name when it is whole; gives the function that writes. One that was there is replaced.

    Raises:
        OSError: it can't be written.

    """
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")  # mkstemp gives 0600
    try:
        with os.fdopen(descriptor, "w", encoding=text, newline="") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


@contextmanager
def private_csv(path: Path) -> Iterator[Callable[[Sequence[object]], None]]:
    """Write a CSV as ``private_file`` does; gives the function that adds a row. Every text is defused; numbers stay numbers.

    Raises:
        OSError: it can't be written.

    """

    class _Sink:
        """What ``csv.writer`` writes into."""

        def __init__(self, write: Callable[[str], object]) -> None:
            self.write = write

    with private_file(path, text="utf-8-sig") as write:
        out = csv.writer(_Sink(write))

        def add(row: Sequence[object]) -> None:
            out.writerow([cell if isinstance(cell, int | float) else defused("" if cell is None else str(cell)) for cell in row])

        yield add
