"""Offline terms as a document: read, written, refused with the place of every fault."""

import copy
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.documents import DocumentError
from circulation.offline import MIB, OfflineLimits, Step
from circulation.offline_terms import OfflineTerms, TermsFaultCode, read_terms, written_terms

DEFAULT = OfflineTerms(1, date(2026, 12, 1), "board of 2026-11-20")
Code = TermsFaultCode


def a_document(**changes: object) -> dict[str, Any]:
    return {**copy.deepcopy(written_terms(DEFAULT)), **changes}


def faults(document: dict[str, Any], *, strict: bool = True) -> list[tuple[str, StrEnum]]:
    with pytest.raises(DocumentError) as refused:
        read_terms(document, strict=strict)
    return [(".".join(one.path), one.code) for one in refused.value.faults]


def test_what_was_written_is_read_again() -> None:
    branches = {"L12": OfflineLimits(patron_per_hour=3, disk_for_loans=512 * MIB), "C01": OfflineLimits()}
    terms = OfflineTerms(7, date(2027, 1, 1), "who", OfflineLimits(kiosk_per_hour=90), branches)
    assert read_terms(written_terms(terms), strict=True) == terms


def test_the_table_of_the_protocol_is_what_holds_where_nothing_was_said() -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    limits = OfflineLimits()
    assert limits.fresh == timedelta(minutes=15)
    assert limits.steps == (Step(day, 5), Step(3 * day, 3), Step(7 * day, 2, regulars_only=True))
    assert (limits.renewals_up_to, limits.clock_doubt, limits.clock_tolerance) == (24 * hour, 24 * hour, timedelta(minutes=5))
    assert (limits.most_unsent, limits.most_unsent_returns) == (5_000, 10_000)
    assert (limits.disk_for_loans, limits.disk_for_returns) == (256 * MIB, 32 * MIB)
    assert (limits.patron_per_hour, limits.kiosk_per_hour) == (None, None)


def test_a_branch_has_its_own_where_it_says_so_and_the_librarys_elsewhere() -> None:
    terms = read_terms(a_document(branches={"L12": {"patron_per_hour": 4}}), strict=True)
    assert terms.for_branch("L12").patron_per_hour == 4
    assert terms.for_branch("L12").steps == terms.limits.steps
    assert terms.for_branch("C01") == terms.limits


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": 0}, [("version", Code.OUT_OF_RANGE)]),
        ({"version": "2"}, [("version", Code.NOT_A_NUMBER)]),
        ({"version": True}, [("version", Code.NOT_A_NUMBER)]),
        ({"effective_from": "soon"}, [("effective_from", Code.NOT_A_DATE)]),
        ({"effective_from": 20261201}, [("effective_from", Code.NOT_A_DATE)]),
        ({"source": " "}, [("source", Code.NOT_A_TEXT)]),
        ({"fresh_minutes": 0}, [("fresh_minutes", Code.OUT_OF_RANGE)]),
        ({"patron_per_hour": -1}, [("patron_per_hour", Code.OUT_OF_RANGE)]),
        ({"patron_per_huor": 3}, [("patron_per_huor", Code.UNKNOWN)]),
        ({"disk_stops_returns_mib": 0}, [("disk_stops_returns_mib", Code.OUT_OF_RANGE)]),
        ({"disk_stops_returns_mib": 257}, [("disk_stops_returns_mib", Code.RETURNS_BEFORE_LOANS)]),
        ({"unsent_stops_returns": 4_999}, [("unsent_stops_returns", Code.RETURNS_BEFORE_LOANS)]),
        ({"renewals_hours": 200}, [("renewals_hours", Code.RENEWALS_TOO_LONG)]),
        ({"steps": []}, [("steps", Code.NO_STEPS)]),
        ({"steps": 5}, [("steps", Code.NO_STEPS)]),
        ({"steps": [3]}, [("steps.1", Code.NOT_A_TABLE)]),
        ({"steps": [{"up_to_hours": 24}]}, [("steps.1.items", Code.MISSING)]),
        ({"steps": [{"up_to_hours": 24, "items": 1, "when": 2}]}, [("steps.1.when", Code.UNKNOWN)]),
        ({"steps": [{"up_to_hours": 24, "items": 1, "regulars_only": 1}]}, [("steps.1.regulars_only", Code.NOT_YES_OR_NO)]),
        ({"fresh_minutes": 60, "steps": [{"up_to_hours": 1, "items": 5}], "renewals_hours": 1}, [("steps.1.up_to_hours", Code.NOT_OLDER)]),
        (
            {"steps": [{"up_to_hours": 24, "items": 2, "regulars_only": True}, {"up_to_hours": 24, "items": 3}]},
            [
                ("steps.2.up_to_hours", Code.NOT_OLDER),
                ("steps.2.items", Code.MORE_WHEN_OLDER),
                ("steps.2.regulars_only", Code.MORE_WHEN_OLDER),
            ],
        ),
        ({"branches": 3}, [("branches", Code.NOT_A_TABLE)]),
        ({"branches": {"C01": 3}}, [("branches.C01", Code.NOT_A_TABLE)]),
        ({"branches": {"C01": {"fresh_minutes": 20}}}, [("branches.C01.fresh_minutes", Code.UNKNOWN)]),
        ({"branches": {"C01": {"unsent_stops_loans": 20_000}}}, [("branches.C01.unsent_stops_returns", Code.RETURNS_BEFORE_LOANS)]),
    ],
)
def test_a_bad_value_is_refused_with_its_place(change: dict[str, object], expected: list[tuple[str, TermsFaultCode]]) -> None:
    assert faults(a_document(**change)) == expected


def test_a_date_is_a_date_of_toml_or_its_text_and_no_instant() -> None:
    assert read_terms(a_document(effective_from=date(2026, 12, 1)), strict=True) == read_terms(a_document(), strict=True)
    assert faults(a_document(effective_from=datetime(2026, 12, 1, tzinfo=UTC))) == [("effective_from", Code.NOT_A_DATE)]


def test_everything_that_is_missing_is_told_at_once() -> None:
    found = faults({})
    assert {code for _, code in found} == {Code.MISSING}
    assert {place for place, _ in found} == set(written_terms(DEFAULT)) - {"branches"}


def test_a_kiosk_lets_be_what_a_later_version_adds_and_a_branch_never_changes_what_is_not_its_own() -> None:
    told = a_document(moon=True, branches={"C01": {"fresh_minutes": 99, "moon": 1, "kiosk_per_hour": 9}})
    limits = read_terms(told, strict=False).for_branch("C01")
    assert (limits.fresh, limits.kiosk_per_hour) == (timedelta(minutes=15), 9)


@given(
    st.dictionaries(
        st.sampled_from([*written_terms(DEFAULT), "branches", "moon"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
        ),
    )
)
def test_whatever_is_told_is_read_or_refused_and_never_breaks(changes: dict[str, Any]) -> None:
    for strict in (True, False):
        with suppress(DocumentError):
            assert isinstance(read_terms(a_document(**changes), strict=strict), OfflineTerms)
