"""Whom a branch has to tell, by which way: the contact rule's word alone (Q3-3c)."""

import pytest
from sqlalchemy import insert, update

from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.notices.rules import NoticeRefusal, NoticeRefusedError, ToTell
from registry.rosters.tables import contact, pupil
from registry.schools.contact_rule import RouteKind
from tests.integration.registry.holds.counter import C01, STAFF, TITLE, House

SCHOOL_PHONE, OWN_MOBILE = "02-2500-0000", "0912-000-000"


@pytest.fixture
def pupil_of_a_school(house: House) -> House:
    """Ming is a pupil with a school and with contact data; a hold of his is ready."""

    def enrol(work: UnitOfWork) -> None:
        work.connection.execute(insert(pupil), {"patron": house.city.ming, "school_phone": SCHOOL_PHONE})
        work.connection.execute(insert(contact), {"patron": house.city.ming, "mobile": OWN_MOBILE, "address": "大安區"})

    house.city.registry.database.write(enrol)
    house.place("ming")
    house.scan("A")
    return house


def complete(house: House, *, complete: bool) -> None:
    house.city.registry.database.write(
        lambda work: work.connection.execute(update(patron).where(patron.c.id == house.city.ming).values(contact_complete=complete))
    )


def to_tell(house: House) -> ToTell:
    (one,) = house.city.registry.desk.notices.to_tell(C01, by=STAFF)
    return one


def test_q3_3c_before_completion_a_ready_hold_is_told_through_the_schools_phone_alone_and_the_school_learns_nothing_of_it(
    pupil_of_a_school: House,
) -> None:
    complete(pupil_of_a_school, complete=False)
    one = to_tell(pupil_of_a_school)
    assert (one.route.kind, one.route.phones, one.route.mobile, one.route.may_name_items) == (
        RouteKind.SCHOOL,
        (SCHOOL_PHONE,),
        None,
        False,
    )
    with pytest.raises(NoticeRefusedError, match=NoticeRefusal.ANOTHER_ROUTE):
        pupil_of_a_school.city.registry.desk.notices.told(one.notice.id, route=RouteKind.OWN, by=STAFF)
    pupil_of_a_school.city.registry.desk.notices.told(one.notice.id, route=RouteKind.SCHOOL, by=STAFF)
    assert pupil_of_a_school.city.registry.desk.notices.to_tell(C01, by=STAFF) == []


def test_q3_3c_after_completion_the_school_is_no_way_any_more(pupil_of_a_school: House) -> None:
    complete(pupil_of_a_school, complete=True)
    one = to_tell(pupil_of_a_school)
    assert (one.route.kind, one.route.mobile, one.route.may_name_items) == (RouteKind.OWN, OWN_MOBILE, True)
    with pytest.raises(NoticeRefusedError, match=NoticeRefusal.ANOTHER_ROUTE):
        pupil_of_a_school.city.registry.desk.notices.told(one.notice.id, route=RouteKind.SCHOOL, by=STAFF)


def test_q3_3c_a_notice_holds_no_title_and_the_audit_trail_says_who_saw_whose(pupil_of_a_school: House) -> None:
    city = pupil_of_a_school.city
    assert TITLE not in str(city.sql("SELECT * FROM notice"))
    to_tell(pupil_of_a_school)
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.detail) == (STAFF, "notice shown", {"patron": str(city.ming), "branch": "C01"})


def test_a_patron_without_any_way_is_told_at_the_desk_once(house: House) -> None:
    house.place("mei")
    house.scan("A")
    one = to_tell(house)
    assert one.route.kind is RouteKind.DESK
    house.city.registry.desk.notices.told(one.notice.id, route=RouteKind.DESK, by=STAFF)
    with pytest.raises(NoticeRefusedError, match=NoticeRefusal.NOT_WAITING):
        house.city.registry.desk.notices.told(one.notice.id, route=RouteKind.DESK, by=STAFF)


def test_nobody_is_told_of_what_is_collected_already(house: House) -> None:
    house.place("mei")
    house.scan("A")
    house.lend("mei", "A")
    assert house.city.registry.desk.notices.to_tell(C01, by=STAFF) == []


def test_a_branch_that_is_not_there_tells_nobody(house: House) -> None:
    with pytest.raises(NoticeRefusedError, match=NoticeRefusal.BRANCH_UNKNOWN):
        house.city.registry.desk.notices.to_tell("X99", by=STAFF)
