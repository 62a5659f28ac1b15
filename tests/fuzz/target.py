"""A parser under fuzzing: bytes go in, its laws are asserted. Any other exception than an assertion's is a crash all the same."""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """One parser of bytes from outside.

    Args:
        name: names its corpus and its line in the table.
        modules: the parser's own, whose statements the corpus must walk.
        check: parses an input of any bytes and asserts what always holds.
        longest: bytes of the longest input worth trying.

    """

    name: str
    modules: tuple[str, ...]
    check: Callable[[bytes], None]
    longest: int = 512

    @property
    def files(self) -> tuple[Path, ...]:
        """The modules' files."""
        return tuple(Path(inspect.getfile(importlib.import_module(module))) for module in self.modules)
