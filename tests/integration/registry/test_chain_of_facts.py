"""The chain of a kiosk's facts, as the registry checks it: a history that was rewritten is refused as a whole."""

from typing import Any

import msgspec
import pytest
from msgspec import UNSET, Raw, UnsetType
from requests import Response
from uuid_utils.compat import uuid7

from circulation.chain import along, anchor
from circulation.facts import LedgerRestored
from circulation.reasons import Reason
from circulation.wire import ChainSpan, FactStatus, KeyReused, Problem, PushAnswer, PushBatch, encode
from tests.integration.registry.city import City, Kiosk, a_checkout


def span_of(kiosk: Kiosk, facts: list[bytes], first: int, count: int) -> ChainSpan:
    """What the ledger says of these facts among all of its epoch."""
    values = [anchor(kiosk.epoch), *along(anchor(kiosk.epoch), facts)]
    return ChainSpan(before=values[first - 1], after=values[first - 1 + count])


def send(kiosk: Kiosk, first: int, facts: list[bytes], chain: ChainSpan | UnsetType) -> Response:
    batch = PushBatch(epoch=kiosk.epoch, first_seq=first, facts=[Raw(fact) for fact in facts], chain=chain)
    return kiosk.request("POST", "/v1/facts", encode(batch))


def four(city: City, kiosk: Kiosk) -> list[bytes]:
    return [kiosk.envelope(a_checkout(city.ming, book)) for book in city.books]


def newest_alarm(city: City) -> tuple[str, str, Any]:
    entry = city.registry.audit(limit=1)[0]
    return entry.action, entry.outcome, entry.detail.get("seq")


def values(city: City) -> list[bytes]:
    return [bytes(value) for (value,) in city.sql("SELECT chain FROM fact ORDER BY seq") if value is not None]


def test_batches_that_go_on_from_one_another_are_taken_and_the_chain_is_kept(city: City, kiosk: Kiosk) -> None:
    facts = four(city, kiosk)
    assert send(kiosk, 1, facts[:1], span_of(kiosk, facts, 1, 1)).status_code == 200
    assert send(kiosk, 2, facts[1:], span_of(kiosk, facts, 2, 3)).status_code == 200
    # A retry of anything that came before, however it is cut.
    assert send(kiosk, 1, facts, span_of(kiosk, facts, 1, 4)).status_code == 200
    assert send(kiosk, 2, facts[1:3], span_of(kiosk, facts, 2, 2)).status_code == 200
    assert values(city) == list(along(anchor(kiosk.epoch), facts))


@pytest.mark.parametrize("how", ["before", "after", "left out", "first"])
def test_a_broken_chain_is_refused_as_a_whole_with_its_place_and_an_alarm(city: City, kiosk: Kiosk, how: str) -> None:
    facts = four(city, kiosk)
    if how != "first":
        send(kiosk, 1, facts[:1], span_of(kiosk, facts, 1, 1))
    honest = span_of(kiosk, facts, 2, 3)
    match how:
        case "before":
            answer = send(kiosk, 2, facts[1:], ChainSpan(before=bytes(32), after=list(along(bytes(32), facts[1:]))[-1]))
        case "after":
            answer = send(kiosk, 2, facts[1:], ChainSpan(before=honest.before, after=bytes(32)))
        case "left out":
            answer = send(kiosk, 2, facts[1:], UNSET)
        case _:
            answer = send(kiosk, 1, facts, ChainSpan(before=bytes(32), after=list(along(bytes(32), facts))[-1]))
    assert answer.status_code == 422
    problem = msgspec.json.decode(answer.content, type=Problem)
    place = {"before": "chain.before", "after": "chain.after", "left out": "chain", "first": "chain.before"}[how]
    assert (problem.code, problem.place) == ("chain_broken", place)
    assert newest_alarm(city) == ("chain broken", "alarm", 1 if how == "first" else 2)
    assert city.registry.counts()["fact"] == (0 if how == "first" else 1)
    if how != "first":
        assert send(kiosk, 2, facts[1:], honest).status_code == 200


def test_a_kiosk_without_a_chain_goes_on_as_before_and_may_get_one_at_any_time(city: City, kiosk: Kiosk) -> None:
    facts = four(city, kiosk)
    kiosk.push(1, *facts[:2])
    # Its facts are chained from where its ledger holds them: what came before nobody can check.
    start = bytes(range(32))
    chained = list(along(start, facts[2:]))
    answer = send(kiosk, 3, facts[2:3], ChainSpan(before=start, after=chained[0]))
    assert answer.status_code == 200
    assert send(kiosk, 4, facts[3:], ChainSpan(before=chained[0], after=chained[1])).status_code == 200
    assert values(city) == chained


def test_another_fact_of_a_number_is_a_fork_where_the_chain_up_to_it_is_known(city: City, kiosk: Kiosk) -> None:
    facts = four(city, kiosk)
    send(kiosk, 1, facts[:2], span_of(kiosk, facts, 1, 2))
    kiosk.seq = 1
    twin = [facts[0], kiosk.envelope(a_checkout(city.hua, city.books[2])), kiosk.envelope(a_checkout(city.hua, city.books[3]))]
    answer = send(kiosk, 1, twin, span_of(kiosk, twin, 1, 3))
    assert answer.status_code == 422
    forked = msgspec.json.decode(answer.content, type=KeyReused)
    assert (forked.seq, forked.fork) == (2, True)
    assert newest_alarm(city) == ("ledger forked", "alarm", 2)
    assert city.registry.counts()["fact"] == 2


def test_a_key_that_came_before_under_another_number_is_no_fork(city: City, kiosk: Kiosk) -> None:
    facts = four(city, kiosk)[:1]
    send(kiosk, 1, facts, span_of(kiosk, facts, 1, 1))
    again = msgspec.json.encode({**msgspec.json.decode(facts[0]), "seq": 2})
    answer = send(kiosk, 2, [again], span_of(kiosk, [*facts, again], 2, 1))
    assert msgspec.json.decode(answer.content, type=KeyReused).fork is UNSET
    assert newest_alarm(city) == ("fact key reused", "alarm", 2)


def test_a_restored_ledger_lies_before_staff_and_the_alarm_names_the_epoch_that_ended(city: City, kiosk: Kiosk) -> None:
    fact = LedgerRestored(former=kiosk.epoch, shared_seq=12, moved=3)
    (result,) = kiosk.push(1, kiosk.envelope(fact))
    assert (result.status, result.reasons, result.position) == (FactStatus.FLAGGED, (Reason.LEDGER_RESTORED,), 0)
    entry = city.registry.audit(limit=1)[0]
    assert (entry.action, entry.outcome, entry.detail["epoch"], entry.detail["seq"], entry.detail["count"]) == (
        "ledger restored",
        "alarm",
        str(kiosk.epoch),
        12,
        3,
    )


def test_an_old_ledger_that_goes_on_beside_a_younger_one_is_an_alarm_once(city: City, kiosk: Kiosk) -> None:
    facts = four(city, kiosk)
    send(kiosk, 1, facts[:1], span_of(kiosk, facts, 1, 1))
    first, kiosk.epoch, kiosk.seq = kiosk.epoch, uuid7(), 0
    city.clock.pass_(minutes=1)
    younger = [kiosk.envelope(a_checkout(city.hua, city.far_book))]
    send(kiosk, 1, younger, span_of(kiosk, younger, 1, 1))
    kiosk.epoch = first
    for seq in (1, 2, 3):
        answer = send(kiosk, seq, facts[seq - 1 : seq], span_of(kiosk, facts, seq, 1))
        assert msgspec.json.decode(answer.content, type=PushAnswer).next_seq == max(seq, 1) + 1
    alarms = [entry.action for entry in city.registry.audit(limit=20) if entry.outcome == "alarm"]
    assert alarms == ["old epoch again", "new epoch"]
