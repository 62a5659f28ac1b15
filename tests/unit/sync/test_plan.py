"""What to do next, as tables and laws."""

from itertools import pairwise, product
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.range_checks import DifferingRange, RangeAnswer
from circulation.wire import MAX_PAGE, Change, ChangesPage, FactResult, FactStatus, PushAnswer, SequenceGap
from sync.plan import (
    BUSY_SPACING,
    IDLE_SPACING,
    PULL_PACE,
    PUSH_PACE,
    STEPS,
    Errand,
    Heard,
    Pace,
    Step,
    gap_problem,
    next_delay,
    page_problem,
    push_problem,
    range_problem,
    rest_after,
)
from tests.unit.sync.values import FEED, NOW, a_batch, a_check, a_page, an_answer_to


def test_every_errand_has_a_step_for_every_kind_of_answer() -> None:
    assert set(STEPS) == set(product(Errand, Heard))


@pytest.mark.parametrize(
    ("errand", "heard", "step"),
    [
        (Errand.PUSH, Heard.ANSWERED, Step.DELIVER),
        (Errand.PUSH, Heard.GAP, Step.RESEND),
        (Errand.PUSH, Heard.REUSED, Step.GIVE_UP),
        (Errand.PUSH, Heard.UNPROVEN, Step.RETRY),
        (Errand.PUSH, Heard.REVOKED, Step.GIVE_UP),
        (Errand.PUSH, Heard.REJECTED, Step.GIVE_UP),
        (Errand.PUSH, Heard.UNREADABLE, Step.RETRY),
        (Errand.PUSH, Heard.UNREACHABLE, Step.RETRY),
        (Errand.PULL, Heard.ANSWERED, Step.DELIVER),
        (Errand.PULL, Heard.GONE, Step.SNAPSHOT),
        (Errand.PULL, Heard.UNREACHABLE, Step.RETRY),
    ],
)
def test_each_kind_of_answer_has_its_step(errand: Errand, heard: Heard, step: Step) -> None:
    assert STEPS[errand, heard] is step


def test_downloads_never_give_up() -> None:
    assert not [heard for heard in Heard if STEPS[Errand.PULL, heard] is Step.GIVE_UP]


@given(failures=st.integers(1, 10**9), seed=st.integers())
def test_a_pause_is_never_negative_and_never_above_the_cap(failures: int, seed: int) -> None:
    assert 0 <= next_delay(failures, Random(seed), PUSH_PACE) <= PUSH_PACE.cap
    assert 0 <= next_delay(failures, Random(seed), PULL_PACE) <= PULL_PACE.cap


class _Longest(Random):
    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


def test_the_bound_of_the_pause_doubles_from_half_a_second_to_thirty() -> None:
    bounds = [next_delay(failures, _Longest(), PUSH_PACE) for failures in range(1, 9)]
    assert bounds == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_the_jitter_is_full() -> None:
    random = Random(7)
    pauses = [next_delay(20, random, PUSH_PACE) for _ in range(2000)]
    tenths = [sum(1 for pause in pauses if low <= pause < low + 3) for low in range(0, 30, 3)]
    assert min(tenths) > 140, tenths


def test_a_thousand_kiosks_come_back_spread_over_thirty_seconds_when_the_registry_restarts() -> None:
    first_tries = sorted(next_delay(1, Random(kiosk), PULL_PACE) for kiosk in range(1000))
    assert first_tries[-1] > 28
    busiest = max(sum(1 for at in first_tries if second <= at < second + 1) for second in range(30))
    assert busiest < 100


@given(asked=st.floats(0, 10**8), seed=st.integers())
def test_what_the_registry_asks_for_is_granted_up_to_the_cap_and_spread(asked: float, seed: int) -> None:
    pause = next_delay(1, Random(seed), PULL_PACE, asked=asked)
    assert min(asked, PULL_PACE.cap) <= pause <= 1.5 * min(asked, PULL_PACE.cap)


def test_there_is_no_pause_after_a_success() -> None:
    with pytest.raises(ValueError, match="no pause"):
        next_delay(0, Random(1), Pace())


@pytest.mark.parametrize(
    ("page", "took", "rest"),
    [
        (a_page(seqs=(1, 2)), 0.0, 0.0),
        (a_page(seqs=(1, 2)), 30.0, 0.0),
        (a_page(start=3, end=5), 0.25, BUSY_SPACING - 0.25),
        (a_page(start=3, end=5), 9.0, 0.0),
        (a_page(start=3), 0.0, IDLE_SPACING),
        (a_page(start=3), 25.0, 0.0),
    ],
)
def test_polls_keep_their_distance_when_there_is_nothing_for_this_branch(page: ChangesPage, took: float, rest: float) -> None:
    assert rest_after(page, took=took) == rest


def test_three_idle_polls_a_minute_is_the_most_even_when_the_registry_never_waits() -> None:
    assert 60 / IDLE_SPACING <= 3


@given(start=st.integers(0, 50), steps=st.lists(st.integers(1, 5), max_size=10), beyond=st.integers(0, 5))
def test_numbers_that_rise_within_start_and_end_are_a_page_gaps_and_all(start: int, steps: list[int], beyond: int) -> None:
    seqs = [start + sum(steps[: count + 1]) for count in range(len(steps))]
    page = a_page(start=start, seqs=seqs, end=max(seqs, default=start) + beyond)
    assert page_problem(page, feed=FEED, after=start) is None


@given(start=st.integers(0, 9), end=st.integers(0, 9), seqs=st.lists(st.integers(0, 9), max_size=4))
def test_no_page_passes_that_is_not_in_order(start: int, end: int, seqs: list[int]) -> None:
    good = start <= end and all(start < seq <= end for seq in seqs) and all(low < high for low, high in pairwise(seqs))
    problem = page_problem(a_page(start=start, end=end, seqs=seqs, head=9), feed=FEED, after=start)
    assert (problem is None) == good


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (a_page(feed=uuid4(), start=4), "feed"),
        (a_page(start=5), "start"),
        (a_page(start=4, end=3, head=9), "end"),
        (a_page(start=4, end=6, head=5), "head"),
        (a_page(start=4, server_time=NOW.replace(tzinfo=None)), "server_time"),
        (a_page(start=4, seqs=range(5, 5 + MAX_PAGE + 1)), "changes"),
        (a_page(start=4, seqs=(6, 6)), "changes[1].seq"),
        (a_page(start=4, seqs=(4,)), "changes[0].seq"),
    ],
)
def test_a_page_that_must_not_be_applied_is_named_with_its_place(page: ChangesPage, place: str) -> None:
    problem = page_problem(page, feed=FEED, after=4)
    assert problem is not None
    assert problem.startswith(f"{place}: ")


def test_the_results_of_a_batch_are_its_own_in_order() -> None:
    batch = a_batch("{}", "{}", first_seq=7)
    assert push_problem(an_answer_to(batch), batch) is None
    assert push_problem(an_answer_to(batch, next_seq=40), batch) is None, "a batch sent again may be an old one"


@pytest.mark.parametrize(
    ("seqs", "next_seq", "place"),
    [((7,), 9, "results:"), ((7, 9), 9, "results[1].seq:"), ((7, 8), 8, "next_seq:")],
)
def test_results_of_another_batch_are_refused(seqs: tuple[int, ...], next_seq: int, place: str) -> None:
    results = tuple(FactResult(seq=seq, status=FactStatus.ACCEPTED) for seq in seqs)
    problem = push_problem(PushAnswer(server_time=NOW, next_seq=next_seq, results=results), a_batch("{}", "{}", first_seq=7))
    assert problem is not None
    assert problem.startswith(place)


def test_results_with_a_time_that_means_nothing_are_refused() -> None:
    batch = a_batch()
    answer = PushAnswer(server_time=NOW.replace(tzinfo=None), next_seq=2, results=an_answer_to(batch).results)
    assert push_problem(answer, batch) == "server_time: has no time zone"


def test_a_word_on_ranges_is_about_those_that_were_asked_for() -> None:
    check = a_check(cursor=5)
    one = DifferingRange(range=0, rows=(Change(seq=9, table="patron", key="x"),))
    assert range_problem(RangeAnswer(server_time=NOW, position=5), check) is None
    assert range_problem(RangeAnswer(server_time=NOW, position=9, differing=(one,)), check) is None
    assert range_problem(RangeAnswer(server_time=NOW, position=9, unsettled=(0,)), check) is None


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (RangeAnswer(server_time=NOW, position=4), "position:"),
        (RangeAnswer(server_time=NOW.replace(tzinfo=None), position=5), "server_time:"),
        (RangeAnswer(server_time=NOW, position=5, unsettled=(1,)), "differing, unsettled:"),
        (RangeAnswer(server_time=NOW, position=5, unsettled=(-1,)), "differing, unsettled:"),
        (RangeAnswer(server_time=NOW, position=5, unsettled=(0,), differing=(DifferingRange(range=0),)), "differing, unsettled:"),
        (
            RangeAnswer(
                server_time=NOW,
                position=5,
                differing=(DifferingRange(range=0, rows=(Change(seq=5, table="patron", key="x"),) * (MAX_PAGE + 1)),),
            ),
            "differing:",
        ),
    ],
)
def test_a_word_on_other_ranges_is_refused(answer: RangeAnswer, place: str) -> None:
    problem = range_problem(answer, a_check(cursor=5))
    assert problem is not None
    assert problem.startswith(place)


@pytest.mark.parametrize(("send_from", "good"), [(1, True), (6, True), (7, False), (8, False), (0, False)])
def test_a_gap_lies_before_the_batch(send_from: int, good: bool) -> None:  # noqa: FBT001 - a table
    assert (gap_problem(SequenceGap(send_from=send_from), a_batch(first_seq=7)) is None) == good


def test_a_page_of_the_feed_may_hold_tombstones() -> None:
    page = a_page(seqs=(1,))
    assert page.changes == (Change(seq=1, table="patron", key="1", row=None),)
    assert page_problem(page, feed=FEED, after=0) is None
