"""The library's calendar: which days it is open, which date it is, when a loan is due."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.items import ItemKind
from circulation.opening_days import Hours, NoOpenDayError, Weekday, local_date
from circulation.policy import due_date
from tests.builders import FIRST_THURSDAY, WEEK, an_item, opening_days, rules

TAIPEI = ZoneInfo("Asia/Taipei")
NEW_YEAR_HOLIDAYS = frozenset(date(2026, 2, 14) + timedelta(days=n) for n in range(9))
"""Chinese New Year 2026: nine days in a row, 14 to 22 February."""


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Asia/Taipei", "Pacific/Kiritimati"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 11, 15, 30, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 3, 11, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 3, 11, 16, 0, tzinfo=UTC), date(2026, 3, 12)),
        (datetime(2026, 3, 11, 0, 30, tzinfo=TAIPEI), date(2026, 3, 11)),
        (datetime(2026, 3, 10, 23, 30, tzinfo=TAIPEI), date(2026, 3, 10)),
        (datetime(2026, 3, 11, 7, 0, tzinfo=timezone(timedelta(hours=-9))), date(2026, 3, 12)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_today_is_the_librarys_date_whatever_zone_the_machine_is_in(machine_zone: str, at: datetime, expected: date) -> None:
    assert local_date(at, TAIPEI) == expected


def test_half_past_eleven_at_night_in_taipei_is_still_today_for_a_machine_in_utc(machine_zone: str) -> None:
    at = datetime(2026, 3, 11, 23, 30, tzinfo=TAIPEI)
    assert at.astimezone(UTC).date() == date(2026, 3, 11)
    assert local_date(at, TAIPEI) == date(2026, 3, 11)
    assert local_date(at + timedelta(minutes=30), TAIPEI) == date(2026, 3, 12)


def test_an_instant_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        local_date(datetime(2026, 3, 11, 12, 0), TAIPEI)  # noqa: DTZ001 - the refused case


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 3, 1), True),
        (date(2026, 3, 4), True),
        (date(2026, 3, 5), False),
        (date(2026, 3, 12), True),
        (date(2026, 1, 1), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 5, 7), False),
    ],
)
def test_the_library_is_closed_on_the_first_thursday_of_a_month(day: date, is_open: bool) -> None:  # noqa: FBT001 - a column of the table
    assert opening_days().is_open(day) is is_open


def test_the_first_thursday_is_closed_once_in_every_month() -> None:
    calendar = opening_days()
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = [day for day in days if not calendar.is_open(day)]
    assert [day.month for day in closed] == list(range(1, 13))
    assert all(day.weekday() == Weekday.THURSDAY and day.day <= 7 for day in closed)


def test_another_week_of_the_month_can_be_the_closed_one() -> None:
    last_monday_but_one = opening_days(closed_monthly=frozenset({(3, Weekday.MONDAY)}))
    assert [day for day in range(1, 32) if not last_monday_but_one.is_open(date(2026, 3, day))] == [16]


def test_a_national_holiday_is_closed_and_its_neighbours_are_open() -> None:
    calendar = opening_days(closed=frozenset({date(2026, 4, 6)}))
    assert [calendar.is_open(date(2026, 4, day)) for day in (5, 6, 7)] == [True, False, True]


def test_hours_are_those_of_the_weekday_and_none_on_a_closed_day() -> None:
    calendar = opening_days()
    assert calendar.hours_on(date(2026, 3, 8)) == WEEK[Weekday.SUNDAY]
    assert calendar.hours_on(date(2026, 3, 10)) == WEEK[Weekday.TUESDAY]
    assert calendar.hours_on(date(2026, 3, 5)) is None


def test_a_weekday_without_hours_is_closed() -> None:
    no_mondays: dict[Weekday, Hours] = {day: hours for day, hours in WEEK.items() if day is not Weekday.MONDAY}
    assert not opening_days(weekly=no_mondays).is_open(date(2026, 3, 9))


def test_an_open_day_stays_and_a_closed_one_moves_to_the_next_open() -> None:
    calendar = opening_days(closed=frozenset({date(2026, 3, 6)}))
    assert calendar.open_day_from(date(2026, 3, 4)) == date(2026, 3, 4)
    assert calendar.open_day_from(date(2026, 3, 5)) == date(2026, 3, 7)


def test_a_calendar_without_open_days_is_somebodys_to_repair() -> None:
    with pytest.raises(NoOpenDayError, match="two years from 2026-03-11"):
        opening_days(weekly={}).open_day_from(date(2026, 3, 11))


def test_an_open_day_two_years_away_is_found_and_one_later_is_not() -> None:
    start = date(2026, 3, 11)
    two_years = frozenset(start + timedelta(days=n) for n in range(730))
    assert opening_days(closed=two_years, closed_monthly=frozenset()).open_day_from(start) == start + timedelta(days=730)
    with pytest.raises(NoOpenDayError):
        opening_days(closed=two_years | {start + timedelta(days=730)}, closed_monthly=frozenset()).open_day_from(start)


@pytest.mark.parametrize(
    ("lent_on", "kind", "due"),
    [
        pytest.param(date(2026, 3, 11), ItemKind.BOOK, date(2026, 4, 10), id="thirty days over the end of a month"),
        pytest.param(date(2026, 3, 11), ItemKind.HOT_TITLE, date(2026, 3, 25), id="hot titles have fourteen"),
        pytest.param(date(2026, 3, 11), ItemKind.AUDIO_VISUAL, date(2026, 3, 25), id="films have fourteen"),
        pytest.param(date(2026, 4, 7), ItemKind.BOOK, date(2026, 5, 8), id="the first Thursday moves to Friday"),
        pytest.param(date(2026, 1, 20), ItemKind.BOOK, date(2026, 2, 23), id="the New Year holidays move to the Monday after"),
        pytest.param(date(2025, 12, 2), ItemKind.BOOK, date(2026, 1, 2), id="1 January 2026 is a first Thursday"),
        pytest.param(date(2025, 12, 31), ItemKind.BOOK, date(2026, 1, 30), id="over the end of the year"),
        pytest.param(date(2028, 1, 30), ItemKind.BOOK, date(2028, 2, 29), id="a leap day"),
        pytest.param(date(2027, 1, 31), ItemKind.BOOK, date(2027, 3, 2), id="no leap day"),
    ],
)
def test_a_loan_is_due_after_the_days_of_its_kind_on_an_open_day(lent_on: date, kind: ItemKind, due: date) -> None:
    calendar = opening_days(closed=NEW_YEAR_HOLIDAYS)
    assert due_date(an_item(kind=kind), rules(), calendar, today=lent_on) == due


def test_a_first_thursday_that_follows_a_holiday_is_passed_too() -> None:
    calendar = opening_days(closed=frozenset({date(2026, 4, 1), date(2026, 4, 3), date(2026, 4, 4)}))
    assert due_date(an_item(), rules(), calendar, today=date(2026, 3, 2)) == date(2026, 4, 5)


def test_a_kind_without_days_is_an_error_and_no_guess() -> None:
    with pytest.raises(KeyError):
        due_date(an_item(kind=ItemKind.HOT_TITLE), rules(days={ItemKind.BOOK: 30}), opening_days(), today=date(2026, 3, 11))


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from(ItemKind), st.frozensets(st.dates(date(2024, 1, 1), date(2031, 3, 1)))
)
def test_a_due_date_is_open_never_early_and_skips_no_open_day(lent_on: date, kind: ItemKind, closed: frozenset[date]) -> None:
    calendar = opening_days(closed=closed, closed_monthly=FIRST_THURSDAY)
    promised = lent_on + timedelta(days=rules().days[kind])
    due = due_date(an_item(kind=kind), rules(), calendar, today=lent_on)
    assert calendar.is_open(due)
    assert due >= promised
    assert not any(calendar.is_open(promised + timedelta(days=n)) for n in range((due - promised).days))
