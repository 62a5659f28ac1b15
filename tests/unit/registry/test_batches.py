"""Reading a batch: what is wrong with one fact's bytes stays with that fact."""

from uuid import UUID

import pytest

from circulation.wire import FactStatus
from registry.exchange.arrivals import read_arrivals
from registry.exchange.batches import read_batch
from registry.problems import RefusedError

EPOCH = "00000000-0000-0000-0000-000000000007"


def a_batch(*facts: bytes, first_seq: bytes = b"1") -> bytes:
    return b'{"v":1, "epoch":"%s", "first_seq":%s, "facts":[%s], "more":["]",{}]}' % (EPOCH.encode(), first_seq, b" , ".join(facts))


def a_fact(seq: int, inside: bytes = b"c") -> bytes:
    return (
        b'{"key":"00000000-0000-0000-0000-00000000000%d","seq":%d,"at":"2026-03-11T02:00:00Z","monotonic":1,"boot":"b,]}",'
        b'"correlation":"%s","fact":{"type":"checkout_undone","loan":"00000000-0000-0000-0000-000000000008"}}' % (seq, seq, inside)
    )


UNREADABLE = [
    a_fact(2, b"\xff"),
    a_fact(2, b"\\ud800"),
    a_fact(2, b"\\q"),
    a_fact(2, b"\x00"),
    b'{"more":"\xff"}',
    b'{"more":' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    b'{"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"key" 7 "seq"}',
    b"nonsense",
]


@pytest.mark.parametrize("bad", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_fact_of_unreadable_bytes_is_malformed_alone(bad: bytes) -> None:
    batch = read_batch(a_batch(a_fact(1), bad, a_fact(3)))
    assert (batch.epoch, batch.first_seq) == (UUID(EPOCH), 1)
    arrivals = read_arrivals(1, batch.facts)
    assert [arrival.status for arrival in arrivals] == [FactStatus.ACCEPTED, FactStatus.MALFORMED, FactStatus.ACCEPTED]
    assert (arrivals[1].place, arrivals[1].body) == ("facts[1]", bad)
    assert arrivals[1].problem
    assert [arrival.body for arrival in arrivals[::2]] == [a_fact(1), a_fact(3)]


@pytest.mark.parametrize("byte", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80"])
def test_bytes_that_are_no_text_are_malformed_wherever_they_stand(byte: bytes) -> None:
    ignored = a_fact(1).replace(b'{"key"', b'{"ignored":"%s","key"' % byte)
    (arrival,) = read_arrivals(1, read_batch(a_batch(ignored)).facts)
    assert (arrival.status, arrival.place) == (FactStatus.MALFORMED, "facts[0]")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"facts":' + b"[" * 100_000,
        a_batch(a_fact(1), b'{"never closed":"'),
        a_batch(a_fact(1), b"{"),
        a_batch(a_fact(1), b"\\ud800") + b"more",
        a_batch(b"\\q").replace(b'"facts"', b'"facts":[],"facts"'),
        a_batch(b"nonsense", b"", a_fact(2)),
        a_batch(b"nonsense", first_seq=b"0"),
        a_batch(*[b"nonsense"] * 501),
    ],
)
def test_what_cannot_be_told_apart_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        read_batch(body)
    assert caught.value.status == 400


def test_what_a_message_quotes_of_a_fact_is_plain_text() -> None:
    body = b'{"seq":1,"fact":{"type":"a\\u0000b\\u202e\\u001b[31m' + b"x" * 900 + b'"}}'
    (arrival,) = read_arrivals(1, read_batch(a_batch(body)).facts)
    assert arrival.status is FactStatus.MALFORMED
    assert arrival.problem.isprintable()
    assert arrival.place.isprintable()
    assert len(arrival.problem) <= 200
    assert r"a\x00b\u202e\x1b[31m" in arrival.problem
