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
from registry.cards import store as cards
from registry.cards.store import CardRecord
from registry.cases.room import Casework
from registry.catalogue import store as catalogue
from registry.database import Database, UnitOfWork
from registry.database_errors import UnusableDatabaseError
from registry.desk.room import Desk
from registry.directory import Directory
from registry.enrolment import store as patrons
from registry.enrolment.store import PatronRecord
from registry.exchange import store_feed, store_snapshots
from registry.exchange.head import FeedHead
from registry.exchange.hold_changes import changes_of_holds, end_holds
from registry.exchange.projection import URGENT, key_text
from registry.exchange.retention import Retention, RetentionPolicy
from registry.exchange.snapshots import ShelfPolicy, SnapshotShelf
from registry.exchange.store_feed import FeedEntry
from registry.keys import KeyFileError, RegistryKeys, make_keys, read_keys
from registry.kiosks import store as kiosks
from registry.kiosks.enrolment import Enrolment, IssuedCode
from registry.lending import store as lending
from registry.lending import store_holds
from registry.lending.store import BlockRecord, Branch
from registry.lending.store_holds import HoldRecord
from registry.outside import Outside
from registry.rosters.room import Rosters
from registry.server import RegistryServer, Tls
from registry.service import Parts, create_app
from registry.settings import RegistrySettings
from registry.upkeep import QuietHour, Upkeep
from replica.card_keys import card_key
from replica.tables import ReplicaTable

Record = TypeVar("Record")
STAFF = "staff"


class SnapshotExistsError(Exception):
    """Rows were to be loaded without telling the feed, but a kiosk may already hold a snapshot: it would never hear of them."""


class UnknownCardError(LookupError):
    """No such number is on record."""


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
        self._outside = outside
        self._directory = Directory(database, kiosks.everyone, now=outside.now)
        self.refusals = Refusals(database, now=outside.now)
        self._enrolment = Enrolment(database, self._directory, keys, outside, settings.code_lives, settings.time_zone, self.refusals)
        self.desk = Desk.of(database, outside, self.settings, card_secret=keys.card_secret, publish=self._publish)
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
            keys = _keys_of(opened, folder / "keys", outside)
            opened.write(lambda work: store_feed.begin(work, outside.new_id(), keys=keys.mark))
            return cls(folder, opened, keys, outside, settings or RegistrySettings())
        except (UnusableDatabaseError, KeyFileError):
            opened.close()
            raise

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

    def add_calendars(self, calendars: Mapping[BranchCode, OpeningDays], *, tell_feed: bool = True) -> int:
        """Add the calendars of branches."""

        def add(work: UnitOfWork, codes: Iterable[BranchCode]) -> int:
            return lending.add_calendars(work, {code: calendars[code] for code in codes})

        return self._add(calendars, add, lambda code: FeedEntry(ReplicaTable.CALENDAR, code, code), tell_feed=tell_feed)

    def add_patrons(self, records: Iterable[PatronRecord], *, tell_feed: bool = True) -> int:
        """Add patrons."""

        def add(work: UnitOfWork, rows: Iterable[PatronRecord]) -> int:
            return patrons.add(work, rows, names=self.settings.names)

        return self._add(records, add, lambda p: FeedEntry(ReplicaTable.PATRON, key_text(p.id)), tell_feed=tell_feed)

    def add_cards(self, records: Iterable[CardRecord], *, tell_feed: bool = True) -> int:
        """Bind cards."""

        def add(work: UnitOfWork, rows: Iterable[CardRecord]) -> int:
            return cards.add(work, rows, secret=self.keys.card_secret)

        return self._add(records, add, lambda c: FeedEntry(ReplicaTable.CARD, key_text(self._card_key(c.uid))), tell_feed=tell_feed)

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
        """Take a hold away, for whatever reason; whether there was one. What lay ready for it is free again."""

        def end(work: UnitOfWork) -> bool:
            entries = end_holds(work, [key])
            if not entries:
                return False
            self._note(work, by, "hold ended", {"hold": str(key)})
            self._publish(work, entries)
            return True

        return self.database.write(end)

    def lift_block(self, key: UUID, *, by: str = STAFF) -> bool:
        """Take a block away; whether there was one."""

        def lift(work: UnitOfWork) -> bool:
            if not lending.lift_block(work, key):
                return False
            self._note(work, by, "block lifted", {"block": str(key)})
            self._publish(work, [FeedEntry(ReplicaTable.BLOCK, key_text(key))])
            return True

        return self.database.write(lift)

    def change_card(self, uid: CardUid, state: CardState, *, by: str = STAFF) -> None:
        """Set what a card may do, such as ``LOST`` after a loss report; kiosks hear of it at once.

        Raises:
            UnknownCardError: no such number is on record.

        """

        def change(work: UnitOfWork) -> None:
            found = cards.change_state(work, uid, state)
            if found is None:
                message = "no such card number is on record"
                raise UnknownCardError(message)
            self._note(work, by, "card state", {"state": str(state)})
            self._publish(work, [FeedEntry(ReplicaTable.CARD, key_text(found))])

        self.database.write(change)

    def issue_code(self, branch: str, *, by: str = STAFF) -> IssuedCode:
        """A one-time code to enrol one kiosk of a branch with.

        Raises:
            UnknownBranchError: there is no such branch.

        """
        return self._enrolment.issue_code(branch, by=by)

    def revoke_kiosk(self, kiosk: UUID, *, by: str = STAFF) -> bool:
        """Take a kiosk's rights away; whether it had any."""
        return self._enrolment.revoke(kiosk, by=by)

    def forget_old_changes(self) -> int:
        """Drop changes older than the settings say; kiosks behind them fetch a snapshot. Says up to which number.

        A running service does it once a day by itself.
        """
        last = self.database.write(lambda work: store_feed.forget_before(work, self._outside.now() - self.settings.feed_kept))
        self._wake(urgent=False)
        return last

    def retention(self) -> Retention:
        """What cuts the link between patron and item, a while after a loan's end. A running service does it once a day by itself."""
        policy = RetentionPolicy(self.settings.dispute_window, self.settings.unread_kept)
        return Retention(self.database, self.folder / "snapshots", policy, now=self._outside.now)

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

        def read(known: store_feed.Marks) -> store_feed.Marks:
            with self.database.reading() as connection:
                return store_feed.marks_after(connection, known)

        self.head = FeedHead(read, gather=self.settings.gather, look=self.settings.look)
        shelf = SnapshotShelf(
            self.folder / "snapshots",
            self.database,
            self.keys,
            self._outside,
            ShelfPolicy(lag=self.settings.snapshot_lag, kept=self.settings.snapshots_kept),
        )
        retention = self.retention()
        quiet = QuietHour(self.settings.quiet_hour, self.settings.zone, self.folder / "kept-up")
        upkeep = Upkeep(
            self.refusals,
            (self.forget_old_changes, self.rosters.batches.expire, self.casework.forget, retention.once),
            quiet,
            now=self._outside.now,
            stopping=retention.stop,
        )
        parts = Parts(
            self.database,
            self._directory,
            self._enrolment,
            shelf,
            self.head,
            self._outside,
            self.settings,
            self.refusals,
            upkeep,
            self.desk,
            self.rosters,
        )
        return create_app(parts), self.head

    def server(self, listening: socket.socket, *, tls: Tls | None = None) -> RegistryServer:
        """A server on a socket (``registry.server.listen``); a new one for every start.

        Raises:
            TlsNeededError: other machines can reach the socket and there is no certificate.

        """
        app, head = self.app()
        return RegistryServer(app, head, listening, tls=tls)

    def _card_key(self, uid: CardUid) -> bytes:
        return card_key(uid, secret=self.keys.card_secret)

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
        store_feed.publish(work, entries, at=self._outside.now())
        urgent = any(entry.table in URGENT for entry in entries)
        work.afterwards(lambda: self._wake(urgent=urgent))

    def _note(self, work: UnitOfWork, by: str, action: str, detail: Mapping[str, str | int]) -> None:
        append(work.connection, AuditEntry(self._outside.now(), by, action, "done", detail))

    def _wake(self, *, urgent: bool) -> None:
        if self.head is not None:
            self.head.notify(urgent=urgent)


def _keys_of(database: Database, folder: Path, outside: Outside) -> RegistryKeys:
    """Keys are made with a library, never for one that is there: every card key of it was made with its own."""
    with database.reading() as connection:
        begun, mark = store_feed.is_begun(connection), store_feed.mark_of_keys(connection)
    return read_keys(folder, mark=mark) if begun else make_keys(folder, random_bytes=outside.random_bytes)
