"""What is refused where schools are looked after: stable codes. The sentences stand in the catalogue as ``schools.refused.<code>``."""

from enum import StrEnum, unique


@unique
class SchoolRefusal(StrEnum):
    """Why staff can't have it so."""

    SCHOOL_UNKNOWN = "school_unknown"
    """There is no such school, or it is another branch's: a branch learns nothing of those (Q3-3a)."""
    BRANCH_UNKNOWN = "branch_unknown"
    LAST_DAY_TOO_EARLY = "last_day_too_early"
    """A deadline lies after the first day of school."""
    SEMESTER_OUTSIDE_YEAR = "semester_outside_year"
    """Another school year's days, most likely a slip of the pen."""
    SOURCE_MISSING = "source_missing"
    """A date or an assignment without a word of where it was written."""
    NO_YEAR_BEFORE = "no_year_before"
    """There is no earlier school year to carry anything over from."""
    MOVED = "moved"
    """The registry has changed since the preview."""
    NOTHING_TO_PRINT = "nothing_to_print"


class SchoolRefusedError(Exception):
    """It was refused, and nothing was changed."""

    def __init__(self, code: SchoolRefusal) -> None:
        super().__init__(code.value)
        self.code = code
