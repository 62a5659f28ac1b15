"""What facts do to holds: fetched, put back, sent elsewhere, served by another copy."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from circulation.facts import CheckedOut, CheckoutUndone
from circulation.holds import HoldState
from circulation.ids import PatronId
from circulation.items import ItemStatus
from circulation.wire import FactStatus
from registry.holds.records import HoldRecord
from tests.builders import an_item
from tests.integration.registry.city import START, City, Kiosk, a_checkout, a_hold, a_return
from tests.integration.registry.test_holds import MINUTE, heard, queue, wanted

HOLDS = "SELECT id, patron, title, item, pickup, shelf, state, placed_at, until FROM hold ORDER BY id"
TITLE = "大樹"


@pytest.fixture
def held(city: City) -> UUID:
    """A copy at home in C01 that lies ready for Ming."""
    key = uuid7()
    city.registry.add_items(
        [an_item(id=key, barcode="held", title=TITLE, status=ItemStatus.ON_HOLD_SHELF, held_for=PatronId(city.ming))], tell_feed=False
    )
    return key


@pytest.fixture
def ready(city: City, held: UUID) -> HoldRecord:
    hold = a_hold(city.ming, title=TITLE, state=HoldState.READY, item=held, shelf="A1", until=date(2026, 3, 20))
    city.registry.add_holds([hold], tell_feed=False)
    return hold


def place(city: City, *holds: HoldRecord) -> Sequence[HoldRecord]:
    city.registry.add_holds(holds, tell_feed=False)
    return holds


def item_of(city: City) -> tuple[str, object]:
    status, held_for = city.sql("SELECT status, held_for FROM item WHERE barcode = 'held'")[0]
    return status, held_for


def nothing_kept(city: City) -> bool:
    return city.registry.counts()["served_hold"] == 0


class TestAHoldThatEnds:
    def test_frees_the_item_that_lay_ready_and_its_branch_hears_of_it(
        self, city: City, kiosk: Kiosk, other_kiosk: Kiosk, held: UUID, ready: HoldRecord
    ) -> None:
        assert city.registry.end_hold(ready.id)
        assert item_of(city) == ("available", None)
        assert heard(city, kiosk, 0) == {"item": {str(held)}, "hold": {str(ready.id)}}
        assert heard(city, other_kiosk, 0) == {"hold": {str(ready.id)}}
        kiosk.push(1, kiosk.envelope(a_checkout(city.hua, held)))
        assert city.sql("SELECT count(*) FROM flagged_fact") == [(0,)]

    def test_leaves_an_item_that_is_held_for_another_or_lies_there_no_more(self, city: City, kiosk: Kiosk, held: UUID) -> None:
        (stale,) = place(city, a_hold(city.hua, title=TITLE, state=HoldState.READY, item=held))
        assert city.registry.end_hold(stale.id)
        assert item_of(city) == ("on_hold_shelf", city.ming.bytes)
        assert set(heard(city, kiosk, 0)) == {"hold"}


class TestAHeldItemInAnotherBranchsSlot:
    def test_rule_holds_it_stays_that_patrons_and_is_on_its_way_again(
        self, city: City, kiosk: Kiosk, other_kiosk: Kiosk, held: UUID, ready: HoldRecord
    ) -> None:
        (behind,) = place(city, a_hold(city.hua, title=TITLE, placed_at=START + MINUTE))
        (result,) = other_kiosk.push(1, other_kiosk.envelope(a_return(barcode="held")))
        assert result.status is FactStatus.ACCEPTED
        assert item_of(city) == ("in_transit", city.ming.bytes)
        assert city.sql("SELECT id, state, shelf, item, until, at_branch FROM hold ORDER BY placed_at")[0] == (
            ready.id.bytes,
            "set_aside",
            "",
            held.bytes,
            None,
            "L12",
        )
        assert queue(city, ready.id, behind.id) == [0, 1]
        assert heard(city, kiosk, 0) == {"item": {str(held)}, "hold": {str(ready.id), str(behind.id)}}

    def test_in_its_own_slot_it_stays_ready(self, city: City, kiosk: Kiosk, ready: HoldRecord) -> None:
        kiosk.push(1, kiosk.envelope(a_return(barcode="held")))
        assert item_of(city) == ("on_hold_shelf", city.ming.bytes)
        assert queue(city, ready.id) == [0]

    def test_rule_holds_in_another_patrons_hands_it_makes_the_other_loans_of_the_title_wanted(
        self, city: City, kiosk: Kiosk, other_kiosk: Kiosk, held: UUID, ready: HoldRecord
    ) -> None:
        """A kiosk that had not heard of the hold lent it: the fact is flagged, and the queue goes on."""
        other = uuid7()
        city.registry.add_items([an_item(id=other, barcode="other", title=TITLE)], tell_feed=False)
        fact, stray = a_checkout(city.hua, other), a_checkout(city.hua, held)
        (lent,) = kiosk.push(1, kiosk.envelope(fact))
        assert not wanted(city, fact.loan)
        (flagged,) = other_kiosk.push(1, other_kiosk.envelope(stray))
        assert flagged.reasons == ("item_on_hold",)
        assert item_of(city) == ("available", None)
        assert queue(city, ready.id) == [1]
        assert wanted(city, fact.loan)
        assert heard(city, kiosk, lent.position) == {
            "item": {str(held)},
            "hold": {str(ready.id)},
            "loan": {str(fact.loan), str(stray.loan)},
        }


class TestACopyFromTheShelf:
    def test_ends_the_patrons_own_waiting_hold_and_nobody_elses(self, city: City, kiosk: Kiosk) -> None:
        mine, hers, other = place(city, a_hold(city.ming), a_hold(city.hua, placed_at=START + MINUTE), a_hold(city.ming, title="別的書"))
        fact = a_checkout(city.ming, city.books[0])
        kiosk.push(1, kiosk.envelope(fact))
        assert {row[0] for row in city.sql(HOLDS)} == {hers.id.bytes, other.id.bytes}
        assert queue(city, hers.id) == [1]
        assert heard(city, kiosk, 0) == {"hold": {str(mine.id), str(hers.id)}, "loan": {str(fact.loan)}}

    def test_what_it_ended_is_forgotten_when_the_loan_is_over(self, city: City, kiosk: Kiosk) -> None:
        place(city, a_hold(city.ming))
        fact = a_checkout(city.ming, city.books[0])
        kiosk.push(1, kiosk.envelope(fact))
        assert city.sql("SELECT loan FROM served_hold") == [(fact.loan.bytes,)]
        kiosk.push(2, kiosk.envelope(a_return(loan=fact.loan, item=fact.item)))
        assert nothing_kept(city)
        assert city.registry.counts()["hold"] == 0


@pytest.mark.parametrize("batches", ["one", "two"])
class TestPuttingBack:
    def undo(self, kiosk: Kiosk, fact: CheckedOut, batches: str) -> int:
        bodies = [kiosk.envelope(fact), kiosk.envelope(CheckoutUndone(fact.loan))]
        results = kiosk.push(1, *bodies) if batches == "one" else (*kiosk.push(1, bodies[0]), *kiosk.push(2, bodies[1]))
        assert [one.status for one in results] == [FactStatus.ACCEPTED] * 2
        return results[1].position

    def test_what_was_fetched_lies_ready_again_as_before(
        self, city: City, kiosk: Kiosk, held: UUID, ready: HoldRecord, batches: str
    ) -> None:
        before = city.sql(HOLDS)
        position = self.undo(kiosk, a_checkout(city.ming, held), batches)
        assert city.sql(HOLDS) == before
        assert item_of(city) == ("on_hold_shelf", city.ming.bytes)
        assert nothing_kept(city)
        told = [(one.table, one.key) for one in kiosk.changes(city.feed, 0, 5).changes if one.seq <= position]
        assert {("item", str(held)), ("hold", str(ready.id))} <= set(told)

    def test_what_was_waited_for_is_waited_for_again(self, city: City, kiosk: Kiosk, batches: str) -> None:
        mine, hers = place(city, a_hold(city.ming), a_hold(city.hua, placed_at=START + MINUTE))
        before = city.sql(HOLDS)
        self.undo(kiosk, a_checkout(city.ming, city.books[0]), batches)
        assert city.sql(HOLDS) == before
        assert queue(city, mine.id, hers.id) == [1, 2]
        assert nothing_kept(city)

    def test_and_taking_it_again_ends_the_hold_again(self, city: City, kiosk: Kiosk, held: UUID, ready: HoldRecord, batches: str) -> None:
        self.undo(kiosk, a_checkout(city.ming, held), batches)
        again = a_checkout(city.ming, held)
        (result,) = kiosk.push(3, kiosk.envelope(again))
        assert result.status is FactStatus.ACCEPTED
        assert city.sql("SELECT id, loan, state, shelf FROM served_hold") == [(ready.id.bytes, again.loan.bytes, "ready", "A1")]
        assert (city.registry.counts()["hold"], item_of(city)) == (0, ("available", None))


def test_put_back_and_taken_again_in_one_batch_after_the_first_was_on_record(
    city: City, kiosk: Kiosk, held: UUID, ready: HoldRecord
) -> None:
    first, again = a_checkout(city.ming, held), a_checkout(city.ming, held)
    kiosk.push(1, kiosk.envelope(first))
    results = kiosk.push(2, kiosk.envelope(CheckoutUndone(first.loan)), kiosk.envelope(again))
    assert [one.status for one in results] == [FactStatus.ACCEPTED] * 2
    assert city.sql("SELECT id, loan FROM served_hold") == [(ready.id.bytes, again.loan.bytes)]
    assert city.registry.counts()["hold"] == 0


def test_what_another_patron_has_taken_meanwhile_does_not_lie_ready(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk, held: UUID, ready: HoldRecord
) -> None:
    first = a_checkout(city.ming, held)
    kiosk.push(1, kiosk.envelope(first))
    other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.hua, held)))
    kiosk.push(2, kiosk.envelope(CheckoutUndone(first.loan)))
    assert item_of(city) == ("available", None)
    assert queue(city, ready.id) == [1]
