"""Applying at a desk, and who applies for nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId
from registry.cards.replacement import BindingRefusal
from registry.cards.store import CardRecord
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.people.ages import Papers, Signer
from registry.people.application import Application, FirstCard
from registry.people.applying import Applied
from registry.people.consent import OF_A_PERSON, Service
from registry.people.refusals import PeopleRefusedError
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import IPASS, NEW
from tests.integration.registry.people.office import STAFF, audited, enrolled, heard_since, last_heard, people_of, refusals, rosters_of
from tests.integration.registry.rosters.counter import dump
from tests.unit.registry.people.forms import ADULT, AUNT, CHILD, MOTHER, an_application
from tests.unit.registry.rosters.roster_files import a_pupil


def applied(city: City, given: Application) -> Applied:
    return people_of(city).applications.apply(given, by=STAFF)


def refused(city: City, given: Application) -> list[str]:
    before = dump(city.registry.database)
    with pytest.raises(PeopleRefusedError) as error:
        applied(city, given)
    after = dump(city.registry.database)
    assert {name for name in before if before[name] != after[name]} <= {"audit", "staff_case"}
    assert next(entry["code"] for entry in audited(city, "desk application")) == ",".join(refusals(error.value))
    return refusals(error.value)


def test_q8_b_with_papers_at_any_branch_there_is_an_account_at_once_and_the_mobile_card_follows(city: City) -> None:
    before = last_heard(city)
    done = applied(city, an_application(branch="L12"))
    assert done.masked_name == "周○○"
    assert city.sql("SELECT name, national_id, birth_date, contact_complete, regular_at, basis FROM patron WHERE basis = 'desk'") == [
        ("周轉學", "Z199999990", "1980-05-06", 1, "L12", "desk")
    ]
    assert city.sql("SELECT patron, branch, served_by, papers, signed_by, proxy_name FROM desk_application") == [
        (done.patron.bytes, "L12", STAFF, "national_id_card", "self", None)
    ]
    assert city.sql("SELECT address, mobile, source FROM contact") == [("臺北市通訊路2號", "0912345678", "desk")]
    assert heard_since(city, before) == [("patron", str(done.patron))]
    page = people_of(city).persons.show(done.patron, by=STAFF)
    assert (page.services, page.account.cards) == (OF_A_PERSON, ())
    assert Service.MOBILE_CARD in page.services


def test_q8_b_a_card_may_be_bound_with_it_and_works_at_once(city: City) -> None:
    before = last_heard(city)
    done = applied(city, an_application(card=FirstCard(CardKind.EASYCARD, NEW)))
    (found,) = city.registry.desk.cards.find(ByNumber(NEW), by=STAFF)
    assert found.id == done.patron
    assert heard_since(city, before) == [("patron", str(done.patron)), ("card", city.key_of(NEW).hex())]


def test_q1_a_a_pupil_of_the_programme_applies_for_nothing_and_has_the_same_and_more(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    assert city.sql("SELECT count(*) FROM desk_application") == [(0,)]
    assert city.sql("SELECT basis, count(*) FROM patron GROUP BY basis ORDER BY basis") == [("before", 2), ("programme", 1)]
    assert people_of(city).persons.show(pupil, by=STAFF).services == set(Service)


def test_q8_b_a_child_comes_with_a_guardian_whose_papers_are_noted_by_their_type(city: City) -> None:
    child = an_application(born=CHILD, signed_by=Signer.GUARDIAN, papers=Papers.HOUSEHOLD_CERTIFICATE)
    assert refused(city, child) == ["guardian_needed"]
    done = applied(city, replace(child, guardian=MOTHER))
    (link,) = people_of(city).guardians.links_of(done.patron)
    assert (link.masked_name, link.relation, link.papers, link.linked_by) == ("林○○", "parent", "national_id_card", STAFF)
    assert "林淑芬" not in repr(link)


def test_q8_b_somebody_may_come_instead(city: City) -> None:
    done = applied(city, an_application(proxy=AUNT))
    assert city.sql("SELECT proxy_name, proxy_relation, proxy_papers FROM desk_application") == [("陳阿姨", "relative", '["health_card"]')]
    assert audited(city, "desk application") == [
        {"patron": str(done.patron), "branch": "C01", "papers": "national_id_card", "signed_by": "self", "proxy": 1, "cards": 0}
    ]


def test_q8_b_without_a_number_two_people_of_one_name_are_two_people(city: City) -> None:
    """Nobody is ever matched by a name (R3)."""
    foreigner = an_application(name="Anna Berg", papers=Papers.PASSPORT, national_id=None)
    assert applied(city, foreigner).patron != applied(city, foreigner).patron
    assert city.sql("SELECT national_id, count(*) FROM patron WHERE name = 'Anna Berg' GROUP BY national_id") == [(None, 2)]


def test_q8_b_who_has_an_account_gets_no_second_one(city: City) -> None:
    ming = an_application(name="別的名字", national_id="A123456789", born=date(2014, 5, 6), signed_by=Signer.GUARDIAN, guardian=MOTHER)
    assert refused(city, ming) == ["has_account"]
    assert city.sql("SELECT count(*) FROM staff_case") == [(0,)]


def test_r3_an_id_with_another_birth_date_is_refused_and_laid_before_staff_once(city: City, tmp_path: Path) -> None:
    stranger = an_application(name="王小明", national_id="A123456789", born=ADULT)
    assert refused(city, stranger) == refused(city, stranger) == ["birth_date_differs"]
    assert city.sql("SELECT kind, patron, branch FROM staff_case") == [("birth_date_differs", city.ming.bytes, "C01")]
    preview = rosters_of(city, tmp_path).bureau(a_pupil(name="王小明", national_id="A123456789", born="1980-05-06"))
    assert (preview.cases_opened, preview.known_cases) == (0, 1), "a roster asks the same question"


def test_r9_a_number_that_is_somebodys_opens_no_account(city: City) -> None:
    taken = an_application(card=FirstCard(CardKind.EASYCARD, city.hua_card))
    assert refused(city, taken) == ["number_bound_elsewhere"]


def test_every_reason_is_said_at_once(city: City) -> None:
    nothing = an_application(name="", branch="X99", born=CHILD, guardian=replace(MOTHER, phone=""))
    assert refused(city, nothing) == ["name_missing", "signer_wrong", "branch_unknown", "guardian_incomplete"]


def test_r12_the_ages_are_data_with_a_date(city: City) -> None:
    rules = people_of(city).rules
    assert [(one.effective_from, one.adult_from, one.guardian_below) for one in rules.all()] == [
        (date(2000, 1, 1), 20, 12),
        (date(2023, 1, 1), 18, 12),
    ]
    youth = an_application(born=date(2010, 5, 6), signed_by=Signer.GUARDIAN)
    rules.set(replace(rules.all()[-1], effective_from=date(2026, 3, 11), guardian_below=16, source="the library's notice"), by=STAFF)
    assert refused(city, youth) == ["guardian_needed"]
    rules.set(replace(rules.all()[-1], effective_from=date(2026, 3, 12)), by=STAFF)
    city.clock.pass_(days=-1)
    assert applied(city, youth).masked_name == "周○○"


def test_r13_of_every_kind_there_is_one_card_at_most(city: City) -> None:
    done = applied(city, an_application())
    numbers = {kind: [CardUid.from_hex(f"04000{n}0{m}") for m in range(2)] for n, kind in enumerate(CardKind, start=2)}
    for kind, (first, second) in numbers.items():
        city.registry.desk.cards.replace(NewCardOrder(done.patron, kind, first), by=STAFF)
        with pytest.raises(DeskRefusedError) as again:
            city.registry.desk.cards.replace(NewCardOrder(done.patron, kind, second), by=STAFF)
        assert again.value.code is BindingRefusal.CARD_CHANGED
        with pytest.raises(IntegrityError):
            city.registry.add_cards([CardRecord(CardId(uuid7()), done.patron, kind, second)])
    assert city.sql("SELECT count(*), count(DISTINCT kind) FROM card WHERE source = 'desk'") == [(4, 4)]


def test_r11_an_own_card_from_a_desk_carries_an_account_that_the_programme_brought(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    city.registry.desk.cards.replace(NewCardOrder(pupil, CardKind.IPASS, IPASS), by=STAFF)
    assert people_of(city).persons.show(pupil, by=STAFF).basis == "desk"
