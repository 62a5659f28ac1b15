"""The store of cases that flagged facts opened: what the kiosk said, what is on record, and what decisions change."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from circulation.ids import ItemId, LoanId
from circulation.item_life import ItemEvent, after
from registry.belongings.footprint import Rows
from registry.catalogue import store as catalogue
from registry.catalogue.tables import item
from registry.database import UnitOfWork
from registry.exchange.tables import fact, flagged_fact
from registry.holds import store_served
from registry.kiosks.tables import kiosk
from registry.lending.tables import loan
from registry.store_images import images, key_of


@dataclass(frozen=True, slots=True)
class LoanOnRecord:
    """A loan that a fact is about, as it stands."""

    key: LoanId
    item: ItemId
    due: date
    lent_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the item is still out."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class FlaggedFact:
    """A flagged fact: what its kiosk said (``body``, empty once it has been cut), and what on record it is about."""

    seq: int
    kiosk: str
    reasons: tuple[str, ...]
    body: bytes = field(repr=False)
    loan: LoanOnRecord | None = None
    other: LoanOnRecord | None = None
    barcode: str | None = None
    title: str | None = field(default=None, repr=False)
    item: ItemId | None = None

    @property
    def open_one(self) -> LoanOnRecord | None:
        """The loan that it is about and that is open: its own, else, for a return, the one that stays open beside it."""
        return next((one for one in (self.loan, self.other) if one is not None and one.is_open), None)


def flagged(connection: Connection, case: UUID) -> FlaggedFact | None:
    """The fact that opened a case; nothing when none did."""
    joined = flagged_fact.join(fact, fact.c.fact_key == flagged_fact.c.fact_key).join(kiosk, kiosk.c.id == fact.c.kiosk)
    columns = (fact.c.seq, kiosk.c.name, fact.c.body, *flagged_fact.c)
    row = connection.execute(select(*columns).select_from(joined).where(flagged_fact.c.fact_key == case)).first()
    if row is None:
        return None
    loans = _loans(connection, [key for key in (row.loan, row.other_loan) if key is not None])
    one, other = loans.get(row.loan), loans.get(row.other_loan)
    about = row.item or next((found.item for found in (one, other) if found is not None), None)
    copy = None if about is None else connection.execute(select(item.c.barcode, item.c.title).where(item.c.id == about)).first()
    barcode, title = (None, None) if copy is None else (copy.barcode, copy.title)
    told = (row.seq, row.name, tuple(row.reasons), row.body)
    return FlaggedFact(*told, one, other, barcode, title, None if about is None else ItemId(about))


def _loans(connection: Connection, keys: list[UUID]) -> dict[UUID, LoanOnRecord]:
    found = connection.execute(select(loan.c.id, loan.c.item, loan.c.due, loan.c.lent_at, loan.c.closed_at).where(loan.c.id.in_(keys)))
    return {row.id: LoanOnRecord(LoanId(row.id), ItemId(row.item), row.due, row.lent_at, row.closed_at) for row in found}


def end_loan(work: UnitOfWork, key: LoanId, *, at: datetime) -> None:
    """End an open loan by a decision. It has no day of return, so nothing is ever counted as late."""
    still_open = (loan.c.id == key, loan.c.closed_at.is_(None))
    work.connection.execute(update(loan).where(*still_open).values(closed_at=at, returned_at=None))
    store_served.forget(work, [key])


def miss_item(work: UnitOfWork, key: ItemId) -> None:
    """Note that an item is missing, unless somebody else has it on loan."""
    lent = work.connection.execute(select(loan.c.id).where(loan.c.item == key, loan.c.closed_at.is_(None))).first()
    found = catalogue.of_keys(work.connection, [key]).get(key)
    if lent is None and found is not None:
        missed = after(found.status, ItemEvent.MISSED)
        work.connection.execute(update(item).where(item.c.id == key).values(status=missed.value))


def item_row(connection: Connection, key: ItemId) -> Rows:
    """The row of an item, for comparing what a decision made of it."""
    return {tuple(key_of(item, dict(one)).values()): one for one in images(connection, item, item.c.id == key)}
