"""School years and semesters: 114 is the school year that begins on 1 August 2025."""

from datetime import date
from enum import IntEnum, unique

_REPUBLIC_BEGINS = 1911
_BEGINS = (8, 1)
"""Month and day. Source: every school year of Taiwan begins on 1 August (高級中等以下學校各學年學期假期辦法)."""


@unique
class Semester(IntEnum):
    """The two halves of a school year."""

    FIRST = 1
    SECOND = 2


def school_year_of(day: date) -> int:
    """The school year a day lies in, in years of the Republic."""
    return day.year - _REPUBLIC_BEGINS - ((day.month, day.day) < _BEGINS)


def first_day(school_year: int) -> date:
    """The day a school year begins."""
    return date(school_year + _REPUBLIC_BEGINS, *_BEGINS)
