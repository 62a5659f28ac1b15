import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scan_lines import LONGEST_BARCODE, LineReading, ScanLines


def texts(*parts: bytes) -> list[str]:
    lines = ScanLines()
    return [reading.text or f"({reading.problem})" for part in parts for reading in lines.feed(part)]


def test_a_line_is_a_barcode_however_it_is_cut_up() -> None:
    assert texts(b"3177", b"7000", b"123\n31", b"778\n") == ["31777000123", "31778"]


@pytest.mark.parametrize("framed", [b"31777\r\n", b"\x0231777\x03\n", b" 31777\t\n"])
def test_the_frame_is_taken_off(framed: bytes) -> None:
    assert texts(framed) == ["31777"]


def test_empty_lines_are_no_barcodes() -> None:
    assert texts(b"\n\r\n  \n") == []


def test_a_line_that_has_not_ended_is_not_given() -> None:
    assert texts(b"31777") == []


def test_a_barcode_of_the_greatest_length_is_read_and_one_character_more_is_thrown_away() -> None:
    longest = "書" * LONGEST_BARCODE
    assert texts(longest.encode() + b"\n") == [longest]
    assert texts(longest.encode() + b"1\n2\n") == ["(a line of over 256 characters was thrown away)", "2"]


def test_a_line_without_an_end_is_thrown_away_once_and_holds_no_memory() -> None:
    lines = ScanLines()
    for _ in range(1000):
        assert list(lines.feed(b"9" * 4096)) == []
    assert len(lines._begun) <= LONGEST_BARCODE * 4
    assert list(lines.feed(b"9\n31777\n")) == [LineReading(problem="a line of over 256 characters was thrown away"), LineReading("31777")]


def test_bytes_that_are_no_text_are_thrown_away() -> None:
    assert texts(b"\xff\xfe\n31777\n") == ["(a line that is no text was thrown away)", "31777"]


@pytest.mark.parametrize("line", [b"31\x00777", b"31\x1b[2J777", b"\xc2\x9b31777", "31\u2028777".encode()])
def test_a_line_with_control_letters_inside_is_thrown_away(line: bytes) -> None:
    assert texts(line + b"\n31777\n") == ["(a line that is no text was thrown away)", "31777"]


def test_the_separator_of_a_gs1_code_may_stand_in_a_line() -> None:
    assert texts(b"0109512345678901\x1d10ABC\n") == ["0109512345678901\x1d10ABC"]


@pytest.mark.parametrize("cut", [0, 1, 600, 1100])
def test_a_line_of_over_a_kibibyte_is_thrown_away_wherever_it_is_cut_even_if_most_of_it_is_blank(cut: int) -> None:
    line = b" " * 1100 + b"31777\n"
    assert texts(line[:cut], line[cut:]) == ["(a line of over 256 characters was thrown away)"]


@given(
    barcodes=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=300), max_size=5), data=st.data()
)
def test_where_the_bytes_are_cut_does_not_matter(barcodes: list[str], data: st.DataObject) -> None:
    whole = "".join(f"{barcode}\n" for barcode in barcodes).encode()
    cut = data.draw(st.integers(0, len(whole)))
    assert texts(whole[:cut], whole[cut:]) == texts(whole)
