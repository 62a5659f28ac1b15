"""What the registry makes of returns, in memory: the item is there, so nothing is refused and loans end."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec import UNSET, Raw, UnsetType

from circulation.facts import CheckedIn, CheckedOut, CheckoutUndone, FactEnvelope
from circulation.ids import BranchCode
from circulation.items import ItemStatus
from circulation.reasons import Reason
from circulation.wire import FactStatus, HeardTime, encode
from registry.exchange.arrivals import read_arrivals
from registry.exchange.facts import settle
from registry.exchange.moments import Moment
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.world import HeardReturn, OpenLoan, World
from tests.builders import a_loan, a_patron, an_item
from tests.unit.registry.settling import KIOSK, NOW, ZONE, a_world, an_envelope, settled, told

HOUR = timedelta(hours=1)
BOOK = an_item()


def returned(
    *, item: UUID | None = BOOK.id, loan: UUID | None = None, barcode: str = BOOK.barcode, at: datetime = NOW, seq: int = 1
) -> bytes:
    return an_envelope(CheckedIn(barcode=barcode, item=item, loan=loan), seq=seq, at=at)


def test_a_return_ends_the_loan_and_tells_its_row_last() -> None:
    loan = a_loan(item=BOOK.id, lent_at=NOW - HOUR)
    world = a_world(items=[BOOK], loans=[loan])
    (outcome,) = settled(world, returned(loan=loan.id, at=NOW - HOUR / 2))
    assert (outcome.status, outcome.reasons) == (FactStatus.ACCEPTED, ())
    assert world.changes.closed == {loan.id: NOW - HOUR / 2}
    assert told(outcome) == [("loan", str(loan.id))]
    assert world.open_loans_of(BOOK.id) == []
    assert world.loans_of(loan.patron) == []


@pytest.mark.parametrize("known_by", ["key", "barcode", "loan"])
def test_an_item_is_found_by_whatever_the_kiosk_knew(known_by: str) -> None:
    loan = a_loan(item=BOOK.id)
    world = a_world(items=[BOOK], loans=[loan])
    body = {
        "key": returned(barcode="unknown"),
        "barcode": returned(item=None),
        "loan": returned(item=None, loan=loan.id, barcode="unknown"),
    }[known_by]
    (outcome,) = settled(world, body)
    assert outcome.status is FactStatus.ACCEPTED
    assert set(world.changes.closed) == {loan.id}


def test_a_key_that_is_not_on_record_does_not_hide_a_barcode_that_is() -> None:
    loan = a_loan(item=BOOK.id)
    world = a_world(items=[BOOK], loans=[loan])
    (outcome,) = settled(world, returned(item=uuid4()))
    assert (outcome.status, outcome.item) == (FactStatus.ACCEPTED, BOOK.id)


def test_an_item_that_nobody_knows_is_flagged_and_ends_nothing() -> None:
    loan = a_loan()
    world = a_world(items=[BOOK], loans=[loan])
    (outcome,) = settled(world, returned(item=None, barcode="from another library"))
    assert (outcome.status, outcome.reasons, told(outcome)) == (FactStatus.FLAGGED, (Reason.ITEM_UNKNOWN,), [])
    assert world.changes.closed == {}


def test_the_row_of_an_item_that_is_no_longer_on_record_is_told_as_gone() -> None:
    never = uuid4()
    (outcome,) = settled(a_world(items=[BOOK]), returned(item=never, barcode="gone"))
    assert (outcome.reasons, told(outcome)) == ((Reason.ITEM_UNKNOWN,), [("item", str(never))])
    assert outcome.changes[0].branch == "C01"


@pytest.mark.parametrize("named", [False, True])
def test_a_loan_that_stays_open_by_a_clock_that_is_behind_is_named_to_staff(named: bool) -> None:  # noqa: FBT001 - a column of the table
    """A clock a few minutes slow looks as a return before the loan: nobody can tell, so staff look."""
    loan = a_loan(item=BOOK.id, lent_at=NOW)
    world = a_world(items=[BOOK], loans=[loan], kiosk=uuid4())
    never = uuid4() if named else None
    (outcome,) = settled(world, returned(loan=never, at=NOW - HOUR / 20))
    assert outcome.status is FactStatus.FLAGGED
    assert outcome.reasons == ((Reason.LOAN_UNKNOWN, Reason.LOAN_STAYS_OPEN) if named else (Reason.LOAN_STAYS_OPEN,))
    assert (outcome.collides_with if named else outcome.loan) == loan.id
    assert world.open_loans_of(BOOK.id) == [loan]
    assert told(outcome) == [("loan", str(never)) if named else ("item", str(BOOK.id))]


def test_a_loan_that_stays_open_beside_one_on_record_that_the_fact_names_is_no_matter_for_staff() -> None:
    old, new = a_loan(item=BOOK.id, lent_at=NOW - 3 * HOUR), a_loan(item=BOOK.id, lent_at=NOW)
    world = a_world(items=[BOOK], loans=[old, new], kiosk=uuid4())
    body = returned(loan=old.id, at=NOW - HOUR)
    outcomes = settled(world, body, returned(loan=old.id, at=NOW - HOUR, seq=2))
    assert [outcome.reasons for outcome in outcomes] == [(), ()]


def test_returning_twice_harms_nothing_and_still_tells_a_row() -> None:
    loan = a_loan(item=BOOK.id)
    world = a_world(items=[BOOK], loans=[loan])
    first, again, without = settled(world, returned(loan=loan.id), returned(loan=loan.id, seq=2), returned(seq=3))
    assert [outcome.status for outcome in (first, again, without)] == [FactStatus.ACCEPTED] * 3
    assert told(again) == [("loan", str(loan.id))]
    assert told(without) == [("item", str(BOOK.id))]
    assert len(world.changes.closed) == 1


def test_a_loan_that_was_never_on_record_is_flagged_and_its_row_is_told_so_that_the_overlay_goes() -> None:
    never = uuid4()
    (outcome,) = settled(a_world(items=[BOOK]), returned(loan=never))
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
    assert told(outcome) == [("loan", str(never))]


def test_a_loan_of_another_item_is_flagged_and_stays() -> None:
    other = a_loan()
    world = a_world(items=[BOOK], loans=[other])
    (outcome,) = settled(world, returned(loan=other.id))
    assert outcome.reasons == (Reason.LOAN_UNKNOWN,)
    assert world.changes.closed == {}


def test_one_item_on_loan_to_two_patrons_ends_both_loans_and_is_flagged() -> None:
    """I4: the conflict ends with the return, and staff hear of it once more."""
    first, second = (a_loan(item=BOOK.id, lent_at=NOW - hours * HOUR) for hours in (3, 2))
    world = a_world(items=[BOOK], loans=[first, second], kiosk=uuid4())
    (outcome,) = settled(world, returned(loan=second.id))
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.SEVERAL_LOANS,))
    assert set(world.changes.closed) == {first.id, second.id}
    assert told(outcome) == [("loan", str(first.id)), ("loan", str(second.id))]
    assert (outcome.loan, outcome.collides_with) == (second.id, first.id)


def test_every_reason_of_a_return_is_told() -> None:
    first, second = (a_loan(item=BOOK.id, lent_at=NOW - hours * HOUR) for hours in (3, 2))
    world = a_world(items=[BOOK], loans=[first, second], kiosk=uuid4())
    (several,) = settled(world, returned(loan=uuid4()))
    assert several.reasons == (Reason.LOAN_UNKNOWN, Reason.SEVERAL_LOANS)
    (nothing,) = settled(a_world(), returned(loan=uuid4()))
    assert nothing.reasons == (Reason.ITEM_UNKNOWN, Reason.LOAN_UNKNOWN)


def test_a_loan_made_after_the_return_stays_and_so_does_the_items_status() -> None:
    """The return came late: another patron has the book by now."""
    far = an_item(branch="L12")
    old, new = a_loan(item=far.id, lent_at=NOW - 3 * HOUR), a_loan(item=far.id, lent_at=NOW - HOUR)
    world = a_world(items=[far], loans=[old, new], kiosk=uuid4())
    (outcome,) = settled(world, returned(item=far.id, loan=old.id, at=NOW - 2 * HOUR))
    assert outcome.status is FactStatus.ACCEPTED
    assert set(world.changes.closed) == {old.id}
    assert world.open_loans_of(far.id) == [new]
    assert world.changes.items == {}


def test_a_loan_made_in_the_same_moment_was_before_the_return() -> None:
    loan = a_loan(item=BOOK.id, lent_at=NOW)
    world = a_world(items=[BOOK], loans=[loan], kiosk=uuid4())
    settled(world, returned())
    assert set(world.changes.closed) == {loan.id}


@pytest.mark.parametrize("why", ["its own", "named"])
def test_a_clock_that_was_set_back_does_not_keep_a_loan_open(why: str) -> None:
    """I8: what a kiosk did before, or knew of, was before, whatever its clock says."""
    loan = a_loan(item=BOOK.id, lent_at=NOW)
    world = a_world(items=[BOOK], loans=[loan]) if why == "its own" else a_world(items=[BOOK], loans=[loan], kiosk=uuid4())
    settled(world, returned(loan=loan.id if why == "named" else None, at=NOW - HOUR))
    assert set(world.changes.closed) == {loan.id}


@pytest.mark.parametrize(
    ("before", "branch", "status", "held"),
    [
        (ItemStatus.AVAILABLE, "C01", None, False),
        (ItemStatus.AVAILABLE, "L12", ItemStatus.IN_TRANSIT, False),
        (ItemStatus.IN_TRANSIT, "C01", ItemStatus.AVAILABLE, False),
        (ItemStatus.MISSING, "C01", ItemStatus.AVAILABLE, False),
        (ItemStatus.LOST, "L12", ItemStatus.IN_TRANSIT, False),
        (ItemStatus.CLAIMED_RETURNED, "C01", ItemStatus.AVAILABLE, False),
        (ItemStatus.ON_HOLD_SHELF, "C01", None, True),
        (ItemStatus.ON_HOLD_SHELF, "L12", ItemStatus.IN_TRANSIT, True),
        (ItemStatus.IN_LIBRARY_ONLY, "L12", None, False),
        (ItemStatus.DAMAGED, "L12", None, False),
        (ItemStatus.WITHDRAWN, "C01", None, False),
    ],
)
def test_an_item_becomes_what_the_table_of_its_life_says(
    before: ItemStatus,
    branch: str,
    status: ItemStatus | None,
    held: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """``branch`` is where it is returned; its home is C01 and stays so."""
    book = an_item(status=before, held_for=uuid4() if held else None)
    loan = a_loan(item=book.id)
    world = a_world(items=[book], loans=[loan])
    (outcome,) = settled(world, returned(item=book.id, loan=loan.id), branch=branch)
    assert outcome.status is FactStatus.ACCEPTED
    if status is None:
        assert world.changes.items == {}
        assert told(outcome) == [("loan", str(loan.id))]
    else:
        after = world.changes.items[book.id]
        assert (after.status, after.branch, after.held_for) == (status, "C01", None)
        assert [(entry.table, entry.branch) for entry in outcome.changes] == [("item", "C01"), ("loan", None)]


def test_lent_returned_and_lent_again_in_one_batch() -> None:
    ming, hua = a_patron(), a_patron()
    world = a_world(patrons=[ming, hua], items=[BOOK])
    first, second = uuid4(), uuid4()

    def lent(patron: UUID, loan: UUID, seq: int) -> bytes:
        return an_envelope(CheckedOut(loan=loan, patron=patron, item=BOOK.id, due=NOW.date(), rules=1), seq=seq)

    outcomes = settled(world, lent(ming.id, first, 1), returned(loan=first, seq=2), lent(hua.id, second, 3))
    assert [outcome.reasons for outcome in outcomes] == [(), (), ()]
    assert set(world.changes.lent) == {first, second}
    assert world.changes.closed == {first: NOW}
    assert [loan.id for loan in world.open_loans_of(BOOK.id)] == [second]


AT_B = uuid4()
MINUTE = timedelta(minutes=1)


def lent_of_late(*, at: datetime, loan: UUID | None = None, seq: int = 1) -> bytes:
    fact = CheckedOut(loan=loan or uuid4(), patron=MING.id, item=BOOK.id, due=date(2026, 4, 10), rules=1)
    return encode(FactEnvelope(uuid4(), seq, at, _nanoseconds(at), "b", "c", fact))


def _nanoseconds(at: datetime) -> int:
    """The monotonic clock of a kiosk that was started two days ago."""
    return int((at - NOW + timedelta(days=2)).total_seconds() * 10**9)


MING = a_patron()
HEARD = HeardTime(server_time=NOW, monotonic=_nanoseconds(NOW), boot="b")


def world_where_it_came_back(*returns: Moment, kiosk: UUID = AT_B) -> World:
    world = a_world(patrons=[MING], items=[BOOK])
    world.returns[BOOK.id] = [HeardReturn(kiosk, moment) for moment in returns]
    return world


def heard_late(world: World, *bodies: bytes, heard: HeardTime | UnsetType = HEARD) -> Sequence[Outcome]:
    return settle(read_arrivals(1, [Raw(body) for body in bodies]), world, Place(KIOSK, BranchCode("C01"), NOW, ZONE, heard))


def test_a_loan_that_was_over_before_it_was_heard_of_ends_at_once_and_staff_are_told() -> None:
    world = world_where_it_came_back(Moment(NOW - HOUR, MINUTE), Moment(NOW - HOUR / 2, MINUTE))
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR))
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.RETURNED_SINCE,))
    (made,) = world.changes.lent
    assert world.changes.closed == {made: NOW - HOUR}
    assert world.open_loans_of(BOOK.id) == []
    assert told(outcome) == [("loan", str(made))]


def test_where_the_item_is_by_now_is_left_as_it_is() -> None:
    kept = an_item(id=BOOK.id, status=ItemStatus.ON_HOLD_SHELF, held_for=a_patron().id)
    world = world_where_it_came_back(Moment(NOW - HOUR, MINUTE))
    world.items[BOOK.id] = kept
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR))
    assert outcome.reasons == (Reason.RETURNED_SINCE,)
    assert world.changes.items == {}


@pytest.mark.parametrize(
    ("returned", "heard"),
    [
        (Moment(NOW - 2 * HOUR + MINUTE / 2, MINUTE), HEARD),
        (Moment(NOW - HOUR), HEARD),
        (Moment(NOW - HOUR, MINUTE), UNSET),
    ],
)
def test_a_loan_of_which_nobody_can_say_whether_it_was_before_the_return_stays_open_and_lies_before_staff(
    returned: Moment, heard: HeardTime | UnsetType
) -> None:
    world = world_where_it_came_back(returned)
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR), heard=heard)
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.RETURNED_SINCE,))
    assert world.changes.closed == {}
    assert len(world.open_loans_of(BOOK.id)) == 1


@pytest.mark.parametrize("returned", [NOW - HOUR, NOW - 365 * 24 * HOUR])
@pytest.mark.parametrize("kiosk", [AT_B, KIOSK])
def test_a_loan_that_a_return_has_named_already_is_over_whatever_the_clocks_say(returned: datetime, kiosk: UUID) -> None:
    loan = uuid4()
    world = a_world(patrons=[MING], items=[BOOK])
    world.returns[BOOK.id] = [HeardReturn(kiosk, Moment(returned), loan)]
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR, loan=loan), heard=UNSET)
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.RETURNED_SINCE,))
    assert world.changes.closed == {loan: max(returned, NOW - 2 * HOUR)}
    assert world.open_loans_of(BOOK.id) == []


def test_a_return_names_a_loan_that_comes_after_it_in_one_batch_as_in_two() -> None:
    loan = uuid4()
    world = a_world(patrons=[MING], items=[BOOK])
    named = returned(loan=loan, seq=1, at=NOW - HOUR)
    _, lent = heard_late(world, named, lent_of_late(at=NOW - 2 * HOUR, loan=loan, seq=2))
    assert lent.reasons == (Reason.RETURNED_SINCE,)
    assert world.open_loans_of(BOOK.id) == []


@pytest.mark.parametrize(("returned", "kiosk"), [(NOW - 3 * HOUR, AT_B), (NOW - HOUR, KIOSK)])
def test_a_return_from_before_or_at_the_same_kiosk_ends_nothing_that_comes_after(returned: datetime, kiosk: UUID) -> None:
    world = world_where_it_came_back(Moment(returned, MINUTE), kiosk=kiosk)
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR))
    assert outcome.status is FactStatus.ACCEPTED
    assert world.changes.closed == {}


def test_the_patron_who_has_it_now_does_not_speak_against_a_loan_that_was_over() -> None:
    world = world_where_it_came_back(Moment(NOW - HOUR, MINUTE))
    now_with = a_loan(item=BOOK.id, lent_at=NOW - HOUR / 2)
    world.open(OpenLoan(now_with, AT_B))
    (outcome,) = heard_late(world, lent_of_late(at=NOW - 2 * HOUR))
    assert outcome.reasons == (Reason.RETURNED_SINCE,)
    assert [loan.id for loan in world.open_loans_of(BOOK.id)] == [now_with.id]


def test_a_loan_that_was_over_and_turns_out_to_have_been_put_back_is_for_staff_as_in_two_batches() -> None:
    world = world_where_it_came_back(Moment(NOW - HOUR, MINUTE))
    loan = uuid4()
    undone = encode(FactEnvelope(uuid4(), 2, NOW, _nanoseconds(NOW - 1.9 * HOUR), "b", "c", CheckoutUndone(loan)))
    _, outcome = heard_late(world, lent_of_late(at=NOW - 2 * HOUR, loan=loan), undone)
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,))
