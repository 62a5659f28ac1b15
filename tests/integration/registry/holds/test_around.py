"""Around the flow: other calendars, the daily work of a service, snapshots, what is kept with a loan that ended a hold."""

from datetime import date

from circulation.items import ItemStatus
from registry.exchange.store_projection import rows_for
from registry.holds.shifting import later_days, shift
from replica.tables import ReplicaTable
from tests.builders import opening_days
from tests.integration.registry.desk.counter import another_process
from tests.integration.registry.holds.counter import C01, L12, STAFF, House

CLOSED_WEEK = frozenset(date(2026, 3, day) for day in range(12, 17))


def test_rule_holds_a_closure_gives_what_lies_ready_as_many_open_days_as_were_promised_and_never_fewer(house: House) -> None:
    hold = house.place("ming")
    house.scan("A")
    zone = house.city.registry.settings.zone
    closure, opening = opening_days(closed=CLOSED_WEEK), opening_days(closed_monthly=frozenset())
    with house.city.registry.database.reading() as connection:
        assert [one.until for one in later_days(connection, C01, closure, zone=zone, today=house.today)] == [date(2026, 3, 21)]
        assert later_days(connection, L12, closure, zone=zone, today=house.today) == []
        assert later_days(connection, C01, opening, zone=zone, today=house.today) == []
    told = house.city.registry.database.write(lambda work: shift(work, C01, closure, zone=zone, today=house.today))
    assert [(str(entry.table), entry.key, entry.branch) for entry in told] == [("hold", str(hold), None)]
    ready = house.hold(hold)
    assert ready is not None
    assert ready.until == date(2026, 3, 21)


def test_rule_holds_what_is_over_already_is_shifted_no_more(house: House) -> None:
    house.place("ming")
    house.scan("A")
    house.city.clock.pass_(days=6)
    with house.city.registry.database.reading() as connection:
        assert (
            later_days(connection, C01, opening_days(closed=CLOSED_WEEK), zone=house.city.registry.settings.zone, today=house.today) == []
        )


def test_rule_holds_another_process_brings_them_up_to_the_day_and_a_second_one_finds_nothing_left(house: House) -> None:
    hold = house.place("ming")
    house.scan("A")
    house.city.clock.pass_(days=6)
    with another_process(house.city) as other:
        assert other.desk.hold_upkeep.once(portion=1) == 1
    assert house.city.registry.desk.hold_upkeep.once() == 0
    assert house.state(hold) == "gone"
    assert [entry.action for entry in house.city.registry.audit(limit=1)] == ["holds not collected"]


def test_rule_holds_a_branch_is_given_the_copies_that_are_collected_there_and_no_others_of_another_branch(house: House) -> None:
    house.place("ming", L12)
    house.scan("A", C01)
    with house.city.registry.database.reading() as connection:
        barcodes = {branch: {row.barcode for row in connection.execute(rows_for(ReplicaTable.ITEM, branch))} for branch in (C01, L12)}
    assert "A" in barcodes[L12]
    assert "B" not in barcodes[L12]
    assert "A" in barcodes[C01]
    assert house.item("A") == (ItemStatus.IN_TRANSIT, "ming")


def test_rule_holds_a_scan_is_noted_with_the_copy_and_nobodys_name(house: House) -> None:
    house.place("ming")
    house.scan("A")
    entry = house.city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action) == (STAFF, "item scanned for holds")
    assert entry.detail == {"item": str(house.copies["A"]), "branch": "C01"}


def test_rule_holds_what_a_loan_ended_keeps_all_of_the_hold_until_the_loan_is_over(house: House) -> None:
    hold = house.place("ming", L12)
    house.scan("A", C01)
    house.scan("A", L12)
    before = house.hold(hold)
    loan = house.lend("ming", "A", L12)
    assert house.city.registry.counts()["served_hold"] == 1
    house.undo(loan, L12)
    assert house.hold(hold) == before
    house.lend("ming", "A", L12)
    house.city.clock.pass_(minutes=1)
    house.give_back("A", L12)
    assert house.city.registry.counts()["served_hold"] == 0
    assert house.item("A") == ("in_transit", None)
