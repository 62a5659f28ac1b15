"""What the tests of holds share: more readers and copies of one title, two kiosks whose facts come without HTTP, and what is on record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Raw
from sqlalchemy import delete
from uuid_utils.compat import uuid7

from circulation.facts import CheckedIn, CheckedOut, CheckoutUndone, Fact
from circulation.ids import BranchCode, HoldId, KioskId, PatronId
from circulation.opening_days import OpeningDays
from circulation.wire import FactResult, PushAnswer, PushBatch
from registry.calendars.store import add_calendars
from registry.calendars.tables import calendar_change
from registry.database import UnitOfWork
from registry.enrolment.store import PatronRecord
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from registry.exchange.store_feed import entries_after, head
from registry.exchange.store_projection import current_rows
from registry.holds import store
from registry.holds.desk import HoldOrder
from registry.holds.records import HoldRecord
from registry.holds.shelf_desk import Scanned
from registry.kiosks import store as kiosks
from registry.lending.tables import calendar
from replica.tables import ReplicaTable
from tests.builders import an_item
from tests.integration.registry.city import City, Kiosk, deaf

C01, L12 = BranchCode("C01"), BranchCode("L12")
STAFF = "staff:lin"
TITLE = "大樹"


@dataclass
class House:
    """The city with three copies of one title (two of C01, one of L12), Mei and Bo beside Ming and Hua, and a kiosk in each branch."""

    city: City
    patrons: dict[str, PatronId]
    copies: dict[str, UUID]
    senders: dict[BranchCode, Sender]
    makers: dict[BranchCode, Kiosk] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.city.clock().astimezone(self.city.registry.settings.zone).date()

    def heard(self, branch: BranchCode, *facts: Fact, at: datetime | None = None) -> tuple[FactResult, ...]:
        """A kiosk's facts come in; they happened ``at``."""
        maker = self.makers[branch]
        first = maker.seq + 1
        bodies = [Raw(maker.envelope(fact, at=at)) for fact in facts]
        intake = FactIntake(self.city.registry.database, now=self.city.clock, zone=self.city.registry.settings.zone, notify=deaf)
        answer = intake.take(self.senders[branch], PushBatch(epoch=maker.epoch, first_seq=first, facts=bodies))
        assert isinstance(answer, PushAnswer)
        return answer.results

    def lend(self, who: str, copy: str, branch: BranchCode = C01, *, at: datetime | None = None) -> UUID:
        fact = CheckedOut(loan=uuid7(), patron=self.patrons[who], item=self.copies[copy], due=date(2026, 4, 10), rules=1)
        self.heard(branch, fact, at=at)
        return fact.loan

    def give_back(self, copy: str, branch: BranchCode = C01, *, at: datetime | None = None) -> FactResult:
        return self.heard(branch, CheckedIn(barcode=copy), at=at)[0]

    def undo(self, loan: UUID, branch: BranchCode = C01) -> FactResult:
        return self.heard(branch, CheckoutUndone(loan=loan))[0]

    def place(self, who: str, pickup: BranchCode = C01, *, title: str = TITLE) -> HoldId:
        return self.city.registry.desk.holds.place(HoldOrder(self.patrons[who], title, pickup), by=STAFF)

    def scan(self, copy: str, branch: BranchCode = C01, *, shelf: str = "") -> Scanned:
        return self.city.registry.desk.hold_shelf.trap(copy, branch=branch, by=STAFF, shelf=shelf)

    def next_day(self, days: int = 1) -> int:
        """Nights pass, and the registry does its work of the last one."""
        self.city.clock.pass_(days=days)
        return self.city.registry.desk.hold_upkeep.once()

    def hold(self, key: UUID) -> HoldRecord | None:
        with self.city.registry.database.reading() as connection:
            return next(iter(store.of_keys(connection, [key])), None)

    def state(self, key: UUID) -> str:
        found = self.hold(key)
        return "gone" if found is None else f"{found.state} {found.at or ''}".strip()

    def item(self, copy: str) -> tuple[str, str | None]:
        """Its status, and who it is kept for."""
        ((status, whose),) = self.city.sql("SELECT status, held_for FROM item WHERE barcode = :copy", copy=copy)
        names = {key.bytes: name for name, key in self.patrons.items()}
        return status, None if whose is None else names[whose]

    def notices(self) -> list[tuple[str, str]]:
        names = {key.bytes: name for name, key in self.patrons.items()}
        return [(names[whose], kind) for whose, kind in self.city.sql("SELECT patron, kind FROM notice WHERE told_at IS NULL ORDER BY id")]

    def chores(self, branch: BranchCode = C01) -> list[tuple[str, str]]:
        return [(str(line.kind), line.barcode) for line in self.city.registry.desk.hold_shelf.worklist(branch)]

    def queue(self, *keys: UUID) -> list[int]:
        with self.city.registry.database.reading() as connection:
            rows = current_rows(connection, ReplicaTable.HOLD, [str(key) for key in keys], C01)
        return [msgspec.json.decode(rows[str(key)])["queue"] for key in keys]

    def wanted(self, loan: UUID) -> bool:
        with self.city.registry.database.reading() as connection:
            (row,) = current_rows(connection, ReplicaTable.LOAN, [str(loan)], C01).values()
        return bool(msgspec.json.decode(row)["wanted"])

    def add_title(self, title: str) -> None:
        self.city.registry.add_items([an_item(id=uuid7(), barcode=f"of {title}", title=title)], tell_feed=False)

    def set_calendar(self, branch: BranchCode, days: OpeningDays) -> None:
        """Give a branch other opening days."""

        def instead(work: UnitOfWork) -> None:
            for table in (calendar, calendar_change):
                work.connection.execute(delete(table).where(table.c.branch == branch))
            add_calendars(work, {branch: days}, source="test", at=self.city.clock(), by=STAFF)

        self.city.registry.database.write(instead)

    def told(self, branch: BranchCode, after: int) -> set[tuple[str, str]]:
        """The rows that this branch's kiosks hear of after a number."""
        with self.city.registry.database.reading() as connection:
            return {(str(entry.table), entry.key) for _, entry in entries_after(connection, after, branch, limit=1_000_000)}

    def head(self) -> int:
        with self.city.registry.database.reading() as connection:
            return head(connection).n


def furnish(city: City, copies: Sequence[tuple[str, str]] = (("A", "C01"), ("B", "C01"), ("Z", "L12"))) -> House:
    """Add what a house has beyond the small city; copies by barcode and home."""
    patrons = {"ming": PatronId(city.ming), "hua": PatronId(city.hua), "mei": PatronId(uuid7()), "bo": PatronId(uuid7())}
    more = [PatronRecord(patrons["mei"], "林美", None, None), PatronRecord(patrons["bo"], "柏", None, None)]
    city.registry.add_patrons(more, tell_feed=False)
    keys = {barcode: uuid7() for barcode, _ in copies}
    city.registry.add_items([an_item(id=keys[code], barcode=code, title=TITLE, branch=home) for code, home in copies], tell_feed=False)
    senders: dict[BranchCode, Sender] = {}
    with city.registry.database.unit_of_work() as work:
        for number, branch in enumerate((C01, L12)):
            record = kiosks.KioskRecord(KioskId(UUID(int=number + 1)), "k", branch, bytes(32), city.clock())
            kiosks.add(work, record)
            senders[branch] = Sender(record.id, branch)
        work.commit()
    makers = {branch: Kiosk("", city.clock, None, None) for branch in senders}  # type: ignore[arg-type] # they only write envelopes
    return House(city, patrons, keys, senders, makers)
