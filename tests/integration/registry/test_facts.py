"""Facts over real HTTP: each exactly once, whatever is sent twice, split or broken."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Raw
from sqlalchemy import delete, update
from uuid_utils.compat import uuid7

from circulation.cards import CardState
from circulation.facts import CheckoutUndone
from circulation.ids import KioskId, PatronId
from circulation.items import ItemStatus
from circulation.reasons import Reason
from circulation.wire import FactStatus, KeyReused, PushAnswer, PushBatch, SequenceGap, encode
from registry.cases.tables import staff_case
from registry.database import UnitOfWork
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from registry.exchange.tables import fact, feed, feed_head, flagged_fact, ledger
from registry.kiosks import store as kiosks
from registry.kiosks.tables import kiosk
from registry.lending.tables import loan
from tests.builders import an_item
from tests.integration.registry.city import City, Kiosk, a_checkout, deaf, problem_of

ONE_LOAN = "SELECT count(*) FROM loan WHERE closed_at IS NULL"


def test_two_books_become_two_loans_and_two_positions(city: City, kiosk: Kiosk) -> None:
    card = city.key_of(city.ming_card)
    bodies = [kiosk.envelope(a_checkout(city.ming, book, card=card)) for book in city.books[:2]]
    results = kiosk.push(1, *bodies)
    assert [(result.seq, result.status, result.position) for result in results] == [
        (1, FactStatus.ACCEPTED, 1),
        (2, FactStatus.ACCEPTED, 2),
    ]
    assert city.registry.counts()["open_loans"] == 2
    rows = city.sql("SELECT patron, item, due FROM loan ORDER BY id")
    assert rows == [(city.ming.bytes, book.bytes, "2026-04-10") for book in city.books[:2]]


def test_a_retry_gets_the_first_results_and_applies_nothing(city: City, kiosk: Kiosk) -> None:
    bodies = [kiosk.envelope(a_checkout(city.ming, book)) for book in city.books]
    first = kiosk.push(1, *bodies)
    before = city.registry.counts()
    city.clock.pass_(minutes=1)
    assert kiosk.push(1, *bodies) == first
    assert kiosk.push(2, *bodies[1:3]) == first[1:3]
    assert city.registry.counts() == before


def test_a_batch_that_begins_with_old_facts_applies_only_the_new(city: City, kiosk: Kiosk) -> None:
    bodies = [kiosk.envelope(a_checkout(city.ming, book)) for book in city.books]
    first = kiosk.push(1, *bodies[:2])
    assert kiosk.push(2, *bodies[1:])[0] == first[1]
    assert city.sql("SELECT seq FROM fact ORDER BY seq") == [(1,), (2,), (3,), (4,)]
    assert city.registry.counts()["open_loans"] == 4


def test_a_gap_says_from_where_to_send(city: City, kiosk: Kiosk) -> None:
    bodies = [kiosk.envelope(a_checkout(city.ming, book)) for book in city.books]
    answer = kiosk.push_raw(3, *bodies[2:])
    assert answer.status_code == 409
    assert msgspec.json.decode(answer.content, type=SequenceGap).send_from == 1
    kiosk.push(1, bodies[0])
    assert msgspec.json.decode(kiosk.push_raw(3, *bodies[2:]).content, type=SequenceGap).send_from == 2
    assert city.registry.counts()["fact"] == 1


def test_a_number_with_another_body_applies_nothing_and_raises_an_alarm(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    kiosk.seq = 0
    forged, fresh = (kiosk.envelope(a_checkout(city.hua, book)) for book in city.books[1:3])
    answer = kiosk.push_raw(1, forged, fresh)
    assert answer.status_code == 422
    assert msgspec.json.decode(answer.content, type=KeyReused).seq == 1
    assert city.registry.counts()["fact"] == 1
    alarm = city.registry.audit(limit=1)[0]
    assert (alarm.action, alarm.outcome, alarm.detail["seq"]) == ("fact key reused", "alarm", 1)


@pytest.mark.parametrize("where", ["the same batch", "another batch", "another kiosk"])
def test_a_key_that_came_before_applies_nothing_and_raises_an_alarm(city: City, kiosk: Kiosk, other_kiosk: Kiosk, where: str) -> None:
    first = kiosk.envelope(a_checkout(city.ming, city.books[0]))
    copied = {**msgspec.json.decode(kiosk.envelope(a_checkout(city.ming, city.books[1]))), "key": msgspec.json.decode(first)["key"]}
    match where:
        case "the same batch":
            answer = kiosk.push_raw(1, first, msgspec.json.encode(copied))
        case "another batch":
            kiosk.push(1, first)
            answer = kiosk.push_raw(2, msgspec.json.encode(copied))
        case _:
            kiosk.push(1, first)
            answer = other_kiosk.push_raw(1, msgspec.json.encode({**copied, "seq": 1}))
    assert answer.status_code == 422
    assert city.registry.counts()["open_loans"] == (0 if where == "the same batch" else 1)
    assert city.registry.audit(limit=1)[0].outcome == "alarm"


def test_both_loans_of_one_item_stand_with_a_record_of_the_conflict(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    first, second = a_checkout(city.ming, city.books[0]), a_checkout(city.hua, city.books[0], due=date(2026, 4, 1))
    kiosk.push(1, kiosk.envelope(first))
    (result,) = other_kiosk.push(1, other_kiosk.envelope(second))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.ITEM_ON_LOAN,))
    assert city.registry.counts()["open_loans"] == 2
    conflicts = city.sql("SELECT branch, reasons, loan, other_loan, settled_at FROM flagged_fact JOIN staff_case ON id = fact_key")
    assert conflicts == [("L12", '["item_on_loan"]', second.loan.bytes, first.loan.bytes, None)]
    page = kiosk.changes(city.feed, 0, 5)
    assert {change.key for change in page.changes} == {str(first.loan), str(second.loan)}
    assert result.position == 2


def test_a_loan_on_a_lost_card_is_flagged(city: City, kiosk: Kiosk) -> None:
    city.registry.change_card(city.ming_card, CardState.LOST)
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0], card=city.key_of(city.ming_card))))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.CARD_LOST,))
    assert city.registry.counts()["open_loans"] == 1


def test_a_loan_of_unknown_things_is_recorded_flagged_and_taken_back_from_the_kiosk(city: City, kiosk: Kiosk) -> None:
    fact = a_checkout(uuid7(), uuid7())
    (result,) = kiosk.push(1, kiosk.envelope(fact))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.PATRON_UNKNOWN, Reason.ITEM_UNKNOWN))
    counts = city.registry.counts()
    assert (counts["loan"], counts["fact"], counts["flagged_fact"]) == (0, 1, 1)
    (told,) = kiosk.changes(city.feed, 0, 5).changes
    assert (told.seq, told.table, told.key) == (result.position, "loan", str(fact.loan))
    assert told.row is not None
    assert bytes(told.row) == b"null"


def test_a_loan_that_was_undone_is_a_tombstone(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact))
    (hers,) = other_kiosk.push(1, other_kiosk.envelope(CheckoutUndone(loan=fact.loan)))
    assert (hers.status, hers.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
    (result,) = kiosk.push(2, kiosk.envelope(CheckoutUndone(loan=fact.loan)))
    assert result.status is FactStatus.ACCEPTED
    assert city.registry.counts()["open_loans"] == 0
    (change,) = kiosk.changes(city.feed, 0, 5).changes
    assert change.seq == result.position
    assert change.row is not None
    assert bytes(change.row) == b"null"


def test_a_loan_lent_and_undone_in_one_batch_leaves_nothing_open(city: City, kiosk: Kiosk) -> None:
    fact = a_checkout(city.ming, city.books[0])
    results = kiosk.push(1, kiosk.envelope(fact), kiosk.envelope(CheckoutUndone(loan=fact.loan)))
    assert [result.status for result in results] == [FactStatus.ACCEPTED, FactStatus.ACCEPTED]
    assert city.sql(ONE_LOAN) == [(0,)]


def test_what_is_lent_is_neither_missing_nor_on_the_hold_shelf_any_more(city: City, kiosk: Kiosk) -> None:
    held = an_item(barcode="1", status=ItemStatus.ON_HOLD_SHELF, held_for=PatronId(city.ming))
    missing, untouched = an_item(barcode="2", status=ItemStatus.MISSING), an_item(barcode="3", status=ItemStatus.MISSING)
    city.registry.add_items([held, missing, untouched])
    kiosk.push(1, *(kiosk.envelope(a_checkout(city.ming, item.id)) for item in (held, missing)))
    assert city.sql("SELECT status, held_for FROM item WHERE barcode IN ('1', '2')") == [("available", None)] * 2
    assert city.sql("SELECT status FROM item WHERE barcode = '3'") == [("missing",)]
    assert city.sql("SELECT table_name FROM feed WHERE seq > 3 ORDER BY seq") == [("item",), ("loan",)] * 2


def test_a_new_epoch_begins_at_one_and_is_noted(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert city.registry.audit(limit=1)[0].outcome == "expected"
    old = kiosk.epoch
    kiosk.epoch, kiosk.seq = uuid7(), 0
    city.clock.pass_(minutes=1)
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[1])))
    entry = city.registry.audit(limit=1)[0]
    assert (entry.action, entry.outcome, entry.detail["epoch"]) == ("new epoch", "alarm", str(kiosk.epoch))
    kiosk.epoch, kiosk.seq = old, 1
    kiosk.push(2, kiosk.envelope(a_checkout(city.ming, city.books[2])))
    assert (city.registry.audit(limit=1)[0].action, city.registry.audit(limit=1)[0].outcome) == ("old epoch again", "alarm")
    assert city.registry.counts()["open_loans"] == 3


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"first_seq": "1"}, "first_seq"),
        ({"first_seq": 0}, "first_seq"),
        ({"epoch": 7}, "epoch"),
        ({"facts": []}, "facts"),
        ({"v": 2}, "v"),
    ],
)
def test_a_batch_that_is_wrong_as_a_whole_says_where(kiosk: Kiosk, change: dict[str, object], place: str) -> None:
    batch = {"v": 1, "epoch": str(kiosk.epoch), "first_seq": 1, "facts": [{}], **change}
    answer = kiosk.request("POST", "/v1/facts", msgspec.json.encode(batch))
    assert answer.status_code == 400
    assert (problem_of(answer).code, problem_of(answer).place) == ("malformed", place)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"facts":' + b"[" * 100_000])
def test_what_is_no_json_is_refused_shortly(kiosk: Kiosk, body: bytes) -> None:
    answer = kiosk.request("POST", "/v1/facts", body)
    assert answer.status_code == 400
    assert len(answer.content) < 500
    assert b"Traceback" not in answer.content


def test_a_body_over_the_limit_is_refused(city: City, kiosk: Kiosk) -> None:
    answer = kiosk.request("POST", "/v1/facts", b" " * (4 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert problem_of(answer).code == "too_large"
    assert city.registry.counts()["fact"] == 0


def test_a_fact_from_the_future_is_recorded_as_now(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0]), at=city.clock() + timedelta(days=30)))
    assert city.sql("SELECT lent_at FROM loan") == [(int(city.clock().timestamp()) * 1_000_000,)]


def test_one_batch_sent_by_many_at_once_is_applied_once(city: City, kiosk: Kiosk) -> None:
    bodies = [kiosk.envelope(a_checkout(city.ming, book)) for book in city.books]
    kiosk.push(1, bodies[0])
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: replace(kiosk, session=requests.Session()).push(1, *bodies), range(6)))
    assert len(set(answers)) == 1
    assert city.registry.counts()["open_loans"] == 4


def test_an_epoch_of_another_kiosk_is_not_ours(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    other_kiosk.epoch = kiosk.epoch
    results = other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.hua, city.books[1])))
    assert results[0].status is FactStatus.ACCEPTED
    assert city.registry.counts()["ledger"] == 2


STEPS = st.lists(
    st.tuples(st.sampled_from(["lend", "undo", "rubbish", "unknown"]), st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=8
)


@example(steps=[("lend", 0, 0), ("undo", 0, 0), ("undo", 0, 0)], cuts=[2], again=0)
@given(steps=STEPS, cuts=st.lists(st.integers(1, 7), max_size=4), again=st.integers(0, 7))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])  # every push begins with tables made empty
def test_batches_split_and_repeated_in_any_way_give_the_same(
    city: City, steps: list[tuple[str, int, int]], cuts: list[int], again: int
) -> None:
    """The law of the push: only the order of facts counts, never how they were packed or how often they came."""
    loans = [uuid7() for _ in steps]
    bodies = [_body(city, step, seq, loans) for seq, step in enumerate(steps, start=1)]
    borders = sorted({0, len(bodies), *(cut for cut in cuts if cut < len(bodies))})
    at_once = _pushed(city, [bodies])
    assert _pushed(city, [bodies[a:b] for a, b in pairwise(borders)], again=again) == at_once


def _body(city: City, step: tuple[str, int, int], seq: int, loans: list[UUID]) -> bytes:
    kind, who, which = step
    patron = (city.ming, city.hua)[who]
    maker = Kiosk("", city.clock, None, None, seq=seq - 1)  # type: ignore[arg-type] # it only writes envelopes
    match kind:
        case "lend":
            return maker.envelope(a_checkout(patron, city.books[which], loan=loans[seq - 1]))
        case "undo":
            return maker.envelope(CheckoutUndone(loan=loans[which % len(loans)]))
        case "unknown":
            return msgspec.json.encode({"key": uuid7(), "seq": seq, "fact": {"type": "to_come"}})
        case _:
            return b'{"seq":"?"}'


def _pushed(city: City, parts: list[list[bytes]], *, again: int | None = None) -> tuple[list[object], list[object]]:
    city.registry.database.write(_as_founded)
    intake = FactIntake(city.registry.database, now=city.clock, zone=city.registry.settings.zone, notify=deaf)
    sender, epoch = Sender(KioskId(_enrolled(city)), "C01"), UUID(int=7)
    results: list[object] = []
    seq = 1
    for part in parts:
        batch = PushBatch(epoch=epoch, first_seq=seq, facts=[Raw(body) for body in part])
        answer = intake.take(sender, batch)
        assert isinstance(answer, PushAnswer)
        if again is not None and again % (len(part) + 1) == 0:
            assert intake.take(sender, batch) == answer
        results += [encode(_placeless(result)) for result in answer.results]
        seq = answer.next_seq
    state: list[object] = []
    for query in (
        "SELECT id, patron, item, due, closed_at IS NULL FROM loan ORDER BY id",
        "SELECT seq, body, status, position, reasons FROM fact ORDER BY seq",
        "SELECT fact_key, reasons, loan, other_loan FROM flagged_fact ORDER BY fact_key",
        "SELECT seq, table_name, row_key FROM feed ORDER BY seq",
        "SELECT n FROM feed_head",
        "SELECT last_seq FROM ledger",
    ):
        state += city.sql(query)
    return results, state


def _as_founded(work: UnitOfWork) -> None:
    for table in (flagged_fact, staff_case, fact, ledger, loan, feed, kiosk):
        work.connection.execute(delete(table))
    work.connection.execute(update(feed_head).values(n=0))


def _placeless(result: object) -> msgspec.Struct:
    """Which place in its batch a fact had is the one thing that the packing decides."""
    assert isinstance(result, msgspec.Struct)
    return msgspec.structs.replace(result, place="")


def _enrolled(city: City) -> UUID:
    kiosk = kiosks.KioskRecord(KioskId(UUID(int=1)), "k", "C01", bytes(32), city.clock())
    city.registry.database.write(lambda work: kiosks.add(work, kiosk))
    return kiosk.id
