import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youyue.toml_lines import lines_of

EVERYTHING = '''# a comment, then nothing

[kiosk]  # after a header
reader = "auto"  # [log]
"idle_seconds" = 3
folder = """
[registry]
host = 'not here'
"""
words = [
    "one",
    "two",
]
log.verbose = true
inline = {a = 1, b = {c = 2}}
[ registry . "tls" ]
key = 1
[[branch]]
code = "L12"
[[branch]]
code = "L13"
[empty]
'''


def test_every_form_of_toml_has_its_line() -> None:
    assert lines_of(EVERYTHING) == {
        ("kiosk",): 3,
        ("kiosk", "reader"): 4,
        ("kiosk", "idle_seconds"): 5,
        ("kiosk", "folder"): 6,
        ("kiosk", "words"): 10,
        ("kiosk", "log"): 14,
        ("kiosk", "log", "verbose"): 14,
        ("kiosk", "inline"): 15,
        ("kiosk", "inline", "a"): 15,
        ("kiosk", "inline", "b"): 15,
        ("kiosk", "inline", "b", "c"): 15,
        ("registry", "tls"): 16,
        ("registry", "tls", "key"): 17,
        ("branch",): 18,
        ("branch", "code"): 19,
        ("empty",): 22,
    }


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.dictionaries(st.sampled_from("xyz"), st.integers(), min_size=1), max_size=4), st.data()
)
def test_every_key_of_a_document_has_the_line_it_was_written_on(tables: Mapping[str, Mapping[str, int]], data: st.DataObject) -> None:
    lines: list[str] = []
    written: dict[tuple[str, ...], int] = {}
    for table, keys in tables.items():
        lines += data.draw(st.lists(st.sampled_from(["", "# [x]", "  # x = 1"]), max_size=2))
        lines.append(f"[{table}]")
        written[table,] = len(lines)
        for key, value in keys.items():
            lines.append(f"{key} = {value}")
            written[table, key] = len(lines)
    text = "\n".join(lines)
    assert tomllib.loads(text) == tables
    assert lines_of(text) == written


@pytest.mark.parametrize("text", ["", "\n\n", "# only this"])
def test_a_document_without_keys_has_no_lines(text: str) -> None:
    assert lines_of(text) == {}
