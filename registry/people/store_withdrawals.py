"""The store of withdrawn consents: which wait, how they end, and what of the programme goes. Everything by set."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, exists, select, update

from circulation.ids import PatronId
from registry.columns import among
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.lending.tables import loan
from registry.people.ages import Signer
from registry.people.leaving import WithdrawalOutcome
from registry.people.tables import withdrawal
from registry.pieces import in_pieces
from registry.rosters.tables import ContactSource, consent, contact, pupil, roster_waiting


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A consent that was taken back (aware UTC). ``block`` stops borrowing while the account closes; ``guardian`` is the link of who signed."""

    id: UUID
    patron: PatronId
    received_at: datetime
    signed_by: Signer
    guardian: UUID | None
    actor: str
    branch: str | None
    block: UUID | None = None
    ended_at: datetime | None = None
    outcome: WithdrawalOutcome | None = None


def record(work: UnitOfWork, one: Withdrawal) -> None:
    """Keep a new withdrawal, pending.

    Raises:
        sqlalchemy.exc.IntegrityError: one is pending already.

    """
    row = (one.id, one.patron, one.received_at, one.signed_by, one.guardian, one.actor, one.branch, one.block)
    work.add(withdrawal, [(*row, None, None)])


def finish(work: UnitOfWork, outcomes: Mapping[UUID, WithdrawalOutcome], *, at: datetime) -> None:
    """Note how withdrawals ended."""
    for outcome in sorted(set(outcomes.values())):
        for keys in in_pieces([key for key, one in outcomes.items() if one is outcome]):
            work.connection.execute(update(withdrawal).where(withdrawal.c.id.in_(keys)).values(ended_at=at, outcome=outcome, block=None))


def of(connection: Connection, key: PatronId) -> list[Withdrawal]:
    """All withdrawals of a patron, oldest first."""
    wanted = select(withdrawal).where(withdrawal.c.patron == key).order_by(withdrawal.c.received_at, withdrawal.c.id)
    return [_read(row) for row in connection.execute(wanted)]


def pending(connection: Connection, *, of_loans: Collection[UUID] | None = None) -> list[Withdrawal]:
    """The withdrawals that wait, oldest first; of those patrons only who made these loans, if any are named."""
    waits = select(withdrawal).where(withdrawal.c.ended_at.is_(None)).order_by(withdrawal.c.received_at, withdrawal.c.id)
    if of_loans is None:
        return [_read(row) for row in connection.execute(waits)]
    found: dict[UUID, Withdrawal] = {}
    for keys in in_pieces(of_loans):
        made = exists(select(1).where(among(loan.c.id, keys, connection), loan.c.patron == withdrawal.c.patron).correlate(withdrawal))
        found |= {row.id: _read(row) for row in connection.execute(waits.where(made))}
    return list(found.values())


def _read(row: Row[*tuple[Any, ...]]) -> Withdrawal:
    return Withdrawal(
        *(row.id, PatronId(row.patron), row.received_at, Signer(row.signed_by), row.guardian, row.actor, row.branch, row.block),
        *(row.ended_at, None if row.outcome is None else WithdrawalOutcome(row.outcome)),
    )


def take_consents_back(work: UnitOfWork, key: PatronId) -> None:
    """Forget that a patron consented: from now on there is the withdrawal in its place."""
    work.connection.execute(delete(consent).where(consent.c.patron == key))


def consented(connection: Connection, keys: Collection[PatronId]) -> set[PatronId]:
    """Which of these patrons have consented: of those who took it back, they have done it again."""
    found: set[PatronId] = set()
    for some in in_pieces(keys):
        found |= {PatronId(key) for key in connection.execute(select(consent.c.patron).where(consent.c.patron.in_(some))).scalars()}
    return found


def forget_programme(work: UnitOfWork, keys: Collection[PatronId], *, tags: Collection[bytes]) -> None:
    """Take the programme's data away: what the Bureau and the school said, the consents, and what waits under these tags (R11)."""
    for some in in_pieces(keys):
        work.connection.execute(delete(pupil).where(pupil.c.patron.in_(some)))
        work.connection.execute(delete(consent).where(consent.c.patron.in_(some)))
        from_school = contact.c.patron.in_(some) & (contact.c.source == ContactSource.SCHOOL.value)
        # Who was complete without the school's word stays so.
        reached_by_it = patron.c.id.in_(select(contact.c.patron).where(from_school))
        work.connection.execute(update(patron).where(reached_by_it).values(contact_complete=False))
        work.connection.execute(delete(contact).where(from_school))
    forget_waiting(work, tags)


def forget_waiting(work: UnitOfWork, tags: Collection[bytes]) -> None:
    """Erase contact data that wait for the Bureau's word."""
    for some in in_pieces(tags):
        work.connection.execute(delete(roster_waiting).where(roster_waiting.c.tag.in_(some)))
