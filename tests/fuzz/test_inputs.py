"""How bytes become what a parser takes, and how inputs are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scan_lines import ScanLines
from tests.fuzz.corpus import keep, kept, minimised
from tests.fuzz.inputs import Bytes, is_plain, pieces
from tests.fuzz.target import Target


def parse(data: bytes) -> None:
    """Read all lines."""
    for _ in ScanLines().feed(data):
        pass


sample = Target("sample", ("drivers.scan_lines",), parse)


@given(st.binary(max_size=300), st.binary(max_size=4))
def test_pieces_are_the_whole_cut_up(data: bytes, steps: bytes) -> None:
    cut = pieces(data, steps)
    assert b"".join(cut) == data
    assert all(len(part) <= 256 for part in cut)


@given(st.binary(max_size=40), st.integers(1, 5))
def test_groups_take_all_and_fill_the_last_with_zeros(data: bytes, length: int) -> None:
    groups = list(Bytes(data).groups(length))
    assert b"".join(groups).startswith(data)
    assert {len(group) for group in groups} <= {length}
    assert len(groups) == -(-len(data) // length)


@pytest.mark.parametrize("text", ["a\0", "\x1b[2J", "a\nb", "\x7f", "\x9b", "\u2028", "\ud800"])
def test_control_letters_are_not_plain(text: str) -> None:
    assert not is_plain(text)
    assert is_plain("書 30234000517861 é")


def test_inputs_are_kept_with_their_reasons(tmp_path: Path) -> None:
    inputs = {b"\x00\xff": "", b"": "", b"NaN": "broke the reader of cells"}
    keep(sample, inputs, tmp_path)
    assert kept(sample, tmp_path) == inputs


def test_the_shortest_input_of_each_way_through_a_parser_stays_and_each_with_a_reason() -> None:
    stay = {b"abc\n": "", b"\xff\xff\n": "once broke it"}
    found = [b"a\n", b"bb\n", b"ccc", b"\xff\n", b""]
    assert minimised(sample, found, stay) == {b"": "", b"a\n": "", b"\xff\n": "", b"\xff\xff\n": "once broke it"}
