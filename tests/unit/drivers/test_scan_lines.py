import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scan_lines import LONGEST_BARCODE, NEVER_ENDED, FrameRules, LineReading, ScanLines


def texts(*parts: bytes, rules: FrameRules | None = None) -> list[str]:
    lines = ScanLines(rules)
    return [reading.text or f"({reading.problem})" for part in parts for reading in lines.feed(part)]


def test_a_line_is_a_barcode_however_it_is_cut_up() -> None:
    assert texts(b"3177", b"7000", b"123\n31", b"778\n") == ["31777000123", "31778"]


@pytest.mark.parametrize("framed", [b"31777\r\n", b"31777\r", b"31777\n", b"\r\n31777\n\r", b"\x0231777\x03\n", b" 31777\t\n"])
def test_the_frame_is_taken_off(framed: bytes) -> None:
    assert texts(framed) == ["31777"]


def test_only_the_configured_end_ends_a_frame() -> None:
    assert texts(b"\x0231777\x03\x0231778\x03", rules=FrameRules(ends=b"\x03")) == ["31777", "31778"]
    assert texts(b"31777\n", rules=FrameRules(ends=b"\r")) == []


@pytest.mark.parametrize("end", [b"]", b"^", b"-", b"\\"])
def test_an_end_of_any_byte_is_that_byte(end: bytes) -> None:
    assert texts(b"31777" + end, rules=FrameRules(ends=end)) == ["31777"]


def test_prefix_and_suffix_are_taken_off_and_a_line_without_them_is_thrown_away() -> None:
    rules = FrameRules(prefix="~A", suffix="#")
    assert texts(b"~A31777#\n31777#\n~A31777\n~A#\n~A~A#\n", rules=rules) == [
        "31777",
        "(a line without the prefix was thrown away)",
        "(a line without the suffix was thrown away)",
        "~A",
    ]


def test_a_prefix_and_a_suffix_never_share_a_character() -> None:
    assert texts(b"##\n#\n", rules=FrameRules(prefix="#", suffix="#")) == ["(a line without the suffix was thrown away)"]


@pytest.mark.parametrize("garbled", [b"31\x00777\n", b"\x1b[A\n", "31777\u202e\n".encode()])
def test_a_line_with_characters_that_nobody_can_see_is_thrown_away(garbled: bytes) -> None:
    assert texts(garbled) == ["(a line that is no text was thrown away)"]


def test_the_separator_of_a_code_with_several_fields_may_be_in_it() -> None:
    assert texts(b"0104\x1d10A\n") == ["0104\x1d10A"]


def test_what_has_begun_is_given_up_once() -> None:
    lines = ScanLines()
    assert (lines.is_begun, lines.give_up()) == (False, None)
    assert list(lines.feed(b"3177")) == []
    assert (lines.is_begun, lines.give_up(), lines.give_up()) == (True, NEVER_ENDED, None)
    assert list(lines.feed(b"31778\n")) == [LineReading("31778")]


def test_what_is_swallowed_is_thrown_away_up_to_its_end() -> None:
    lines = ScanLines()
    assert list(lines.feed(b"3177")) == []
    assert (lines.swallow(), lines.is_begun) == (NEVER_ENDED, True)
    assert list(lines.feed(b"5" * 5000)) == []
    assert list(lines.feed(b"31777\n31778\n")) == [LineReading("31778")]


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
    barcodes=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=300), max_size=5),
    data=st.data(),
)
def test_where_the_bytes_are_cut_does_not_matter(barcodes: list[str], data: st.DataObject) -> None:
    whole = "".join(f"{barcode}\n" for barcode in barcodes).encode()
    cut = data.draw(st.integers(0, len(whole)))
    assert texts(whole[:cut], whole[cut:]) == texts(whole)
