"""A witness is read by who has sealed it, for its own feed, and by nobody else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.wire import MAX_WITNESS
from registry.exchange.witnesses import Seals, Witness

KEY = bytes(range(32))
POSITIONS = st.integers(min_value=0, max_value=2**63 - 1)


@given(feed=st.uuids(), run=st.uuids(), position=POSITIONS)
def test_what_was_sealed_is_read(feed: UUID, run: UUID, position: int) -> None:
    witness = Witness(feed, run, position)
    text = Seals(KEY).written(witness)
    assert len(text) <= MAX_WITNESS
    assert Seals(KEY).read(text, feed) == witness


def test_another_library_and_another_feed_read_nothing() -> None:
    witness = Witness(uuid4(), uuid4(), 7)
    text = Seals(KEY).written(witness)
    assert Seals(bytes(32)).read(text, witness.feed) is None
    assert Seals(KEY).read(text, uuid4()) is None


@given(st.data())
def test_no_character_can_be_another(data: st.DataObject) -> None:
    witness = Witness(UUID(int=1), UUID(int=2), 41)
    text = Seals(KEY).written(witness)
    place = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    other = data.draw(st.characters().filter(lambda one: one != text[place]))
    assert Seals(KEY).read(text[:place] + other + text[place + 1 :], witness.feed) is None


@pytest.mark.parametrize("text", ["", "x", "." * 200, f"{'0' * 32}.1.{'0' * 32}", f"{'0' * 32}.{'9' * 300}.{'0' * 32}"])
def test_rubbish_is_no_witness(text: str) -> None:
    assert Seals(KEY).read(text, uuid4()) is None


def test_a_short_key_seals_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seals(b"short")
