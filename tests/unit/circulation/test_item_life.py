"""The life of an item: every status against every event."""

import pytest

from circulation.item_life import LIFE, ItemEvent, after
from circulation.items import ItemStatus
from circulation.reasons import Reason

S = ItemStatus
FROM = {
    "A": S.AVAILABLE,
    "H": S.ON_HOLD_SHELF,
    "T": S.IN_TRANSIT,
    "O": S.IN_LIBRARY_ONLY,
    "M": S.MISSING,
    "C": S.CLAIMED_RETURNED,
    "L": S.LOST,
    "D": S.DAMAGED,
    "W": S.WITHDRAWN,
}
TO = {
    ItemEvent.CHECKED_OUT: "AAAOAAADW",
    ItemEvent.CHECKED_IN_AT_HOME: "AHAOAAADW",
    ItemEvent.CHECKED_IN_ELSEWHERE: "TTTOTTTDW",
    ItemEvent.SET_ASIDE: "TTTOTTTDW",
    ItemEvent.TRAPPED_FOR_HOLD: "HHHOHHHDW",
    ItemEvent.HOLD_ENDED: "AATOMCLDW",
    ItemEvent.ARRIVED: "AAAOAAADW",
    ItemEvent.MISSED: "MMMMMMMMW",
    ItemEvent.CLAIMED_RETURNED: "CHTOMCLDW",
    ItemEvent.DECLARED_LOST: "LLLLLLLLW",
    ItemEvent.FOUND_DAMAGED: "DDDDDDDDW",
    ItemEvent.REPAIRED: "AHTOMCLAW",
    ItemEvent.WITHDRAWN: "WWWWWWWWW",
}
"""Event → the statuses after it, of an item that was (in this order) A H T O M C L D W."""


def test_the_table_names_every_status_and_every_event() -> None:
    assert set(LIFE) == set(FROM.values()) == set(ItemStatus)
    assert set(TO) == set(ItemEvent)


@pytest.mark.parametrize("event", ItemEvent)
def test_an_event_makes_of_each_status_what_the_table_says(event: ItemEvent) -> None:
    assert [after(status, event) for status in FROM.values()] == [FROM[letter] for letter in TO[event]]


@pytest.mark.parametrize("event", ItemEvent)
def test_a_withdrawn_item_stays_withdrawn(event: ItemEvent) -> None:
    assert after(ItemStatus.WITHDRAWN, event) is ItemStatus.WITHDRAWN


@pytest.mark.parametrize("branch", [ItemEvent.CHECKED_IN_AT_HOME, ItemEvent.CHECKED_IN_ELSEWHERE])
def test_an_item_that_may_not_leave_is_never_lendable_when_it_is_home_again(branch: ItemEvent) -> None:
    lent = after(ItemStatus.IN_LIBRARY_ONLY, ItemEvent.CHECKED_OUT)
    assert after(after(lent, branch), ItemEvent.ARRIVED).refusal is Reason.ITEM_IN_LIBRARY_ONLY


@pytest.mark.parametrize("status", ItemStatus)
def test_hearing_of_an_event_twice_changes_nothing_more(status: ItemStatus) -> None:
    for event in ItemEvent:
        once = after(status, event)
        assert after(once, event) is once
