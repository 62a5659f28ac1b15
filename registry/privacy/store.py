"""The store of the register of requests and of its terms."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.losing import IdentityItem
from registry.privacy.requests import Asker, PrivacyRequest, RequestChannel, RequestOutcome
from registry.privacy.tables import privacy_request, privacy_term
from registry.privacy.terms import RequestKind, Term


def terms(connection: Connection) -> list[Term]:
    """Every term, by kind and date."""
    found = connection.execute(select(privacy_term).order_by(privacy_term.c.kind, privacy_term.c.effective_from))
    return [Term(row.kind, row.effective_from, row.days, row.extension_days, row.source) for row in found]


def add_term(work: UnitOfWork, term: Term) -> None:
    """Add a term; one that is in force is never changed, a later one takes its place.

    Raises:
        sqlalchemy.exc.IntegrityError: there is one of this kind from this date on.

    """
    work.add(privacy_term, [(term.kind, term.effective_from, term.days, term.extension_days, term.source)])


def add(work: UnitOfWork, request: PrivacyRequest) -> None:
    """Enter a request into the register."""
    work.connection.execute(
        insert(privacy_request),
        {
            "id": request.id,
            "patron": request.patron,
            "kind": request.kind.value,
            "received_at": request.received_at,
            "channel": request.channel.value,
            "asker": request.asker.value,
            "identity": sorted(item.value for item in request.identity),
            "taken_by": request.taken_by,
            "due": request.due,
        },
    )


def by_key(connection: Connection, key: UUID) -> PrivacyRequest | None:
    """The request with this key."""
    row = connection.execute(select(privacy_request).where(privacy_request.c.id == key)).first()
    return None if row is None else _read(row)


def waiting(connection: Connection) -> list[PrivacyRequest]:
    """The requests that nobody has answered, the most urgent first."""
    wanted = select(privacy_request).where(privacy_request.c.answered_at.is_(None))
    return [_read(row) for row in connection.execute(wanted.order_by(privacy_request.c.due, privacy_request.c.received_at))]


def due_dates(connection: Connection) -> Sequence[date]:
    """When the requests are due that nobody has answered."""
    wanted = select(privacy_request.c.due).where(privacy_request.c.answered_at.is_(None)).order_by(privacy_request.c.due)
    return connection.execute(wanted).scalars().all()


def extend(work: UnitOfWork, key: UUID, due: date, *, at: datetime, because: str) -> None:
    """Move a request's last day."""
    _set(work, key, due=due, extended_at=at, extended_because=because)


def answer(work: UnitOfWork, answered: PrivacyRequest) -> None:
    """Enter the answer to a request."""
    outcome = None if answered.outcome is None else answered.outcome.value
    values = {"answered_at": answered.answered_at, "answered_by": answered.answered_by, "because": answered.because}
    _set(work, answered.id, outcome=outcome, **values)


def _set(work: UnitOfWork, key: UUID, **values: object) -> None:
    work.connection.execute(update(privacy_request).where(privacy_request.c.id == key).values(**values))


def _read(row: Row[*tuple[Any, ...]]) -> PrivacyRequest:
    return PrivacyRequest(
        row.id,
        None if row.patron is None else PatronId(row.patron),
        RequestKind(row.kind),
        row.received_at,
        RequestChannel(row.channel),
        Asker(row.asker),
        frozenset(map(IdentityItem, row.identity)),
        *(row.taken_by, row.due, row.extended_at, row.extended_because, row.answered_at, row.answered_by),
        None if row.outcome is None else RequestOutcome(row.outcome),
        row.because,
    )
