"""What the tests of the privacy desk share: a pupil whom the Bureau and the school have sent, with something in every room."""

from datetime import date
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.loans import Loan
from registry.cards.store import CardRecord
from registry.desk.losing import IdentityItem
from registry.lending.store import BlockRecord
from registry.privacy.requests import Asker, RequestChannel, RequestOrder
from registry.privacy.terms import RequestKind
from tests.builders import a_loan
from tests.integration.registry.city import City, a_hold
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import a_contact, a_pupil

MING_ID = "A123456789"
TWO_ITEMS = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})
IPASS = CardUid.from_hex("04B0B0B0")


def counter_of(city: City, tmp_path: Path) -> Counter:
    return Counter(city, city.registry.rosters, tmp_path, [])


def ming_of_the_bureau(city: City, tmp_path: Path) -> UUID:
    """Ming, whom the library knew already, comes in the Bureau's file and in the school's."""
    counter = counter_of(city, tmp_path)
    counter.bureau(a_pupil(national_id=MING_ID, name="王小明", born="2014-05-06", card=city.ming_card.hex))
    counter.contacts(a_contact(national_id=MING_ID, name="王小明", born="2014-05-06"))
    return city.ming


def lived_in(city: City, tmp_path: Path) -> UUID:
    """As ``ming_of_the_bureau``, with a loan, a hold, a block, another card, a code, a loss and a request."""
    ming = PatronId(ming_of_the_bureau(city, tmp_path))
    registry = city.registry
    registry.add_cards([CardRecord(CardId(uuid7()), ming, CardKind.IPASS, IPASS)])
    loan: Loan = a_loan(id=uuid7(), patron=ming, item=city.books[0], title="小王子", due=date(2026, 4, 1))
    registry.add_loans([loan])
    registry.add_holds([a_hold(ming, title="老人與海")])
    registry.add_blocks([BlockRecord(uuid7(), ming, Block(BlockCode.STAFF))])
    registry.desk.pins.set_by_code(registry.desk.pins.issue_code(ming, by="lin").code, "729401", by="lin")
    registry.desk.pins.issue_code(ming, by="lin")
    registry.privacy.requests.take(an_order(ming), by="lin")
    return ming


def an_order(
    patron: UUID | None,
    *,
    kind: RequestKind = RequestKind.ACCESS,
    channel: RequestChannel = RequestChannel.DESK,
    asker: Asker = Asker.SELF,
    identity: frozenset[IdentityItem] = TWO_ITEMS,
) -> RequestOrder:
    return RequestOrder(None if patron is None else PatronId(patron), kind, channel, asker, identity)
