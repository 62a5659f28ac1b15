"""Dates in every form that schools write, and nothing guessed."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rosters.dates import DateError, read_date
from registry.rosters.problems import ProblemCode

_REPUBLIC = 1911
_FULL_WIDTH = str.maketrans("0123456789/-.", "０１２３４５６７８９／－．")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0990315", date(2010, 3, 15)),
        ("990315", date(2010, 3, 15)),
        ("099/03/15", date(2010, 3, 15)),
        ("99/3/5", date(2010, 3, 5)),
        ("114.9.1", date(2025, 9, 1)),
        ("民國103年5月6日", date(2014, 5, 6)),
        ("中華民國 103 年 5 月 6 日", date(2014, 5, 6)),
        ("民國5年5月6日", date(1916, 5, 6)),
        ("103年05月06日", date(2014, 5, 6)),
        ("2014年5月6日", date(2014, 5, 6)),
        ("2014-05-06", date(2014, 5, 6)),
        ("2014/5/6", date(2014, 5, 6)),
        ("20140506", date(2014, 5, 6)),
        ("1030506", date(2014, 5, 6)),
        (" 2014-05-06 ", date(2014, 5, 6)),
        ("2014-05-06 00:00:00", date(2014, 5, 6)),
        ("2014-05-06T00:00:00", date(2014, 5, 6)),
        ("０９９／０３／１５", date(2010, 3, 15)),
        ("101/2/29", date(2012, 2, 29)),
    ],
)
def test_a_date_is_read_as_it_is_meant(written: str, meant: date) -> None:
    assert read_date(written) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2014/15/06", ProblemCode.DATE_SWAPPED),
        ("103/15/6", ProblemCode.DATE_SWAPPED),
        ("20141506", ProblemCode.DATE_SWAPPED),
        ("1031506", ProblemCode.DATE_SWAPPED),
        ("民國103年15月6日", ProblemCode.DATE_SWAPPED),
        ("15/06/2014", ProblemCode.DATE_YEAR_LAST),
        ("6-5-2014", ProblemCode.DATE_YEAR_LAST),
        ("2014/13/40", ProblemCode.DATE_IMPOSSIBLE),
        ("2014-02-30", ProblemCode.DATE_IMPOSSIBLE),
        ("099/02/29", ProblemCode.DATE_IMPOSSIBLE),
        ("000/05/06", ProblemCode.DATE_IMPOSSIBLE),
        ("0000-05-06", ProblemCode.DATE_IMPOSSIBLE),
        ("2014-00-06", ProblemCode.DATE_IMPOSSIBLE),
        ("2014/5-6", ProblemCode.DATE_FORMAT),
        ("2014-05-06 13:30:00", ProblemCode.DATE_FORMAT),
        ("民國2014年5月6", ProblemCode.DATE_FORMAT),
        ("民國前3年5月6日", ProblemCode.DATE_FORMAT),
        ("41765", ProblemCode.DATE_FORMAT),
        ("200001010", ProblemCode.DATE_FORMAT),
        ("May 6, 2014", ProblemCode.DATE_FORMAT),
        ("", ProblemCode.DATE_FORMAT),
        ("٢٠١٤-٠٥-٠٦", ProblemCode.DATE_FORMAT),
    ],
)
def test_a_date_that_can_be_meant_in_two_ways_or_none_is_a_problem(written: str, code: ProblemCode) -> None:
    with pytest.raises(DateError) as caught:
        read_date(written)
    assert caught.value.code is code


REPUBLIC_FORMS = (
    "{r:03d}{m:02d}{d:02d}",
    "{r:03d}/{m:02d}/{d:02d}",
    "{r:02d}/{m}/{d}",
    "{r:02d}.{m}.{d}",
    "民國{r}年{m}月{d}日",
    "{r:02d}年{m}月{d}日",
)
WESTERN_FORMS = (
    "{y}-{m:02d}-{d:02d}",
    "{y}/{m}/{d}",
    "{y}{m:02d}{d:02d}",
    "{y}.{m}.{d}",
    "{y}年{m}月{d}日",
    "{y}-{m:02d}-{d:02d} 00:00:00",
)


@given(st.dates(date(1912, 1, 1), date(2200, 12, 31)), st.sampled_from(REPUBLIC_FORMS + WESTERN_FORMS), st.booleans())
def test_a_date_written_in_any_form_comes_back(day: date, form: str, wide: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    written = form.format(r=day.year - _REPUBLIC, y=day.year, m=day.month, d=day.day)
    assert read_date(written.translate(_FULL_WIDTH) if wide else written) == day


@given(st.dates(date(1921, 1, 1), date(2010, 12, 31)))
def test_six_digits_are_a_year_of_the_republic_below_a_hundred(day: date) -> None:
    assert read_date(f"{day.year - _REPUBLIC:02d}{day.month:02d}{day.day:02d}") == day


@given(st.text(max_size=30) | st.text("0123456789/-.年月日民國 ", max_size=14))
def test_any_text_is_a_date_or_a_problem(written: str) -> None:
    try:
        day = read_date(written)
    except DateError:
        return
    assert str(day.day) in unicodedata.normalize("NFKC", written)
