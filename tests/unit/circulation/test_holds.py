"""Holds: waiting for a title and an item that waits are two states that are never shown as one."""

from uuid import UUID

from circulation.holds import Hold, HoldState
from circulation.ids import BranchCode, HoldId, PatronId


def test_the_codes_of_the_states_are_those_that_are_stored() -> None:
    assert {state.name: state.value for state in HoldState} == {
        "WAITING": "waiting",
        "SET_ASIDE": "set_aside",
        "IN_TRANSIT": "in_transit",
        "READY": "ready",
    }
    assert [state for state in HoldState if state.is_coming] == [HoldState.SET_ASIDE, HoldState.IN_TRANSIT]


def test_a_patron_who_waits_has_no_shelf_and_no_last_day() -> None:
    hold = Hold(HoldId(UUID(int=1)), PatronId(UUID(int=2)), "小王子", HoldState.WAITING, BranchCode("C01"), queue=3)
    assert (hold.shelf, hold.until, hold.queue) == ("", None, 3)
