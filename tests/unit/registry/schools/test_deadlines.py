"""Deadlines: what is late, and until when a row may wait."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.schools.deadlines import Deadline, Lateness, decide_lateness, decide_waiting_deadline
from registry.schools.school_years import Semester, first_day, school_year_of

FIRST = Deadline(114, Semester.FIRST, date(2025, 9, 1), date(2025, 10, 1), "函")
SECOND = Deadline(114, Semester.SECOND, date(2026, 2, 11), date(2026, 3, 11), "函")
YEAR = (SECOND, FIRST)


@pytest.mark.parametrize(
    ("received_on", "semester", "late"),
    [
        (date(2025, 8, 20), Semester.FIRST, False),
        (date(2025, 9, 1), Semester.FIRST, False),
        (date(2025, 10, 1), Semester.FIRST, False),
        (date(2025, 10, 2), Semester.FIRST, True),
        (date(2026, 2, 10), Semester.FIRST, True),
        (date(2026, 2, 11), Semester.SECOND, False),
        (date(2026, 3, 12), Semester.SECOND, True),
        (date(2027, 1, 1), Semester.SECOND, True),
    ],
)
def test_q3_1a_and_r2_a_batch_is_in_time_until_the_last_day_of_the_semester_that_has_begun(
    received_on: date, semester: Semester, *, late: bool
) -> None:
    found = decide_lateness(received_on=received_on, deadlines=YEAR)
    assert (found.semester, found.late) == (semester, late)


def test_r2_without_a_deadline_nothing_is_called_late_or_in_time() -> None:
    assert decide_lateness(received_on=date(2025, 10, 2), deadlines=()) == Lateness(None, None, None)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2025, 9, 30), None),
        (date(2025, 10, 1), None),
        (date(2025, 10, 2), date(2025, 10, 1)),
        (date(2026, 3, 11), date(2025, 10, 1)),
        (date(2026, 3, 12), date(2026, 3, 11)),
        (date(2026, 7, 31), date(2026, 3, 11)),
        (date(2026, 8, 1), date(2026, 7, 31)),
        (date(2026, 9, 5), date(2026, 9, 4)),
    ],
)
def test_r4_rows_wait_until_their_deadline_has_passed_and_never_into_the_next_school_year(today: date, due: date | None) -> None:
    assert decide_waiting_deadline(school_year=114, deadlines=YEAR, today=today) == due


def test_r4_the_deadline_of_another_school_year_erases_nothing() -> None:
    assert decide_waiting_deadline(school_year=115, deadlines=YEAR, today=date(2026, 10, 1)) is None


@given(st.dates(date(2025, 8, 1), date(2026, 7, 31)), st.integers(0, 400))
def test_r4_no_row_is_erased_before_the_day_that_made_it_late(received_on: date, days: int) -> None:
    today = received_on + timedelta(days=days)
    due = decide_waiting_deadline(school_year=114, deadlines=YEAR, today=today)
    mark = decide_lateness(received_on=received_on, deadlines=YEAR)
    assert mark.last_day is not None
    if due is not None and received_on <= due:
        assert today > mark.last_day or today >= first_day(115)
    if not mark.late and today > mark.last_day:
        assert due is not None
        assert received_on <= due


@pytest.mark.parametrize(("day", "year"), [(date(2025, 7, 31), 113), (date(2025, 8, 1), 114), (date(2026, 3, 11), 114)])
def test_a_school_year_begins_on_the_first_of_august(day: date, year: int) -> None:
    assert school_year_of(day) == year
    assert school_year_of(first_day(year)) == year
