"""What the registry makes of facts, in memory."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import Raw

from circulation.blocks import BlockCode
from circulation.cards import CardState
from circulation.facts import CheckedOut, CheckoutUndone
from circulation.holds import HoldState
from circulation.ids import LoanId
from circulation.items import Item, ItemStatus
from circulation.patrons import Patron
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import read_arrivals
from registry.exchange.moments import said_at
from registry.exchange.world import KnownCard, asked_by
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.unit.registry.settling import NOW, ZONE, a_hold_record, a_world, an_envelope, settled, told

CARD = bytes(16)
DUE = date(2026, 4, 10)


def lent(  # noqa: PLR0913 - one optional argument a field
    patron: Patron, item: Item, *, loan: UUID | None = None, card: bytes | None = None, seq: int = 1, due: date = DUE
) -> bytes:
    return an_envelope(CheckedOut(loan=loan or uuid4(), patron=patron.id, item=item.id, due=due, rules=1, card=card), seq=seq)


def test_a_checkout_becomes_a_loan_with_the_promised_due_date() -> None:
    ming, book = a_patron(), an_item()
    world = a_world(patrons=[ming], items=[book])
    (outcome,) = settled(world, lent(ming, book, due=date(2030, 1, 1)))
    assert outcome.status is FactStatus.ACCEPTED
    (made,) = world.changes.lent.values()
    assert (made.loan.patron, made.loan.item, made.loan.due) == (ming.id, book.id, date(2030, 1, 1))
    assert told(outcome) == [("loan", str(made.loan.id))]


def test_every_reason_is_flagged_and_the_loan_stands() -> None:
    ming, book = a_patron(blocks=(a_block(BlockCode.FEES),), expires=date(2026, 3, 1)), an_item(status=ItemStatus.IN_LIBRARY_ONLY)
    world = a_world(patrons=[ming], items=[book])
    (outcome,) = settled(world, lent(ming, book))
    assert outcome.status is FactStatus.FLAGGED
    assert outcome.reasons == (Reason.PATRON_EXPIRED, Reason.PATRON_BLOCKED, Reason.ITEM_IN_LIBRARY_ONLY)
    assert len(world.changes.lent) == 1


def test_the_second_loan_of_an_item_stands_and_names_the_first() -> None:
    ming, hua, book = a_patron(), a_patron(), an_item()
    first = a_loan(patron=hua.id, item=book.id)
    world = a_world(patrons=[ming], items=[book], loans=[first])
    (outcome,) = settled(world, lent(ming, book))
    assert (outcome.status, outcome.reasons, outcome.collides_with) == (FactStatus.FLAGGED, (Reason.ITEM_ON_LOAN,), first.id)
    assert first.id in world.loans
    assert len(world.changes.lent) == 1


@pytest.mark.parametrize(
    ("known", "reasons"),
    [
        ("active", ()),
        ("lost", (Reason.CARD_LOST,)),
        ("replaced", (Reason.CARD_UNKNOWN,)),
        ("of somebody else", (Reason.CARD_UNKNOWN,)),
    ],
)
def test_the_card_is_judged_by_what_the_registry_knows_now(known: str, reasons: tuple[Reason, ...]) -> None:
    ming, hua, book = a_patron(), a_patron(), an_item()
    cards = {
        "active": {CARD: KnownCard(ming.id, CardState.ACTIVE)},
        "lost": {CARD: KnownCard(ming.id, CardState.LOST)},
        "replaced": {},
        "of somebody else": {CARD: KnownCard(hua.id, CardState.ACTIVE)},
    }[known]
    world = a_world(patrons=[ming], items=[book], cards=cards)
    (outcome,) = settled(world, lent(ming, book, card=CARD))
    assert outcome.reasons == reasons
    assert len(world.changes.lent) == 1


def test_an_unknown_patron_and_item_are_flagged_without_a_loan_but_the_kiosk_is_told() -> None:
    key = uuid4()
    world = a_world()
    (outcome,) = settled(world, lent(a_patron(), an_item(), loan=key))
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.PATRON_UNKNOWN, Reason.ITEM_UNKNOWN))
    assert world.changes.lent == {}
    assert told(outcome) == [("loan", str(key))]


def test_each_fact_sees_what_those_before_it_did() -> None:
    ming, book = a_patron(), an_item()
    key = uuid4()
    undone = an_envelope(CheckoutUndone(loan=key), seq=2)
    world = a_world(patrons=[ming], items=[book])
    outcomes = settled(world, lent(ming, book, loan=key), undone, lent(ming, book, seq=3), lent(ming, book, seq=4))
    assert [outcome.status for outcome in outcomes] == [FactStatus.ACCEPTED, FactStatus.ACCEPTED, FactStatus.ACCEPTED, FactStatus.FLAGGED]
    assert world.changes.closed == {key: None}
    assert outcomes[3].reasons == (Reason.ITEM_ALREADY_YOURS,)


def test_a_kiosk_undoes_its_own_loans_only() -> None:
    loan = a_loan()
    for world in (a_world(loans=[loan], kiosk=uuid4()), a_world(loans=[loan], kiosk=None), a_world()):
        (outcome,) = settled(world, an_envelope(CheckoutUndone(loan=loan.id)))
        assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
        assert world.changes.closed == {}


def test_a_loan_key_is_used_once() -> None:
    ming, book, other = a_patron(), an_item(), an_item()
    world = a_world(patrons=[ming], items=[book, other])
    key = uuid4()
    _, second = settled(world, lent(ming, book, loan=key), lent(ming, other, loan=key, seq=2))
    assert (second.status, second.place) == (FactStatus.MALFORMED, "facts[1].fact.loan")
    assert list(world.loans) == [LoanId(key)]


@pytest.mark.parametrize("status", [ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.IN_TRANSIT, ItemStatus.CLAIMED_RETURNED])
def test_an_item_in_a_patrons_hands_is_neither_missing_nor_on_its_way_any_more(status: ItemStatus) -> None:
    ming, book = a_patron(), an_item(status=status)
    world = a_world(patrons=[ming], items=[book])
    (outcome,) = settled(world, lent(ming, book))
    assert outcome.reasons == (() if status.refusal is None else (status.refusal,))
    assert world.changes.items[book.id].status is ItemStatus.AVAILABLE
    assert told(outcome)[0] == ("item", str(book.id))


def test_rule_holds_a_trapped_item_that_another_left_with_is_flagged_and_whoever_it_lay_there_for_waits_again() -> None:
    """The fact has happened: the item is in her hands, so it can't be on the shelf as well."""
    ming, hua = a_patron(), a_patron()
    held = an_item(status=ItemStatus.ON_HOLD_SHELF, held_for=ming.id)
    hold = a_hold_record(ming.id, state=HoldState.READY, item=held.id)
    his, hers = (a_world(patrons=[ming, hua], items=[held], holds=[hold]) for _ in range(2))
    (mine,), (not_hers,) = settled(his, lent(ming, held)), settled(hers, lent(hua, held))
    for world in (his, hers):
        assert (world.changes.items[held.id].status, world.changes.items[held.id].held_for) == (ItemStatus.AVAILABLE, None)
    assert set(his.changes.served) == {hold.id}
    assert [table for table, _ in told(mine)] == [table for table, _ in told(not_hers)] == ["item", "hold", "loan"]
    assert (not_hers.status, not_hers.reasons, hers.changes.served) == (FactStatus.FLAGGED, (Reason.ITEM_ON_HOLD,), {})
    assert [one.state for one in hers.holds.changed.values()] == [HoldState.WAITING]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"seq": 9}, "facts[1].seq"),
        ({"seq": "2"}, "facts[1].seq"),
        ({"seq": None}, "facts[1].seq"),
        ({"key": "no key"}, "facts[1].key"),
        ({"at": "2026-03-11T10:00:00"}, "facts[1].at"),
        ({"at": "yesterday"}, "facts[1].at"),
        ({"fact": {"type": "checked_out"}}, "facts[1].fact"),
        ({"fact": {"type": "checkout_undone", "loan": 7}}, "facts[1].fact.loan"),
        ({"fact": 7}, "facts[1].fact"),
    ],
)
def test_a_malformed_fact_names_its_place_and_leaves_the_others_alone(change: dict[str, object], place: str) -> None:
    ming, books = a_patron(), [an_item(), an_item()]
    bad = msgspec.json.encode({**msgspec.json.decode(lent(ming, books[0], seq=2)), **change})
    world = a_world(patrons=[ming], items=books)
    first, second, third = settled(world, lent(ming, books[0]), bad, lent(ming, books[1], seq=3))
    assert (second.status, second.place, second.arrival.body) == (FactStatus.MALFORMED, place, bad)
    assert second.problem
    assert (first.status, third.status) == (FactStatus.ACCEPTED, FactStatus.ACCEPTED)
    assert [outcome.arrival.seq for outcome in (first, second, third)] == [1, 2, 3]


@pytest.mark.parametrize("body", [b"42", b"null", b'"text"', b"[]", b"{}"])
def test_anything_may_stand_where_a_fact_should(body: bytes) -> None:
    (outcome,) = settled(a_world(), body)
    assert outcome.status is FactStatus.MALFORMED
    assert outcome.place.startswith("facts[0]")


def test_a_fact_of_a_kind_to_come_is_kept_by_itself() -> None:
    key = uuid4()
    body = msgspec.json.encode({"key": key, "seq": 1, "fact": {"type": "book_eaten_by_dog", "teeth": 42}, "more": True})
    (outcome,) = settled(a_world(), body)
    assert (outcome.status, outcome.arrival.key, outcome.arrival.body) == (FactStatus.UNKNOWN, key, body)


def test_the_rules_of_the_librarys_date_are_used_not_of_the_utc_date() -> None:
    late = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)  # half past midnight on the 11th at the library
    ming, book = a_patron(expires=date(2026, 3, 10)), an_item()
    body = an_envelope(CheckedOut(loan=uuid4(), patron=ming.id, item=book.id, due=DUE, rules=1), at=late)
    (outcome,) = settled(a_world(patrons=[ming], items=[book]), body)
    assert outcome.reasons == (Reason.PATRON_EXPIRED,)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3)),
        ((NOW - timedelta(hours=3)).astimezone(ZONE), NOW - timedelta(hours=3)),
        (NOW + timedelta(seconds=1), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), NOW),
    ],
)
def test_a_plainly_wrong_clock_is_not_believed(said: datetime, taken: datetime) -> None:
    assert said_at(said, now=NOW).at == taken


def test_what_a_batch_asks_for_is_collected_once() -> None:
    ming, book = a_patron(), an_item()
    arrivals = read_arrivals(1, [Raw(lent(ming, book, card=CARD)), Raw(lent(ming, book, seq=2)), Raw(b"{}")])
    asked = asked_by(arrivals)
    assert (set(asked.patrons), set(asked.items), set(asked.cards), len(asked.loans)) == ({ming.id}, {book.id}, {CARD}, 2)
