"""Which facts are sent next: in order, one batch at a time, none left out."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.outbox import Outbox

NOW, AGAIN = 100.0, 160.0


def test_nothing_to_send_sends_nothing() -> None:
    assert Outbox(1).batch(0, now=NOW) is None
    assert Outbox(4).batch(3, now=NOW) is None


def test_the_next_facts_go_in_one_batch() -> None:
    assert Outbox(4).batch(6, now=NOW) == range(4, 7)


def test_a_batch_has_five_hundred_facts_at_most() -> None:
    assert Outbox(1).batch(1200, now=NOW) == range(1, 501)


def test_one_batch_is_under_way_at_a_time() -> None:
    assert Outbox(1).sent(range(1, 3)).batch(5, now=NOW) is None


def test_after_an_answer_the_next_batch_follows_at_once() -> None:
    assert Outbox(1).sent(range(1, 3)).answered([1, 2], again_at=AGAIN).batch(5, now=NOW) == range(3, 6)


def test_what_an_answer_left_out_is_sent_again() -> None:
    assert Outbox(1).sent(range(1, 5)).answered([1, 2, 4], again_at=AGAIN).batch(9, now=NOW) == range(3, 10)


def test_an_answer_that_brings_nothing_forward_is_not_followed_by_the_same_batch_at_once() -> None:
    outbox = Outbox(1).sent(range(1, 3)).answered([7], again_at=AGAIN)
    assert outbox.batch(2, now=NOW) is None
    assert outbox.batch(2, now=AGAIN) == range(1, 3)


def test_an_answer_nobody_asked_for_changes_nothing() -> None:
    assert Outbox(5).answered([1, 2], again_at=AGAIN) == Outbox(5)


def test_facts_that_the_registry_lacks_are_sent_again_from_there() -> None:
    assert Outbox(5).sent(range(5, 8)).again_from(2, 7, again_at=AGAIN).batch(7, now=NOW) == range(2, 8)


def test_a_demand_that_goes_nowhere_waits() -> None:
    for seq in (5, 6, 0, -1, 900):
        outbox = Outbox(5).sent(range(5, 8)).again_from(seq, 7, again_at=AGAIN)
        assert outbox.batch(7, now=NOW) is None
        assert outbox.batch(7, now=AGAIN) == range(5, 8)


def test_a_refused_batch_ends_the_sending() -> None:
    outbox = Outbox(1).sent(range(1, 3)).stopped("key reused")
    assert outbox.batch(9, now=1e9) is None
    assert outbox.problem == "key reused"


@given(st.lists(st.tuples(st.sampled_from(["commit", "answer", "half", "gap"]), st.integers(1, 700)), max_size=60))
def test_the_registry_gets_every_fact_in_order_without_a_hole(steps: list[tuple[str, int]]) -> None:
    outbox, last, taken = Outbox(1), 0, 0
    for step, n in [*steps, *[("answer", 1)] * 90]:
        numbers = outbox.batch(last, now=NOW)
        if numbers is not None:
            assert numbers.start <= taken + 1
            assert len(numbers) <= 500
            outbox = outbox.sent(numbers)
        match step:
            case "commit":
                last += n
            case "gap":
                outbox = outbox.again_from(min(n, taken + 1), last, again_at=NOW)
            case _ if outbox.under_way is not None:
                got = outbox.under_way if step == "answer" else outbox.under_way[: n % len(outbox.under_way) + 1]
                taken = max(taken, got[-1])
                outbox = outbox.answered(got, again_at=NOW)
            case _:
                pass
    assert taken == last
