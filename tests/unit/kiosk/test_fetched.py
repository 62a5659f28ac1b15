"""Holds that were fetched: one for each title, and only what lies ready here."""

from dataclasses import replace

from circulation.holds import HoldState
from circulation.ids import BranchCode
from kiosk.fetched import without_fetched
from tests.builders import a_hold

HERE, THERE = BranchCode("C01"), BranchCode("L12")


def test_of_two_holds_on_one_title_one_was_fetched() -> None:
    first, second = (a_hold(title="小王子", state=HoldState.READY, pickup=HERE) for _ in range(2))
    assert without_fetched((first, second), ["小王子"], here=HERE) == (second,)


def test_what_waits_or_lies_ready_elsewhere_or_has_another_title_was_not_fetched() -> None:
    ready = a_hold(title="小王子", state=HoldState.READY, pickup=HERE)
    others = (
        replace(ready, state=HoldState.WAITING),
        replace(ready, pickup=THERE),
        replace(ready, title="夏綠蒂的網"),
    )
    assert without_fetched(others, ["小王子"], here=HERE) == others


def test_a_title_fetched_without_a_hold_takes_none_away() -> None:
    assert without_fetched((), ["小王子"], here=HERE) == ()
