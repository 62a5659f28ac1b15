"""The rows of a replica as they travel in the feed: one struct a table, fields named as its columns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from circulation.blocks import BlockCode
from circulation.cards import CardKind, CardState
from circulation.facts import Digest
from circulation.holds import HoldState
from circulation.items import ItemKind, ItemStatus
from circulation.mobile_codes import LONGEST_KEY_NUMBER, SIGNATURE_BYTES
from circulation.patrons import PatronClass
from replica.tables import ReplicaTable


class BranchRow(Struct, frozen=True):
    """A branch and its short name."""

    code: str
    name: str


class RuleSetRow(Struct, frozen=True):
    """A rule set; ``by_class`` is ``{class: {total, days: {kind: n}, extra: {kind: n}, overdue_stops_loans, renewals, renewal_days: {kind: n}}}``.

    Without ``renewals`` and ``renewal_days`` nothing is renewed.
    """

    version: int
    effective_from: date
    source: str
    by_class: dict[str, dict[str, object]]


class CalendarRow(Struct, frozen=True):
    """A branch's calendar: ``weekly`` maps weekday 0–6 to ``["08:30", "21:00"]``, ``closed_monthly`` holds ``[week, weekday]``."""

    branch: str
    weekly: dict[str, tuple[str, str]]
    closed: list[date]
    closed_monthly: list[tuple[int, int]]


class PatronRow(Struct, frozen=True):
    """A patron without anything that names a person beyond the masked name the registry made."""

    id: UUID
    masked_name: str
    patron_class: PatronClass
    expires: date | None
    contact_complete: bool
    regular_here: bool


class CardRow(Struct, frozen=True):
    """A card by its key; never a UID."""

    key: Digest
    patron: UUID
    kind: CardKind
    state: CardState


class BlockRow(Struct, frozen=True):
    """A block of a patron."""

    id: UUID
    patron: UUID
    code: BlockCode
    until: date | None


class ItemRow(Struct, frozen=True):
    """An item of the branch."""

    id: UUID
    barcode: str
    title: str
    kind: ItemKind
    status: ItemStatus
    branch: str
    held_for: UUID | None


class LoanRow(Struct, frozen=True):
    """An open loan, whichever branch lent it."""

    id: UUID
    patron: UUID
    item: UUID
    title: str
    kind: ItemKind
    due: date
    lent_at: datetime
    renewals: int
    barcode: str
    branch: str
    wanted: bool


class HoldRow(Struct, frozen=True):
    """A hold, whichever branch it is collected at."""

    id: UUID
    patron: UUID
    title: str
    state: HoldState
    pickup: str
    shelf: str
    until: date | None
    queue: int


class MobileKeyRow(Struct, frozen=True):
    """A key that codes of mobile cards are signed with; ``signature`` is the registry's (``replica.mobile_keys``)."""

    number: Annotated[int, Meta(ge=1, le=LONGEST_KEY_NUMBER)]
    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    signature: Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


Row = BranchRow | RuleSetRow | CalendarRow | PatronRow | CardRow | BlockRow | ItemRow | LoanRow | HoldRow | MobileKeyRow

ROW_OF: dict[ReplicaTable, type[Row]] = {
    ReplicaTable.BRANCH: BranchRow,
    ReplicaTable.RULE_SET: RuleSetRow,
    ReplicaTable.CALENDAR: CalendarRow,
    ReplicaTable.PATRON: PatronRow,
    ReplicaTable.CARD: CardRow,
    ReplicaTable.BLOCK: BlockRow,
    ReplicaTable.ITEM: ItemRow,
    ReplicaTable.LOAN: LoanRow,
    ReplicaTable.HOLD: HoldRow,
    ReplicaTable.MOBILE_KEY: MobileKeyRow,
}
