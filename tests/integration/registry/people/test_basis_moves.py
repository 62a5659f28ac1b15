"""What accounts stand on, found out for those of an older program."""

from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.desk.replacing import NewCardOrder
from registry.enrolment.basis import Basis
from registry.enrolment.store import PatronRecord
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import IPASS, NEW
from tests.integration.registry.people.office import PUPIL_CARD, STAFF, enrolled, rosters_of
from tests.unit.registry.rosters.roster_files import a_pupil

BASES = "SELECT id, basis FROM patron ORDER BY id"


def test_r11_what_an_account_stands_on_is_told_from_its_cards_and_consents(city: City, tmp_path: Path) -> None:
    """Ming had an EasyCard before that the student ID replaced; Hua takes no part; a pupil came by the programme, another got an own card."""
    pupil = enrolled(city, tmp_path)
    city.registry.desk.cards.replace(NewCardOrder(pupil, CardKind.EASYCARD, NEW, PUPIL_CARD), by=STAFF)
    counter = rosters_of(city, tmp_path)
    counter.bureau(
        a_pupil(national_id="A123456789", born="2014-05-06", card="0400000D"),
        a_pupil(name="陳自辦", national_id="O200000015", born="1000506", card="0400000E"),
    )
    ((own,),) = city.sql("SELECT id FROM patron WHERE national_id = 'O200000015'")
    city.registry.desk.cards.replace(NewCardOrder(PatronId(UUID(bytes=own)), CardKind.IPASS, IPASS), by=STAFF)
    city.registry.add_patrons([PatronRecord(PatronId(uuid7()), "王家", patron_class=PatronClass.FAMILY, basis=Basis.FAMILY)])
    before = city.sql(BASES)
    assert sorted(str(basis) for _, basis in before) == ["before", "before", "desk", "family", "programme"]
    city.registry.database.downgrade("0009")
    city.registry.database.migrate()
    assert city.sql(BASES) == before
