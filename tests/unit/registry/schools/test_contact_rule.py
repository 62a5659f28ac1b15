"""The one rule by which a patron is reached."""

import inspect
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.schools import contact_rule
from registry.schools.contact_rule import (
    DESK_ROUTE,
    Addressee,
    ContactRoute,
    MayBeSaid,
    OwnContact,
    RouteKind,
    SchoolContact,
    contact_route,
)

TODAY = date(2025, 10, 1)
CHILD, ADULT = date(2014, 5, 6), date(2000, 5, 6)
OWN = OwnContact("臺北市虛構路2號", "02-2345-1234", "0912345678", "100", "王大明")
SCHOOL = SchoolContact("313501", "02-2345-6789", "02-2999-0000")

texts = st.none() | st.text(min_size=1, max_size=6)
owns = st.none() | st.builds(OwnContact, texts, texts, texts, texts, texts)
schools = st.none() | st.builds(SchoolContact, texts, texts, texts)
births = st.none() | st.dates(date(1930, 1, 1), TODAY)


def route(
    *, complete: bool = False, own: OwnContact | None = OWN, school: SchoolContact | None = SCHOOL, born: date | None = CHILD
) -> ContactRoute:
    return contact_route(complete=complete, own=own, school=school, born=born, today=TODAY)


def test_q3_3c_until_the_record_is_complete_everything_goes_through_the_schools_phone() -> None:
    found = route()
    assert (found.kind, found.addressee, found.school) == (RouteKind.SCHOOL, Addressee.SCHOOL, "313501")
    assert (found.phones, found.mobile, found.address, found.name) == (("02-2345-6789",), None, None, None)


def test_q3_3c_without_a_phone_in_the_pupils_row_the_schools_own_is_called() -> None:
    assert route(school=SchoolContact("313501", None, "02-2999-0000")).phones == ("02-2999-0000",)


def test_q3_3c_a_complete_record_is_reached_at_home_and_no_longer_through_the_school() -> None:
    found = route(complete=True)
    assert (found.kind, found.addressee, found.school, found.name) == (RouteKind.OWN, Addressee.GUARDIAN, None, "王大明")
    assert (found.phones, found.mobile, found.address) == (("0912345678", "02-2345-1234"), "0912345678", "臺北市虛構路2號")


def test_r12_an_adult_is_spoken_to_in_person() -> None:
    found = route(complete=True, born=ADULT)
    assert (found.addressee, found.name) == (Addressee.PATRON, None)
    assert route(complete=True, born=None).addressee is Addressee.PATRON


@pytest.mark.parametrize(
    ("born", "adult"), [(date(2007, 10, 1), True), (date(2007, 10, 2), False), (date(2007, 9, 30), True), (date(2006, 12, 31), True)]
)
def test_r12_somebody_is_an_adult_from_the_eighteenth_birthday(born: date, *, adult: bool) -> None:
    assert contact_rule.is_adult(born, today=TODAY) is adult


def test_q3_3c_an_adult_pupil_with_an_incomplete_record_is_still_reached_through_the_school() -> None:
    assert route(born=ADULT).kind is RouteKind.SCHOOL


@pytest.mark.parametrize("complete", [True, False])
def test_who_cannot_be_reached_in_any_way_is_told_at_the_desk(*, complete: bool) -> None:
    assert route(complete=complete, own=None, school=None) == DESK_ROUTE
    assert route(complete=complete, own=OwnContact(), school=SchoolContact("313501")) == DESK_ROUTE


@given(owns, schools, births)
def test_q3_3c_a_school_is_told_that_a_pupil_should_come_and_nothing_else(
    own: OwnContact | None, school: SchoolContact | None, born: date | None
) -> None:
    found = route(own=own, school=school, born=born)
    assert found.kind in {RouteKind.SCHOOL, RouteKind.DESK}
    assert found.may_name_items is (found.kind is RouteKind.DESK)
    assert (found.may_be_said is MayBeSaid.COME_TO_LIBRARY) is (found.addressee is Addressee.SCHOOL)


@given(owns, schools, births)
def test_q3_3c_a_complete_record_never_goes_through_a_school(
    own: OwnContact | None, school: SchoolContact | None, born: date | None
) -> None:
    found = route(complete=True, own=own, school=school, born=born)
    assert (found.kind is RouteKind.SCHOOL, found.school) == (False, None)


def test_q3_2d_the_rule_is_not_even_given_the_household_address() -> None:
    assert set(inspect.signature(contact_route).parameters) == {"complete", "own", "school", "born", "today"}
    told = {name for thing in (OwnContact, SchoolContact) for name in thing.__dataclass_fields__}
    assert told == {"address", "phone", "mobile", "postal_code", "guardian", "code", "row_phone", "recorded_phone"}


def test_what_reaches_somebody_is_not_printed_with_the_route() -> None:
    shown = f"{route()!r} {route(complete=True)!r} {OWN!r} {SCHOOL!r}"
    assert not [secret for secret in ("2345", "2999", "0912", "虛構路", "大明") if secret in shown]
