"""Late returns are booked where loans end, once, and suspensions follow at every kiosk."""

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import msgspec
import pytest
from uuid_utils.compat import uuid7

from circulation.blocks import BlockCode
from circulation.cards import CardKind, CardUid
from circulation.facts import CheckoutUndone
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from circulation.reasons import Reason
from circulation.rules import OverdueRules
from registry.database import UnitOfWork
from registry.desk.replacing import NewCardOrder
from registry.enrolment.store import PatronRecord
from registry.overdue import store
from registry.overdue.booking import Booking
from registry.overdue.store_retention import erase_suspensions
from replica.rows import BlockRow
from tests.builders import a_rule_set, rules
from tests.integration.registry.city import City, Kiosk, a_checkout, a_renewal, a_return
from tests.integration.registry.overdue.late import (
    DUE,
    STAFF,
    april,
    blocks,
    bring_back,
    heard_of_block,
    last_number,
    late,
    lend,
    noon,
    suspended,
)


def test_rule_overdue_a_late_return_suspends_at_every_kiosk_until_the_shown_day(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    before = last_number(city)
    late(city, kiosk, 0, 1, on=april(13))
    assert blocks(city) == suspended(april(19))
    (told,) = heard_of_block(city, other_kiosk, before)
    assert told.row is not None
    row = msgspec.json.decode(told.row, type=BlockRow)
    assert (row.patron, row.code, row.until) == (city.ming, BlockCode.SUSPENDED, april(19))


def test_rule_overdue_a_return_in_time_books_nothing(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=DUE)
    assert blocks(city) == []
    assert city.sql("SELECT count(*) FROM late_return") == [(0,)]


def test_rule_overdue_the_local_date_decides_what_is_late(city: City, kiosk: Kiosk) -> None:
    """Half past eleven in the evening at the library is the afternoon of the same day in UTC, half past twelve is still it there."""
    first, second = lend(city, kiosk, 0, 1)
    in_time, too_late = noon(DUE) + timedelta(hours=11, minutes=30), noon(DUE) + timedelta(hours=12, minutes=30)
    city.clock.at = too_late
    kiosk.push(3, kiosk.envelope(a_return(loan=first), at=in_time), kiosk.envelope(a_return(loan=second), at=too_late))
    assert blocks(city) == suspended(april(12))


def test_rule_overdue_a_suspended_patron_borrows_again_the_day_after(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(13))
    for day, reasons in ((april(16), (Reason.PATRON_SUSPENDED,)), (april(17), ())):
        city.clock.at = noon(day)
        (result,) = kiosk.push(kiosk.seq + 1, kiosk.envelope(a_checkout(city.ming, city.books[day.day - 15], due=april(40))))
        assert result.reasons == reasons


def test_rule_overdue_it_starts_when_the_last_overdue_item_is_back(city: City, kiosk: Kiosk) -> None:
    first, second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(12))
    assert blocks(city) == []
    bring_back(kiosk, second, on=april(15))
    assert blocks(city) == suspended(april(15 + 2 + 5))


def test_rule_overdue_an_open_overdue_loan_still_stops_loans_by_itself(city: City, kiosk: Kiosk) -> None:
    first, _second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(12))
    (result,) = kiosk.push(kiosk.seq + 1, kiosk.envelope(a_checkout(city.ming, city.books[2], due=april(40))))
    assert result.reasons == (Reason.PATRON_HAS_OVERDUE,)


@pytest.mark.parametrize("order", list(permutations(range(3)))[1::2])
def test_rule_overdue_the_order_in_which_returns_are_heard_of_does_not_matter(city: City, kiosk: Kiosk, order: tuple[int, ...]) -> None:
    loans = lend(city, kiosk, 0, 1, 2)
    for book in order:
        bring_back(kiosk, loans[book], on=april(12 + book), heard=april(20))
    assert blocks(city) == suspended(april(14 + 2 + 3 + 4))


def test_rule_overdue_a_return_that_is_sent_or_scanned_twice_is_booked_once(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    (loan,) = lend(city, kiosk, 0)
    city.clock.at = noon(april(13))
    fact = kiosk.envelope(a_return(loan=loan))
    for _ in range(2):
        kiosk.push(2, fact)
    bring_back(other_kiosk, loan, on=april(18))
    assert blocks(city) == suspended(april(16))
    assert city.sql("SELECT count(*) FROM late_return") == [(1,)]


@pytest.mark.parametrize("known", ["loan", "barcode"])
def test_rule_overdue_an_earlier_return_that_becomes_known_later_shortens_it(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk, known: str
) -> None:
    """A book drop whose kiosk was offline: the item was back before somebody scanned it at a desk."""
    (loan,) = lend(city, kiosk, 0)
    bring_back(kiosk, loan, on=april(20))
    assert blocks(city) == suspended(april(30))
    before = last_number(city)
    fact = a_return(loan=loan) if known == "loan" else a_return(barcode="30234000000000")
    other_kiosk.push(1, other_kiosk.envelope(fact, at=noon(april(13))))
    assert blocks(city) == []  # the three days were over on the 16th
    (told,) = heard_of_block(city, kiosk, before)
    assert told.row is None or bytes(told.row) == b"null"
    other_kiosk.push(2, other_kiosk.envelope(fact, at=noon(april(9))))
    assert city.sql("SELECT days FROM suspension") == [(0,)]


def test_rule_overdue_a_return_before_the_loan_was_made_shortens_nothing(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    city.clock.at = noon(april(1))
    late(city, kiosk, 0, on=april(20))
    other_kiosk.push(1, other_kiosk.envelope(a_return(barcode="30234000000000"), at=noon(date(2026, 3, 30))))
    assert blocks(city) == suspended(april(30))


def test_rule_overdue_a_loan_that_was_undone_was_never_late(city: City, kiosk: Kiosk) -> None:
    first, second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(12))
    assert blocks(city) == []
    kiosk.push(kiosk.seq + 1, kiosk.envelope(CheckoutUndone(loan=second)))
    assert blocks(city) == suspended(april(14))


def test_rule_overdue_a_promise_that_becomes_known_later_ends_the_waiting(city: City, kiosk: Kiosk) -> None:
    first, second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(12))
    kiosk.push(kiosk.seq + 1, kiosk.envelope(a_renewal(second, city.ming)))
    assert blocks(city) == suspended(april(14))


def test_rule_overdue_a_family_serves_90_days_at_most(city: City, kiosk: Kiosk) -> None:
    family = PatronId(uuid7())
    city.registry.add_patrons([PatronRecord(family, "王家", None, None, patron_class=PatronClass.FAMILY)])
    by_class = {PatronClass.PERSONAL: rules(), PatronClass.FAMILY: rules(total=40, overdue=OverdueRules(longest_days=90, rate=1))}
    city.registry.add_rule_sets([a_rule_set(version=2, by_class=by_class)])
    lend(city, kiosk, 0)
    lend(city, kiosk, 1, patron=family)
    for (loan,) in city.sql("SELECT id FROM loan"):
        kiosk.clock.at = noon(april(130))
        kiosk.push(kiosk.seq + 1, kiosk.envelope(a_return(loan=UUID(bytes=loan))))
    assert blocks(city) == suspended(april(130 + 60))
    assert blocks(city, family) == suspended(april(130 + 90))


def test_r8_a_suspension_belongs_to_the_patron_and_outlives_the_card(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(13))
    new = CardUid.from_hex("04000001")
    city.registry.desk.cards.replace(NewCardOrder(PatronId(city.ming), CardKind.EASYCARD, new, city.ming_card), by=STAFF)
    assert blocks(city) == suspended(april(16))
    fact = a_checkout(city.ming, city.books[1], card=city.key_of(new), due=april(40))
    (result,) = kiosk.push(kiosk.seq + 1, kiosk.envelope(fact))
    assert result.reasons == (Reason.PATRON_SUSPENDED,)


def test_rule_overdue_reckoning_everything_again_changes_nothing(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """Whatever happened in between: a part payment, a return that was earlier than known, an item that is still out."""
    first, second = lend(city, kiosk, 0, 1)
    late(city, kiosk, 2, on=april(14), patron=city.hua)
    bring_back(kiosk, first, on=april(20))
    city.registry.desk.suspensions.pay(PatronId(city.ming), 2, by=STAFF)
    bring_back(kiosk, second, on=april(22))
    other_kiosk.push(1, other_kiosk.envelope(a_return(loan=first), at=noon(april(18))))
    before = (blocks(city), blocks(city, city.hua))
    assert before == (suspended(april(22 + 8 - 2 + 12)), suspended(april(18)))
    booking, now = Booking(city.registry.settings.zone), city.clock()
    assert city.registry.database.write(lambda work: booking.count_anew(work, since=DUE, now=now)) == []
    assert (blocks(city), blocks(city, city.hua)) == before


def test_late_returns_that_another_account_takes_over_suspend_that_one(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(13))
    booking, now = Booking(city.registry.settings.zone), city.clock()

    def take_over(work: UnitOfWork) -> None:
        store.adopt(work, {PatronId(city.ming): PatronId(city.hua)})
        assert len(booking.reckon(work, [city.ming, city.hua], now=now)) == 2

    city.registry.database.write(take_over)
    assert (blocks(city), blocks(city, city.hua)) == ([], suspended(april(16)))


def test_everything_about_a_patrons_late_returns_can_be_erased_at_once(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(13))
    city.registry.desk.suspensions.pay(PatronId(city.ming), 1, by=STAFF)
    (entry,) = city.registry.database.write(lambda work: erase_suspensions(work, [city.ming]))
    assert (entry.table, entry.key) == ("block", str(store.block_key(city.ming)))
    assert blocks(city) == []
    assert city.sql("SELECT count(*) FROM late_return") == [(0,)]
