"""What is kept of the survey that goes from the Bureau through the schools to the parents and back."""

from registry.rosters.arrival import ConsentDeclaration
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil

LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506", "card": "04000002"}
TWIN = {"name": "林小雙", "national_id": "O200000015", "born": "1030506", "card": "04000003"}
KEPT = (
    "SELECT p.national_id, c.school_year, b.form_version, b.cohort FROM consent c"
    " JOIN patron p ON p.id = c.patron JOIN roster_batch b ON b.id = c.batch ORDER BY c.school_year"
)


def test_q3_2a_every_consent_is_kept_with_the_form_the_school_year_and_the_cohort_of_its_survey(counter: Counter) -> None:
    declared = ConsentDeclaration("114-1", "國小新生")
    counter.bureau(a_pupil(**LIN)[:-1], headings=HEADINGS[:-1], declaration=declared)
    counter.bureau(a_pupil(**TWIN), school_year=115)
    assert counter.sql(KEPT) == [("W234567893", 114, "114-1", "國小新生"), ("O200000015", 115, None, None)]
