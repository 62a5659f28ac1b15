"""Two accounts of one person in the small city, with everything that a patron may have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, ItemId, PatronId
from registry.belongings.footprint import HISTORY
from registry.cards.store import CardRecord
from registry.exchange.store_feed import entries_after
from registry.lending.store import BlockRecord
from registry.merges.rules import MergeOrder
from registry.tables import metadata
from tests.builders import a_loan
from tests.integration.registry.city import START, City, a_hold

IPASS, CHIP = CardUid.from_hex("04000101"), CardUid.from_hex("04000103")
STAFF, OTHER = "staff:lin", "staff:chen"
WHY = "同一個人，換了新的統一證號"


@dataclass
class Pair:
    """Ming's account stays; Hua's is the duplicate, with an EasyCard too, an iPASS card, a loan, holds and a block."""

    city: City
    loan: UUID
    hold: UUID
    block: UUID

    @property
    def stays(self) -> PatronId:
        return PatronId(self.city.ming)

    @property
    def goes(self) -> PatronId:
        return PatronId(self.city.hua)

    def order(self, *, because: str = WHY, keep: Mapping[CardKind, UUID] | None = None) -> MergeOrder:
        chosen = {CardKind.EASYCARD: self.city.ming} if keep is None else keep
        return MergeOrder(self.stays, self.goes, because, {kind: PatronId(key) for kind, key in chosen.items()})

    def rows(self, *, but: Iterable[str] = ()) -> dict[str, list[str]]:
        """Every row of every table, but of those that only grow."""
        with self.city.registry.database.reading() as connection:
            return rows_of(connection, but=but)

    def heard(self, after: int = 0) -> list[tuple[str, str]]:
        """What kiosks of the first branch hear of."""
        with self.city.registry.database.reading() as connection:
            return [(str(entry.table), entry.key) for _, entry in entries_after(connection, after, "C01", limit=10_000)]

    def last(self) -> int:
        [(n,)] = self.city.sql("SELECT n FROM feed_head")
        return int(n)


def rows_of(connection: Connection, *, but: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every row of every table, but of those that only grow."""
    left_out = {"audit", "audit_head", "audit_subject", "audit_checkpoint", "feed", "feed_head", "merge", *HISTORY, *but}
    return {
        table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        for table in metadata.sorted_tables
        if table.name not in left_out
    }


def a_pair(city: City) -> Pair:
    loan, hold = a_loan(id=uuid7(), patron=city.hua, item=city.books[0], due=date(2026, 4, 1), lent_at=START), a_hold(city.hua)
    block = BlockRecord(uuid7(), PatronId(city.hua), Block(BlockCode.STAFF))
    city.registry.add_cards([CardRecord(CardId(uuid7()), PatronId(city.hua), CardKind.IPASS, IPASS)])
    city.registry.add_loans([loan])
    city.registry.add_holds([hold])
    city.registry.add_blocks([block])
    return Pair(city, loan.id, hold.id, block.id)


def item_of(city: City, index: int) -> ItemId:
    return ItemId(city.books[index])
