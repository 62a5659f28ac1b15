"""What staff see of a case."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from registry.cases.kinds import CaseKind
from registry.cases.shown import HIDDEN, Side, masked_value, shown, sides_of
from registry.cases.store import KnownCase

AT = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def a_case(**sides: dict[str, str]) -> KnownCase:
    asks, known = sides.get("asks", {}), sides.get("known", {})
    return KnownCase(uuid4(), CaseKind.NAME_DIFFERS, None, None, None, None, None, asks, known, AT, "bureau", None)


def test_what_differs_comes_first_and_is_marked() -> None:
    case = a_case(asks={"card": "04A32B1C", "name": "王曉明"}, known={"card": "04A32B1C", "name": "王小明"})
    assert sides_of(case, full=True) == (
        Side("name", "王曉明", "王小明", differs=True),
        Side("card", "04A32B1C", "04A32B1C", differs=False),
    )


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("name", "王小明", "王○○"),
        ("national_id", "A123456789", "A********9"),
        ("birth_date", "2014-05-06", "2014-**-**"),
        ("card", "04A32B1C", f"{HIDDEN}2B1C"),
        ("address", "臺北市虛構路1號", HIDDEN),
        ("something new", "whatever it says", HIDDEN),
        ("school_year", "114", "114"),
        ("card", None, None),
    ],
)
def test_what_has_no_rule_of_its_own_is_hidden(name: str, text: str | None, masked: str | None) -> None:
    assert masked_value(name, text) == masked


@pytest.mark.parametrize(("waited", "days"), [(timedelta(hours=23), 0), (timedelta(days=3, hours=23), 3), (timedelta(days=-1), 0)])
def test_its_age_is_told_in_whole_days(waited: timedelta, days: int) -> None:
    assert shown(a_case(), {}, now=AT + waited).days == days


def test_nobody_sees_either_side_in_a_printed_case() -> None:
    case = a_case(asks={"name": "王曉明"}, known={"name": "王小明"})
    assert "王" not in repr(case) + repr(shown(case, {}, now=AT, sides="full"))
