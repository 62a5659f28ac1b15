"""Returns, renewals and loss reports over real HTTP: what stands in the tables, what goes into the feed, what a retry hears."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardState, CardUid
from circulation.facts import CardReportedLost
from circulation.ids import CardId, PatronId
from circulation.items import ItemStatus
from circulation.reasons import Reason
from circulation.wire import Change, FactStatus
from registry.cards.store import CardRecord
from registry.exchange.store_retention import forget_returns
from registry.settings import RegistrySettings
from replica.rows import CardRow, LoanRow
from tests.builders import an_item
from tests.integration.registry.city import City, Kiosk, a_checkout, a_hold, a_renewal, a_return
from tests.integration.registry.test_changes import Poll, waiting

IPASS = CardUid.from_hex("04FFFFFFFFFF80")


def lend(city: City, kiosk: Kiosk, *, patron: UUID | None = None, book: UUID | None = None) -> UUID:
    fact = a_checkout(patron or city.ming, book or city.books[0])
    kiosk.push(kiosk.seq + 1, kiosk.envelope(fact))
    return fact.loan


def news(city: City, kiosk: Kiosk, after: int) -> list[tuple[int, str, str, bool]]:
    """Position, table, key, and whether there is a row."""
    return [(one.seq, one.table, one.key, not _gone(one)) for one in kiosk.changes(city.feed, after, 5).changes]


def _gone(one: Change) -> bool:
    return one.row is None or bytes(one.row) == b"null"


def test_a_return_ends_the_loan_at_every_kiosk(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    loan = lend(city, kiosk)
    city.clock.pass_(days=1)
    at = city.clock() - timedelta(minutes=5)
    (result,) = kiosk.push(2, kiosk.envelope(a_return(loan=loan, item=city.books[0]), at=at))
    assert (result.status, result.reasons, result.position) == (FactStatus.ACCEPTED, (), 2)
    assert city.sql("SELECT closed_at, returned_at FROM loan") == [tuple(_microseconds(moment) for moment in (city.clock(), at))]
    assert news(city, other_kiosk, 1) == [(2, "loan", str(loan), False)]


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_return_at_another_branch_sends_the_item_home(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """The item's own branch hears of its way home; there it is on its shelf again once it is scanned."""
    loan = lend(city, kiosk)
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_return(loan=loan, item=city.books[0])))
    assert result.position == 3
    assert city.sql("SELECT status, branch FROM item WHERE barcode = '30234000000000'") == [(ItemStatus.IN_TRANSIT, "C01")]
    assert news(city, kiosk, 1) == [(2, "item", str(city.books[0]), True), (3, "loan", str(loan), False)]
    assert news(city, other_kiosk, 1) == [(3, "loan", str(loan), False)]
    (arrived,) = kiosk.push(2, kiosk.envelope(a_return(barcode="30234000000000")))
    assert (arrived.status, arrived.position) == (FactStatus.ACCEPTED, 4)
    assert city.sql("SELECT status FROM item WHERE barcode = '30234000000000'") == [(ItemStatus.AVAILABLE,)]


def test_an_item_that_its_kiosk_does_not_know_is_returned_by_its_barcode(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """Sync rule 16."""
    loan = lend(city, kiosk)
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_return(barcode="30234000000000")))
    assert result.status is FactStatus.ACCEPTED
    assert (2, "item", str(city.books[0]), True) in news(city, kiosk, 1)
    assert (3, "loan", str(loan), False) in news(city, kiosk, 1)


def test_an_item_of_no_library_is_recorded_and_flagged(city: City, kiosk: Kiosk) -> None:
    (result,) = kiosk.push(1, kiosk.envelope(a_return(barcode="from somewhere else")))
    assert (result.status, result.reasons, result.position) == (FactStatus.FLAGGED, (Reason.ITEM_UNKNOWN,), 0)
    assert city.sql("SELECT branch, reasons, loan, item FROM flagged_fact JOIN staff_case ON id = fact_key") == [
        ("C01", '["item_unknown"]', None, None)
    ]


def test_a_loan_that_was_never_on_record_is_told_as_gone(city: City, kiosk: Kiosk) -> None:
    never = uuid7()
    (result,) = kiosk.push(1, kiosk.envelope(a_return(loan=never, item=city.books[0])))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
    assert news(city, kiosk, 0) == [(result.position, "loan", str(never), False)]


def test_a_copy_on_loan_to_two_patrons_ends_both_loans_and_leaves_a_record(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """I4."""
    first = lend(city, kiosk)
    second = lend(city, other_kiosk, patron=city.hua)
    city.clock.pass_(hours=1)
    (result,) = kiosk.push(2, kiosk.envelope(a_return(loan=first, item=city.books[0])))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.SEVERAL_LOANS,))
    assert city.registry.counts()["open_loans"] == 0
    flags = city.sql("SELECT reasons, loan, other_loan FROM flagged_fact ORDER BY reasons")
    assert flags == [('["item_on_loan"]', second.bytes, first.bytes), ('["several_loans"]', first.bytes, second.bytes)]
    assert {change[2:] for change in news(city, kiosk, 2)} == {(str(first), False), (str(second), False)}


def test_a_return_that_comes_after_the_next_loan_ends_only_the_loan_before_it(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """The kiosk of the return was offline: the book went on to another patron meanwhile."""
    old = lend(city, kiosk)
    city.clock.pass_(hours=1)
    returned_at = city.clock()
    city.clock.pass_(hours=1)
    new = lend(city, kiosk, patron=city.hua)
    city.clock.pass_(hours=1)
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_return(loan=old, item=city.books[0]), at=returned_at))
    assert (result.status, result.reasons) == (FactStatus.ACCEPTED, ())
    assert city.sql("SELECT id FROM loan WHERE closed_at IS NULL") == [(new.bytes,)]
    assert city.sql("SELECT status FROM item WHERE barcode = '30234000000000'") == [("available",)]
    assert news(city, other_kiosk, 2) == [(3, "loan", str(old), False)]


def test_a_retry_of_any_kind_of_fact_gets_its_first_result(city: City, kiosk: Kiosk) -> None:
    loan = lend(city, kiosk)
    bodies = [
        kiosk.envelope(a_renewal(loan, city.ming)),
        kiosk.envelope(a_return(loan=loan, item=city.books[0])),
        kiosk.envelope(a_renewal(loan, city.ming)),
        kiosk.envelope(CardReportedLost(card=city.key_of(city.ming_card), patron=city.ming)),
        kiosk.envelope(CardReportedLost(card=city.key_of(city.ming_card), patron=city.hua)),
    ]
    first = kiosk.push(2, *bodies)
    assert [one.reasons for one in first] == [(), (), (Reason.LOAN_UNKNOWN,), (), (Reason.CARD_UNKNOWN,)]
    before = city.registry.counts()
    city.clock.pass_(days=1)
    assert kiosk.push(2, *bodies) == first
    assert kiosk.push(4, *bodies[2:]) == first[2:]
    assert city.registry.counts() == before
    assert before["fact"] == 6


def test_a_renewal_stands_in_the_tables_and_in_the_feed(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    loan = lend(city, kiosk)
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_renewal(loan, city.ming, due=date(2026, 5, 12))))
    assert (result.status, result.position) == (FactStatus.ACCEPTED, 2)
    assert city.sql("SELECT due, renewals FROM loan") == [("2026-05-12", 1)]
    (change,) = kiosk.changes(city.feed, 1, 5).changes
    row = msgspec.json.decode(change.row or b"", type=LoanRow)
    assert (row.due, row.renewals, row.barcode, row.branch, row.wanted) == (date(2026, 5, 12), 1, "30234000000000", "C01", False)


def test_a_renewal_of_a_title_that_another_waits_for_is_flagged_and_stands(city: City, kiosk: Kiosk) -> None:
    loan = lend(city, kiosk)
    city.registry.add_holds([a_hold(city.hua)])
    (result,) = kiosk.push(2, kiosk.envelope(a_renewal(loan, city.ming)))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.HELD_FOR_ANOTHER,))
    assert city.sql("SELECT due, renewals FROM loan") == [("2026-05-10", 1)]
    assert city.sql("SELECT loan, patron, item FROM flagged_fact") == [(loan.bytes, city.ming.bytes, city.books[0].bytes)]


def test_a_renewal_of_a_returned_loan_is_flagged_and_the_kiosk_is_told_that_it_is_gone(city: City, kiosk: Kiosk) -> None:
    loan = lend(city, kiosk)
    kiosk.push(2, kiosk.envelope(a_return(loan=loan, item=city.books[0])))
    (result,) = kiosk.push(3, kiosk.envelope(a_renewal(loan, city.ming)))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
    assert news(city, kiosk, 2) == [(3, "loan", str(loan), False)]


def test_a_loss_report_stops_one_card_and_is_kept(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """R7; what the registry keeps names the kiosk."""
    city.registry.add_cards([CardRecord(CardId(uuid7()), PatronId(city.ming), CardKind.IPASS, IPASS)])
    lost, by = city.key_of(city.ming_card), city.key_of(IPASS)
    (result,) = kiosk.push(1, kiosk.envelope(CardReportedLost(card=lost, patron=city.ming, by_card=by)))
    assert (result.status, result.position) == (FactStatus.ACCEPTED, 2)
    states = city.sql("SELECT card_key, state FROM card ORDER BY state DESC, kind")
    assert states[0] == (lost, "lost")
    assert [state for _, state in states[1:]] == ["active", "active"]
    reports = city.sql("SELECT card_key, patron, channel, reporter, branch FROM card_loss_report")
    assert reports == [(lost, city.ming.bytes, "kiosk", f"kiosk:{kiosk.me.kiosk}", "C01")]
    (change,) = other_kiosk.changes(city.feed, 1, 5).changes
    assert msgspec.json.decode(change.row or b"", type=CardRow).state is CardState.LOST
    (after,) = other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.ming, city.books[0], card=lost)))
    assert after.reasons == (Reason.CARD_LOST,)


def test_a_report_of_somebody_elses_card_stops_nothing_and_the_kiosk_hears_how_it_stands(city: City, kiosk: Kiosk) -> None:
    hers, nobodys = city.key_of(city.hua_card), bytes(16)
    facts = [CardReportedLost(card=card, patron=city.ming) for card in (hers, nobodys)]
    results = kiosk.push(1, *(kiosk.envelope(fact) for fact in facts))
    assert [(one.status, one.reasons) for one in results] == [(FactStatus.FLAGGED, (Reason.CARD_UNKNOWN,))] * 2
    row, tombstone = kiosk.changes(city.feed, 0, 5).changes
    assert (row.seq, row.key, tombstone.seq, tombstone.key) == (1, hers.hex(), 2, nobodys.hex())
    assert msgspec.json.decode(row.row or b"", type=CardRow).state is CardState.ACTIVE
    assert _gone(tombstone)
    assert city.sql("SELECT count(*) FROM card_loss_report") == [(0,)]


class TestAsALibraryRunsIt:
    """With the default settings: ordinary changes are gathered for a second."""

    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(seconds=20))

    def test_a_loss_report_is_not_gathered_with_what_came_before(self, city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
        poll = Poll(city, other_kiosk)
        poll.start()
        waiting(city, 1)
        lend(city, kiosk)
        kiosk.push(2, kiosk.envelope(CardReportedLost(card=city.key_of(city.ming_card), patron=city.ming)))
        assert "card" in {change.table for change in poll.answer().changes}
        assert poll.seconds < 2


def test_facts_of_one_batch_see_each_other(city: City, kiosk: Kiosk) -> None:
    first, second = a_checkout(city.ming, city.books[0]), a_checkout(city.hua, city.books[0])
    results = kiosk.push(
        1,
        kiosk.envelope(first),
        kiosk.envelope(a_renewal(first.loan, city.ming)),
        kiosk.envelope(a_return(loan=first.loan, item=city.books[0])),
        kiosk.envelope(second),
        kiosk.envelope(a_return(barcode="30234000000000")),
        kiosk.envelope(a_renewal(second.loan, city.hua)),
    )
    assert [one.reasons for one in results] == [(), (), (), (), (), (Reason.LOAN_UNKNOWN,)]
    rows = city.sql("SELECT patron, due, renewals, closed_at IS NULL FROM loan ORDER BY renewals")
    assert rows == [(city.hua.bytes, "2026-04-10", 0, False), (city.ming.bytes, "2026-05-10", 1, False)]


def test_what_is_fetched_from_the_hold_shelf_ends_its_hold(city: City, kiosk: Kiosk) -> None:
    held = an_item(barcode="1", status=ItemStatus.ON_HOLD_SHELF, held_for=city.ming)
    city.registry.add_items([held])
    hold = a_hold(city.ming, item=held.id, state=a_hold(city.ming).state.READY, shelf="A1")
    city.registry.add_holds([hold])
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(city.ming, held.id)))
    assert result.status is FactStatus.ACCEPTED
    assert [(table, there) for _, table, _, there in news(city, kiosk, 2)] == [("item", True), ("hold", False), ("loan", True)]
    assert city.registry.counts()["hold"] == 0


def test_a_loan_that_was_forgotten_is_over_when_its_return_has_come_again_before_it(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    lent = a_checkout(city.ming, city.books[0])
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_return(loan=lent.loan, item=city.books[0])))
    assert result.reasons == (Reason.LOAN_UNKNOWN,)
    (result,) = kiosk.push(1, kiosk.envelope(lent, at=city.clock() + timedelta(days=365)))
    assert (result.status, Reason.RETURNED_SINCE in result.reasons) == (FactStatus.FLAGGED, True)
    assert city.sql("SELECT closed_at IS NULL, returned_at >= lent_at FROM loan") == [(False, True)]


def test_a_loan_that_is_heard_of_after_its_item_came_back_elsewhere_lies_before_staff_while_returns_are_kept(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk
) -> None:
    lent_at = city.clock()
    city.clock.pass_(hours=1)
    other_kiosk.push(1, other_kiosk.envelope(a_return(item=city.books[0])))
    assert city.sql("SELECT item FROM item_return") == [(city.books[0].bytes,)]
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0]), at=lent_at))
    assert Reason.RETURNED_SINCE in result.reasons
    for portion in (89, 2):
        city.clock.pass_(days=portion)
        city.registry.database.write(lambda work: forget_returns(work, city.clock() - timedelta(days=90)))
        assert len(city.sql("SELECT item FROM item_return")) == (1 if portion == 89 else 0)
