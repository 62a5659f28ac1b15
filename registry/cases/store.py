"""The store of cases: opens them by set, and shows those that wait."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from circulation.ids import BranchCode, PatronId
from registry.cases.kinds import CaseKind
from registry.cases.tables import staff_case
from registry.database import UnitOfWork
from registry.pieces import in_pieces


@dataclass(frozen=True, slots=True)
class NewCase:
    """A question for staff. ``same`` (32 bytes) is equal for the same question; ``opened_at`` is aware UTC.

    ``asks`` and ``known`` are the two sides, by stable names (``name``, ``birth_date``, ``card`` …).
    """

    id: UUID
    kind: CaseKind
    same: bytes
    opened_at: datetime
    opened_by: str
    patron: PatronId | None = None
    other_patron: PatronId | None = None
    branch: BranchCode | None = None
    batch: UUID | None = None
    row_number: int | None = None
    asks: Mapping[str, str] = field(default_factory=dict, repr=False)
    known: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it stands on record."""

    id: UUID
    kind: CaseKind
    patron: PatronId | None
    other_patron: PatronId | None
    branch: BranchCode | None
    batch: UUID | None
    row_number: int | None
    asks: Mapping[str, str] = field(repr=False)
    known: Mapping[str, str | None] = field(repr=False)
    opened_at: datetime
    opened_by: str
    settled_at: datetime | None
    decision: str | None = None
    decided_by: str | None = None
    because: str | None = field(default=None, repr=False)
    assignee: str | None = None


def open_cases(work: UnitOfWork, cases: Iterable[NewCase]) -> list[NewCase]:
    """Lay cases before staff, but for those that were asked before, settled or not; gives those that are new."""
    given = {one.same: one for one in cases}
    before = asked(work.connection, given.keys())
    new = [one for one in given.values() if one.same not in before]
    work.add(staff_case, map(_row, new))
    return new


def asked(connection: Connection, sames: Collection[bytes]) -> set[bytes]:
    """Which of these questions have been asked already, settled or not."""
    found: set[bytes] = set()
    for piece in in_pieces(sames):
        found.update(connection.execute(select(staff_case.c.same).where(staff_case.c.same.in_(piece))).scalars())
    return found


def waiting(connection: Connection, *, limit: int = 100) -> list[KnownCase]:
    """The oldest cases that nobody has settled."""
    wanted = select(staff_case).where(staff_case.c.settled_at.is_(None))
    return [known_case(row) for row in connection.execute(wanted.order_by(staff_case.c.opened_at, staff_case.c.row_number).limit(limit))]


def _row(one: NewCase) -> tuple[Any, ...]:
    return (
        *(one.id, one.kind.value, one.same, one.patron, one.other_patron, one.branch, one.batch, one.row_number),
        *(dict(one.asks), dict(one.known), one.opened_at, one.opened_by, *[None] * 6),
    )


def known_case(row: Row[Any]) -> KnownCase:
    """A row of the table of cases."""
    return KnownCase(
        *(row.id, CaseKind(row.kind), row.patron, row.other_patron, row.branch, row.batch, row.row_number),
        *(row.asks, row.known, row.opened_at, row.opened_by, row.settled_at, row.decision, row.decided_by, row.because, row.assignee),
    )
