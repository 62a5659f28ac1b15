"""A log drops a key that is not on its list: whoever writes one is to notice, not whoever reads the log."""

import ast
from collections.abc import Iterator
from pathlib import Path

from youyue.logs import ALLOWED_KEYS

TREE = Path(__file__).parents[3]
ROOMS = ("circulation", "replica", "drivers", "kiosk", "ui", "sync", "registry", "youyue")


def keys_of_log_lines() -> Iterator[tuple[str, str]]:
    """Place and key of everything that is logged by name."""
    for room in ROOMS:
        for path in sorted((TREE / room).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                match call:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="_log" | "log")), keywords=keywords):
                        yield from ((f"{path.relative_to(TREE)}:{call.lineno}", key.arg) for key in keywords if key.arg is not None)


def test_every_key_that_is_logged_is_one_that_logs_may_have() -> None:
    written = list(keys_of_log_lines())
    assert len(written) > 100
    assert [(place, key) for place, key in written if key not in ALLOWED_KEYS] == []
