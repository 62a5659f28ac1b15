"""The store of flagged facts: each is laid before staff as a case that has the fact's own key."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from circulation.ids import BranchCode, PatronId
from registry.cases.store import NewCase, open_cases
from registry.database import UnitOfWork
from registry.enrolment.tables import patron
from registry.exchange.conflicts import question_of
from registry.exchange.outcomes import Outcome
from registry.exchange.sender import Sender
from registry.exchange.tables import flagged_fact
from registry.lending.tables import loan


def lay_before_staff(work: UnitOfWork, flagged: Iterable[Outcome], sender: Sender, *, at: datetime) -> None:
    """Open a case for each flagged fact, and keep what the fact is about. ``at`` is when the registry heard of it."""
    found = [(outcome.arrival.key, outcome) for outcome in flagged]
    if not found:
        return
    connection = work.connection
    had = _patrons_of(connection, {key for _, one in found for key in (one.loan, one.collides_with) if key is not None})
    there = set(connection.execute(select(patron.c.id).where(patron.c.id.in_({one.patron for _, one in found}))).scalars())
    cases: list[NewCase] = []
    for key, one in found:
        if key is None:
            message = "only a fact with a key is flagged"
            raise ValueError(message)
        first, second = _persons(one, had, there)
        branch, by = BranchCode(sender.branch), f"kiosk:{sender.kiosk}"
        cases.append(NewCase(key, question_of(one), same_of(key), at, by, first, second, branch))
    open_cases(work, cases)
    work.add(flagged_fact, ((key, list(one.reasons), one.loan, one.patron, one.item, one.collides_with) for key, one in found))


def same_of(key: UUID) -> bytes:
    """What tells the question of a fact from every other."""
    return hashlib.sha256(b"fact" + key.bytes).digest()


def _persons(one: Outcome, had: Mapping[UUID, UUID], there: Collection[UUID]) -> tuple[PatronId | None, PatronId | None]:
    """Whom a fact is about: first the patron that it names, then those who have its loans. Only who is on record."""
    named = [one.patron] if one.patron in there else []
    holders = [had[key] for key in (one.loan, one.collides_with) if key is not None and key in had]
    first, second, *_ = (*(PatronId(key) for key in dict.fromkeys((*named, *holders)) if key is not None), None, None)
    return first, second


def _patrons_of(connection: Connection, loans: Collection[UUID]) -> dict[UUID, UUID]:
    found = connection.execute(select(loan.c.id, loan.c.patron).where(loan.c.id.in_(loans), loan.c.patron.is_not(None)))
    return {row.id: row.patron for row in found}
