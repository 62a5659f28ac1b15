"""One-time codes: to whom, by which way, and what becomes of the PIN that is there."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from circulation.ids import BranchCode, PatronId
from circulation.wire import PinVerdict
from registry.desk.refusals import DeskRefusedError
from registry.people.refusals import PeopleRefusedError
from registry.people.slips import Slip
from registry.schools.store import School
from tests.integration.registry.city import City
from tests.integration.registry.people.office import PUPIL_CARD, STAFF, audited, enrolled, holder_of, people_of, refusals, rosters_of
from tests.unit.registry.people.forms import MOTHER, an_application
from tests.unit.registry.rosters.roster_files import HEADINGS, a_pupil

FIRST, SECOND = "729401", "508213"
SCHOOL = "353301"


def set_pin(city: City, code: str, pin: str) -> None:
    city.registry.desk.pins.set_by_code(code, pin, by=STAFF)


def verdict(city: City, patron: UUID, pin: str) -> PinVerdict:
    return city.registry.desk.pins.check(patron, pin, by="kiosk:1").verdict


def refused(city: City, patron: UUID, guardian: UUID | None = None) -> list[str]:
    with pytest.raises(PeopleRefusedError) as error:
        people_of(city).codes.slip(PatronId(patron), guardian=guardian, by=STAFF)
    return refusals(error.value)


def test_a_forgotten_pin_works_until_the_new_one_is_set(city: City) -> None:
    codes = people_of(city).codes
    set_pin(city, codes.slip(PatronId(city.hua), by=STAFF).code, FIRST)
    code = codes.slip(PatronId(city.hua), by=STAFF).code
    assert verdict(city, city.hua, FIRST) is PinVerdict.RIGHT
    set_pin(city, code, SECOND)
    assert [verdict(city, city.hua, pin) for pin in (FIRST, SECOND)] == [PinVerdict.WRONG, PinVerdict.RIGHT]


def test_a_code_is_good_for_one_use_and_for_a_fortnight(city: City) -> None:
    codes = people_of(city).codes
    used = codes.slip(PatronId(city.hua), by=STAFF).code
    set_pin(city, used, FIRST)
    made = codes.slip(PatronId(city.hua), by=STAFF)
    assert made.expires_at - city.clock() == timedelta(days=14)
    city.clock.pass_(days=14)
    for code in (used, made.code):
        with pytest.raises(DeskRefusedError, match="pin_code_refused"):
            set_pin(city, code, SECOND)


def test_a_childs_code_goes_to_its_linked_guardian_and_to_nobody_else(city: City) -> None:
    people = people_of(city)
    assert refused(city, city.ming) == ["code_to_guardian"]
    others = people.guardians.link(PatronId(city.hua), MOTHER, by=STAFF)
    assert refused(city, city.ming, others) == ["guardian_not_linked"]
    link = people.guardians.link(PatronId(city.ming), MOTHER, by=STAFF)
    set_pin(city, people.codes.slip(PatronId(city.ming), guardian=link, by=STAFF).code, FIRST)
    assert verdict(city, city.ming, FIRST) is PinVerdict.RIGHT
    assert audited(city, "pin code issued") == [
        {"patron": str(city.ming), "way": "desk_guardian"},
        {"patron": str(city.ming), "code": "guardian_not_linked"},
        {"patron": str(city.ming), "code": "code_to_guardian"},
    ]
    people.guardians.end(link, by=STAFF)
    assert refused(city, city.ming, link) == ["guardian_not_linked"]
    with pytest.raises(PeopleRefusedError):
        people.guardians.end(link, by=STAFF)


def test_a_youths_code_is_the_youths_own(city: City) -> None:
    link = people_of(city).guardians.link(PatronId(city.hua), MOTHER, by=STAFF)
    assert refused(city, city.hua, link) == ["guardian_not_linked", "code_to_owner"]


def test_nobody_who_is_not_on_record_gets_a_code(city: City) -> None:
    assert refused(city, UUID(int=7)) == ["nobody_found"]


@pytest.fixture
def slips(city: City, tmp_path: Path) -> list[Slip]:
    """A class of two, of whom one has a PIN already, and a pupil of another school."""
    counter = rosters_of(city, tmp_path)
    counter.desk.set_schools([School(SCHOOL, "一校", BranchCode("C01")), School("400001", "二校", BranchCode("C01"))])
    headings = (*HEADINGS, "學校代碼", "學號")
    rows = [
        (*a_pupil(name="林大雙", national_id="W234567893", born="1000506", card=PUPIL_CARD.hex), SCHOOL, "0002"),
        (*a_pupil(name="林小雙", national_id="O200000015", born="1050506", card="0400000B"), SCHOOL, "0001"),
        (*a_pupil(name="陳外校", national_id="Z199999990", born="1000506", card="0400000C"), "400001", "0001"),
    ]
    counter.bureau(*rows, headings=headings)
    has_one = holder_of(city, PUPIL_CARD)
    set_pin(city, people_of(city).codes.slip(has_one, by=STAFF).code, FIRST)
    return people_of(city).codes.for_school(SCHOOL, by=STAFF)


def test_sealed_slips_come_for_the_pupils_of_a_school_who_have_no_pin(city: City, slips: list[Slip]) -> None:
    (slip,) = slips
    assert (slip.masked_name, slip.student_number, f"{slip.until}") == ("林○○", "0001", "2026-03-25")
    set_pin(city, slip.code, SECOND)
    with pytest.raises(DeskRefusedError):
        set_pin(city, slip.code, SECOND)
    assert people_of(city).codes.for_school(SCHOOL, by=STAFF) == []
    assert audited(city, "pin codes issued")[-1] == {"way": "school_slip", "school": SCHOOL, "count": 1}


def test_of_a_school_nobody_knows_there_are_no_slips(city: City) -> None:
    with pytest.raises(PeopleRefusedError) as unknown:
        people_of(city).codes.for_school(SCHOOL, by=STAFF)
    assert refusals(unknown.value) == ["school_unknown"]


def test_a_text_message_is_allowed_with_complete_contact_data_and_its_code_lies_nowhere_before_it_is_sent(
    city: City, tmp_path: Path
) -> None:
    codes = people_of(city).codes
    with pytest.raises(PeopleRefusedError) as no_contact:
        codes.message(PatronId(city.hua), by=STAFF)
    assert refusals(no_contact.value) == ["no_mobile"]
    adult = people_of(city).applications.apply(an_application(), by=STAFF).patron
    pupil = enrolled(city, tmp_path)
    for patron in (adult, adult, pupil):
        codes.message(patron, by=STAFF)
    assert city.sql("SELECT count(*) FROM code_message WHERE taken_at IS NULL") == [(2,)]
    assert city.sql("SELECT count(*) FROM pin_code") == [(0,)]
    first, second = codes.take_messages(by="gateway")
    assert (first.mobile, second.mobile) == ("0912345678", "0912345678")
    assert first.code not in repr(first)
    assert first.mobile not in repr(first)
    set_pin(city, first.code, FIRST)
    assert verdict(city, adult, FIRST) is PinVerdict.RIGHT
    assert codes.take_messages(by="gateway") == []
