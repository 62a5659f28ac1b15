"""The way of a hold through the house, as patrons, kiosks and librarians live it."""

from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from circulation.ids import BranchCode, PatronId
from registry.holds.desk import HoldOrder
from registry.holds.rules import HoldRefusal, HoldRefusedError
from registry.holds.shelf_desk import Scanned, Way
from registry.schools.contact_rule import RouteKind
from tests.builders import opening_days
from tests.integration.registry.desk.counter import NEW
from tests.integration.registry.desk.counter import replace as replace_card
from tests.integration.registry.holds.counter import C01, L12, STAFF, TITLE, House

LAST_DAY = date(2026, 3, 16)
"""Five open days after the Wednesday on which the tests begin."""


def refused(*reasons: HoldRefusal) -> AbstractContextManager[object]:
    return pytest.raises(HoldRefusedError, match=f"^{', '.join(reasons)}$")


class TestTheWayToAnotherBranch:
    def test_rule_holds_a_return_is_kept_for_the_first_in_the_queue_and_sent_to_the_pick_up_branch_not_home(self, house: House) -> None:
        house.lend("bo", "A")
        first = house.place("ming", L12)
        house.city.clock.pass_(minutes=1)
        second = house.place("hua", C01)
        house.give_back("A", C01)
        assert (house.state(first), house.state(second)) == ("set_aside C01", "waiting")
        assert house.item("A") == ("in_transit", "ming")
        assert ("scan", "A") in house.chores(C01)
        assert house.scan("A", C01) == Scanned(Way.TO_BRANCH, TITLE, send_to=L12)
        assert house.state(first) == "in_transit C01"
        assert ("scan", "A") not in house.chores(C01)
        assert house.queue(first, second) == [0, 1]

    def test_rule_holds_it_is_ready_when_a_librarian_has_it_in_hand_there_and_its_days_are_open_days_from_the_day_after(
        self, house: House
    ) -> None:
        house.lend("bo", "A")
        hold = house.place("ming", L12)
        house.give_back("A", C01)
        house.scan("A", C01)
        assert house.notices() == []
        arrived = house.city.registry.desk.hold_shelf.arrive("A", branch=L12, by=STAFF)
        assert arrived == Scanned(Way.HOLD_SHELF, TITLE, "1", LAST_DAY)
        ready = house.hold(hold)
        assert ready is not None
        assert (ready.state, ready.shelf, ready.until, ready.at) == ("ready", "1", LAST_DAY, L12)
        assert house.item("A") == ("on_hold_shelf", "ming")
        assert house.notices() == [("ming", "hold_ready")]
        assert house.scan("A", L12) == arrived
        assert house.notices() == [("ming", "hold_ready")]

    def test_rule_holds_a_kiosk_return_on_its_way_is_a_stop_from_which_a_librarian_scans_it_on(self, house: House) -> None:
        house.lend("bo", "A")
        hold = house.place("ming", L12)
        house.give_back("A", C01)
        house.scan("A", C01)
        house.city.clock.pass_(hours=1)
        house.give_back("A", L12)
        assert house.state(hold) == "set_aside L12"
        assert house.chores(L12)[0] == ("scan", "A")
        assert house.scan("A", L12).way is Way.HOLD_SHELF

    def test_rule_holds_the_kiosks_of_the_pick_up_branch_know_the_copy_so_that_its_patron_can_borrow_it(self, house: House) -> None:
        house.place("ming", L12)
        at = house.head()
        house.scan("A", C01)
        key = ("item", str(house.copies["A"]))
        assert key in house.told(L12, at)
        house.scan("A", L12)
        at = house.head()
        house.lend("ming", "A", L12)
        assert key in house.told(L12, at)
        assert key in house.told(C01, at)

    def test_rule_holds_a_copy_that_never_arrives_is_looked_for_at_both_ends_and_the_hold_has_its_old_place(self, house: House) -> None:
        first = house.place("ming", L12)
        house.city.clock.pass_(minutes=1)
        second = house.place("hua", C01)
        house.scan("A", C01)
        assert house.next_day(7) == 0
        assert house.next_day() == 1
        assert house.queue(first, second) == [1, 2]
        assert house.item("A") == ("missing", None)
        assert [house.chores(branch)[0] for branch in (C01, L12)] == [("never_arrived", "A")] * 2
        house.give_back("A", L12)
        assert house.state(first) == "set_aside L12"
        assert ("never_arrived", "A") not in house.chores(C01)


class TestCollecting:
    def test_rule_holds_only_its_patron_takes_it_and_the_queue_goes_on(self, house: House) -> None:
        first = house.place("ming")
        house.city.clock.pass_(minutes=1)
        second = house.place("hua")
        house.scan("A")
        assert house.lend("ming", "A") is not None
        assert house.city.sql("SELECT count(*) FROM flagged_fact") == [(0,)]
        assert (house.state(first), house.state(second), house.item("A")) == ("gone", "waiting", ("available", None))
        assert house.notices() == []
        house.give_back("A")
        assert house.state(second) == "set_aside C01"

    def test_rule_holds_whoever_else_left_with_it_is_flagged_and_its_patron_waits_at_the_old_place(self, house: House) -> None:
        first = house.place("ming")
        house.scan("A")
        loan = house.lend("bo", "A")
        assert house.city.sql("SELECT loan FROM flagged_fact") == [(loan.bytes,)]
        assert (house.state(first), house.queue(first)) == ("waiting", [1])
        assert house.notices() == []

    def test_rule_holds_put_back_at_the_kiosk_it_is_kept_for_its_patron_again(self, house: House) -> None:
        hold = house.place("ming")
        house.lend("bo", "A")
        house.give_back("A")
        before = house.hold(hold)
        house.undo(house.lend("ming", "A"))
        assert house.hold(hold) == before
        assert house.item("A") == ("in_transit", "ming")

    def test_r8_a_hold_survives_the_replacement_of_the_card(self, house: House) -> None:
        hold = house.place("ming")
        house.scan("A")
        before = house.hold(hold)
        replace_card(house.city)
        assert house.hold(hold) == before
        assert house.city.registry.desk.cards.card(NEW).patron == house.city.ming
        house.lend("ming", "A")
        assert (house.state(hold), house.city.sql("SELECT count(*) FROM flagged_fact")) == ("gone", [(0,)])


class TestHeardOfLate:
    def test_rule_holds_a_return_heard_of_late_is_trapped_then_and_the_branch_is_told_to_look_on_its_shelves(self, house: House) -> None:
        house.lend("bo", "A")
        hold = house.place("ming")
        returned = house.city.clock()
        house.city.clock.pass_(hours=5)
        house.give_back("A", at=returned)
        assert house.state(hold) == "set_aside C01"
        assert house.chores()[0] == ("look_on_shelf", "A")
        house.scan("A")
        assert ("look_on_shelf", "A") not in house.chores()

    def test_rule_holds_lent_again_meanwhile_the_trap_is_undone_and_the_queue_goes_on(self, house: House) -> None:
        house.lend("bo", "A")
        hold = house.place("ming")
        start = house.city.clock()
        house.city.clock.pass_(hours=5)
        house.give_back("A", at=start + timedelta(hours=1))
        house.lend("hua", "A", at=start + timedelta(hours=2))
        assert (house.state(hold), house.item("A")) == ("waiting", ("available", None))
        assert "A" not in {barcode for _, barcode in house.chores()}
        house.give_back("A", at=start + timedelta(hours=3))
        assert house.state(hold) == "set_aside C01"

    def test_rule_holds_a_loan_that_is_heard_of_before_the_return_it_followed_keeps_the_copy(self, house: House) -> None:
        house.lend("bo", "A", C01)
        hold = house.place("ming")
        start = house.city.clock()
        house.city.clock.pass_(hours=5)
        house.lend("hua", "A", L12, at=start + timedelta(hours=2))
        house.give_back("A", C01, at=start + timedelta(hours=1))
        assert house.state(hold) == "waiting"

    def test_rule_holds_a_return_from_before_the_last_scan_moves_nothing(self, house: House) -> None:
        hold = house.place("ming", L12)
        returned = house.city.clock()
        house.city.clock.pass_(hours=1)
        house.scan("A", C01)
        house.scan("A", L12)
        ready = house.hold(hold)
        house.give_back("A", C01, at=returned)
        assert house.hold(hold) == ready

    def test_rule_holds_a_copy_that_is_on_loan_on_record_is_not_scanned_until_its_return_is_heard_of(self, house: House) -> None:
        house.lend("bo", "A")
        house.place("ming")
        with refused(HoldRefusal.ITEM_ON_LOAN):
            house.scan("A")


class TestNotCollected:
    def test_rule_holds_after_its_last_day_the_copy_goes_to_the_next_with_a_point_for_whoever_did_not_come(self, house: House) -> None:
        first = house.place("ming")
        house.city.clock.pass_(minutes=1)
        second = house.place("hua", L12)
        house.scan("A", shelf="B7")
        assert house.next_day(5) == 0
        assert house.next_day() == 1
        assert (house.state(first), house.state(second)) == ("gone", "set_aside C01")
        assert house.item("A") == ("in_transit", "hua")
        assert house.notices() == [("ming", "hold_not_collected")]
        assert house.city.sql("SELECT patron, ended_on, points FROM no_show") == [(house.city.ming.bytes, "2026-03-17", 1)]
        (line,) = [line for line in house.city.registry.desk.hold_shelf.worklist(C01) if line.barcode == "A"]
        assert (line.kind, line.shelf, line.send_to) == ("scan", "B7", L12)

    @pytest.mark.parametrize(("copy", "status", "way"), [("A", "available", Way.SHELF), ("Z", "in_transit", Way.HOME)])
    def test_rule_holds_when_nobody_waits_the_branch_takes_it_off_the_shelf_and_it_goes_home(
        self, house: House, copy: str, status: str, way: Way
    ) -> None:
        house.place("ming")
        house.scan(copy)
        house.next_day(6)
        assert house.item(copy) == (status, None)
        assert house.chores()[0] == ("take_off_shelf", copy)
        assert house.scan(copy).way is way
        assert house.chores() == []

    def test_rule_holds_nothing_ends_on_a_day_on_which_the_branch_is_closed(self, house: House) -> None:
        hold = house.place("ming")
        house.scan("A")
        self.close(house, date(2026, 3, 17))
        house.next_day(6)
        assert house.state(hold) == "ready C01"
        house.next_day()
        assert house.state(hold) == "gone"

    def test_rule_holds_too_many_points_in_a_year_stop_holds_and_the_stop_ends(self, house: House) -> None:
        for _ in range(4):
            house.place("ming")
            house.scan("A")
            house.next_day(7)
        assert house.city.sql("SELECT sum(points) FROM no_show") == [(4,)]
        with refused(HoldRefusal.STOPPED):
            house.place("ming")
        house.next_day(91)
        assert house.state(house.place("ming")) == "waiting"

    def test_rule_holds_points_keep_no_title_and_are_forgotten_after_the_year_and_notices_after_they_were_told(self, house: House) -> None:
        house.place("ming")
        house.scan("A")
        house.next_day(7)
        notice = house.city.registry.desk.notices.to_tell(C01, by=STAFF)[0].notice.id
        house.city.registry.desk.notices.told(notice, route=RouteKind.DESK, by=STAFF)
        house.next_day(14)
        assert (house.city.registry.counts()["notice"], house.city.registry.counts()["no_show"]) == (1, 1)
        house.next_day()
        assert (house.city.registry.counts()["notice"], house.city.registry.counts()["no_show"]) == (0, 1)
        house.next_day(360)
        assert house.city.registry.counts()["no_show"] == 0
        assert house.city.registry.counts()["hold"] == 0

    def close(self, house: House, day: date) -> None:
        house.set_calendar(C01, opening_days(closed=frozenset({day})))


class TestPlacing:
    def test_rule_holds_every_reason_against_a_hold_is_told_and_nothing_is_placed(self, house: House) -> None:
        for number in range(7):
            house.add_title(f"書{number}")
            house.place("ming", title=f"書{number}")
        house.lend("ming", "A")
        reasons = (HoldRefusal.LIMIT_REACHED, HoldRefusal.ON_LOAN_TO_PATRON, HoldRefusal.BRANCH_UNKNOWN)
        with refused(*reasons):
            house.place("ming", BranchCode("X99"))
        with refused(HoldRefusal.LIMIT_REACHED, HoldRefusal.ALREADY_HELD):
            house.place("ming", title="書0")
        with refused(HoldRefusal.NO_COPY):
            house.place("hua", title="沒有這本書")
        with refused(HoldRefusal.PATRON_UNKNOWN):
            house.city.registry.desk.holds.place(HoldOrder(PatronId(house.copies["A"]), TITLE, C01), by=STAFF)
        entry = house.city.registry.audit(limit=1)[0]
        assert (entry.action, entry.outcome, entry.detail["codes"]) == ("hold placed", "refused", "patron_unknown")

    def test_rule_holds_a_copy_on_the_shelves_of_a_title_that_is_waited_for_is_fetched(self, house: House) -> None:
        hold = house.place("ming", L12)
        assert (house.chores(C01), house.chores(L12)) == ([("fetch", "A")], [("fetch", "Z")])
        house.city.registry.desk.hold_shelf.missing("Z", branch=L12, by=STAFF)
        assert (house.item("Z"), house.chores(L12)) == (("missing", None), [])
        house.scan("A", C01)
        assert (house.state(hold), house.chores(C01)) == ("in_transit C01", [])


class TestChangingOnesMind:
    def test_rule_holds_a_cancelled_hold_costs_nothing_and_its_copy_goes_to_the_next(self, house: House) -> None:
        first = house.place("ming")
        house.city.clock.pass_(minutes=1)
        second = house.place("hua")
        house.scan("A")
        house.city.registry.desk.holds.cancel(first, by="patron", of=house.patrons["ming"])
        assert (house.state(first), house.state(second)) == ("gone", "set_aside C01")
        assert house.city.registry.counts()["no_show"] == 0

    def test_rule_holds_another_patrons_hold_is_no_hold_at_all(self, house: House) -> None:
        hold = house.place("ming")
        with refused(HoldRefusal.HOLD_UNKNOWN):
            house.city.registry.desk.holds.cancel(hold, by="patron", of=house.patrons["hua"])
        assert house.state(hold) == "waiting"

    def test_rule_holds_a_suspended_hold_keeps_its_place_is_passed_over_and_wakes_by_itself(self, house: House) -> None:
        first = house.place("ming")
        house.city.clock.pass_(minutes=1)
        second = house.place("hua")
        house.city.registry.desk.holds.suspend(first, until=house.today + timedelta(days=3), by=STAFF)
        house.lend("bo", "A")
        assert house.queue(first, second) == [1, 2]
        house.give_back("A")
        assert (house.state(first), house.state(second)) == ("waiting", "set_aside C01")
        assert house.next_day(3) == 0
        assert house.next_day() == 1
        house.lend("bo", "B")
        house.give_back("B")
        assert house.state(first) == "set_aside C01"

    def test_rule_holds_a_title_that_only_suspended_patrons_wait_for_is_not_wanted(self, house: House) -> None:
        hold = house.place("ming")
        loan = house.lend("bo", "A")
        assert house.wanted(loan)
        at = house.head()
        house.city.registry.desk.holds.suspend(hold, until=house.today + timedelta(days=3), by=STAFF)
        assert not house.wanted(loan)
        assert ("loan", str(loan)) in house.told(C01, at)

    def test_rule_holds_a_waiting_hold_is_collected_elsewhere_for_nothing_and_a_ready_one_is_sent_there(self, house: House) -> None:
        hold, desk = house.place("ming"), house.city.registry.desk.holds
        desk.change_pickup(hold, pickup=L12, by=STAFF)
        desk.change_pickup(hold, pickup=C01, by=STAFF)
        house.scan("A", shelf="7")
        desk.change_pickup(hold, pickup=L12, by=STAFF)
        assert (house.state(hold), house.item("A"), house.notices()) == ("set_aside C01", ("in_transit", "ming"), [])
        assert house.scan("A", C01).send_to == L12
        assert house.scan("A", L12).until == LAST_DAY

    def test_rule_holds_after_its_last_day_a_ready_hold_is_sent_nowhere(self, house: House) -> None:
        hold = house.place("ming")
        house.scan("A")
        house.city.clock.pass_(days=6)
        with refused(HoldRefusal.PICK_UP_OVER):
            house.city.registry.desk.holds.change_pickup(hold, pickup=L12, by=STAFF)
