"""Following the feed: keeps the replica at the registry's heels, a short chunk at a time, and says how old its word is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import structlog

from circulation.wire import ChangesPage, Position
from kiosk.comparing import Comparing
from kiosk.device_book import Standing
from kiosk.events import RangesChecked
from kiosk.known import Library, ReplicaState
from kiosk.ports import Clock, Outlet
from kiosk.settings import KioskSettings
from kiosk.store.errors import ReplicaError
from kiosk.store.replica_file import Replica, ReplicaShelf
from kiosk.store.replica_writer import LIBRARY_TABLES, CursorMismatchError, MalformedPageError, ReadyPage, read_page

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class InUse:
    """The replica in use, what it says of itself, and the library it describes (read once, because every tap needs it)."""

    replica: Replica
    state: ReplicaState
    library: Library


class FeedFollower:
    """The replica in use and the page that is being applied."""

    def __init__(self, shelf: ReplicaShelf, clock: Clock, outlet: Outlet, settings: KioskSettings) -> None:
        self._shelf = shelf
        self._clock = clock
        self._outlet = outlet
        self._again = settings.pull_again
        self._comparing = Comparing(clock, every=settings.compare_every, rows=settings.compare_rows)
        self._page: ReadyPage | None = None
        self._done = 0
        self._again_at: float | None = None
        self._verified_monotonic: float | None = None
        self.in_use: InUse | None = None

    def start(self) -> None:
        """Open the replica and ask for what is new. One that can't be used is as none at all: a snapshot replaces it."""
        try:
            replica = self._shelf.open_current()
            self.in_use = None if replica is None else _in_use(replica)
        except ReplicaError as error:
            _log.error("replica_unusable", problem=str(error))
        self._pull()

    def age(self) -> timedelta | None:
        """How old the last complete, verified feed is; none without a replica. The wall clock counts only for what an earlier run heard."""
        if self.in_use is None:
            return None
        if self._verified_monotonic is not None:
            return timedelta(seconds=self._clock.monotonic() - self._verified_monotonic)
        return self._clock.now() - self.in_use.state.verified_at

    def heard_ago(self) -> float | None:
        """How many seconds ago the registry's time was heard; none: not since the start or the last snapshot."""
        return None if self._verified_monotonic is None else self._clock.monotonic() - self._verified_monotonic

    @property
    def applying(self) -> bool:
        """Whether a page is being applied."""
        return self._page is not None

    def changed_cards(self, wanted: Iterable[bytes]) -> dict[bytes, Position]:
        """Of these cards those that the page changes which is being applied, each with the number of its last change."""
        if self._page is None:
            return {}
        changed = self._page.changed_cards
        return {card: changed[card] for card in wanted if card in changed}

    def received(self, page: ChangesPage) -> None:
        """Take a page for applying. One that does not begin where the replica stands is left alone, and asked for again later."""
        if self.in_use is None or self._page is not None:
            return
        if (page.feed, page.start) != (self.in_use.state.feed, self.in_use.state.cursor):
            _log.warning("page_elsewhere", position=page.start)
            self._later()
            return
        try:
            self._page = read_page(page)
        except MalformedPageError as error:
            _log.error("page_malformed", position=page.start, problem=str(error))
            self._later()
            return
        self._done = 0
        self._again_at = None

    def step(self) -> bool:
        """Apply one chunk, or ask again when it is time to; says whether the replica has changed.

        Raises:
            ReplicaError: what it holds can't be read (any more): give it up.

        """
        if self._again_at is not None and self._clock.monotonic() >= self._again_at:
            self._pull()
        if self.in_use is None or self._page is None:
            return False
        page, done, started = self._page, self._done, self._clock.monotonic()
        try:
            self._done = self.in_use.replica.write.apply(page, done=done)
        except (CursorMismatchError, ReplicaError) as error:
            _log.error("page_not_applied", position=page.start, problem=str(error))
            self._page = None
            if isinstance(error, CursorMismatchError):
                self.in_use = _read_anew(self.in_use.replica)
            self._later()
            return True
        if self._done == len(page):
            self._finish(self.in_use, page)
        if len(page):
            elapsed = round((self._clock.monotonic() - started) * 1000, 1)
            _log.info("changes_applied", count=self._done - done, position=page.end, milliseconds=elapsed)
        return len(page) > 0

    def compared(self, event: RangesChecked) -> bool:
        """Put right what differs from the registry, and ask for changes again; says whether the replica has changed.

        Raises:
            ReplicaError: what it holds can't be read or written (any more): give it up.

        """
        if self.in_use is None or self._page is not None:
            return False
        found = self._comparing.heard(event, self.in_use.replica, self.in_use.state)
        if found.snapshot:
            self._outlet.pull(None, 0)
            return False
        if found.mended & LIBRARY_TABLES:
            self.in_use = _read_anew(self.in_use.replica)
        self._pull()
        return bool(found.mended)

    @property
    def standing(self) -> Standing:
        """How the replica is."""
        return self._comparing.standing(has_replica=self.in_use is not None)

    def take_over(self, path: Path, *, last_version: int) -> bool:
        """Put a fetched snapshot in place; says whether it is in use now. The old file goes, the ledger is not touched."""
        old = self.in_use
        if old is not None and old.replica.path == path.resolve():
            return False
        self._page = None
        try:
            fresh = self._opened(path, last_version)
        except ReplicaError as error:
            _log.error("snapshot_unusable", problem=str(error))
            self._clear_away()
            self._later()
            return False
        self.in_use = fresh
        self._verified_monotonic = None
        self._comparing.begin_anew()
        if old is not None:
            old.replica.close()
        self._clear_away()
        _log.info("snapshot_taken_over", position=fresh.state.cursor)
        self._pull()
        return True

    def give_up(self, problem: str) -> None:
        """Stop using a replica that turned out to be damaged, and ask for a snapshot."""
        _log.error("replica_given_up", problem=problem)
        if self.in_use is not None:
            self.in_use.replica.close()
        self.in_use = None
        self._page = None
        self._pull()

    def forget(self) -> None:
        """Close the replica and wipe all there are. What can't be wiped now is tried again at the next start."""
        self.close()
        self._page = None
        self._again_at = None
        try:
            self._shelf.wipe()
        except ReplicaError as error:
            _log.error("replica_not_wiped", problem=str(error))

    def next_deadline(self) -> float | None:
        """When there is something to do (monotonic seconds): at once while a page is being applied."""
        return self._clock.monotonic() if self._page is not None else self._again_at

    def close(self) -> None:
        """Close the replica."""
        if self.in_use is not None:
            self.in_use.replica.close()
            self.in_use = None

    def _clear_away(self) -> None:
        """Remove the files that are not in use. A snapshot is fetched only while the core waits for it, so none is being made now."""
        try:
            self._shelf.clear_away()
        except ReplicaError as error:
            _log.warning("replica_not_removed", problem=str(error))

    def _opened(self, path: Path, last_version: int) -> InUse:
        fresh = _in_use(self._shelf.open_fetched(path))
        try:
            _check_version(fresh.state, path, last_version)
            self._shelf.put_in_place(path)
        except BaseException:
            fresh.replica.close()
            raise
        return fresh

    def _finish(self, used: InUse, page: ReadyPage) -> None:
        self._page = None
        verified_at = page.verified_at or used.state.verified_at
        state = replace(used.state, cursor=page.end, verified_at=verified_at)
        library = used.replica.read.library() if page.changes_library else used.library
        self.in_use = InUse(used.replica, state, library)
        if page.verified_at is not None:
            self._verified_monotonic = self._clock.monotonic()
        self._pull(compares=page.verified_at is not None)

    def _pull(self, *, compares: bool = False) -> None:
        """``compares``: the replica stands at the head of the feed, as far as anybody knows."""
        self._again_at = None
        if self.in_use is None:
            self._outlet.pull(None, 0)
            return
        state = self.in_use.state
        check = self._comparing.check(self.in_use.replica, state) if compares else None
        if check is None:
            self._outlet.pull(state.feed, state.cursor)
        else:
            self._outlet.pull(state.feed, state.cursor, check)

    def _later(self) -> None:
        if self._again_at is None:
            self._again_at = self._clock.monotonic() + self._again


def _in_use(replica: Replica) -> InUse:
    """Read what a replica says of itself; one that can't say it is closed."""
    try:
        return _read_anew(replica)
    except BaseException:
        replica.close()
        raise


def _read_anew(replica: Replica) -> InUse:
    return InUse(replica, replica.read.state(), replica.read.library())


def _check_version(fetched: ReplicaState, path: Path, last: int) -> None:
    if fetched.version < last:
        message = f"{path.name} is snapshot {fetched.version}, older than {last}, which was taken before"
        raise ReplicaError(message)
