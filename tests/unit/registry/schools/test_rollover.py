"""What a new school year begins with."""

from datetime import date

from registry.schools.deadlines import Deadline
from registry.schools.rollover import LastYear, decide_rollover
from registry.schools.school_years import Semester
from registry.schools.store import SchoolYear

OLD = SchoolYear("313501", 114, "C01", "02-2999-0001", date(2025, 8, 1), "函")
OLDER = SchoolYear("313502", 113, "C01", None, date(2024, 8, 1), "函")
NEW = SchoolYear("313503", 115, "L12", None, date(2026, 8, 1), "函 115")
BEFORE = {"313501": OLD, "313502": OLDER, "313503": SchoolYear("313503", 114, "C01", None, date(2025, 8, 1), "函")}
DEADLINE = Deadline(115, Semester.FIRST, date(2026, 8, 31), date(2026, 9, 30), "函")


def test_assignments_are_carried_over_unless_the_new_year_says_something_else() -> None:
    found = decide_rollover(school_year=115, before=BEFORE, now={"313503": NEW}, deadlines=[], last=LastYear(7, 2))
    assert [(one.school, one.school_year, one.branch, one.phone, one.since, one.source) for one in found.carried] == [
        ("313501", 115, "C01", "02-2999-0001", date(2026, 8, 1), "carried over from 114"),
        ("313502", 115, "C01", None, date(2026, 8, 1), "carried over from 113"),
    ]
    assert found.counts() == {"carried": 2, "already": 1, "moved": 1, "deadlines_needed": 2, "pupils": 7, "incomplete": 2}


def test_the_semesters_without_a_deadline_are_named() -> None:
    found = decide_rollover(school_year=115, before=BEFORE, now={}, deadlines=[DEADLINE], last=LastYear(0, 0))
    assert found.deadlines_needed == (Semester.SECOND,)
