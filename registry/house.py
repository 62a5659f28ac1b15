"""The registry as its composition root sees it: opened on a folder, loaded, asked for codes, served."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from litestar import Litestar

from circulation.cards import CardState, CardUid
from circulation.ids import BranchCode
from circulation.items import Item
from circulation.loans import Loan
from circulation.opening_days import OpeningDays
from circulation.rules import RuleSet
from registry import store_counts
from registry.audit.refusals import Refusals
from registry.audit.store import AuditEntry, append, latest
from registry.audit.trail import Trail
from registry.calendars import store as calendars
from registry.calendars.changes import CalendarChange
from registry.cards import store as cards
from registry.cards.store import CardRecord
from registry.cases.room import Casework
from registry.catalogue import store as catalogue
from registry.daily import upkeep_of
from registry.database import Database, UnitOfWork
from registry.database_errors import UnusableDatabaseError
from registry.desk.room import Desk
from registry.directory import Directory
from registry.enrolment import store as patrons
from registry.enrolment.store import PatronRecord
from registry.exchange import store_feed, store_runs, store_snapshots
from registry.exchange.head import FeedHead
from registry.exchange.hold_changes import changes_of_holds
from registry.exchange.projection import URGENT, key_text
from registry.exchange.restored import RestoredRegistry
from registry.exchange.retention import Retention, RetentionPolicy
from registry.exchange.snapshots import ShelfPolicy, SnapshotShelf
from registry.exchange.store_feed import FeedEntry
from registry.exchange.watching import watched
from registry.holds import store as store_holds
from registry.holds.records import HoldRecord
from registry.holds.rules import HoldRefusedError
from registry.house_errors import SnapshotExistsError, UnknownCardError
from registry.keys import KeyFileError, RegistryKeys
from registry.kiosks import store as kiosks
from registry.kiosks.covers import Covers
from registry.kiosks.enrolment import Enrolment, IssuedCode
from registry.lending import store as lending
from registry.lending.store import BlockRecord, Branch
from registry.library_keys import keys_of
from registry.outside import Outside
from registry.overdue.store_retention import erase_suspensions
from registry.people.room import Neighbours, People
from registry.privacy.room import PrivacyRoom
from registry.privacy.store_forgetting import forget as forget_of_privacy
from registry.rosters.room import Rosters
from registry.server import RegistryServer, Tls
from registry.service import Parts, create_app
from registry.settings import RegistrySettings
from replica.card_keys import card_key
from replica.tables import ReplicaTable

Record = TypeVar("Record")
STAFF = "staff"


class Registry:
    """A registry in a folder: ``registry.db`` unless its database is on a server, ``keys/``, ``snapshots/``.

    The ``add_*`` functions take any number of rows, streamed. With ``tell_feed=False`` the rows are the feed's
    initial state, carried by the first snapshots: only before any of these exists. Every
    function raises ``sqlalchemy.exc.IntegrityError`` and changes nothing when rows contradict the tables.
    """

    def __init__(self, folder: Path, database: Database, keys: RegistryKeys, outside: Outside, settings: RegistrySettings) -> None:
        self.folder = folder
        self.database = database
        self.settings = settings
        self.keys = keys
        self.outside = outside
        self._directory = Directory(database, kiosks.everyone, now=outside.now)
        self.trail = Trail(database, keys, outside, folder)
        self.refusals = Refusals(database, now=outside.now)
        self.covers = Covers(database, keys, outside)
        self._enrolment = Enrolment(database, self._directory, keys, outside, self.settings, self.refusals, self.covers)
        self.desk = Desk.of(database, outside, self.settings, keys=keys, publish=self._publish)
        leaving = Neighbours(forget=(erase_suspensions, forget_of_privacy))
        self.people = People.of(self, self.desk.pins, outside, publish=self._publish, neighbours=leaving)
        self.privacy = PrivacyRoom.of(database, outside, self.settings, trail=self.trail, publish=self._publish)
        self.restored = RestoredRegistry(database, outside, self.covers)
        self.head: FeedHead | None = None
        self.rosters = Rosters.of(
            database, outside, self.settings, folder / "keys", card_secret=keys.card_secret, wake=lambda: self._wake(urgent=True)
        )
        self.casework = Casework.of(
            database, outside, settings, self.rosters, folder / "keys", card_secret=keys.card_secret, publish=self._publish
        )

    @classmethod
    def open(cls, folder: Path, outside: Outside, settings: RegistrySettings | None = None, database: str | None = None) -> "Registry":
        """Open a registry, or make one: keys, tables at this program's revision, the feed.

        ``database`` is the URL of a PostgreSQL database; without one the rows are in the folder.

        Raises:
            UnusableDatabaseError: the database can't be used; its kind says what must be done.
            KeyFileError: a key file is missing, damaged, another library's, or readable by others.
            OSError: the folder cannot be used.

        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = Database.postgresql(database) if database else Database.sqlite(folder / "registry.db")
        try:
            opened.migrate()
            keys = keys_of(opened, folder / "keys", outside)
            opened.seal_audit_with(keys.audit_key)
            opened.write(lambda work: store_feed.begin(work, outside.new_id(), keys=keys.mark))
            Trail(opened, keys, outside, folder).begin()
        except (UnusableDatabaseError, KeyFileError):
            opened.close()
            raise
        made = cls(folder, opened, keys, outside, settings or RegistrySettings())
        made.desk.mobile.keys.begin()
        made.covers.begin()
        return made

    def close(self) -> None:
        """Give back the database. A server must be stopped before."""
        self.database.close()

    def add_branches(self, branches: Iterable[Branch], *, tell_feed: bool = True) -> int:
        """Add branches."""
        return self._add(branches, lending.add_branches, lambda b: FeedEntry(ReplicaTable.BRANCH, b.code), tell_feed=tell_feed)

    def add_rule_sets(self, rule_sets: Iterable[RuleSet], *, tell_feed: bool = True) -> int:
        """Add rule sets."""
        return self._add(
            rule_sets, lending.add_rule_sets, lambda r: FeedEntry(ReplicaTable.RULE_SET, key_text(r.version)), tell_feed=tell_feed
        )

    def add_calendars(
        self, days: Mapping[BranchCode, OpeningDays], *, source: str = "", changes: Iterable[CalendarChange] = (), tell_feed: bool = True
    ) -> int:
        """Load the calendars of branches that have none, with their source and what is known to change. Later: ``desk.calendars``."""

        def add(work: UnitOfWork, codes: Iterable[BranchCode]) -> int:
            of_codes = {code: days[code] for code in codes}
            return calendars.add_calendars(work, of_codes, source=source, changes=changes, at=self.outside.now(), by=STAFF)

        return self._add(days, add, lambda code: FeedEntry(ReplicaTable.CALENDAR, code, code), tell_feed=tell_feed)

    def add_patrons(self, records: Iterable[PatronRecord], *, tell_feed: bool = True) -> int:
        """Add patrons."""

        def add(work: UnitOfWork, rows: Iterable[PatronRecord]) -> int:
            return patrons.add(work, rows, names=self.settings.names)

        return self._add(records, add, lambda p: FeedEntry(ReplicaTable.PATRON, key_text(p.id)), tell_feed=tell_feed)

    def add_cards(self, records: Iterable[CardRecord], *, tell_feed: bool = True) -> int:
        """Bind cards."""

        def add(work: UnitOfWork, rows: Iterable[CardRecord]) -> int:
            return cards.add(work, rows, secret=self.keys.card_secret)

        return self._add(
            records,
            add,
            lambda c: FeedEntry(ReplicaTable.CARD, key_text(card_key(c.uid, secret=self.keys.card_secret))),
            tell_feed=tell_feed,
        )

    def add_items(self, items: Iterable[Item], *, tell_feed: bool = True) -> int:
        """Add items."""
        return self._add(items, catalogue.add, lambda i: FeedEntry(ReplicaTable.ITEM, key_text(i.id), i.branch), tell_feed=tell_feed)

    def add_loans(self, loans: Iterable[Loan], *, tell_feed: bool = True) -> int:
        """Add open loans, such as those of the system before. Their titles and kinds are the items' own."""
        return self._add(loans, lending.add_loans, lambda one: FeedEntry(ReplicaTable.LOAN, key_text(one.id)), tell_feed=tell_feed)

    def add_blocks(self, blocks: Iterable[BlockRecord], *, tell_feed: bool = True) -> int:
        """Block patrons; kiosks hear of it at once."""
        return self._add(blocks, lending.add_blocks, lambda b: FeedEntry(ReplicaTable.BLOCK, key_text(b.id)), tell_feed=tell_feed)

    def add_holds(self, records: Iterable[HoldRecord], *, tell_feed: bool = True) -> int:
        """Place holds: queues and what is wanted by another change with them."""

        def with_others(work: UnitOfWork, entries: list[FeedEntry]) -> list[FeedEntry]:
            return changes_of_holds(work.connection, [UUID(entry.key) for entry in entries])

        def entry_of(one: HoldRecord) -> FeedEntry:
            return FeedEntry(ReplicaTable.HOLD, key_text(one.id))

        return self._add(records, store_holds.add, entry_of, tell_feed=tell_feed, really=with_others)

    def end_hold(self, key: UUID, *, by: str = STAFF) -> bool:
        """Take a hold away, for whatever reason; whether there was one. What lay ready for it goes to the next in the queue, or is free."""
        try:
            self.desk.holds.cancel(key, by=by)
        except HoldRefusedError:
            return False
        return True

    def lift_block(self, key: UUID, *, by: str = STAFF) -> bool:
        """Take a block away; whether there was one."""

        def lift(work: UnitOfWork) -> bool:
            patron = lending.lift_block(work, key)
            if patron is None:
                return False
            self._note(work, by, "block lifted", {"block": str(key), "patron": str(patron)})
            self._publish(work, [FeedEntry(ReplicaTable.BLOCK, key_text(key))])
            return True

        return self.database.write(lift)

    def change_card(self, uid: CardUid, state: CardState, *, by: str = STAFF) -> None:
        """Set what a card may do, such as ``LOST`` after a loss report; kiosks hear of it at once.

        Raises:
            UnknownCardError: no such number is on record.

        """

        def change(work: UnitOfWork) -> None:
            found, changed = cards.change_state(work, uid, state), cards.by_number(work.connection, uid)
            if found is None or changed is None:
                message = "no such card number is on record"
                raise UnknownCardError(message)
            self._note(work, by, "card state", {"state": str(state), "patron": str(changed.patron)})
            self._publish(work, [FeedEntry(ReplicaTable.CARD, key_text(found))])

        self.database.write(change)

    def issue_code(self, branch: str, *, by: str = STAFF) -> IssuedCode:
        """A one-time code to enrol one kiosk of a branch with.

        Raises:
            UnknownBranchError: there is no such branch.

        """
        return self._enrolment.issue_code(branch, by=by)

    def all_kiosks(self) -> list[kiosks.KioskRecord]:
        """All kiosks, the revoked too."""
        with self.database.reading() as connection:
            return kiosks.everyone(connection)

    def revoke_kiosk(self, kiosk: UUID, *, by: str = STAFF) -> bool:
        """Take a kiosk's rights away; whether it had any."""
        return self._enrolment.revoke(kiosk, by=by)

    def forget_old_changes(self) -> int:
        """Drop changes older than the settings say; kiosks behind them fetch a snapshot. Says up to which number.

        A running service does it once a day by itself.
        """
        last = self.database.write(lambda work: store_runs.forget_before(work, self.outside.now() - self.settings.feed_kept))
        self._wake(urgent=False)
        return last

    def retention(self) -> Retention:
        """What cuts the link between patron and item, a while after a loan's end. A running service does it once a day by itself."""
        policy = RetentionPolicy(self.settings.dispute_window, self.settings.unread_kept)
        return Retention(self.database, self.folder / "snapshots", policy, now=self.outside.now)

    def counts(self) -> dict[str, int]:
        """How many rows each table has, and ``open_loans``."""
        with self.database.reading() as connection:
            return store_counts.rows(connection)

    def audit(self, *, limit: int = 100) -> list[AuditEntry]:
        """The last entries of the audit trail, newest first."""
        with self.database.reading() as connection:
            return latest(connection, limit=limit)

    def app(self) -> tuple[Litestar, FeedHead]:
        """The service as an ASGI application, and the head whose polls a server must release when it stops."""
        self.restored.begin_run()
        self.head = watched(self.database, self.restored, self.settings)
        policy = ShelfPolicy(lag=self.settings.snapshot_lag, kept=self.settings.snapshots_kept)
        shelf = SnapshotShelf(self.folder / "snapshots", self.database, self.keys, self.outside, policy)
        parts = Parts(
            self.database,
            self._directory,
            self._enrolment,
            shelf,
            self.head,
            self.outside,
            self.settings,
            self.refusals,
            upkeep_of(self),
            self.desk,
            self.people.withdrawals.after_loans,
            self.rosters,
            self.restored,
            self.covers,
        )
        return create_app(parts), self.head

    def server(self, listening: socket.socket, *, tls: Tls | None = None) -> RegistryServer:
        """A server on a socket (``registry.server.listen``); a new one for every start.

        Raises:
            TlsNeededError: other machines can reach the socket and there is no certificate.

        """
        app, head = self.app()
        return RegistryServer(app, head, listening, tls=tls)

    def _add(
        self,
        records: Iterable[Record],
        add: Callable[[UnitOfWork, Iterable[Record]], int],
        entry_of: Callable[[Record], FeedEntry],
        *,
        tell_feed: bool,
        really: Callable[[UnitOfWork, list[FeedEntry]], list[FeedEntry]] = lambda _work, entries: entries,
    ) -> int:
        entries: list[FeedEntry] = []

        def noted() -> Iterator[Record]:
            for record in records:
                entries.append(entry_of(record))
                yield record

        with self.database.unit_of_work() as work:
            if not tell_feed and store_snapshots.any_finished(work.connection):
                message = "kiosks may hold a snapshot already: load these rows with tell_feed=True"
                raise SnapshotExistsError(message)
            count = add(work, noted() if tell_feed else records)
            if entries:
                self._publish(work, really(work, entries))
            work.commit()
        return count

    def _publish(self, work: UnitOfWork, entries: list[FeedEntry]) -> None:
        store_feed.publish(work, entries, at=self.outside.now())
        urgent = any(entry.table in URGENT for entry in entries)
        work.afterwards(lambda: self._wake(urgent=urgent))

    def _note(self, work: UnitOfWork, by: str, action: str, detail: Mapping[str, str | int]) -> None:
        append(work.connection, AuditEntry(self.outside.now(), by, action, "done", detail))

    def _wake(self, *, urgent: bool) -> None:
        if self.head is not None:
            self.head.notify(urgent=urgent)
