"""What the registry makes of renewals, in memory: the promised date stands, what speaks against it is flagged."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from circulation.blocks import BlockCode
from circulation.cards import CardState
from circulation.facts import CheckedIn, CheckedOut, Renewed
from circulation.ids import LoanId, PatronId
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.patrons import Patron
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.world import KnownCard
from tests.builders import TODAY, a_block, a_loan, a_patron, an_item
from tests.unit.registry.settling import NOW, a_hold_record, a_world, an_envelope, settled, told

MING = a_patron()
LOAN = a_loan(patron=MING.id)
PROMISED = date(2026, 6, 1)
CARD = bytes(16)
YESTERDAY = TODAY - timedelta(days=1)


def renewed(loan: UUID = LOAN.id, *, patron: UUID = MING.id, due: date = PROMISED, card: bytes | None = None, seq: int = 1) -> bytes:
    return an_envelope(Renewed(loan=loan, patron=patron, due=due, rules=1, card=card), seq=seq)


def test_a_renewal_gives_the_loan_the_promised_date_and_is_counted() -> None:
    world = a_world(patrons=[MING], loans=[LOAN])
    (outcome,) = settled(world, renewed())
    assert (outcome.status, outcome.reasons) == (FactStatus.ACCEPTED, ())
    assert world.changes.renewed == {LOAN.id: replace(LOAN, due=PROMISED, renewals=1)}
    assert world.loans_of(MING.id) == [replace(LOAN, due=PROMISED, renewals=1)]
    assert told(outcome) == [("loan", str(LOAN.id))]


@pytest.mark.parametrize(
    ("patron", "loan", "reasons"),
    [
        (replace(MING, expires=YESTERDAY), LOAN, (Reason.PATRON_EXPIRED,)),
        (replace(MING, blocks=(a_block(BlockCode.FEES),)), LOAN, (Reason.PATRON_BLOCKED,)),
        (MING, replace(LOAN, due=YESTERDAY), (Reason.LOAN_OVERDUE,)),
        (MING, replace(LOAN, wanted=True), (Reason.HELD_FOR_ANOTHER,)),
        (MING, replace(LOAN, kind=ItemKind.AUDIO_VISUAL), (Reason.KIND_NOT_RENEWABLE,)),
        (MING, replace(LOAN, renewals=2), (Reason.RENEWALS_USED_UP,)),
        (
            replace(MING, expires=YESTERDAY, blocks=(a_block(BlockCode.SUSPENDED),)),
            replace(LOAN, due=YESTERDAY, wanted=True, renewals=2),
            (Reason.PATRON_EXPIRED, Reason.PATRON_SUSPENDED, Reason.LOAN_OVERDUE, Reason.HELD_FOR_ANOTHER, Reason.RENEWALS_USED_UP),
        ),
    ],
)
def test_every_reason_is_flagged_and_the_promise_is_kept(patron: Patron, loan: Loan, reasons: tuple[Reason, ...]) -> None:
    world = a_world(patrons=[patron], loans=[loan])
    (outcome,) = settled(world, renewed())
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, reasons)
    assert world.changes.renewed == {loan.id: replace(loan, due=PROMISED, renewals=loan.renewals + 1)}


@pytest.mark.parametrize("why", ["never on record", "returned", "another patron's", "of a patron nobody knows"])
def test_a_loan_that_is_not_the_patrons_is_flagged_and_its_row_told(why: str) -> None:
    book = an_item(id=LOAN.item)
    world = a_world(patrons=[MING], items=[book], loans=[LOAN])
    key, patron = LOAN.id, MING.id
    match why:
        case "never on record":
            key = LoanId(uuid4())
        case "returned":
            settled(world, an_envelope(CheckedIn(barcode=book.barcode, item=book.id)))
        case "another patron's":
            hua = a_patron()
            world.patrons[hua.id], patron = hua, hua.id
        case _:
            patron = PatronId(uuid4())
    (outcome,) = settled(world, renewed(key, patron=patron))
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
    assert told(outcome) == [("loan", str(key))]
    assert world.changes.renewed == {}


@pytest.mark.parametrize(
    ("cards", "reasons"),
    [
        ({CARD: KnownCard(MING.id, CardState.ACTIVE)}, ()),
        ({CARD: KnownCard(MING.id, CardState.LOST)}, (Reason.CARD_LOST,)),
        ({CARD: KnownCard(a_patron().id, CardState.ACTIVE)}, (Reason.CARD_UNKNOWN,)),
        ({}, (Reason.CARD_UNKNOWN,)),
    ],
)
def test_the_card_is_judged_as_at_a_checkout(cards: dict[bytes, KnownCard], reasons: tuple[Reason, ...]) -> None:
    world = a_world(patrons=[MING], loans=[LOAN], cards=cards)
    (outcome,) = settled(world, renewed(card=CARD))
    assert outcome.reasons == reasons
    assert set(world.changes.renewed) == {LOAN.id}


def test_of_two_promises_the_later_one_stands_in_whichever_order_they_come() -> None:
    for first, second in ((PROMISED, date(2026, 5, 1)), (date(2026, 5, 1), PROMISED)):
        world = a_world(patrons=[MING], loans=[LOAN])
        settled(world, renewed(due=first), renewed(due=second, seq=2))
        assert world.changes.renewed == {LOAN.id: replace(LOAN, due=PROMISED, renewals=2)}


def test_a_third_renewal_in_one_batch_sees_the_two_before() -> None:
    world = a_world(patrons=[MING], loans=[LOAN])
    outcomes = settled(world, renewed(), renewed(seq=2), renewed(seq=3))
    assert [outcome.reasons for outcome in outcomes] == [(), (), (Reason.RENEWALS_USED_UP,)]


def test_a_loan_that_was_made_renewed_and_returned_in_one_batch_leaves_one_new_closed_row() -> None:
    book, key = an_item(), uuid4()
    world = a_world(patrons=[MING], items=[book])
    lent = an_envelope(CheckedOut(loan=key, patron=MING.id, item=book.id, due=date(2026, 4, 10), rules=1))
    back = an_envelope(CheckedIn(barcode=book.barcode, item=book.id, loan=key), seq=3)
    outcomes = settled(world, lent, renewed(key, seq=2), back)
    assert [outcome.status for outcome in outcomes] == [FactStatus.ACCEPTED] * 3
    (made,) = world.changes.lent.values()
    assert (made.loan.due, made.loan.renewals) == (PROMISED, 1)
    assert (world.changes.renewed, world.changes.closed) == ({}, {key: NOW})


def test_a_loan_of_a_title_that_another_waits_for_is_wanted_from_its_first_moment() -> None:
    book, hua = an_item(), a_patron()
    for waiting, reasons in ((hua, (Reason.HELD_FOR_ANOTHER,)), (MING, ())):
        world = a_world(patrons=[MING], items=[book], holds=[a_hold_record(waiting.id)])
        key = uuid4()
        lent = an_envelope(CheckedOut(loan=key, patron=MING.id, item=book.id, due=date(2026, 4, 10), rules=1))
        _, outcome = settled(world, lent, renewed(key, seq=2))
        assert outcome.reasons == reasons
