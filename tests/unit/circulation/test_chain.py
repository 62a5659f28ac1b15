"""The chain of facts: what it must notice, as laws."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from circulation.chain import along, anchor

EPOCH = UUID(int=6)
bodies = st.lists(st.binary(max_size=8), min_size=1, max_size=6)


def head(facts: list[bytes], epoch: UUID = EPOCH) -> bytes:
    return list(along(anchor(epoch), facts))[-1]


def test_the_chain_of_two_facts_is_what_it_always_was() -> None:
    """A change of these bytes is a change of the protocol."""
    assert anchor(EPOCH).hex() == "5221174ce9268e2778aa18106dcd5c9a65cc2507227b0c3bd81c1cd5247aef11"
    assert head([b"{}", b"[]"]).hex() == "9ad7b096dbaa1b5df65696c5c0557e490465734e698c6775d557ca00045a1950"


@given(bodies, st.data())
def test_a_fact_that_is_changed_left_out_doubled_or_moved_is_noticed_by_every_later_value(facts: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(facts) - 1))
    other = data.draw(st.binary(max_size=8).filter(lambda body: body != facts[at]))
    assert head([*facts[:at], other, *facts[at + 1 :], b"next"]) != head([*facts, b"next"])
    assert head([*facts[:at], *facts[at + 1 :], b"next"]) != head([*facts, b"next"])
    assert head([*facts[: at + 1], *facts[at:], b"next"]) != head([*facts, b"next"])


@given(bodies)
def test_the_same_facts_have_another_chain_in_another_epoch(facts: list[bytes]) -> None:
    assert head(facts) != head(facts, UUID(int=7))


@given(bodies, bodies)
def test_a_chain_goes_on_from_any_of_its_values(first: list[bytes], second: list[bytes]) -> None:
    assert list(along(head(first), second))[-1] == head([*first, *second])
