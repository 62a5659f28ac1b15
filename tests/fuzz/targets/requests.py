"""What kiosks send to the registry, before anybody has believed a word of it."""

from msgspec import Raw

from circulation.wire import MAX_BATCH, FactStatus
from registry.exchange.arrivals import read_arrivals
from registry.exchange.batches import read_batch
from registry.exchange.ranges import ByteRange, RangeNotSatisfiableError, read_range
from registry.problems import RefusedError
from tests.fuzz.inputs import Bytes, is_plain, text_of
from tests.fuzz.target import Target


def fact_batch(data: bytes) -> None:
    """A batch of facts: one that can't be read takes no other along, and none is left out."""
    try:
        batch = read_batch(data)
    except RefusedError as refused:
        assert is_plain(str(refused))
        facts, first = [Raw(data)], 1
    else:
        facts, first = batch.facts, batch.first_seq
        assert 1 <= len(facts) <= MAX_BATCH
        assert all(bytes(fact) and bytes(fact) in data for fact in facts)
    arrivals = read_arrivals(first, facts)
    assert [(arrival.seq, arrival.index, arrival.body) for arrival in arrivals] == [
        (first + index, index, bytes(fact)) for index, fact in enumerate(facts)
    ]
    for arrival in arrivals:
        assert is_plain(arrival.place)
        assert is_plain(arrival.problem)
        assert (arrival.envelope is not None) is (arrival.status is FactStatus.ACCEPTED)
        assert bool(arrival.problem) is (arrival.status is FactStatus.MALFORMED)
        assert len(arrival.problem) <= 200


def range_header(data: bytes) -> None:
    """Which part of a snapshot a kiosk wants."""
    given = Bytes(data)
    size, times = given.number(3), given.number() % 8
    header = text_of(given.rest())
    number = header * (1 + times * 200)
    for written in (header, f"bytes=0-{number}", f"bytes={number}-", f"bytes=-{number}", f"bytes={number}-{number[::-1]}"):
        try:
            found = read_range(written, size)
        except RangeNotSatisfiableError as error:
            assert is_plain(str(error))
        else:
            assert found is None or (
                0 <= found.first <= found.last < size and found == ByteRange(found.first, found.first + found.length - 1)
            )
    assert read_range(None, size) is None


TARGETS = (
    Target("fact_batch", ("registry.exchange.batches", "registry.exchange.arrivals"), fact_batch, longest=1000),
    Target("range_header", ("registry.exchange.ranges",), range_header, longest=64),
)
