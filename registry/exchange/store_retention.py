"""Forgetting who had what: SQL for the link between patron and item, a portion at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from circulation.wire import FactStatus
from registry.cases.tables import staff_case
from registry.database import Database, UnitOfWork
from registry.enrolment.tables import account_end
from registry.exchange.tables import fact, flagged_fact, item_return, snapshot
from registry.lending.tables import loan
from registry.overdue.tables import late_return

_UNREAD = (FactStatus.MALFORMED.value, FactStatus.UNKNOWN.value)
_READERS_MILLISECONDS = 500
_LINKED = loan.alias("linked")


class StillBeingReadError(Exception):
    """Somebody reads the database file, so that its journal can't be emptied now: try again later."""


def cut_loans(work: UnitOfWork, before: datetime, *, limit: int) -> int:
    """Cut the patron from loans that ended before an instant, and everything from the facts about them; how many loans.

    A loan that staff have still to look at, or had before they settled it a moment ago, keeps its patron.
    """
    disputed = [
        select(named).where(_disputed(before), named.is_not(None)).scalar_subquery()
        for named in (flagged_fact.c.loan, flagged_fact.c.other_loan)
    ]
    over = and_(loan.c.patron.is_not(None), loan.c.closed_at.is_not(None), loan.c.closed_at <= before)
    chosen = select(loan.c.id).where(over, *(loan.c.id.not_in(named) for named in disputed)).limit(limit)
    keys = list(work.connection.execute(chosen).scalars())
    if keys:
        work.connection.execute(update(loan).where(loan.c.id.in_(keys)).values(patron=None))
        work.connection.execute(update(fact).where(fact.c.loan.in_(keys)).values(body=b"", loan=None))
        work.connection.execute(update(late_return).where(late_return.c.loan.in_(keys)).values(loan=None))
    return len(keys)


def cut_facts(work: UnitOfWork, before: datetime, *, limit: int) -> int:
    """Cut facts that came before an instant and are about loans that name nobody (any more), or were never on record; how many."""
    nobody = ~exists(select(1).where(_LINKED.c.id == fact.c.loan, _LINKED.c.patron.is_not(None)).correlate(fact))
    disputed: Select[tuple[object]] = select(flagged_fact.c.fact_key).where(_disputed(before))
    chosen = select(fact.c.fact_key).where(fact.c.loan.is_not(None), fact.c.received_at <= before, nobody, fact.c.fact_key.not_in(disputed))
    keys = list(work.connection.execute(chosen.limit(limit)).scalars())
    if keys:
        work.connection.execute(update(fact).where(fact.c.fact_key.in_(keys)).values(body=b"", loan=None))
    return len(keys)


def cut_flags(work: UnitOfWork, before: datetime, *, limit: int) -> int:
    """Cut what flagged facts and their cases name, and what staff wrote, when it was decided before an instant and the loans name nobody (any more); how many."""
    named = (flagged_fact.c.loan, flagged_fact.c.patron, flagged_fact.c.item, flagged_fact.c.other_loan)
    told = (staff_case.c.patron, staff_case.c.other_patron, staff_case.c.because)
    linked = and_(_LINKED.c.id.in_([flagged_fact.c.loan, flagged_fact.c.other_loan]), _LINKED.c.patron.is_not(None))
    nobody = ~exists(select(1).where(linked).correlate(flagged_fact))
    settled = and_(staff_case.c.settled_at <= before, or_(*(one.is_not(None) for one in (*named, *told))), nobody)
    both = flagged_fact.join(staff_case, staff_case.c.id == flagged_fact.c.fact_key)
    keys = list(work.connection.execute(select(flagged_fact.c.fact_key).select_from(both).where(settled).limit(limit)).scalars())
    if keys:
        work.connection.execute(update(flagged_fact).where(flagged_fact.c.fact_key.in_(keys)).values({one.name: None for one in named}))
        work.connection.execute(update(staff_case).where(staff_case.c.id.in_(keys)).values({one.name: None for one in told}))
    return len(keys)


def cut_unread(work: UnitOfWork, before: datetime) -> int:
    """Cut facts that came before an instant and could not be read: whatever they say of anybody; how many. There are few."""
    unread = and_(fact.c.status.in_(_UNREAD), fact.c.received_at <= before, func.length(fact.c.body) > 0)
    return work.connection.execute(update(fact).where(unread).values(body=b"")).rowcount


def forget_returns(work: UnitOfWork, before: datetime) -> int:
    """Drop returns that were heard of before an instant: a loan from before them, heard of now, is staff's to judge; how many."""
    return work.connection.execute(delete(item_return).where(item_return.c.heard_at <= before)).rowcount


def take_ended(work: UnitOfWork, at: datetime) -> datetime | None:
    """Note that the files which still hold accounts that have ended are written anew now; when the last of these ended, if there are any."""
    waiting = account_end.c.overwritten_at.is_(None)
    last: datetime | None = work.connection.execute(select(func.max(account_end.c.ended_at)).where(waiting)).scalar_one()
    if last is not None:
        work.connection.execute(update(account_end).where(waiting).values(overwritten_at=at))
    return last


def forget_snapshots(work: UnitOfWork, before: datetime) -> set[int]:
    """Drop snapshots that were begun before an instant; the versions of all that are left."""
    work.connection.execute(snapshot.delete().where(snapshot.c.begun_at <= before))
    return set(work.connection.execute(select(snapshot.c.version)).scalars())


def write_anew(database: Database) -> None:
    """Write a database file anew, so that no page of it holds what was cut. Servers see to their own pages.

    What is deleted is overwritten at once, but SQLite may have left a copy where it split a page.
    """
    with _by_itself(database) as driver:
        if driver is not None:
            driver.execute("VACUUM")


def empty_journal(database: Database) -> None:
    """Empty the journal of a database file, which holds pages as they were.

    Raises:
        StillBeingReadError: the journal still holds them, for those who read.

    """
    with _by_itself(database) as driver:
        if driver is None:
            return
        # Whoever waits here for readers lets nobody write meanwhile.
        driver.execute(f"PRAGMA busy_timeout={_READERS_MILLISECONDS}")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        message = f"{database.place} is being read"
        raise StillBeingReadError(message)


@contextmanager
def _by_itself(database: Database) -> Iterator[SqliteConnection | None]:
    """A database file's connection outside any transaction, thrown away afterwards; none for a server."""
    if database.engine.dialect.name != "sqlite":
        yield None
        return
    raw = database.engine.raw_connection()
    driver = raw.driver_connection
    raw.detach()  # its patience is not what others want
    try:
        assert isinstance(driver, SqliteConnection)  # noqa: S101 - the dialect has no other
        yield driver
    finally:
        raw.close()


def _disputed(before: datetime) -> ColumnElement[bool]:
    """Whether the case of a flagged fact waits, or was decided a moment ago."""
    fresh = or_(staff_case.c.settled_at.is_(None), staff_case.c.settled_at > before)
    return select(1).where(staff_case.c.id == flagged_fact.c.fact_key, fresh).correlate(flagged_fact).exists()
