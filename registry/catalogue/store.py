"""The store of items."""

from collections.abc import Iterable

from circulation.items import Item
from registry.catalogue.tables import item
from registry.database import UnitOfWork


def add(work: UnitOfWork, items: Iterable[Item]) -> int:
    """Add items.

    Raises:
        sqlalchemy.exc.IntegrityError: a key or a barcode is already there, or the branch is unknown.

    """
    return work.add(item, ((i.id, i.barcode, i.title, i.kind, i.status, i.branch, i.held_for) for i in items))
