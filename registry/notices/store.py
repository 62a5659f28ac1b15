"""The store of notices."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from circulation.ids import BranchCode, PatronId
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.notices.rules import Notice, NoticeKind
from registry.notices.tables import notice
from registry.pieces import in_pieces

_COLUMNS = (notice.c.id, notice.c.patron, notice.c.kind, notice.c.about, notice.c.branch, notice.c.created_at)


def add(work: UnitOfWork, notices: Iterable[Notice]) -> int:
    """Note what patrons are to be told."""
    return work.add(notice, ((n.id, n.patron, n.kind, n.about, n.branch, n.created_at, None, None, None) for n in notices))


def withdraw(work: UnitOfWork, about: Collection[UUID]) -> None:
    """What these notices are about is over: nobody is told of it any more."""
    for some in in_pieces(sorted(about)):
        work.connection.execute(delete(notice).where(notice.c.about.in_(some), notice.c.told_at.is_(None)))


def waiting(connection: Connection, branch: str, *, limit: int) -> list[tuple[Notice, str]]:
    """What a branch has still to tell, the oldest first, each with the patron's masked name."""
    joined = select(*_COLUMNS, patron.c.masked_name).join(patron, patron.c.id == notice.c.patron)
    found = joined.where(notice.c.branch == branch, notice.c.told_at.is_(None)).order_by(notice.c.created_at, notice.c.id).limit(limit)
    return [
        (
            Notice(row.id, PatronId(row.patron), NoticeKind(row.kind), row.about, BranchCode(row.branch), row.created_at),
            str(row.masked_name),
        )
        for row in connection.execute(found)
    ]


def patron_waiting(connection: Connection, key: UUID) -> PatronId | None:
    """Who is still to be told of this notice."""
    found = connection.execute(select(notice.c.patron).where(notice.c.id == key, notice.c.told_at.is_(None))).scalar_one_or_none()
    return None if found is None else PatronId(found)


def tell(work: UnitOfWork, key: UUID, *, at: datetime, by: str, route: str) -> None:
    """Note that a patron was told, by whom and by which way."""
    work.connection.execute(update(notice).where(notice.c.id == key).values(told_at=at, told_by=by, route=route))


def forget(work: UnitOfWork, told_before: datetime) -> int:
    """Forget notices that were told before an instant; how many there were."""
    return work.connection.execute(delete(notice).where(notice.c.told_at < told_before)).rowcount
