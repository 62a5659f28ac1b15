"""Holds at the registry: their places in the queue, what they make wanted, what kiosks hear."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from circulation.holds import HoldState
from registry.exchange.store_projection import current_rows
from replica.rows import HoldRow, LoanRow
from replica.tables import ReplicaTable
from tests.integration.registry.city import START, City, Kiosk, a_checkout, a_hold

MINUTE = timedelta(minutes=1)


def queue(city: City, *keys: UUID) -> list[int]:
    with city.registry.database.reading() as connection:
        rows = current_rows(connection, ReplicaTable.HOLD, [str(key) for key in keys], "C01")
    return [msgspec.json.decode(rows[str(key)], type=HoldRow).queue for key in keys]


def wanted(city: City, loan: UUID) -> bool:
    with city.registry.database.reading() as connection:
        (row,) = current_rows(connection, ReplicaTable.LOAN, [str(loan)], "C01").values()
    return msgspec.json.decode(row, type=LoanRow).wanted


def heard(city: City, kiosk: Kiosk, after: int) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for change in kiosk.changes(city.feed, after, 5).changes:
        told.setdefault(change.table, set()).add(change.key)
    return told


def test_the_queue_is_in_the_order_in_which_holds_were_placed(city: City) -> None:
    late, early, other = a_hold(city.ming, placed_at=START + MINUTE), a_hold(city.hua), a_hold(city.ming, title="別的書")
    ready = a_hold(city.ming, state=HoldState.READY, item=city.books[0], placed_at=START - MINUTE)
    city.registry.add_holds([late, early, other, ready])
    assert queue(city, late.id, early.id, other.id, ready.id) == [2, 1, 1, 0]


def test_of_two_holds_of_one_moment_one_is_first(city: City) -> None:
    one, two = a_hold(city.ming), a_hold(city.hua)
    city.registry.add_holds([one, two])
    assert sorted(queue(city, one.id, two.id)) == [1, 2]


def test_a_hold_is_told_to_every_branch_with_what_a_kiosk_may_hold(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    hold = a_hold(city.ming, pickup="L12", title="小王子")
    city.registry.add_holds([hold])
    for one in (kiosk, other_kiosk):
        (change,) = one.changes(city.feed, 0, 5).changes
        row = msgspec.json.decode(change.row or b"", type=HoldRow)
        assert row == HoldRow(hold.id, city.ming, "小王子", HoldState.WAITING, "L12", "", None, 1)


def test_a_hold_makes_the_loans_of_its_title_wanted_and_its_end_makes_them_free(city: City, kiosk: Kiosk) -> None:
    facts = [a_checkout(city.ming, book) for book in city.books[:2]]
    kiosk.push(1, *(kiosk.envelope(fact) for fact in facts))
    hold = a_hold(city.hua)
    city.registry.add_holds([hold, a_hold(city.hua, title="別的書")])
    loans = {str(fact.loan) for fact in facts}
    assert heard(city, kiosk, 2)["loan"] == loans
    assert [wanted(city, fact.loan) for fact in facts] == [True, True]
    at = city.sql("SELECT n FROM feed_head")[0][0]
    assert city.registry.end_hold(hold.id)
    assert not city.registry.end_hold(hold.id)
    assert heard(city, kiosk, at) == {"hold": {str(hold.id)}, "loan": loans}
    assert [wanted(city, fact.loan) for fact in facts] == [False, False]
    assert city.registry.audit(limit=1)[0].action == "hold ended"


@pytest.mark.parametrize("why", ["the borrower's own", "ready", "another title"])
def test_a_loan_is_not_wanted_by_every_hold(city: City, kiosk: Kiosk, why: str) -> None:
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact))
    hold = {
        "the borrower's own": a_hold(city.ming),
        "ready": a_hold(city.hua, state=HoldState.READY, item=city.books[1]),
        "another title": a_hold(city.hua, title="別的書"),
    }[why]
    city.registry.add_holds([hold])
    assert not wanted(city, fact.loan)


def test_a_loan_of_a_wanted_title_is_wanted_from_the_start(city: City, kiosk: Kiosk) -> None:
    city.registry.add_holds([a_hold(city.hua)])
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact))
    assert wanted(city, fact.loan)


def test_whoever_waits_behind_hears_of_a_new_place_and_whoever_is_before_does_not(city: City, kiosk: Kiosk) -> None:
    first, third = a_hold(city.ming), a_hold(city.ming, placed_at=START + 2 * MINUTE)
    city.registry.add_holds([first, third])
    second = a_hold(city.hua, placed_at=START + MINUTE)
    city.registry.add_holds([second])
    assert heard(city, kiosk, 2) == {"hold": {str(second.id), str(third.id)}}
    assert queue(city, first.id, second.id, third.id) == [1, 2, 3]
    city.registry.end_hold(first.id)
    assert queue(city, second.id, third.id) == [1, 2]


@pytest.mark.parametrize("wrong", ["patron", "pickup", "item"])
def test_a_hold_of_what_is_not_there_changes_nothing(city: City, wrong: str) -> None:
    hold = {
        "patron": a_hold(uuid4()),
        "pickup": a_hold(city.ming, pickup="Z99"),
        "item": a_hold(city.ming, item=uuid4()),
    }[wrong]
    with pytest.raises(IntegrityError):
        city.registry.add_holds([a_hold(city.ming), hold])
    assert city.registry.counts()["hold"] == 0
    assert city.sql("SELECT n FROM feed_head") == [(0,)]
