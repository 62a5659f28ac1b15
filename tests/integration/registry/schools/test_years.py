"""Schools in their school years: the list, the branch that changes, the step into the next year."""

from datetime import date

import pytest

from registry.schools.refusals import SchoolRefusal, SchoolRefusedError
from registry.schools.school_years import Semester
from registry.schools.store import follow_schools
from tests.integration.registry.schools.office import FAR, FIRST, LIN, LIST, NEAR, TWIN, Office

REGULAR_AT = "SELECT national_id, regular_at FROM patron WHERE id IN (SELECT patron FROM consent) ORDER BY national_id"
MOVED = ((NEAR, "虛構國小", "02-2999-0001", "L12"), LIST[1])


def test_q3_1a_a_school_has_the_branch_of_its_school_year(office: Office) -> None:
    office.list_schools(*MOVED, school_year=115)
    before, after = (office.schools.schools(year) for year in (114, 116))
    assert [(school.code, str(school.branch)) for school, _ in before] == [(NEAR, "C01"), (FAR, "L12")]
    assert [(school.code, str(school.branch)) for school, _ in after] == [(NEAR, "L12"), (FAR, "L12")]
    (_, said), _ = after
    assert said is not None
    assert (said.school_year, said.since, said.phone, said.source) == (115, date(2026, 8, 1), "02-2999-0001", "函 1140002")


def test_a_list_that_is_loaded_again_changes_nothing(office: Office) -> None:
    before = office.dump()
    assert office.list_schools().unchanged == 2
    assert office.dump() == before


def test_in_the_running_school_year_pupils_follow_their_school_and_kiosks_hear_of_it(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", FAR))
    heard = len(office.counter.heard())
    office.list_schools(*MOVED)
    assert office.sql(REGULAR_AT) == [("O200000015", "L12"), ("W234567893", "L12")]
    assert [table for table, _ in office.counter.heard()[heard:]] == ["patron"]


def test_who_is_a_regular_elsewhere_does_not_follow_the_school(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR))
    database = office.counter.city.registry.database
    assert database.write(lambda work: follow_schools(work, {NEAR: "L12"}, {NEAR: "A12"})) == []
    assert database.write(lambda work: follow_schools(work, {}, {NEAR: "A12"})) == []
    assert database.write(lambda work: follow_schools(work, {NEAR: "C01"}, {NEAR: "A12"})) == [office.key_of(LIN)]


def test_a_list_for_the_next_school_year_moves_nobody_before_that_year_is_begun(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR))
    office.list_schools(*MOVED, school_year=115)
    assert office.sql(REGULAR_AT) == [("W234567893", "C01")]
    assert office.schools.roll_over(office.schools.preview_rollover(115), by="office") == 1
    assert office.sql(REGULAR_AT) == [("W234567893", "L12")]


def test_r19_and_q4_d_a_new_school_year_carries_over_the_branches_and_nothing_expires(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", FAR))
    office.school(NEAR, LIN)
    office.day(2026, 8, 3)
    before = office.dump()
    preview = office.schools.preview_rollover(115)
    assert preview.counts() == {"carried": 2, "already": 0, "moved": 0, "deadlines_needed": 2, "pupils": 2, "incomplete": 1}
    assert preview.deadlines_needed == (Semester.FIRST, Semester.SECOND)
    assert office.schools.roll_over(preview, by="office") == 0
    after = office.dump()
    assert {table for table in after if after[table] != before[table]} == {"school_year_assignment", "audit"}
    assert office.sql("SELECT count(*) FROM patron WHERE expires IS NOT NULL") == [(0,)]
    assert office.sql("SELECT state FROM card WHERE uid IN ('04000001', '04000002')") == [("active",), ("active",)]
    assert [one.consenting for one in office.contacts.progress(115)] == [0, 0]
    assert [one.student_number for one in office.missing(school_year=115)] == ["04000002"]
    assert {said.source for _, said in office.schools.schools(115) if said is not None} == {"carried over from 114"}
    assert office.schools.preview_rollover(115).carried == ()


def test_r19_a_pupil_who_changes_school_keeps_account_and_card(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR))
    key = office.key_of(LIN)
    office.day(2026, 8, 3)
    office.schools.roll_over(office.schools.preview_rollover(115), by="office")
    office.bureau((LIN, "04000001", FAR), school_year=115)
    assert office.key_of(LIN) == key
    assert office.sql("SELECT uid, state FROM card WHERE uid = '04000001'") == [("04000001", "active")]
    assert [(one.school, one.school_year) for one in office.missing(school_year=115)] == [(FAR, 114)]


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_what_changed_since_the_preview_is_never_overwritten(office: Office) -> None:
    preview = office.schools.preview_rollover(115)
    office.list_schools(*MOVED, school_year=115)
    with pytest.raises(SchoolRefusedError) as refused:
        office.schools.roll_over(preview, by="office")
    assert refused.value.code is SchoolRefusal.MOVED
    with pytest.raises(SchoolRefusedError) as refused:
        office.schools.preview_rollover(90)
    assert refused.value.code is SchoolRefusal.NO_YEAR_BEFORE
