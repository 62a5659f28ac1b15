"""Ranges of keys: every key lies in exactly one of two that meet, and both sides read the same bounds."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.range_checks import RangeDigest
from replica.mapping import RowKeyError
from replica.ranges import WHOLE, KeyRange, range_of
from replica.tables import ReplicaTable

UUIDS = st.uuids()
NOTHING = "0" * 16


@given(key=UUIDS, cut=UUIDS)
def test_a_key_lies_in_one_of_two_ranges_that_meet(key: UUID, cut: UUID) -> None:
    below, above = KeyRange(ReplicaTable.LOAN, upto=cut), KeyRange(ReplicaTable.LOAN, after=cut)
    assert below.holds(key) is not above.holds(key)
    assert below.holds(key) is (key.bytes <= cut.bytes)


@given(key=st.binary(min_size=16, max_size=16), cut=st.binary(min_size=16, max_size=16))
def test_card_keys_are_ordered_by_their_bytes(key: bytes, cut: bytes) -> None:
    assert KeyRange(ReplicaTable.CARD, upto=cut).holds(key) is (key <= cut)


@pytest.mark.parametrize("table", sorted(WHOLE))
def test_a_small_table_is_one_range(table: ReplicaTable) -> None:
    assert KeyRange(table).holds("C01")
    assert KeyRange(table).holds(3)
    assert range_of(RangeDigest(table=table, rows=0, xor=NOTHING)) == KeyRange(table)
    with pytest.raises(RowKeyError, match="as a whole"):
        range_of(RangeDigest(table=table, after="1", rows=0, xor=NOTHING))


def test_bounds_come_as_they_travel() -> None:
    key = UUID(int=7)
    assert range_of(RangeDigest(table="item", after=str(key), rows=0, xor=NOTHING)) == KeyRange(ReplicaTable.ITEM, after=key)
    card = range_of(RangeDigest(table="card", upto="00" * 16, rows=0, xor=NOTHING))
    assert card == KeyRange(ReplicaTable.CARD, upto=bytes(16))


@pytest.mark.parametrize(("table", "after"), [("fine", ""), ("item", "nobody"), ("card", "04A32B1C")])
def test_a_range_of_no_table_or_with_no_key_is_refused(table: str, after: str) -> None:
    with pytest.raises(RowKeyError):
        range_of(RangeDigest(table=table, after=after, rows=0, xor=NOTHING))
