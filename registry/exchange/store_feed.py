"""The store of the change feed: dense numbers in commit order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from registry.database import UnitOfWork
from registry.exchange.projection import URGENT
from registry.exchange.tables import feed, feed_head
from replica.tables import ReplicaTable

CHANNEL = "youyue_feed"
ORDINARY, URGENTLY = "ordinary", "urgently"
"""What a commit says to other processes, where the database can do that. Never which rows: the feed says that."""
_HEAD = select(feed_head.c.feed, feed_head.c.n, feed_head.c.kept_from, feed_head.c.run)
_LATEST = select(feed.c.branch, func.max(feed.c.seq).label("last")).where(feed.c.seq > bindparam("known")).group_by(feed.c.branch)
_ENTRIES = (
    select(feed.c.seq, feed.c.table_name, feed.c.row_key, feed.c.branch)
    .where(feed.c.seq > bindparam("after"), or_(feed.c.branch.is_(None), feed.c.branch == bindparam("of_branch")))
    .order_by(feed.c.seq)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One changed row. ``branch`` is whose kiosks hear of it; none means all."""

    table: ReplicaTable
    key: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Which feed this is, its last number, the number up to which changes are no longer kept, and the run under way, once there was one."""

    feed: UUID
    n: int
    kept_from: int
    run: UUID | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The last number of the feed, and of what concerns every branch or only one; which feed and run it was."""

    head: int = 0
    kept_from: int = 0
    everywhere: int = 0
    by_branch: dict[str, int] = field(default_factory=dict)
    feed: UUID | None = None
    run: UUID | None = None

    def concerning(self, branch: str) -> int:
        """The last number that a kiosk of this branch must hear of."""
        return max(self.everywhere, self.by_branch.get(branch, 0))


def is_begun(connection: Connection) -> bool:
    """Whether there is a feed: a library has been founded here."""
    return connection.execute(select(feed_head.c.only)).first() is not None


def begin(work: UnitOfWork, new_feed: UUID, *, keys: bytes) -> None:
    """Start the feed when there is none yet, and remember whose keys it is signed with (``RegistryKeys.mark``)."""
    if not is_begun(work.connection):
        work.connection.execute(insert(feed_head), {"only": 1, "feed": new_feed, "n": 0, "kept_from": 0, "key_mark": keys})
    work.connection.execute(update(feed_head).where(feed_head.c.key_mark.is_(None)).values(key_mark=keys))


def rename(work: UnitOfWork, new_feed: UUID) -> None:
    """Have every cursor be another feed's. The numbers go on."""
    work.connection.execute(update(feed_head).values(feed=new_feed))


def mark_of_keys(connection: Connection) -> bytes | None:
    """What the library remembers of its keys; none when it has none yet, or has not been opened since it remembers."""
    found: bytes | None = connection.execute(select(feed_head.c.key_mark)).scalar_one_or_none()
    return found


def head(connection: Connection) -> Head:
    """The counter row."""
    row = connection.execute(_HEAD).one()
    return Head(row.feed, row.n, row.kept_from, row.run)


def publish(work: UnitOfWork, entries: Sequence[FeedEntry], *, at: datetime) -> int:
    """Number these changes and write them; the answer is the number before the first.

    The counter row is the last that a transaction takes, so that numbers are in commit order and nobody
    waits for it longer than a commit. Only what needs the numbers may be written after it. Other processes
    are woken by the commit, where the database can do that.
    """
    if work.connection.dialect.name == "postgresql":
        urgently = URGENTLY if any(entry.table in URGENT for entry in entries) else ORDINARY
        work.connection.execute(select(func.pg_notify(CHANNEL, urgently)))
    counted = update(feed_head).values(n=feed_head.c.n + len(entries)).returning(feed_head.c.n)
    last: int = work.connection.execute(counted).scalar_one()
    before = last - len(entries)
    work.add(feed, ((before + i, entry.table, entry.key, entry.branch, at) for i, entry in enumerate(entries, start=1)))
    return before


def marks_at_start(connection: Connection) -> Marks:
    """What a service that has just started knows: everybody may have something to hear."""
    now = head(connection)
    return Marks(now.n, now.kept_from, now.n, feed=now.feed, run=now.run)


def marks_after(connection: Connection, known: Marks) -> Marks:
    """What is known, brought up to date. Of another feed than before everybody has something to hear."""
    now = head(connection)
    if known.feed is not None and now.feed != known.feed:
        return marks_at_start(connection)
    if now == Head(now.feed, known.head, known.kept_from, known.run) and known.feed is not None:
        return known
    found = connection.execute(_LATEST, {"known": known.head})
    last = {row.branch: row.last for row in found}
    everywhere = last.pop(None, known.everywhere)
    named = {branch: seq for branch, seq in last.items() if branch is not None}
    return Marks(now.n, now.kept_from, everywhere, {**known.by_branch, **named}, now.feed, now.run)


def entries_after(connection: Connection, after: int, branch: str, *, limit: int) -> list[tuple[int, FeedEntry]]:
    """The next changes that concern a branch, with their numbers."""
    found = connection.execute(_ENTRIES, {"after": after, "of_branch": branch, "most": limit}).all()
    return [(row.seq, FeedEntry(ReplicaTable(row.table_name), row.row_key, row.branch)) for row in found]


def forget_before(work: UnitOfWork, at: datetime) -> int:
    """Drop changes older than an instant; cursors before them then need a snapshot. Says up to which number."""
    last: int | None = work.connection.execute(select(func.max(feed.c.seq)).where(feed.c.at < at)).scalar_one()
    if last is None:
        return head(work.connection).kept_from
    work.connection.execute(delete(feed).where(feed.c.seq <= last))
    work.connection.execute(update(feed_head).values(kept_from=last))
    return last


def numbers(connection: Connection) -> Iterable[int]:
    """Every number kept, in order."""
    return connection.execute(select(feed.c.seq).order_by(feed.c.seq)).scalars()
