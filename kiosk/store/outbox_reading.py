"""Looking into a kiosk's outbox from another process, also while the kiosk runs. Read-only, one consistent view."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import UNSET, UnsetType
from sqlalchemy import select

from circulation.wire import ChainSpan, FactStatus
from kiosk.store.epochs import span
from kiosk.store.inspection import looking_into
from kiosk.store.ledger_tables import device, outbox


@dataclass(frozen=True, slots=True)
class KeptFact:
    """A fact that the ledger still has. ``status`` is none while it waits for an answer; ``at`` is aware UTC."""

    seq: int
    at: datetime
    body: bytes = field(repr=False)
    status: FactStatus | None = None
    reasons: tuple[str, ...] = ()
    place: str = ""
    problem: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxView:
    """All facts that a ledger still has, in their order. ``problem`` is why nothing is sent any more; empty when that is not so.

    Number ``base`` + n here is number n of the epoch, as it travels. ``chain`` is that of the facts from the first without an answer on.
    """

    epoch: UUID
    base: int
    chain: ChainSpan | UnsetType
    heard_at: datetime | None
    problem: str
    problem_at: datetime | None
    facts: tuple[KeptFact, ...] = ()

    @property
    def waiting(self) -> tuple[KeptFact, ...]:
        """The facts without an answer."""
        return tuple(one for one in self.facts if one.status is None)

    def from_first_waiting(self) -> tuple[KeptFact, ...]:
        """From the first fact without an answer to the last one, without a gap."""
        first = min((one.seq for one in self.waiting), default=None)
        return () if first is None else tuple(one for one in self.facts if one.seq >= first)

    def numbered(self, seq: int) -> KeptFact | None:
        """The fact of a number."""
        return next((one for one in self.facts if one.seq == seq), None)


def read_outbox(path: Path, key: bytes) -> OutboxView:
    """Read the outbox of a ledger.

    Raises:
        InspectionError: it can't be looked into.

    """
    with looking_into(path, key) as connection:
        kept = connection.execute(
            select(device.c.epoch, device.c.epoch_base, device.c.heard_at, device.c.problem, device.c.problem_at).where(device.c.only == 1)
        ).one()
        rows = connection.execute(select(outbox).order_by(outbox.c.seq)).all()
        first = next((row.seq for row in rows if row.status is None), None)
        chain = UNSET if first is None else span(connection, range(first, rows[-1].seq + 1))
    facts = tuple(
        KeptFact(
            row.seq,
            row.at,
            row.body,
            None if row.status is None else FactStatus(row.status),
            tuple(row.reasons or ()),
            row.place or "",
            row.problem or "",
            row.answered_at,
        )
        for row in rows
    )
    return OutboxView(kept.epoch, kept.epoch_base, chain, kept.heard_at, kept.problem, kept.problem_at, facts)
