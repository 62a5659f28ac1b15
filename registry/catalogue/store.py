"""The store of items."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from circulation.ids import BranchCode, ItemId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.pieces import in_pieces


def add(work: UnitOfWork, items: Iterable[Item]) -> int:
    """Add items.

    Raises:
        sqlalchemy.exc.IntegrityError: a key or a barcode is already there, or the branch is unknown.

    """
    return work.add(item, ((i.id, i.barcode, i.title, i.kind, i.status, i.branch, i.held_for) for i in items))


def shelve(work: UnitOfWork, items: Iterable[Item]) -> None:
    """Write where items stand now, and for whom they are kept."""
    by_status: defaultdict[ItemStatus, list[UUID]] = defaultdict(list)
    held: list[dict[str, object]] = []
    for one in items:
        by_status[one.status].append(one.id)
        if one.held_for is not None:
            held.append({"key": one.id, "whose": one.held_for})
    for status, keys in sorted(by_status.items()):
        for some in in_pieces(keys):
            work.connection.execute(update(item).where(item.c.id.in_(some)).values(status=status.value, held_for=None))
    if held:
        work.connection.execute(update(item).where(item.c.id == bindparam("key")).values(held_for=bindparam("whose")), held)


def by_barcode(connection: Connection, barcode: str) -> Item | None:
    """The item with a barcode."""
    return next(_read(connection, item.c.barcode == barcode), None)


def of_keys(connection: Connection, keys: Iterable[UUID]) -> dict[ItemId, Item]:
    """These items, as far as they are on record."""
    return {one.id: one for some in in_pieces(keys) for one in _read(connection, item.c.id.in_(some))}


def _read(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Item]:
    for row in connection.execute(select(item).where(condition)):
        held_for = None if row.held_for is None else PatronId(row.held_for)
        of = ItemId(row.id), row.barcode, row.title, ItemKind(row.kind), ItemStatus(row.status)
        yield Item(*of, BranchCode(row.branch), held_for)
