"""Facts that can't be read, over real HTTP: each is named, kept and uses up its number, and the others are applied."""

import msgspec
import pytest
from msgspec import Raw
from uuid_utils.compat import uuid7

from circulation.wire import FactStatus, PushAnswer, PushBatch, encode
from tests.integration.registry.city import City, Kiosk, a_checkout


def test_a_malformed_fact_is_named_the_others_are_applied_and_its_number_is_used_up(city: City, kiosk: Kiosk) -> None:
    first = kiosk.envelope(a_checkout(city.ming, city.books[0]))
    wrong = msgspec.json.decode(kiosk.envelope(a_checkout(city.ming, city.books[1])))
    wrong["fact"]["due"] = "soon"
    bad = msgspec.json.encode(wrong)
    last = kiosk.envelope(a_checkout(city.ming, city.books[2]))
    results = kiosk.push(1, first, bad, last)
    assert [result.status for result in results] == [FactStatus.ACCEPTED, FactStatus.MALFORMED, FactStatus.ACCEPTED]
    assert (results[1].place, results[1].position) == ("facts[1].fact.due", 0)
    assert city.sql("SELECT body FROM fact WHERE seq = 2") == [(bad,)]
    assert kiosk.push(1, first, bad, last) == results
    assert kiosk.push(4, kiosk.envelope(a_checkout(city.ming, city.books[3])))[0].status is FactStatus.ACCEPTED


@pytest.mark.parametrize("bytes_", [b"\xff", b"\\ud800", b"\x00", b"\\q"])
def test_a_fact_that_is_no_text_does_not_jam_the_upload(city: City, kiosk: Kiosk, bytes_: bytes) -> None:
    first = kiosk.envelope(a_checkout(city.ming, city.books[0]))
    bad = kiosk.envelope(a_checkout(city.ming, city.books[1])).replace(b'"correlation":"c"', b'"correlation":"%s"' % bytes_)
    last = kiosk.envelope(a_checkout(city.ming, city.books[2]))
    body = encode(PushBatch(epoch=kiosk.epoch, first_seq=1, facts=[Raw(fact) for fact in (first, bad, last)]))
    answers = [kiosk.request("POST", "/v1/facts", body) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        results = msgspec.json.decode(answer.content, type=PushAnswer).results
        assert [result.status for result in results] == [FactStatus.ACCEPTED, FactStatus.MALFORMED, FactStatus.ACCEPTED]
        assert (results[1].place, results[1].problem.isprintable()) == ("facts[1]", True)
    assert city.sql("SELECT body FROM fact WHERE seq = 2") == [(bad,)]
    assert kiosk.push(4, kiosk.envelope(a_checkout(city.ming, city.books[3])))[0].status is FactStatus.ACCEPTED


@pytest.mark.parametrize("value", [b"a\\u0000b", b"\\u001b[31m", b"\\u202e"])
def test_what_a_malformed_fact_says_is_kept_as_plain_text(city: City, kiosk: Kiosk, value: bytes) -> None:
    (result,) = kiosk.push(1, b'{"seq":1,"fact":{"type":"%s"}}' % value)
    assert (result.status, result.problem.isprintable()) == (FactStatus.MALFORMED, True)
    assert city.sql("SELECT problem FROM fact") == [(result.problem,)]


def test_a_good_fact_may_have_the_key_that_a_malformed_one_carried(city: City, kiosk: Kiosk) -> None:
    good = msgspec.json.decode(kiosk.envelope(a_checkout(city.ming, city.books[0])))
    kiosk.push(1, msgspec.json.encode({**good, "at": "x"}))
    assert kiosk.push(2, msgspec.json.encode({**good, "seq": 2}))[0].status is FactStatus.ACCEPTED


def test_an_unknown_kind_of_fact_is_kept(city: City, kiosk: Kiosk) -> None:
    body = msgspec.json.encode({"key": uuid7(), "seq": 1, "fact": {"type": "read_aloud", "loan": uuid7()}})
    results = kiosk.push(1, body)
    assert results[0].status is FactStatus.UNKNOWN
    assert city.sql("SELECT body, status FROM fact") == [(body, "unknown")]
