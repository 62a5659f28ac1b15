from hypothesis import given
from hypothesis import strategies as st

from drivers.frame_clock import FrameClock, FrameLimits
from drivers.scan_lines import NEVER_ENDED, LineReading, ScanLines

LIMITS = FrameLimits(silence=50, longest=200)


class Sender:
    """Sends bytes at instants, and looks at the clock before each as the drivers do."""

    def __init__(self) -> None:
        self.lines = ScanLines()
        self.times = FrameClock(LIMITS)
        self.said: list[LineReading] = []

    def look(self, at: int) -> None:
        said = self.times.cut(self.lines, at=at)
        self.said += [said] if said else []

    def send(self, part: bytes, at: int) -> None:
        self.look(at)
        self.said += self.lines.feed(part)
        self.times.heard(at, is_begun=self.lines.is_begun)


def test_a_line_that_ends_in_time_has_no_deadline_any_more() -> None:
    sender = Sender()
    sender.send(b"3177", 0)
    sender.look(49)
    sender.send(b"7000\n", 49)
    assert sender.said == [LineReading("31777000")]
    assert sender.times.deadline is None


def test_what_was_begun_before_a_silence_is_given_up_at_its_deadline_and_said_once() -> None:
    sender = Sender()
    sender.send(b"3177", 0)
    sender.look(49)
    assert sender.said == []
    sender.look(50)
    sender.look(51)
    assert sender.said == [NEVER_ENDED]
    sender.send(b"31778\n", 60)
    assert sender.said == [NEVER_ENDED, LineReading("31778")]


def test_a_line_that_goes_on_for_too_long_is_thrown_away_up_to_its_end_and_said_once() -> None:
    sender = Sender()
    for at in range(0, 400, 10):
        sender.send(b"9", at)
    assert sender.said == [NEVER_ENDED]
    sender.send(b"31777\n31778\n", 401)
    assert sender.said == [NEVER_ENDED, LineReading("31778")]


def test_a_line_that_went_on_for_too_long_and_never_ends_is_over_with_the_next_silence() -> None:
    sender = Sender()
    for at in range(0, 400, 10):
        sender.send(b"9", at)
    sender.send(b"31778\n", 441)
    assert sender.said == [NEVER_ENDED, LineReading("31778")]


@given(st.lists(st.tuples(st.integers(1, 120), st.sampled_from([b"1", b"22", b"3\n", b"\n", b"9" * 2000]))))
def test_nothing_that_was_begun_waits_longer_than_a_silence_after_its_last_byte(sent: list[tuple[int, bytes]]) -> None:
    sender, at = Sender(), 0
    for pause, part in sent:
        at += pause
        sender.send(part, at)
        assert (sender.times.deadline is not None) == sender.lines.is_begun
        assert sender.times.deadline is None or sender.times.deadline <= at + LIMITS.silence
    sender.look(at + LIMITS.silence)
    assert not sender.lines.is_begun
