import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.scan_lines import LONGEST_BARCODE, NEVER_ENDED, FrameRules, LineReading
from drivers.wedge_keys import TAB, WedgeKeys, WedgeTiming

MS = 1_000_000
UP, DOWN, REPEAT = 0, 1, 2
ENTER, KEYPAD_ENTER, LEFT_SHIFT, LEFT_CTRL = 28, 96, 42, 29
# Written down by hand from linux/input-event-codes.h, apart from the table under test.
KEYS = {"1": 2, "2": 3, "3": 4, "9": 10, "0": 11, "-": 12, "q": 16, "p": 25, "a": 30, "l": 38, "\\": 43, "z": 44, "m": 50, "/": 53}
SHIFTED = {"Q": 16, "P": 25, "A": 30, "L": 38, ":": 39, "_": 12, "|": 43, "Z": 44, "M": 50, "?": 53}
codes = st.text(st.sampled_from([*KEYS, *SHIFTED]), min_size=4, max_size=40)


class Hand:
    """Presses keys on one wedge; ``gap`` milliseconds pass before each key."""

    def __init__(self, timing: WedgeTiming | None = None, rules: FrameRules | None = None) -> None:
        self.wedge = WedgeKeys(timing, rules)
        self.now = 0
        self.lines: list[LineReading] = []

    def event(self, code: int, value: int = DOWN, gap: int = 0) -> None:
        self.now += gap * MS
        line = self.wedge.press(code, value, at=self.now)
        if line is not None:
            self.lines.append(line)

    def write(self, text: str, gap: int = 5, end: int | None = ENTER) -> list[LineReading]:
        for character in text:
            shifted = character in SHIFTED
            if shifted:
                self.event(LEFT_SHIFT, gap=gap)
            self.event((SHIFTED if shifted else KEYS)[character], gap=0 if shifted else gap)
            if shifted:
                self.event(LEFT_SHIFT, UP)
        if end is not None:
            self.event(end, gap=gap)
        return self.lines


@example("aQ1Z", 5, ENTER)
@given(codes, st.integers(0, 50), st.sampled_from([ENTER, TAB, KEYPAD_ENTER]))
def test_what_a_scanner_types_is_read_whole_and_in_its_case(code: str, gap: int, end: int) -> None:
    assert Hand().write(code, gap, end) == [LineReading(code)]


@given(codes, st.data())
def test_one_pause_of_a_person_anywhere_throws_the_whole_line_away(code: str, data: st.DataObject) -> None:
    before = data.draw(st.integers(1, len(code)))
    hand = Hand()
    hand.write(code[:before], end=None)
    hand.now += data.draw(st.integers(51, 990)) * MS
    [line] = hand.write(code[before:])
    assert (line.text, "typing" in line.problem) == ("", True)


@given(codes)
def test_keys_that_somebody_left_lying_do_not_spoil_the_next_code(code: str) -> None:
    hand = Hand()
    hand.write("12", end=None)
    hand.now += 1001 * MS
    assert hand.write(code) == [LineReading(code)]


def test_releases_and_repeats_say_nothing() -> None:
    hand = Hand()
    hand.write("123", end=None)
    hand.event(KEYS["9"], UP)
    hand.event(KEYS["9"], REPEAT)
    assert hand.write("0") == [LineReading("1230")]


def test_the_keypad_gives_digits() -> None:
    hand = Hand()
    for code in (79, 80, 81, 82):
        hand.event(code)
    assert hand.write("") == [LineReading("1230")]


def test_an_end_alone_is_no_line() -> None:
    assert Hand().write("") == []


@pytest.mark.parametrize("text", ["1", "123"])
def test_a_line_too_short_for_a_code_is_thrown_away(text: str) -> None:
    [line] = Hand().write(text)
    assert "too short" in line.problem


def test_a_key_without_a_character_throws_the_line_away_and_the_next_is_read() -> None:
    hand = Hand()
    hand.event(LEFT_CTRL)
    hand.write("1230")
    first, second = hand.write("1239")
    assert ("no character" in first.problem, second) == (True, LineReading("1239"))


def test_the_longest_code_is_read_and_one_key_more_is_thrown_away() -> None:
    hand = Hand()
    longest, longer = "1" * LONGEST_BARCODE, "1" * (LONGEST_BARCODE + 1)
    assert hand.write(longest) == [LineReading(longest)]
    assert hand.write(longer)[1].text == ""


def test_only_the_configured_keys_end_a_line() -> None:
    hand = Hand(WedgeTiming(ends=frozenset({TAB})))
    hand.write("1230", end=TAB)
    assert hand.write("1239", end=ENTER) == [LineReading("1230")]
    assert "no character" in hand.write("", end=TAB)[1].problem


def test_the_frame_is_taken_off_before_the_characters_are_counted() -> None:
    hand = Hand(rules=FrameRules(prefix="m", suffix="z"))
    assert hand.write("m1230z") == [LineReading("1230")]
    assert "too short" in hand.write("m123z")[1].problem
    assert "prefix" in hand.write("12300")[2].problem


def test_a_line_of_which_keys_were_lost_is_thrown_away_whole() -> None:
    hand = Hand()
    hand.event(LEFT_SHIFT)
    hand.write("123", end=None)
    hand.wedge.lose()
    [line] = hand.write("1230")
    assert "keys were lost" in line.problem
    assert hand.write("q123")[1] == LineReading("q123")


def test_of_a_line_whose_beginning_was_lost_the_end_is_no_code() -> None:
    hand = Hand()
    hand.wedge.lose()
    assert "keys were lost" in hand.write("1230")[0].problem


def test_what_has_begun_is_given_up_once() -> None:
    hand = Hand()
    assert (hand.wedge.is_begun, hand.wedge.give_up()) == (False, None)
    hand.write("12", end=None)
    assert (hand.wedge.is_begun, hand.wedge.give_up(), hand.wedge.give_up()) == (True, NEVER_ENDED, None)
    assert hand.write("1230") == [LineReading("1230")]


def test_what_is_swallowed_is_thrown_away_up_to_its_end() -> None:
    hand = Hand()
    hand.write("12", end=None)
    assert (hand.wedge.swallow(), hand.wedge.is_begun) == (NEVER_ENDED, True)
    assert hand.write("30123") == []
    assert hand.write("1239") == [LineReading("1239")]


@given(st.lists(st.tuples(st.integers(), st.integers(), st.integers())))
def test_rubbish_never_fails_and_never_gives_a_code_out_of_bounds(events: list[tuple[int, int, int]]) -> None:
    wedge = WedgeKeys()
    for code, value, at in events:
        line = wedge.press(code, value, at=at)
        assert line is None or line.problem or 4 <= len(line.text) <= LONGEST_BARCODE
