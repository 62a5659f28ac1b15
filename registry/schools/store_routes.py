"""What is on record of many patrons' contact data, put to the contact rule. Nobody else chooses a way to reach anybody."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from circulation.ids import PatronId
from registry.enrolment.tables import patron
from registry.pieces import in_pieces
from registry.rosters.tables import contact, pupil
from registry.schools.contact_rule import ContactRoute, OwnContact, SchoolContact, contact_route
from registry.schools.school_years import school_year_of
from registry.schools.store import phone_of_school


def routes_of(connection: Connection, patrons: Collection[PatronId], *, today: date) -> dict[PatronId, ContactRoute]:
    """How each of these patrons is reached today (Q3-3c). Who is not on record is not in the answer."""
    phones = phone_of_school(connection, school_year_of(today))
    joined = patron.outerjoin(pupil, pupil.c.patron == patron.c.id).outerjoin(contact, contact.c.patron == patron.c.id)
    columns = (
        *(patron.c.id, patron.c.birth_date, patron.c.contact_complete, pupil.c.patron.label("is_pupil"), pupil.c.school),
        *(pupil.c.school_phone, contact.c.address, contact.c.phone, contact.c.mobile, contact.c.postal_code, contact.c.guardian),
    )
    found: dict[PatronId, ContactRoute] = {}
    for keys in in_pieces(patrons):
        for row in connection.execute(select(*columns).select_from(joined).where(patron.c.id.in_(keys))):
            found[row.id] = contact_route(
                complete=row.contact_complete,
                own=None if row.address is None else OwnContact(row.address, row.phone, row.mobile, row.postal_code, row.guardian),
                school=None if row.is_pupil is None else SchoolContact(row.school, row.school_phone, phones.get(row.school or "")),
                born=row.birth_date,
                today=today,
            )
    return found
