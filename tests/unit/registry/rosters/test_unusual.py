"""What is unlike last year, so that a second person must look."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from circulation.cards import CardUid
from registry.rosters.arrival import Arrival
from registry.rosters.given import GivenRows
from registry.rosters.headings import RosterKind
from registry.rosters.plan import Outcome
from registry.rosters.policy import RosterPolicy
from registry.rosters.preview import Preview
from registry.rosters.rows import BureauRow
from registry.rosters.store_batches import Batch, Channel
from registry.rosters.unusual import decide_unusual

POLICY = RosterPolicy()


def a_batch(replaced: int, schools: Mapping[str, int] | None = None) -> Batch:
    at = datetime(2025, 9, 1, tzinfo=UTC)
    counts = {"replaced": replaced}
    return Batch(
        UUID(int=1), RosterKind.BUREAU_STUDENTS, bytes(32), 113, None, None, loaded_at=at, actor="x", counts=counts, schools=schools or {}
    )


def an_arrival(*schools: str, channel: Channel = Channel.FILE) -> Arrival:
    card, born = CardUid.from_hex("04000001"), date(2014, 5, 6)
    rows = tuple(BureauRow(n, "王", "A123456789", born, card, None, None, school, None) for n, school in enumerate(schools))
    return Arrival(GivenRows(RosterKind.BUREAU_STUDENTS, 114, rows), bytes(32), names_consent=True, channel=channel)


def reasons(arrival: Arrival, replaced: int, last: list[Batch], so_far: list[Batch] | None = None) -> list[tuple[str, str]]:
    preview = Preview(replaced, {Outcome.REPLACED: replaced}, {}, 0, 0, 0, changes_nothing=False)
    found = decide_unusual(arrival, preview, last_year=last, this_year=so_far or [], policy=POLICY)
    return [(str(one.reason), one.what) for one in found]


@pytest.mark.parametrize(("replaced", "asked"), [(120, False), (121, True)])
def test_more_than_a_fifth_more_replacements_than_last_year(replaced: int, *, asked: bool) -> None:
    assert bool(reasons(an_arrival(), replaced, [a_batch(60), a_batch(40)])) is asked


def test_the_parts_of_a_file_count_together() -> None:
    assert reasons(an_arrival(), 61, [a_batch(100)], [a_batch(60)]) == [("more_replacements", "")]


def test_a_handful_is_never_unusual_nor_is_a_first_year() -> None:
    assert reasons(an_arrival(), 10, [a_batch(0)]) == []
    assert reasons(an_arrival(), 10_000, []) == []


def test_a_whole_school_that_last_years_file_had_is_missed_unless_it_came_already() -> None:
    last = [a_batch(0, {"400001": 300, "400002": 4})]
    assert reasons(an_arrival("400003"), 0, last) == [("school_missing", "400001")]
    assert reasons(an_arrival("400001"), 0, last) == []
    assert reasons(an_arrival("400003"), 0, last, [a_batch(0, {"400001": 300})]) == []


def test_a_file_without_schools_and_the_few_rows_of_a_machine_lack_none() -> None:
    last = [a_batch(0, {"400001": 300})]
    assert reasons(an_arrival(), 0, last) == []
    assert reasons(an_arrival("400003", channel=Channel.API), 0, last) == []


def test_the_thresholds_are_the_librarys() -> None:
    policy = replace(POLICY, more_replacements=0.5, few_replacements=0, whole_school=400)
    preview = Preview(0, {Outcome.REPLACED: 140}, {}, 0, 0, 0, changes_nothing=False)
    last = [a_batch(100, {"400001": 300})]
    assert decide_unusual(an_arrival("400003"), preview, last_year=last, this_year=[], policy=policy) == []
