"""What of the registry's rows a kiosk may hold. The one place: feed and snapshots both read through it."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, false, or_, select, true

from registry.cards.tables import card
from registry.catalogue.tables import item
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.exchange.projection import key_text
from registry.holds.store import is_wanted, place_in_queue
from registry.holds.tables import hold
from registry.lending.tables import block, branch, calendar, loan, rule_set
from registry.mobile.tables import mobile_key
from replica.mapping import parse_key
from replica.rows import ROW_OF
from replica.tables import ReplicaTable

KEYS: dict[ReplicaTable, ColumnElement[Any]] = {
    ReplicaTable.BRANCH: branch.c.code,
    ReplicaTable.RULE_SET: rule_set.c.version,
    ReplicaTable.CALENDAR: calendar.c.branch,
    ReplicaTable.PATRON: patron.c.id,
    ReplicaTable.CARD: card.c.card_key,
    ReplicaTable.BLOCK: block.c.id,
    ReplicaTable.ITEM: item.c.id,
    ReplicaTable.LOAN: loan.c.id,
    ReplicaTable.HOLD: hold.c.id,
    ReplicaTable.MOBILE_KEY: mobile_key.c.number,
}
"""The column that names a row of each table, in the replica as here."""
MOST_STATEMENTS: Final = 4_096
"""How many built statements are kept for all tables and branches: building one costs as much as asking it."""
_WANTED: Final = "wanted_keys"


def rows_for(table: ReplicaTable, kiosk_branch: str) -> Select[Any]:
    """All rows of a table that a kiosk of this branch holds; columns named and ordered as the replica's, its key first."""
    match table:
        case ReplicaTable.BRANCH | ReplicaTable.RULE_SET | ReplicaTable.MOBILE_KEY:
            return _same_for_all(table)
        case ReplicaTable.CALENDAR:
            return select(calendar).where(calendar.c.branch == kiosk_branch)
        case ReplicaTable.PATRON:
            regular = case((patron.c.regular_at == kiosk_branch, true()), else_=false()).label("regular_here")
            of_patron = (patron.c.id, patron.c.masked_name, patron.c.patron_class, patron.c.expires, patron.c.contact_complete)
            return select(*of_patron, regular).where(stands())
        case ReplicaTable.CARD:
            return select(card.c.card_key.label("key"), card.c.patron, card.c.kind, card.c.state)
        case ReplicaTable.BLOCK:
            return select(block.c.id, block.c.patron, block.c.code, block.c.until)
        case ReplicaTable.ITEM:
            columns = (item.c.id, item.c.barcode, item.c.title, item.c.kind, item.c.status, item.c.branch, item.c.held_for)
            # Another branch's copy that is collected here: without its row its patron could not borrow it.
            collected_here = select(hold.c.item).where(hold.c.pickup == kiosk_branch, hold.c.item.is_not(None))
            return select(*columns).where(or_(item.c.branch == kiosk_branch, item.c.id.in_(collected_here)))
        case ReplicaTable.LOAN:
            of_loan = (loan.c.id, loan.c.patron, loan.c.item, item.c.title, item.c.kind, loan.c.due, loan.c.lent_at, loan.c.renewals)
            of_item = (item.c.barcode, item.c.branch, is_wanted().label("wanted"))
            return select(*of_loan, *of_item).join(item, item.c.id == loan.c.item).where(loan.c.closed_at.is_(None))
        case ReplicaTable.HOLD:
            columns = (hold.c.id, hold.c.patron, hold.c.title, hold.c.state, hold.c.pickup, hold.c.shelf, hold.c.until)
            return select(*columns, place_in_queue().label("queue"))


def _same_for_all(table: ReplicaTable) -> Select[Any]:
    """The rows of small tables, of which every kiosk holds all."""
    if table is ReplicaTable.BRANCH:
        return select(branch.c.code, branch.c.name)
    if table is ReplicaTable.RULE_SET:
        return select(rule_set.c.version, rule_set.c.effective_from, rule_set.c.source, rule_set.c.by_class)
    return select(mobile_key.c.number, mobile_key.c.public_key, mobile_key.c.signature).where(mobile_key.c.ended_at.is_(None))


def current_rows(connection: Connection, table: ReplicaTable, keys: Collection[str], kiosk_branch: str) -> dict[str, msgspec.Raw]:
    """The rows of these keys as they stand now, encoded; a key that is missing has no row for this branch."""
    values = {_WANTED: [parse_key(table, key) for key in keys]}
    shape = ROW_OF[table]
    fields = shape.__struct_fields__

    def encoded(values: Sequence[Any]) -> msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(msgspec.convert(dict(zip(fields, values, strict=True)), shape)))

    return {key_text(row[0]): encoded(row) for row in connection.execute(_wanted(table, kiosk_branch), values).all()}


@lru_cache(maxsize=MOST_STATEMENTS)
def _wanted(table: ReplicaTable, kiosk_branch: str) -> Select[Any]:
    return rows_for(table, kiosk_branch).where(KEYS[table].in_(bindparam(_WANTED, expanding=True)))
