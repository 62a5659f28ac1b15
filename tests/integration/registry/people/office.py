"""What the tests of people share: pupils that a roster brings, what is left of somebody, what kiosks hear."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import Column, select
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardUid
from circulation.ids import PatronId
from registry.desk.questions import ByNumber
from registry.exchange.store_feed import entries_after
from registry.lending.store import BlockRecord
from registry.people.refusals import PeopleRefusedError
from registry.people.room import People
from registry.tables import metadata
from tests.integration.registry.city import City
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import a_contact, a_pupil

STAFF = "staff:lin"
PUPIL_CARD, NEW_CARD = CardUid.from_hex("04000009"), CardUid.from_hex("0400000A")
PUPIL_ID, PUPIL_NAME = "W234567893", "林大雙"
PUPIL = a_pupil(name=PUPIL_NAME, national_id=PUPIL_ID, born="1000506", card=PUPIL_CARD.hex)
"""Fourteen years old: a guardian signs."""
CONTACT = a_contact(name=PUPIL_NAME, national_id=PUPIL_ID, born="1000506")


def people_of(city: City) -> People:
    return city.registry.people


def rosters_of(city: City, folder: Path) -> Counter:
    return Counter(city, city.registry.rosters, folder, [])


def enrolled(city: City, folder: Path) -> PatronId:
    """A pupil whom the programme brought: the Bureau's row first, then the school's."""
    counter = rosters_of(city, folder)
    counter.bureau(PUPIL)
    counter.contacts(CONTACT)
    return holder_of(city, PUPIL_CARD)


def holder_of(city: City, card: CardUid) -> PatronId:
    (found,) = city.registry.desk.cards.find(ByNumber(card), by=STAFF)
    return found.id


def is_on_record(city: City, card: CardUid) -> bool:
    return bool(city.registry.desk.cards.find(ByNumber(card), by=STAFF))


def fined(city: City, patron: UUID, code: BlockCode = BlockCode.FEES) -> UUID:
    key = uuid7()
    city.registry.add_blocks([BlockRecord(key, PatronId(patron), Block(code))])
    return key


def refusals(error: PeopleRefusedError) -> list[str]:
    return [str(code) for code in error.codes]


def places_of(city: City, patron: UUID) -> set[str]:
    """The columns of foreign keys to ``patron`` that hold this one."""
    found: set[str] = set()
    with city.registry.database.reading() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if _names_a_patron(column) and connection.execute(select(column).where(column == patron)).first() is not None:
                    found.add(f"{table.name}.{column.name}")
    return found


def _names_a_patron(column: Column[object]) -> bool:
    return any(key.target_fullname == "patron.id" for key in column.foreign_keys)


def heard_since(city: City, after: int) -> list[tuple[str, str]]:
    """What kiosks hear of after a number, in order."""
    with city.registry.database.reading() as connection:
        return [(str(entry.table), entry.key) for _, entry in entries_after(connection, after, "C01", limit=1000)]


def last_heard(city: City) -> int:
    ((last,),) = city.sql("SELECT n FROM feed_head")
    return int(last)


def audited(city: City, action: str) -> list[dict[str, str | int]]:
    return [dict(entry.detail) for entry in city.registry.audit() if entry.action == action]
