"""What can be wrong with a roster: stable codes. The sentences stand in the catalogue under ``roster.``."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class ProblemCode(StrEnum):
    """What is wrong with a row, at one column."""

    VALUE_MISSING = "value_missing"
    NATIONAL_ID_FORMAT = "national_id_format"
    NATIONAL_ID_CHECK_DIGIT = "national_id_check_digit"
    DATE_FORMAT = "date_format"
    DATE_SWAPPED = "date_swapped"
    """The month is over 12 and the day is not."""
    DATE_YEAR_LAST = "date_year_last"
    """Such as 6/5/2014: nobody can tell which is the day."""
    DATE_IMPOSSIBLE = "date_impossible"
    """No calendar has this day."""
    DATE_FUTURE = "date_future"
    DATE_TOO_OLD = "date_too_old"
    CARD_FORMAT = "card_format"
    CARD_NO_CARD = "card_no_card"
    """A number that no card keeps: random, or all 00 or FF."""
    EXCEL_LEADING_ZERO = "excel_leading_zero"
    EXCEL_ROUNDED = "excel_rounded"
    """A spreadsheet keeps 15 digits and writes zeros for the others."""
    EXCEL_SCIENTIFIC = "excel_scientific"
    CONSENT_UNCLEAR = "consent_unclear"
    TEXT_UNREADABLE = "text_unreadable"
    """Control characters inside, or longer than any such text."""
    SCHOOL_CODE_FORMAT = "school_code_format"
    SCHOOL_UNKNOWN = "school_unknown"
    BRANCH_UNKNOWN = "branch_unknown"
    """Of a list of schools: the library has no branch of this code or name."""
    POSTAL_CODE_FORMAT = "postal_code_format"
    PHONE_FORMAT = "phone_format"
    PHONE_MISSING = "phone_missing"
    """Neither of the two phone columns has a number."""
    TOO_MANY_CELLS = "too_many_cells"
    ROW_CONTRADICTS = "row_contradicts"
    """Another row has the same number and says something else."""
    ID_MISSING = "id_missing"
    """A passport, or nothing: the row becomes a case, the person comes to a desk."""
    LEAVING_UNCLEAR = "leaving_unclear"
    """Neither cancelled (註銷) nor handed in (繳回)."""
    AGE_UNUSUAL = "age_unusual"
    EUDC = "eudc"
    """A character that only the sender's machines can draw (造字)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one row.

    ``column`` is the heading as the file writes it; ``shown`` what of the value may be shown to people;
    ``other_row`` the row it contradicts. Without ``blocks`` it is a warning and the row is taken.
    """

    code: ProblemCode
    column: str
    shown: str = ""
    other_row: int = 0
    blocks: bool = True


@unique
class FileFault(StrEnum):
    """Why a file is no roster at all. Nothing of it is taken."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NO_ROWS = "no_rows"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    OLD_EXCEL = "old_excel"
    ENCODING = "encoding"
    LINE_TOO_LONG = "line_too_long"
    QUOTES = "quotes"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_CELLS = "too_many_cells"
    HEADING_TWICE = "heading_twice"
    COLUMNS_MISSING = "columns_missing"
    XLSX_DAMAGED = "xlsx_damaged"
    XLSX_TOO_LARGE_INSIDE = "xlsx_too_large_inside"
    NO_CONSENT = "no_consent"
    """Neither a consent column nor a declaration for the batch (Q3-2b)."""
    CHANGED = "changed"
    SCHOOL_UNKNOWN = "school_unknown"
    """The school that is said to have sent it is not on the list."""
    HEADINGS_CHANGED = "headings_changed"
    """Not the headings that this sender's mapping was saved for."""
    MAPPING_WRONG = "mapping_wrong"
    """A mapping names a heading that isn't there, or a field that this kind of file has not."""
    MAPPING_OVERRIDES = "mapping_overrides"
    """A mapping gives another meaning to a heading that is needed as it is."""


class RosterFileError(Exception):
    """The file can't be taken as a roster. ``values`` fill the sentence ``roster.file.<fault>``."""

    def __init__(self, fault: FileFault, **values: str | int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.values = values
