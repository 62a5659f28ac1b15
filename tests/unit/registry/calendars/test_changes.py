"""Changes of opening days: which make sense, what follows from all of them, and which dates move."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Timetable, Weekday
from registry.calendars.changes import CalendarChange, CalendarRefusal, ChangeKind, RecordedChange, decide_change, derived, why
from registry.calendars.moves import Dated, Move, moved_dues, moved_holds
from tests.builders import TODAY, WEEK, opening_days

HERE, THERE = BranchCode("C01"), BranchCode("L12")
DAY = date(2026, 3, 18)
SHORT = Hours(time(10), time(16))


def close(first: date = DAY, last: date | None = None) -> CalendarChange:
    return CalendarChange(ChangeKind.CLOSE, HERE, first, last or first, "typhoon", "the mayor's notice")


def reopen(first: date = DAY, last: date | None = None, hours: Hours | None = None) -> CalendarChange:
    return CalendarChange(ChangeKind.OPEN, HERE, first, last or first, "taken back", "notice 2", hours)


def hours_from(first: date, opens: int, source: str = "the library's site") -> CalendarChange:
    timetable = Timetable(first, dict.fromkeys(Weekday, Hours(time(opens), time(17))))
    return CalendarChange(ChangeKind.HOURS, HERE, first, None, "summer", source, timetable=timetable)


def base(days: OpeningDays | None = None) -> CalendarChange:
    return CalendarChange(ChangeKind.BASE, HERE, date.min, None, "", "the library's site", base=days or opening_days())


def after(*changes: CalendarChange) -> OpeningDays:
    found = derived([base(), *changes])
    assert found is not None
    return found


def test_without_a_base_there_is_no_calendar() -> None:
    assert derived([close()]) is None


def test_a_base_alone_is_the_calendar() -> None:
    assert after() == opening_days()


def test_a_closure_closes_its_days_and_no_others() -> None:
    days = after(close(DAY, DAY + timedelta(days=1)))
    assert [days.is_open(DAY + timedelta(days=n)) for n in range(-1, 3)] == [True, False, False, True]


def test_a_closure_that_is_taken_back_leaves_the_day_as_it_was() -> None:
    assert after(close(), reopen()) == opening_days()


def test_of_two_changes_of_a_day_the_later_one_holds() -> None:
    assert after(close(), reopen(hours=SHORT)).hours_on(DAY) == SHORT
    assert after(reopen(hours=SHORT), close()).hours_on(DAY) is None
    assert after(reopen(hours=SHORT), reopen()).hours_on(DAY) == WEEK[Weekday.WEDNESDAY]


def test_a_special_opening_opens_a_monthly_closed_day_and_an_ordinary_one_does_not() -> None:
    first_thursday = date(2026, 4, 2)
    assert after(reopen(first_thursday, hours=SHORT)).hours_on(first_thursday) == SHORT
    assert after(reopen(first_thursday)).hours_on(first_thursday) is None


def test_regular_hours_hold_from_their_date_until_others_begin_whenever_they_were_decided() -> None:
    days = after(hours_from(date(2026, 7, 1), 10), hours_from(date(2026, 5, 1), 8))
    opens = [hours.opens.hour for month in (5, 7) if (hours := days.hours_on(date(2026, month, 20))) is not None]
    assert opens == [8, 10]


def test_of_two_timetables_from_one_date_the_later_decision_holds() -> None:
    hours = after(hours_from(DAY, 10), hours_from(DAY, 11)).hours_on(DAY)
    assert hours is not None
    assert hours.opens == time(11)


def test_a_base_that_is_loaded_later_stays_under_every_change() -> None:
    found = derived([close(), base()])
    assert found is not None
    assert not found.is_open(DAY)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (close(), None),
        (replace(close(), reason=" "), CalendarRefusal.REASON_MISSING),
        (replace(close(), source=""), CalendarRefusal.SOURCE_MISSING),
        (close(DAY, DAY - timedelta(days=1)), CalendarRefusal.ENDS_BEFORE_START),
        (close(DAY, DAY + timedelta(days=365)), None),
        (close(DAY, DAY + timedelta(days=366)), CalendarRefusal.TOO_LONG),
        (reopen(hours=SHORT), None),
        (reopen(hours=Hours(time(17), time(9))), CalendarRefusal.HOURS_WRONG),
        (reopen(hours=Hours(time(9), time(9))), CalendarRefusal.HOURS_WRONG),
        (hours_from(DAY, 9), None),
        (hours_from(DAY, 18), CalendarRefusal.HOURS_WRONG),
        (replace(hours_from(DAY, 9), timetable=Timetable(DAY, {})), CalendarRefusal.HOURS_WRONG),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: CalendarChange, refused: CalendarRefusal | None) -> None:
    assert decide_change(change) is refused


def test_a_day_is_explained_by_the_last_change_that_names_it() -> None:
    made = [RecordedChange(n, None, "staff", one) for n, one in enumerate([base(), close(), reopen(), hours_from(DAY, 9)])]  # type: ignore[arg-type] # nobody asks when
    assert why(made, DAY) == made[2]
    assert why(made, DAY + timedelta(days=1)) is None


def test_rule_due_dates_move_in_bulk_by_branch_and_date() -> None:
    calendars = {HERE: after(close(DAY, DAY + timedelta(days=2)))}
    dated = [Dated(HERE, DAY, 4), Dated(HERE, DAY + timedelta(days=2), 2), Dated(HERE, DAY + timedelta(days=3), 1), Dated(THERE, DAY, 9)]
    open_again = DAY + timedelta(days=3)
    assert moved_dues(dated, calendars) == (Move(HERE, DAY, open_again, 4), Move(HERE, DAY + timedelta(days=2), open_again, 2))


def test_rule_due_dates_are_not_moved_back_when_a_closure_is_taken_back() -> None:
    assert moved_dues([Dated(HERE, DAY + timedelta(days=1), 4)], {HERE: after(close(), reopen())}) == ()


def test_ready_holds_stay_for_as_many_open_days_as_were_promised() -> None:
    before, closed = {HERE: after()}, {HERE: after(close())}
    dated = [Dated(HERE, DAY + timedelta(days=1), 3), Dated(HERE, TODAY, 1), Dated(THERE, DAY, 1)]
    assert moved_holds(dated, before, closed, today=TODAY) == (Move(HERE, DAY + timedelta(days=1), DAY + timedelta(days=2), 3),)
