"""Dates as schools write them, in the years of the Republic (民國) or of the West. Nothing is guessed.

Source: the programme's data formats: 0990315, 990315, 099/03/15, 99/3/5, 114.9.1, 民國103年5月6日, 2014-05-06,
2014/5/6, 20140506, and a spreadsheet's own date cells. A year of two or three digits is of the Republic.
"""

import re
import unicodedata
from datetime import date

from registry.rosters.problems import ProblemCode

_REPUBLIC_BEGINS = 1911
_LAST_MONTH = 12
_WESTERN_DIGITS = 4
_FULL_WESTERN = 8

_IN_WORDS = re.compile(r"(?:中華)?(?:民國)?([0-9]{2,4})年([0-9]{1,2})月([0-9]{1,2})日")
_REPUBLIC_IN_WORDS = re.compile(r"(?:中華)?民國([0-9]{1,3})年([0-9]{1,2})月([0-9]{1,2})日")
_SEPARATED = re.compile(r"([0-9]{2,4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}")
_DIGITS = re.compile(r"[0-9]{6,8}")


class DateError(ValueError):
    """The text is no date that can be read in one way only."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


def read_date(written: str) -> date:
    """Read a date.

    Raises:
        DateError: with the code of what is wrong.

    """
    text = "".join(unicodedata.normalize("NFKC", written).strip().split(" ")) if "年" in written else _normal(written)
    if found := _REPUBLIC_IN_WORDS.fullmatch(text) or _IN_WORDS.fullmatch(text):
        year, month, day = found.groups()
    elif separated := _SEPARATED.fullmatch(text):
        year, _, month, day = separated.groups()
    elif _YEAR_LAST.fullmatch(text):
        raise DateError(ProblemCode.DATE_YEAR_LAST)
    elif _DIGITS.fullmatch(text):
        year, month, day = text[:-4], text[-4:-2], text[-2:]
    else:
        raise DateError(ProblemCode.DATE_FORMAT)
    return _date(year, int(month), int(day))


def _normal(written: str) -> str:
    return unicodedata.normalize("NFKC", written).strip()


def _date(year: str, month: int, day: int) -> date:
    western = int(year) if len(year) == _WESTERN_DIGITS else int(year) + _REPUBLIC_BEGINS
    if month > _LAST_MONTH and 1 <= day <= _LAST_MONTH:
        raise DateError(ProblemCode.DATE_SWAPPED)
    if int(year) == 0:
        raise DateError(ProblemCode.DATE_IMPOSSIBLE)
    try:
        return date(western, month, day)
    except ValueError:
        raise DateError(ProblemCode.DATE_IMPOSSIBLE) from None
