"""Opening days change with a preview, and everything that was promised moves with them: at the registry and at every kiosk."""

from datetime import date, time, timedelta
from uuid import UUID

import msgspec
import pytest

from circulation.holds import HoldState
from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Timetable, Weekday
from circulation.rules import OverdueRules
from registry.calendars.changes import CalendarChange, CalendarRefusal, ChangeKind
from registry.calendars.desk import CalendarRefusedError
from registry.calendars.moves import Move
from registry.lending.store import Branch
from replica.library_rows import opening_days_of
from replica.rows import CalendarRow
from tests.builders import a_loan, a_rule_set, rules
from tests.integration.registry.city import City, Kiosk, a_checkout, a_hold, a_renewal
from tests.integration.registry.overdue.late import DUE, STAFF, april, blocks, last_number, late, lend, suspended

HERE, THERE = BranchCode("C01"), BranchCode("L12")
SHORT = Hours(time(10), time(16))


def closure(first: date, last: date | None = None, *, branch: BranchCode | None = None) -> CalendarChange:
    return CalendarChange(ChangeKind.CLOSE, branch, first, last or first, "typhoon", "the mayor's notice")


def opening(day: date, *, hours: Hours | None = None) -> CalendarChange:
    return CalendarChange(ChangeKind.OPEN, None, day, day, "taken back", "the mayor's notice", hours)


def make(city: City, change: CalendarChange) -> None:
    desk = city.registry.desk.calendars
    desk.make(desk.preview(change), by=STAFF)


def due_dates(city: City) -> list[str]:
    return [due for (due,) in city.sql("SELECT due FROM loan ORDER BY due")]


def calendar_heard(city: City, kiosk: Kiosk, after: int) -> OpeningDays | None:
    rows = [one.row for one in kiosk.changes(city.feed, after, 5).changes if one.table == "calendar"]
    return opening_days_of(msgspec.json.decode(rows[0], type=CalendarRow)) if rows and rows[0] is not None else None


def test_rule_due_dates_move_in_bulk_when_a_closure_is_announced_later(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    lend(city, kiosk, 0, 1)
    lend(city, kiosk, 2, due=april(11))
    other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.hua, city.far_book, due=DUE)))
    preview = city.registry.desk.calendars.preview(closure(april(10), april(12)))
    open_again = april(13)
    assert preview.loans == (
        Move(HERE, april(10), open_again, 2),
        Move(HERE, april(11), open_again, 1),
        Move(THERE, april(10), open_again, 1),
    )
    assert [(one.branch, one.day.day, one.new) for one in preview.days] == [
        (code, day, None) for code in (HERE, THERE) for day in (10, 11, 12)
    ]
    assert due_dates(city) == ["2026-04-10"] * 3 + ["2026-04-11"]
    before = last_number(city)
    done = city.registry.desk.calendars.make(preview, by=STAFF)
    assert (done.branches, done.loans) == (2, 4)
    assert due_dates(city) == ["2026-04-13"] * 4
    heard = kiosk.changes(city.feed, before, 5).changes
    assert sorted(one.table for one in heard) == ["calendar", *["loan"] * 4]
    days = calendar_heard(city, kiosk, before)
    assert days is not None
    assert days.open_day_from(april(10)) == open_again
    (entry,) = city.registry.audit(limit=1)
    assert (entry.actor, entry.action) == (STAFF, "calendar close")
    assert entry.detail == {"branch": "all", "from": "2026-04-10", "to": "2026-04-12", "loans": 4, "holds": 0, "suspensions": 0}


def test_rule_due_dates_follow_the_branch_that_lent_and_without_a_kiosk_the_items_home(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk
) -> None:
    other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.ming, city.books[0], due=DUE)))  # an item of C01, lent at L12
    old = a_loan(patron=city.hua, item=city.books[1], due=DUE)
    city.registry.add_loans([old])
    make(city, closure(DUE, branch=HERE))
    assert city.sql("SELECT due FROM loan WHERE kiosk IS NULL") == [("2026-04-11",)]
    assert city.sql("SELECT due FROM loan WHERE kiosk IS NOT NULL") == [("2026-04-10",)]
    make(city, closure(DUE, branch=THERE))
    assert due_dates(city) == ["2026-04-11"] * 2


def test_rule_due_dates_never_become_earlier_when_a_closure_is_taken_back(city: City, kiosk: Kiosk) -> None:
    lend(city, kiosk, 0)
    make(city, closure(DUE))
    make(city, opening(DUE))
    assert due_dates(city) == ["2026-04-11"]
    (shown,) = [one for one in city.registry.desk.calendars.month("C01", 2026, 4) if one.day == DUE]
    assert shown.hours == Hours(time(8, 30), time(21))
    assert shown.change is not None
    assert (shown.change.change.kind, shown.change.by) == (ChangeKind.OPEN, STAFF)
    assert [one.change.kind for one in city.registry.desk.calendars.history("C01")] == [ChangeKind.BASE, ChangeKind.CLOSE, ChangeKind.OPEN]


def test_rule_due_dates_that_a_kiosk_promised_before_it_heard_of_a_closure_move_when_they_arrive(city: City, kiosk: Kiosk) -> None:
    make(city, closure(april(10), april(11)))
    loan = lend(city, kiosk, 0)[0]
    assert due_dates(city) == ["2026-04-12"]
    make(city, closure(date(2026, 5, 10)))
    kiosk.push(2, kiosk.envelope(a_renewal(loan, city.ming)))
    assert due_dates(city) == ["2026-05-11"]


def test_rule_overdue_a_closure_that_becomes_known_afterwards_shortens_what_was_late(city: City, kiosk: Kiosk) -> None:
    """A typhoon day, recorded when the storm is over."""
    late(city, kiosk, 0, on=april(14))
    assert blocks(city) == suspended(april(18))
    preview = city.registry.desk.calendars.preview(closure(april(10), april(12)))
    assert preview.late == (Move(HERE, april(10), april(13), 1),)
    assert city.registry.desk.calendars.make(preview, by=STAFF).suspensions == 1
    assert blocks(city) == suspended(april(15))


def test_rule_overdue_closed_days_between_do_not_count_where_the_rules_say_so(city: City, kiosk: Kiosk) -> None:
    open_days_only = OverdueRules(longest_days=60, rate=1, closed_days_count=False)
    by_class = {name: rules(overdue=open_days_only) for name in a_rule_set().by_class}
    city.registry.add_rule_sets([a_rule_set(version=2, by_class=by_class)])
    late(city, kiosk, 0, on=april(14))
    assert blocks(city) == suspended(april(18))
    make(city, closure(april(12)))
    assert blocks(city) == suspended(april(17))


def test_ready_holds_stay_as_many_open_days_as_were_promised(city: City, kiosk: Kiosk) -> None:
    held = a_hold(city.hua, state=HoldState.READY, item=city.books[1], shelf="A1", until=date(2026, 3, 16))
    waiting = a_hold(city.ming)
    city.registry.add_holds([held, waiting])
    preview = city.registry.desk.calendars.preview(closure(date(2026, 3, 13), date(2026, 3, 14)))
    assert preview.holds == (Move(HERE, date(2026, 3, 16), date(2026, 3, 18), 1),)
    before = last_number(city)
    assert city.registry.desk.calendars.make(preview, by=STAFF).holds == 1
    assert city.sql("SELECT until FROM hold WHERE until IS NOT NULL") == [("2026-03-18",)]
    assert [one.key for one in kiosk.changes(city.feed, before, 5).changes if one.table == "hold"] == [str(held.id)]


def test_rule_opening_hours_from_a_date_on_reach_the_kiosks_right_for_every_day(city: City, kiosk: Kiosk) -> None:
    no_mondays = dict.fromkeys(list(Weekday)[1:], SHORT)
    starts = date(2026, 4, 13)  # a Monday
    lend(city, kiosk, 0, due=starts)
    before = last_number(city)
    summer = CalendarChange(
        ChangeKind.HOURS, HERE, starts, None, "summer", "notice", timetable=Timetable(starts, no_mondays, desk_minutes=30)
    )
    make(city, summer)
    days = calendar_heard(city, kiosk, before)
    assert days is not None
    assert days.hours_on(starts - timedelta(days=1)) == Hours(time(9), time(17))
    assert days.hours_on(starts + timedelta(days=1)) == SHORT
    assert not days.is_open(starts)
    assert due_dates(city) == ["2026-04-14"]
    make(city, opening(starts, hours=SHORT))
    days = calendar_heard(city, kiosk, before)
    assert days is not None
    assert days.hours_on(starts) == SHORT


def refusal(city: City, change: CalendarChange) -> CalendarRefusal:
    with pytest.raises(CalendarRefusedError) as refused:
        city.registry.desk.calendars.preview(change)
    return refused.value.code


def test_a_change_of_a_branch_without_a_calendar_is_refused(city: City) -> None:
    city.registry.add_branches([Branch(BranchCode("X01"), "新館")])
    assert refusal(city, closure(DUE, branch=BranchCode("X01"))) is CalendarRefusal.NO_CALENDAR
    assert refusal(city, closure(DUE, branch=BranchCode("X99"))) is CalendarRefusal.BRANCH_UNKNOWN
    assert refusal(city, closure(DUE, april(1))) is CalendarRefusal.ENDS_BEFORE_START


def test_a_preview_that_somebody_overtook_changes_nothing(city: City, kiosk: Kiosk) -> None:
    lend(city, kiosk, 0)
    preview = city.registry.desk.calendars.preview(closure(DUE))
    make(city, closure(april(20)))
    with pytest.raises(CalendarRefusedError, match="moved"):
        city.registry.desk.calendars.make(preview, by=STAFF)
    assert due_dates(city) == ["2026-04-10"]


def test_a_closure_that_cannot_be_written_whole_is_not_written_at_all(city: City, kiosk: Kiosk) -> None:
    lend(city, kiosk, 0)
    desk = city.registry.desk.calendars
    preview = desk.preview(closure(DUE))
    desk._publish = _fails  # the last step of the transaction
    with pytest.raises(ConnectionError):
        desk.make(preview, by=STAFF)
    assert due_dates(city) == ["2026-04-10"]
    assert [one.change.kind for one in desk.history("C01")] == [ChangeKind.BASE]


def _fails(*_: object) -> None:
    raise ConnectionError


def test_calendars_from_before_changes_were_kept_are_the_base_of_what_changes(city: City) -> None:
    """And going back leaves what followed from closures."""
    database = city.registry.database
    make(city, closure(april(1)))
    database.downgrade("0006")
    database.migrate()
    database.check()
    make(city, closure(april(3)))
    month = city.registry.desk.calendars.month("C01", 2026, 4)
    assert [one.day.day for one in month if one.hours is None] == [1, 2, 3]
    base, _ = city.registry.desk.calendars.history("C01")
    assert (base.change.kind, base.change.source) == (ChangeKind.BASE, "on record before changes were kept")


def test_only_open_loans_move_and_each_by_its_own_branch(city: City, kiosk: Kiosk) -> None:
    loans: list[UUID] = late(city, kiosk, 0, on=april(9))
    lend(city, kiosk, 1, due=april(11))
    make(city, closure(april(10)))
    assert city.sql("SELECT due FROM loan WHERE closed_at IS NOT NULL") == [("2026-04-10",)]
    assert len(loans) == 1
    assert due_dates(city) == ["2026-04-10", "2026-04-11"]
