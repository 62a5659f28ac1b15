"""How patrons are reached, by what the registry has of them."""

from uuid import UUID

from circulation.ids import BranchCode, PatronId
from registry.schools.contact_rule import DESK_ROUTE, ContactRoute, RouteKind
from registry.schools.store import School
from registry.schools.store_routes import routes_of
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil

LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506"}
TWIN = {"name": "林小雙", "national_id": "O200000015", "born": "1030506"}
WITH_SCHOOL = (*HEADINGS, "學校代碼")


def key_of(counter: Counter, national_id: str) -> PatronId:
    ((key,),) = counter.sql("SELECT id FROM patron WHERE national_id = :id", id=national_id)
    return PatronId(UUID(bytes=key))


def routes(counter: Counter, *patrons: PatronId) -> dict[PatronId, ContactRoute]:
    with counter.city.registry.database.reading() as connection:
        return routes_of(connection, patrons, today=counter.city.clock().date())


def test_q3_3c_and_q3_2d_the_bureaus_pupil_is_reached_through_the_school_until_the_school_has_sent_the_rest(counter: Counter) -> None:
    counter.desk.set_schools([School("313501", "虛構國小", BranchCode("C01"))])
    counter.bureau(
        (*a_pupil(**LIN, card="04000002", address="戶籍路1號"), "313501"), (*a_pupil(**TWIN, card="04000003"), ""), headings=WITH_SCHOOL
    )
    lin, twin = key_of(counter, "W234567893"), key_of(counter, "O200000015")
    counter.contacts(a_contact(name="林小雙", national_id="O200000015", born="103/5/6", address="通訊路1號"))
    found = routes(counter, lin, twin, PatronId(counter.city.ming), PatronId(UUID(int=1)))
    assert (found[lin].kind, found[lin].school, found[lin].phones) == (RouteKind.SCHOOL, "313501", ("02-2345-6789",))
    assert (found[twin].kind, found[twin].address) == (RouteKind.OWN, "通訊路1號")
    assert found[PatronId(counter.city.ming)] == DESK_ROUTE
    assert set(found) == {lin, twin, counter.city.ming}
    assert not [route for route in found.values() if route.address == "戶籍路1號"]
