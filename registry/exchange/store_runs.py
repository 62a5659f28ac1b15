"""The runs of the feed: each start of the service begins one, from the number on that the feed has then.

A number that was told in a run and lies beyond that run's end was told by a database that is not this one any more.
"""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from registry.database import UnitOfWork
from registry.exchange import store_feed
from registry.exchange.store_feed import head
from registry.exchange.tables import feed_head, feed_run
from registry.exchange.witnesses import Witness


def begin(work: UnitOfWork, run: UUID, *, at: datetime) -> None:
    """Begin a run at the head of the feed. It takes the counter row, so that no number is given meanwhile."""
    work.connection.execute(update(feed_head).values(run=run))
    now = head(work.connection)
    _keep(work, run, feed=now.feed, starts=now.n, at=at)


def remember(work: UnitOfWork, witness: Witness, *, at: datetime) -> None:
    """Know from now on of the feed that a witness names, for every kiosk that followed it will show one."""
    if not _knows(work.connection, witness.feed):
        _keep(work, witness.run, feed=witness.feed, starts=head(work.connection).n, at=at)


def contradicts(connection: Connection, witness: Witness) -> bool:
    """Whether this database can't be the one that told this: it has lost what it held then.

    What lies before all that is kept can't be judged, and a feed that got another name was told to have been lost already.
    """
    now = head(connection)
    if witness.position <= now.kept_from:
        return False
    if witness.feed != now.feed:
        return not _knows(connection, witness.feed)
    number = connection.execute(select(feed_run.c.number).where(feed_run.c.run == witness.run)).scalar_one_or_none()
    if number is None:
        return True
    following = select(feed_run.c.starts).where(feed_run.c.number > number).order_by(feed_run.c.number).limit(1)
    end: int | None = connection.execute(following).scalar_one_or_none()
    return witness.position > (now.n if end is None else end)


def forget_before(work: UnitOfWork, at: datetime) -> int:
    """Drop changes older than an instant, and the runs whose every number is no longer kept; says up to which number.

    The last run of each feed stays: by it a feed is known that got another name.
    """
    kept_from = store_feed.forget_before(work, at)
    runs = work.connection.execute(select(feed_run.c.number, feed_run.c.feed, feed_run.c.starts).order_by(feed_run.c.number)).all()
    ended = [one.number for one, after in pairwise(runs) if after.starts <= kept_from and after.feed == one.feed]
    for number in ended:
        work.connection.execute(delete(feed_run).where(feed_run.c.number == number))
    return kept_from


def _keep(work: UnitOfWork, run: UUID, *, feed: UUID, starts: int, at: datetime) -> None:
    work.connection.execute(insert(feed_run), {"run": run, "feed": feed, "starts": starts, "begun_at": at})


def _knows(connection: Connection, feed: UUID) -> bool:
    return connection.execute(select(feed_run.c.run).where(feed_run.c.feed == feed).limit(1)).first() is not None
