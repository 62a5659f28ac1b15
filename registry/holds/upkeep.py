"""What is done for holds once a day, before the branches open: end what was not collected, look for what never came, wake who waited (FAQ 2016)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog

from circulation.no_shows import NoShow
from circulation.opening_days import local_date
from registry.audit.store import AuditEntry, append
from registry.calendars.store import opening_days_of_branch
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.holds import store_due, store_standing
from registry.holds.effects import read_moves, write_moves
from registry.holds.moves import Moves
from registry.holds.records import HoldRecord
from registry.holds.rules import is_over
from registry.holds.terms import hold_rules_of, longest_memory
from registry.notices import store as store_notices
from registry.outside import Outside
from registry.settings import RegistrySettings

_log = structlog.get_logger()
_PORTION = 500
_ACTOR = "registry"


class HoldUpkeep:
    """Brings holds up to the day. Doing it twice harms nothing, and a service that was away does it when it is back."""

    def __init__(self, database: Database, outside: Outside, settings: RegistrySettings, *, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = settings.zone
        self._transit = settings.hold_transit
        self._notices_kept = settings.notices_kept
        self._publish = publish

    def once(self, *, portion: int = _PORTION) -> int:
        """All that is due, in portions, so that no fact waits long; how many holds were changed."""
        count = sum(self._in_portions(step, portion) for step in (self._wake, self._end, self._look_for))
        self._database.write(self._forget)
        if count:
            _log.info("holds_brought_up_to_the_day", count=count)
        return count

    def _in_portions(self, step: Callable[[UnitOfWork, int], int], portion: int) -> int:
        count = 0
        while done := self._database.write(lambda work: step(work, portion)):
            count += done
        return count

    def _wake(self, work: UnitOfWork, portion: int) -> int:
        """Suspensions that are over."""
        now, today = self._moment()
        found = store_due.suspended_before(work.connection, today=today, limit=portion)
        moves = read_moves(work, found)
        for one in found:
            moves.holds.change(one, one.resumed())
        return self._written(work, moves, found, "holds resumed", now)

    def _end(self, work: UnitOfWork, portion: int) -> int:
        """Ready holds that nobody collected in time, where the branch is open today."""
        now, today = self._moment()
        connection = work.connection
        over = store_due.branches_with_holds_not_collected(connection, today=today)
        open_today = [code for code in over if is_over(date.min, opening_days_of_branch(connection, code), today=today)]
        found = store_due.not_collected(connection, open_today, today=today, limit=portion)
        rules = hold_rules_of(connection, {one.patron for one in found}, today=today)
        moves = read_moves(work, found)
        for one in found:
            moves.end(one, now=now)
            terms = rules.get(one.patron)
            moves.no_shows.append((one, NoShow(today, 0 if terms is None else terms.no_show_points)))
        return self._written(work, moves, found, "holds not collected", now)

    def _look_for(self, work: UnitOfWork, portion: int) -> int:
        """Copies that were set aside or sent, and were not seen for long."""
        now, _ = self._moment()
        found = store_due.not_arrived(work.connection, moved_before=now - self._transit, limit=portion)
        moves = read_moves(work, found)
        for one in found:
            moves.miss(one, now=now)
        return self._written(work, moves, found, "held items missed", now)

    def _written(self, work: UnitOfWork, moves: Moves, found: list[HoldRecord], action: str, now: datetime) -> int:
        if found:
            append(work.connection, AuditEntry(now, _ACTOR, action, "done", {"count": len(found)}))
            self._publish(work, write_moves(work, moves, now=now, new_id=self._outside.new_id))
        return len(found)

    def _forget(self, work: UnitOfWork) -> None:
        now, today = self._moment()
        store_notices.forget(work, now - self._notices_kept)
        memory = longest_memory(work.connection, today=today)
        if memory is not None:
            store_standing.forget_no_shows(work, today - timedelta(days=memory))

    def _moment(self) -> tuple[datetime, date]:
        now = self._outside.now()
        return now, local_date(now, self._zone)
