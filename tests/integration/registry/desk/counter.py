"""What the tests of the desk share: cards of the small city, more of them, and another process at the same registry."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord
from registry.desk.replacing import NewCardOrder
from registry.exchange.projection import key_text
from registry.exchange.store_feed import head
from registry.house import Registry
from registry.outside import Outside
from replica.rows import CardRow
from tests.integration.registry.city import City, Kiosk

NEW, NEWER = CardUid.from_hex("04000001"), CardUid.from_hex("04000002")
IPASS, BARCODE, CHIP = (CardUid.from_hex(number) for number in ("04000101", "04000102", "04000103"))
STAFF = "staff:lin"


def give_other_cards(city: City) -> None:
    """Ming gets one card of every other kind."""
    kinds = {CardKind.IPASS: IPASS, CardKind.BARCODE: BARCODE, CardKind.CHIP: CHIP}
    city.registry.add_cards(CardRecord(CardId(uuid7()), PatronId(city.ming), kind, uid) for kind, uid in kinds.items())


def an_order(city: City, new: CardUid = NEW, *, seen: CardUid | None = None, kind: CardKind = CardKind.EASYCARD) -> NewCardOrder:
    """Ming's EasyCard is replaced."""
    return NewCardOrder(PatronId(city.ming), kind, new, seen or city.ming_card)


def replace(city: City, new: CardUid = NEW, *, seen: CardUid | None = None) -> None:
    city.registry.desk.cards.replace(an_order(city, new, seen=seen), by=STAFF)


@contextmanager
def another_process(city: City) -> Iterator[Registry]:
    """The same registry opened once more, as a command's or a second service's would be."""
    with closing(Registry.open(city.home.folder, Outside(city.clock, uuid7, os.urandom), database=city.home.url)) as opened:
        yield opened


def cards_heard(city: City, kiosk: Kiosk, after: int = 0) -> list[tuple[str, str | None]]:
    """The changes of cards that a kiosk hears of up to now, in order: the key and the state, none for a tombstone."""
    with city.registry.database.reading() as connection:
        last = head(connection).n
    heard: list[tuple[str, str | None]] = []
    while after < last:
        # The service hears of a commit a moment after it; nobody waits when there is something to tell.
        page = kiosk.changes(city.feed, after, 5)
        rows = [(one.key, msgspec.json.decode(one.row or b"null", type=CardRow | None)) for one in page.changes if one.table == "card"]
        heard += [(key, None if row is None else str(row.state)) for key, row in rows]
        after = page.end
    return heard


def key(city: City, uid: CardUid) -> str:
    return key_text(city.key_of(uid))
