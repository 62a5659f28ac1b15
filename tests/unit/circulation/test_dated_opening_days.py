"""Opening days that change from a date on, special openings, desk services, and the dates that move when a closure is announced."""

from collections.abc import Mapping
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Timetable, Weekday, kept_until, moved_due_date
from replica.library_rows import calendar_row, opening_days_of
from tests.builders import FIRST_THURSDAY, WEEK, opening_days
from youyue import library

SUMMER = date(2026, 7, 1)
SHORT = Hours(time(10), time(16))
SHORT_WEEK = dict.fromkeys(list(Weekday)[1:], SHORT)
"""No Mondays."""


def dated(
    *, special: Mapping[date, Hours] | None = None, closed: frozenset[date] = frozenset(), later: tuple[Timetable, ...] = (), desk: int = 30
) -> OpeningDays:
    return OpeningDays(WEEK, closed, FIRST_THURSDAY, special or {}, later, desk)


def test_rule_opening_hours_are_those_of_the_librarys_site() -> None:
    days = library.opening_days()
    monday = date(2026, 11, 23)
    for day in (monday + timedelta(days=n) for n in range(7)):
        long = Weekday(day.weekday()) not in {Weekday.SUNDAY, Weekday.MONDAY}
        assert days.hours_on(day) == (Hours(time(8, 30), time(21)) if long else Hours(time(9), time(17)))
    assert not days.is_open(date(2026, 12, 3))  # the first Thursday
    assert not days.is_open(date(2026, 2, 17))  # Lunar New Year


def test_rule_opening_hours_desk_services_stop_30_minutes_before_closing() -> None:
    days = library.opening_days()
    assert days.desk_hours_on(date(2026, 11, 24)) == Hours(time(8, 30), time(20, 30))
    assert days.desk_hours_on(date(2026, 12, 3)) is None


def test_a_day_that_is_too_short_for_desk_services_has_none() -> None:
    day = date(2026, 3, 11)
    assert dated(special={day: Hours(time(9), time(9, 30))}).desk_hours_on(day) is None
    assert dated(special={day: Hours(time(9), time(9, 31))}).desk_hours_on(day) == Hours(time(9), time(9, 1))


def test_rule_opening_hours_change_from_a_date_on() -> None:
    days = dated(later=(Timetable(SUMMER, SHORT_WEEK, desk_minutes=0), Timetable(date(2026, 9, 1), WEEK, FIRST_THURSDAY, 30)))
    assert days.hours_on(date(2026, 6, 30)) == WEEK[Weekday.TUESDAY]
    assert days.hours_on(SUMMER) == SHORT
    assert days.is_open(date(2026, 7, 2))  # a first Thursday: the summer's timetable has none
    assert not days.is_open(date(2026, 7, 6))
    assert days.desk_hours_on(SUMMER) == SHORT
    assert days.hours_on(date(2026, 9, 1)) == WEEK[Weekday.TUESDAY]
    assert not days.is_open(date(2026, 9, 3))


def test_a_special_opening_holds_whatever_else_is_said() -> None:
    first_thursday = date(2026, 3, 5)
    days = dated(special={first_thursday: SHORT}, closed=frozenset({first_thursday}))
    assert days.hours_on(first_thursday) == SHORT


def test_a_calendar_comes_out_of_its_row_as_it_went_in() -> None:
    days = dated(
        special={date(2026, 3, 5): SHORT, date(2026, 2, 1): Hours(time(9, 5), time(12, 45))},
        closed=frozenset({date(2026, 2, 17)}),
        later=(Timetable(SUMMER, SHORT_WEEK, desk_minutes=15), Timetable(date(2026, 9, 1), WEEK, FIRST_THURSDAY, 30)),
    )
    assert opening_days_of(calendar_row(BranchCode("C01"), days)) == days


def test_rule_due_dates_on_a_day_that_is_closed_later_move_to_the_next_open_day() -> None:
    days = dated(closed=frozenset({date(2026, 3, 10), date(2026, 3, 11)}))
    assert moved_due_date(date(2026, 3, 10), days) == date(2026, 3, 12)
    assert moved_due_date(date(2026, 3, 9), days) == date(2026, 3, 9)


def test_a_calendar_that_never_opens_moves_nothing() -> None:
    nothing = OpeningDays({})
    assert moved_due_date(date(2026, 3, 10), nothing) == date(2026, 3, 10)
    assert kept_until(date(2026, 3, 12), dated(), nothing, today=date(2026, 3, 10)) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("closed", "last"),
    [((), 14), ((12,), 15), ((12, 13), 16), ((14,), 15), ((14, 15), 16), ((9,), 14), ((15,), 14)],
)
def test_a_ready_hold_is_kept_as_many_open_days_as_were_promised(closed: tuple[int, ...], last: int) -> None:
    after = dated(closed=frozenset(date(2026, 3, day) for day in closed))
    assert kept_until(date(2026, 3, 14), dated(), after, today=date(2026, 3, 10)) == date(2026, 3, last)


march_days = st.integers(0, 40).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
calendars = st.builds(
    lambda closed, special: dated(closed=frozenset(closed), special=dict.fromkeys(special, SHORT)),
    st.frozensets(march_days, max_size=12),
    st.frozensets(march_days, max_size=3),
)


@given(march_days, calendars)
def test_rule_due_dates_never_become_earlier_and_always_fall_on_an_open_day(due: date, days: OpeningDays) -> None:
    moved = moved_due_date(due, days)
    assert moved >= due
    assert days.is_open(moved)
    assert moved_due_date(moved, days) == moved
    assert not any(days.is_open(due + timedelta(days=n)) for n in range((moved - due).days))


@given(march_days, calendars, calendars, st.integers(0, 9))
def test_the_last_day_of_a_hold_never_becomes_earlier(until: date, before: OpeningDays, after: OpeningDays, days: int) -> None:
    today = until - timedelta(days=days)
    kept = kept_until(until, before, after, today=today)
    assert kept >= until
    promised, left = (
        sum(calendar.is_open(today + timedelta(days=n)) for n in range((last - today).days + 1))
        for calendar, last in ((before, until), (after, kept))
    )
    assert left >= promised


@given(calendars)
def test_every_calendar_comes_out_of_its_row_as_it_went_in(days: OpeningDays) -> None:
    assert opening_days_of(calendar_row(BranchCode("C01"), days)) == days


def test_the_usual_calendar_of_tests_is_the_librarys() -> None:
    assert opening_days().weekly == library.opening_days().weekly
