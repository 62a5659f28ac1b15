"""What a school has to do with the system: two duties, no account, no cost. And what an incomplete record may do."""

import msgspec

from circulation.cards import CardUid
from circulation.wire import FactStatus
from registry.columns import metadata
from registry.schools.contact_rule import RouteKind
from registry.schools.store_routes import routes_of
from replica.rows import PatronRow
from tests.integration.registry.city import Kiosk, a_checkout
from tests.integration.registry.schools.office import LIN, NEAR, Office

_MONEY = ("fee", "charge", "price", "cost", "amount", "invoice", "owed", "paid", "debt", "fine")
_ACCOUNT = ("password", "pin", "login", "token", "secret", "verifier", "session", "role", "account")


def columns_about_schools() -> set[str]:
    """Every column of every table that names a school."""
    tables = [
        table
        for table in metadata.tables.values()
        if table.name == "school" or any(key.column.table.name == "school" for key in table.foreign_keys)
    ]
    assert {"school", "school_year_assignment", "contact_batch_school"} <= {table.name for table in tables}
    return {f"{table.name}.{column.name}" for table in tables for column in table.columns}


def test_q5_c_no_table_keeps_what_a_school_would_pay() -> None:
    assert [column for column in columns_about_schools() if any(word in column for word in _MONEY)] == []


def test_q5_a_a_school_needs_no_account_and_no_address_of_the_service_is_for_schools(office: Office) -> None:
    assert [column for column in columns_about_schools() if any(word in column.split(".")[1] for word in _ACCOUNT)] == []
    app, _ = office.counter.city.registry.app()
    assert [route.path for route in app.routes if "school" in route.path.casefold()] == []
    office.bureau((LIN, "04000001", NEAR))
    assert office.school(NEAR, LIN).completed == 1


def test_r1_a_pupil_with_an_incomplete_record_borrows_and_kiosks_know_that_contact_data_are_missing(office: Office, kiosk: Kiosk) -> None:
    office.bureau((LIN, "04000001", NEAR))
    key = office.key_of(LIN)
    city = office.counter.city
    card = city.key_of(CardUid.from_hex("04000001"))
    office.day(2026, 3, 11)
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(key, city.books[0], card=card)))
    assert (result.status, result.reasons) == (FactStatus.ACCEPTED, ())
    (change,) = (one for one in kiosk.changes(city.feed, 0).changes if one.table == "patron")
    assert change.row is not None
    assert msgspec.json.decode(change.row, type=PatronRow).contact_complete is False
    with city.registry.database.reading() as connection:
        assert routes_of(connection, [key], today=office.schools.today())[key].kind is RouteKind.SCHOOL
