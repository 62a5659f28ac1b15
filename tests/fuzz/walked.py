"""Which statements of a file's functions an input walks, and which ways from line to line.

Statements outside functions are walked by the import alone and would make every figure look better; so they are not counted, nor are docstrings.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

Way = tuple[str, int, int]
"""File, line before (0 at the beginning of a function), line."""


@dataclass(slots=True)
class Walk:
    """What was walked."""

    ways: set[Way] = field(default_factory=set)

    def lines_of(self, file: Path) -> set[int]:
        """The lines of one file."""
        return {line for name, _, line in self.ways if name == str(file)}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Statements in the functions of some files."""

    statements: int
    missed: tuple[str, ...]
    """``file.py:line`` of each that was not walked."""

    @property
    def percent(self) -> float:
        """Of those that were."""
        return 100 * (1 - len(self.missed) / self.statements)


def coverage(files: Sequence[Path], walk: Walk) -> Coverage:
    """Hold what was walked against what there is."""
    statements = 0
    missed = []
    for file in files:
        lines = walk.lines_of(file)
        for span in _statements(file):
            statements += 1
            if lines.isdisjoint(span):
                missed.append(f"{file.name}:{span.start}")
    return Coverage(statements, tuple(missed))


@contextmanager
def walking(files: Sequence[Path], walk: Walk) -> Iterator[None]:
    """Note the ways that are walked in these files, in this thread. Puts back whatever traced before."""
    names = frozenset(map(str, files))
    ours: dict[CodeType, bool] = {}

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Callable[..., Any] | None:  # noqa: ANN401 - as sys.settrace has it
        code = frame.f_code
        if code not in ours:
            ours[code] = code.co_filename in names
        return on_line_of(code.co_filename) if ours[code] else None

    def on_line_of(name: str) -> Callable[..., Any]:
        before = 0

        def on_line(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:  # noqa: ANN401 - the same
            nonlocal before
            if event == "line":
                walk.ways.add((name, before, frame.f_lineno))
                before = frame.f_lineno
            return on_line

        return on_line

    earlier = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(earlier)


def _statements(file: Path) -> Iterator[range]:
    """The lines of each statement in a function; of one with a body, its head."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    seen = {statement for function in functions for statement in ast.walk(function) if isinstance(statement, ast.stmt)} - set(functions)
    for statement in sorted(seen, key=lambda found: found.lineno):
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            end = min(_beginnings_inside(statement), default=(statement.end_lineno or statement.lineno) + 1) - 1
            yield range(statement.lineno, max(end, statement.lineno) + 1)


def _beginnings_inside(statement: ast.stmt) -> Iterator[int]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child.lineno
        elif isinstance(child, ast.match_case):
            yield child.pattern.lineno
