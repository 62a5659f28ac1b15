"""What this room holds of people goes when their accounts end. The register of requests stays, without them: it is the proof that each was answered."""

from collections.abc import Collection

from sqlalchemy import update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.exchange.store_feed import FeedEntry
from registry.pieces import in_pieces
from registry.privacy import store_corrections, store_notices
from registry.privacy.tables import privacy_request


def forget(work: UnitOfWork, keys: Collection[PatronId]) -> list[FeedEntry]:
    """Forget these patrons: corrections, notices, and who made which request and what staff wrote of it. Kiosks hold none of that."""
    for some in in_pieces(keys):
        store_corrections.forget(work, some)
        store_notices.forget(work, some)
        nobody = {"patron": None, "extended_because": None, "because": None}
        work.connection.execute(update(privacy_request).where(privacy_request.c.patron.in_(some)).values(**nobody))
    return []
