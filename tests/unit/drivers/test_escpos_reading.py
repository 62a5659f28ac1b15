"""The printer's side of ESC/POS: whatever our driver sends is read as it was meant, in any pieces; anything else ends the connection."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos_bytes import PIECE_ROWS, after_a_broken_slip, slip_bytes
from drivers.escpos_reading import Asked, Cut, EscposReader, Printed, UnreadableCommandError
from drivers.escpos_status import PAPER_IN_ORDER, Query
from drivers.ports import Raster
from tests.printers import a_slip


@st.composite
def slips(draw: st.DrawFn) -> Raster:
    across, height = draw(st.integers(1, 9)), draw(st.integers(1, 2 * PIECE_ROWS + 1))
    return Raster(across * 8, draw(st.binary(min_size=across * height, max_size=across * height)))


def read_in_pieces(sent: bytes, sizes: list[int]) -> list[object]:
    reader = EscposReader()
    found: list[object] = []
    for size in [*sizes, len(sent)]:
        found += list(reader.feed(sent[:size]))
        sent = sent[size:]
    return found


@given(slips(), st.lists(st.integers(0, 40), max_size=30))
def test_a_slip_is_read_dot_by_dot_however_it_is_torn_on_the_way(slip: Raster, sizes: list[int]) -> None:
    found = read_in_pieces(slip_bytes(slip) + PAPER_IN_ORDER, sizes)
    pictures = [one.picture for one in found if isinstance(one, Printed)]
    assert b"".join(picture.rows for picture in pictures) == slip.rows
    assert {picture.width for picture in pictures} == {slip.width}
    assert all(picture.height <= PIECE_ROWS for picture in pictures)
    assert found[-2:] == [Cut(), Asked()]


@given(slips(), st.integers(0, 3000))
def test_after_a_slip_that_was_broken_off_anywhere_the_next_one_is_whole(slip: Raster, end: int) -> None:
    after = after_a_broken_slip(slip) + slip_bytes(slip)
    found = read_in_pieces(slip_bytes(slip)[:end] + after, [])
    last = max(place for place, one in enumerate(found[:-1]) if isinstance(one, Cut))
    assert b"".join(one.picture.rows for one in found[last:] if isinstance(one, Printed)) == slip.rows


@given(st.binary(max_size=300), st.lists(st.integers(0, 20), max_size=20))
def test_no_bytes_make_the_reader_stumble(sent: bytes, sizes: list[int]) -> None:
    with suppress(UnreadableCommandError):
        read_in_pieces(sent, sizes)


@pytest.mark.parametrize(
    "sent",
    [b"hello", b"\x1dv0\x00\xff\xff\xff\xff", b"\x1b\x1b"],
    ids=["text", "too many dots", "a broken command"],
)
def test_what_our_driver_never_sends_is_refused(sent: bytes) -> None:
    with pytest.raises(UnreadableCommandError):
        list(EscposReader().feed(sent))


def test_a_real_time_question_is_heard_in_the_middle_of_a_picture() -> None:
    begun = slip_bytes(a_slip())[:100]
    assert list(EscposReader().feed(begun + Query.PAPER.command)) == [Asked(Query.PAPER)]


def test_questions_are_told_apart() -> None:
    sent = b"".join(query.command for query in Query) + PAPER_IN_ORDER
    assert read_in_pieces(sent, [1] * len(sent)) == [*(Asked(query) for query in Query), Asked()]


@pytest.mark.parametrize(("width", "rows"), [(0, b"\0"), (9, b"\0\0"), (8, b""), (16, b"\0")])
def test_dots_that_make_no_rows_are_no_slip(width: int, rows: bytes) -> None:
    with pytest.raises(ValueError, match="no rows"):
        Raster(width, rows)


def test_a_slip_knows_its_height() -> None:
    assert a_slip(64, 70).height == 70
