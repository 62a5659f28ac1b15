"""Forgetting who had what, once an item is back and the time for a dispute is over: nobody needs to know what a child has read."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from registry.database import Database, UnitOfWork
from registry.exchange import store_retention as store
from registry.overdue.store_retention import forget_suspensions

_log = structlog.get_logger()
_PORTION = 500
_NAME = re.compile(r".+-(\d+)-[0-9a-f]+\.zst")
"""A snapshot's file: branch, version, digest. Whatever else lies in the folder is not ours."""
_A_DAY = timedelta(days=1)
_PAUSE_SECONDS = 0.1
"""Long enough for a kiosk's facts to come in between: a database file gives nobody a place in a queue."""


class _Cut(Protocol):
    def __call__(self, work: UnitOfWork, before: datetime, *, limit: int) -> int: ...


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """``dispute_window`` after its end a loan forgets its patron; ``unread_kept`` long facts stay that could not be read."""

    dispute_window: timedelta
    unread_kept: timedelta


class Retention:
    """Cuts the link between patron and item in loans, facts, flags, snapshots, and the leftovers in a database file. Forgets served suspensions.

    Accounts that have ended leave the files with it. What staff have not settled stays. A fact's result stays, with the digest of its bytes: a retry is still known.
    """

    def __init__(self, database: Database, snapshots: Path, policy: RetentionPolicy, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._snapshots = snapshots
        self._policy = policy
        self._now = now
        self._stopped = threading.Event()
        self._leftovers = False
        self._emptying_since: datetime | None = None

    def once(self, *, portion: int = _PORTION) -> int:
        """Cut all that is due, in portions, so that no fact waits long; how many rows were cut. Safe beside other services.

        Raises:
            StillBeingReadError: all is cut, but the journal of a database file still holds it. Calls of the next 24 hours try that only.

        """
        now = self._now()
        if self._emptying_since is not None and now - self._emptying_since < _A_DAY:
            self._empty_journal()
            return 0
        before = now - self._policy.dispute_window
        cuts: tuple[_Cut, ...] = (store.cut_loans, store.cut_facts, store.cut_flags, partial(forget_suspensions, now=now))
        count = sum(self._in_portions(cut, before, portion) for cut in cuts)
        count += self._noted(self._database.write(partial(store.cut_unread, before=now - self._policy.unread_kept)))
        self._database.write(partial(store.forget_returns, before=now - self._policy.unread_kept))
        ended = self._database.write(partial(store.take_ended, at=now))
        self._noted(int(ended is not None))
        self._forget_snapshots(before if ended is None else max(before, ended))
        if self._leftovers and not self._stopped.is_set():
            store.write_anew(self._database)
            self._leftovers = False
            self._emptying_since = now
            _log.info("links_cut", count=count)
        if self._emptying_since is not None:
            self._empty_journal()
        return count

    def stop(self) -> None:
        """Give up after the portion that is under way."""
        self._stopped.set()

    def _empty_journal(self) -> None:
        store.empty_journal(self._database)
        self._emptying_since = None

    def _in_portions(self, cut: _Cut, before: datetime, portion: int) -> int:
        total = 0
        while not self._stopped.is_set():
            count = self._noted(self._database.write(partial(cut, before=before, limit=portion)))
            total += count
            if count < portion:
                break
            self._stopped.wait(_PAUSE_SECONDS)
        return total

    def _noted(self, count: int) -> int:
        self._leftovers = self._leftovers or count > 0
        return count

    def _forget_snapshots(self, before: datetime) -> None:
        """A snapshot made after a loan's end does not hold it; every older one goes, and any file that a crash left without its row."""
        kept = self._database.write(partial(store.forget_snapshots, before=before))
        for file in self._snapshots.glob("*.zst"):
            version = _NAME.fullmatch(file.name)
            if version is not None and int(version[1]) not in kept:
                file.unlink(missing_ok=True)
