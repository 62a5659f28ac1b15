"""Contact data school by school: who is complete, what is late, what a branch sees, what is handed back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.rosters.problems import FileFault, RosterFileError
from registry.schools.contact_rule import RouteKind
from registry.schools.refusals import SchoolRefusal, SchoolRefusedError
from registry.schools.store_progress import of_branches
from registry.schools.store_worklist import Wanted
from tests.integration.registry.schools.office import CHEN, FAR, FIRST, LIN, NEAR, TWIN, Office
from tests.unit.registry.rosters.roster_files import a_contact, contact_file

COMPLETE = "SELECT national_id, CAST(contact_complete AS int) FROM patron WHERE id IN (SELECT patron FROM consent) ORDER BY national_id"


def test_q3_2d_and_q3_3b_only_the_schools_data_that_a_branch_has_checked_completes_a_record(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", NEAR))
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", NEAR), school_year=115)
    assert office.sql(COMPLETE) == [("O200000015", 0), ("W234567893", 0)]
    assert office.sql("SELECT count(*) FROM contact_completion") == [(0,)]
    office.school(NEAR, LIN, by="librarian")
    assert office.sql(COMPLETE) == [("O200000015", 0), ("W234567893", 1)]
    assert office.sql(
        "SELECT c.patron, c.checked_by, b.kind, c.completed_at = b.loaded_at, c.checked_at = b.loaded_at"
        " FROM contact_completion c JOIN roster_batch b ON b.id = c.batch"
    ) == [(office.key_of(LIN).bytes, "librarian", "school-contacts", 1, 1)]


def test_q3_3b_a_record_that_waiting_rows_complete_was_checked_when_those_rows_came(office: Office) -> None:
    office.school(NEAR, LIN, by="librarian")
    office.day(2025, 9, 25)
    office.bureau((LIN, "04000001", NEAR))
    assert office.sql(COMPLETE) == [("W234567893", 1)]
    ((checked_by, kind, later),) = office.sql(
        "SELECT c.checked_by, b.kind, c.completed_at > c.checked_at FROM contact_completion c JOIN roster_batch b ON b.id = c.batch"
    )
    assert (checked_by, kind, bool(later)) == ("librarian", "school-contacts", True)
    assert office.sql("SELECT count(*) FROM contact_waiting") == [(0,)]


def test_q3_1a_and_r2_a_late_batch_is_taken_whole_and_marked_late(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", NEAR))
    office.day(2025, 10, 1)
    office.school(NEAR, LIN)
    office.day(2025, 10, 2)
    assert office.school(NEAR, TWIN).completed == 1
    late, in_time = office.contacts.batches(114)
    assert [(one.late, one.last_day, one.school, one.completed) for one in (in_time, late)] == [
        (False, date(2025, 10, 1), NEAR, 1),
        (True, date(2025, 10, 1), NEAR, 1),
    ]
    assert [row[1] for row in office.sql(COMPLETE)] == [1, 1]


def test_r2_a_deadline_that_is_set_or_moved_later_marks_anew_what_has_come(office: Office) -> None:
    office.day(2025, 10, 2)
    office.bureau((LIN, "04000001", NEAR))
    office.school(NEAR, LIN)
    assert [one.late for one in office.contacts.batches(114)] == [None]
    assert office.schools.set_deadline(FIRST, by="office") == 1
    assert [one.late for one in office.contacts.batches(114)] == [True]
    longer = type(FIRST)(114, FIRST.semester, FIRST.begins, date(2025, 10, 31), "函 1140009")
    assert office.schools.set_deadline(longer, by="office") == 1
    assert [one.late for one in office.contacts.batches(114)] == [False]
    assert office.schools.deadlines(114) == [longer]


@pytest.mark.parametrize(
    ("begins", "last_day", "source", "code"),
    [
        (date(2025, 9, 1), date(2025, 9, 1), "函", SchoolRefusal.LAST_DAY_TOO_EARLY),
        (date(2026, 9, 1), date(2026, 10, 1), "函", SchoolRefusal.SEMESTER_OUTSIDE_YEAR),
        (date(2025, 9, 1), date(2025, 10, 1), " ", SchoolRefusal.SOURCE_MISSING),
    ],
)
@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_a_deadline_without_sense_or_source_is_refused(
    office: Office, begins: date, last_day: date, source: str, code: SchoolRefusal
) -> None:
    with pytest.raises(SchoolRefusedError) as refused:
        office.schools.set_deadline(type(FIRST)(114, FIRST.semester, begins, last_day, source), by="office")
    assert (refused.value.code, office.schools.deadlines()) == (code, [])


def test_q3_3a_a_branch_sees_the_batches_rows_and_pupils_of_its_own_schools_only(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", FAR))
    office.school(FAR, CHEN)
    office.school(NEAR, {**CHEN, "national_id": "A800123450"})
    office.schools.set_deadline(FIRST, by="office")
    for branch, school in (("C01", NEAR), ("L12", FAR)):
        assert [one.school for one in office.missing(branch=branch)] == [school]
        assert [one.school for one in office.contacts.batches(114, branch=branch)] == [school]
        assert [one.school for one in office.contacts.waiting(114, branch=branch)] == [school]
        assert [one.school for one in office.contacts.progress(114, branch=branch)] == [school]
        assert [one.code for one, _ in office.schools.schools(114, branch=branch)] == [school]
    assert len(office.missing()) == len(office.contacts.batches(114)) == len(office.contacts.waiting(114)) == 2
    office.day(2025, 10, 2)
    office.contacts.hand_back_waiting()
    assert [one.school for one in office.contacts.handed_back(114, branch="L12")] == [FAR]


def test_q3_3a_of_another_branchs_school_nothing_is_said_not_even_that_it_is_there(office: Office) -> None:
    office.bureau((TWIN, "04000002", FAR))
    for school in (FAR, "999999"):
        with pytest.raises(SchoolRefusedError) as refused:
            office.contacts.call_list(Wanted(114, "C01", school), by="office")
        assert refused.value.code is SchoolRefusal.SCHOOL_UNKNOWN
    with pytest.raises(SchoolRefusedError) as refused:
        office.missing(branch="X99")
    assert refused.value.code is SchoolRefusal.BRANCH_UNKNOWN


def test_q3_3a_a_school_that_changes_its_branch_is_seen_by_the_new_one_from_that_school_year_on(office: Office) -> None:
    office.bureau((LIN, "04000001", NEAR))
    office.list_schools((NEAR, "虛構國小", "02-2999-0001", "L12"), school_year=115)
    assert [[len(office.missing(branch=branch, school_year=year)) for branch in ("C01", "L12")] for year in (114, 115)] == [[1, 0], [0, 1]]


def test_progress_counts_each_school_and_each_branch(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    office.bureau((LIN, "04000001", NEAR), (TWIN, "04000002", NEAR), ({**CHEN, "national_id": "A800123450"}, "04000003", ""))
    office.day(2025, 10, 5)
    office.school(NEAR, LIN)
    office.school(FAR, CHEN)
    office.school(None, {**CHEN, "national_id": "F900123457"})
    found = office.contacts.progress(114)
    shown = [(p.school, p.consenting, p.complete, p.incomplete, p.waiting, p.batches, p.late, p.last_on) for p in found]
    assert shown == [
        (NEAR, 2, 1, 1, 0, 1, 1, date(2025, 10, 5)),
        (FAR, 0, 0, 0, 1, 1, 1, date(2025, 10, 5)),
        (None, 1, 0, 1, 1, 0, 0, None),
    ]
    assert {code: (one.schools, one.total.incomplete) for code, one in of_branches(found).items()} == {
        "C01": (1, 1),
        "L12": (1, 0),
        None: (1, 1),
    }


def test_q3_3c_the_worklist_is_the_oldest_first_with_masked_names_and_the_schools_phone(office: Office) -> None:
    office.bureau((TWIN, "04000002", NEAR))
    office.day(2025, 9, 22)
    office.bureau((LIN, "04000001", NEAR))
    found = office.missing(branch="C01")
    assert [(one.masked_name, one.student_number, one.route.kind, one.route.phones) for one in found] == [
        ("林○○", "04000002", RouteKind.SCHOOL, ("02-2345-6789",)),
        ("林○○", "04000001", RouteKind.SCHOOL, ("02-2345-6789",)),
    ]
    (entry,) = (one for one in office.counter.city.registry.audit() if one.action == "contact worklist read")
    assert set(str(entry.detail["patrons"]).split()) == {str(office.key_of(TWIN)), str(office.key_of(LIN))}


def test_r4_what_waits_in_vain_is_erased_after_the_deadline_and_handed_back_by_row_number(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    office.school(NEAR, LIN, TWIN)
    office.school(None, CHEN)
    office.day(2025, 10, 1)
    assert office.contacts.hand_back_waiting() == 0
    office.school(NEAR, {**CHEN, "national_id": "A800123450"}, school_year=115)
    office.day(2025, 10, 2)
    assert office.contacts.hand_back_waiting() == 3
    assert [(one.school, one.rows, one.handed_back_on) for one in office.contacts.handed_back(114)] == [
        (NEAR, (2, 3), date(2025, 10, 2)),
        (None, (2,), date(2025, 10, 2)),
    ]
    assert office.sql("SELECT w.school_year, c.row_number FROM roster_waiting w JOIN contact_waiting c ON c.tag = w.tag") == [(115, 2)]
    assert office.contacts.hand_back_waiting() == 0
    office.bureau((LIN, "04000001", NEAR))
    assert [one.masked_name for one in office.missing()] == ["林○○"]


def test_r4_a_row_of_the_last_day_is_handed_back_after_the_librarys_midnight_and_one_of_the_day_after_waits_on(office: Office) -> None:
    office.schools.set_deadline(FIRST, by="office")
    clock = office.counter.city.clock
    clock.at = datetime(2025, 10, 1, 23, 58, tzinfo=ZoneInfo("Asia/Taipei")).astimezone(clock.at.tzinfo)
    office.school(NEAR, LIN)
    assert office.contacts.hand_back_waiting() == 0
    clock.pass_(minutes=3)
    office.school(NEAR, TWIN)
    assert office.contacts.hand_back_waiting() == 1
    assert len(office.contacts.waiting(114)) == 1
    clock.pass_(days=304)
    assert office.contacts.hand_back_waiting() == 1


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_a_file_of_a_school_that_is_not_on_the_list_is_refused(office: Office) -> None:
    path = contact_file(office.folder, a_contact(**LIN))
    with pytest.raises(RosterFileError) as refused:
        office.counter.desk.load(RosterOrder(RosterKind.SCHOOL_CONTACTS, path, 114, sender="999999"))
    assert refused.value.fault is FileFault.SCHOOL_UNKNOWN
