"""The desk for rules: what holds on a day, what a new version would change, and putting it on record."""

from datetime import date
from zoneinfo import ZoneInfo

from circulation.opening_days import local_date
from circulation.rules import RuleBook, RuleSet
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.lending.store import rule_book
from registry.outside import Outside
from registry.overdue.booking import Booking
from registry.plain_text import plain
from registry.terms import store
from registry.terms.rule_changes import RulePreview, RuleRefusal, decide_rule_set, ends_before, rule_changes
from registry.terms.store import RecordedRules
from replica.tables import ReplicaTable

_LONGEST_REASON = 200


class RulesRefusedError(Exception):
    """The rule set does not come in; nothing was changed."""

    def __init__(self, code: RuleRefusal) -> None:
        super().__init__(code.value)
        self.code = code


class RuleDesk:
    """Rules come in as whole versions; one that is on record is never changed."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, booking: Booking, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._booking = booking
        self._publish = publish

    def on(self, day: date | None = None) -> RuleSet | None:
        """The rules of a local date, today's by default; none when nothing was said for it."""
        with self._database.reading() as connection:
            return rule_book(connection).on(day or self._today())

    def history(self) -> list[RecordedRules]:
        """All versions, the newest first."""
        with self._database.reading() as connection:
            return store.history(connection)

    def preview(self, new: RuleSet, *, because: str = "") -> RulePreview:
        """What a version would change, from when, and for how many patrons of each class.

        Raises:
            RulesRefusedError: it may not come in.

        """
        with self._database.reading() as connection:
            book = self._checked(rule_book(connection), new, because)
            old = book.on(new.effective_from)
            changes = rule_changes(old, new)
            replaces = None if old is None else old.version
            return RulePreview(new, replaces, changes, new.effective_from, ends_before(book, new), store.patrons_by_class(connection))

    def add(self, new: RuleSet, *, by: str, because: str = "") -> int:
        """Put a version on record; kiosks hear of it. Where it holds for days that are over, suspensions are reckoned anew: how many changed.

        Raises:
            RulesRefusedError: it may not come in.

        """

        def add(work: UnitOfWork) -> int:
            now = self._outside.now()
            self._checked(rule_book(work.connection), new, because)
            store.record(work, new, at=now, by=by, because=plain(because.strip(), longest=_LONGEST_REASON))
            entries = [FeedEntry(ReplicaTable.RULE_SET, key_text(new.version))]
            reckoned: list[FeedEntry] = []
            if new.effective_from <= self._today():
                reckoned = self._booking.count_anew(work, since=new.effective_from, now=now)
            detail: dict[str, str | int] = {
                "version": new.version,
                "from": new.effective_from.isoformat(),
                "retroactive": int(bool(because)),
                "suspensions": len(reckoned),
            }
            append(work.connection, AuditEntry(now, by, "rules added", "done", detail))
            self._publish(work, [*entries, *reckoned])
            return len(reckoned)

        return self._database.write(add)

    def _checked(self, book: RuleBook, new: RuleSet, because: str) -> RuleBook:
        refused = decide_rule_set(new, book, because=because.strip(), today=self._today())
        if refused is not None:
            raise RulesRefusedError(refused)
        return book

    def _today(self) -> date:
        return local_date(self._outside.now(), self._zone)
