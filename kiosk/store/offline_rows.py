"""The rows of the ledger about offline terms and the kiosk's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from circulation.wire import SignedTerms
from kiosk.store.ledger_tables import device, local_loan, offline_terms

_HOUR = timedelta(hours=1)

LENT_LATELY = select(
    func.count().filter(local_loan.c.patron == bindparam("patron")),
    func.count(),
).where(
    local_loan.c.lent_here, local_loan.c.put_back.is_(False), local_loan.c.lent_at > bindparam("after", type_=local_loan.c.lent_at.type)
)
"""What was lent here after an instant and the registry's feed does not show yet: to a patron, and to everybody."""
KEPT_TERMS = select(offline_terms).order_by(offline_terms.c.place)
KEPT_WATCH = select(device.c.terms_problem, device.c.clock_doubted, device.c.feed_age, device.c.feed_age_of)
_KEEP_WATCH = update(device)
_WATCHED_SINCE = select(device.c.terms_problem, device.c.terms_problem_at, device.c.clock_doubted_at)


@dataclass(frozen=True, slots=True)
class KeptTerms:
    """One version of the offline terms as the registry signed it; ``begun``: it has been in force."""

    signed: SignedTerms
    begun: bool


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """What outlives a restart about terms, clock and feed.

    ``problem`` is the code of what was wrong with the terms told last, empty when nothing was; ``clock_doubted`` counts seconds, none
    without a doubt; ``age`` is the greatest age (seconds) that was seen of the feed which was verified at ``age_of``.
    """

    problem: str = ""
    clock_doubted: float | None = None
    age: float | None = None
    age_of: datetime | None = None


def hour_before(now: datetime) -> datetime:
    """The beginning of the last hour."""
    return now - _HOUR


def read(terms: Sequence[Row[*tuple[Any, ...]]], watch: Sequence[Row[*tuple[Any, ...]]]) -> tuple[tuple[KeptTerms, ...], KeptWatch]:
    """The rows of ``KEPT_TERMS`` and of ``KEPT_WATCH`` as values."""
    signed = (KeptTerms(SignedTerms(statement=row.statement, signature=row.signature), begun=row.begun) for row in terms)
    (row,) = watch
    return tuple(signed), KeptWatch(row.terms_problem, row.clock_doubted, row.feed_age, row.feed_age_of)


def keep(connection: Connection, kept: Sequence[KeptTerms], watch: KeptWatch, *, at: datetime) -> None:
    """Hold these versions and no others, and the watch. When each version came first is kept, and since when something is wrong."""
    _keep_terms(connection, kept, at=at)
    _keep_watch(connection, watch, at=at)


def _keep_terms(connection: Connection, kept: Sequence[KeptTerms], *, at: datetime) -> None:
    rows = connection.execute(KEPT_TERMS).all()
    if [(row.statement, row.signature, row.begun) for row in rows] == [
        (one.signed.statement, one.signed.signature, one.begun) for one in kept
    ]:
        return
    came = {row.statement: row.received_at for row in rows}
    connection.execute(delete(offline_terms))
    values = [
        {
            "place": place,
            "statement": one.signed.statement,
            "signature": one.signed.signature,
            "received_at": came.get(one.signed.statement, at),
            "begun": one.begun,
        }
        for place, one in enumerate(kept)
    ]
    if values:
        connection.execute(insert(offline_terms), values)


def _keep_watch(connection: Connection, watch: KeptWatch, *, at: datetime) -> None:
    before = connection.execute(_WATCHED_SINCE).one()
    same = before.terms_problem == watch.problem
    doubted_at = None if watch.clock_doubted is None else before.clock_doubted_at or at
    values = {
        "terms_problem": watch.problem,
        "terms_problem_at": (before.terms_problem_at if same else at) if watch.problem else None,
        "clock_doubted": None if watch.clock_doubted is None else round(watch.clock_doubted),
        "clock_doubted_at": doubted_at,
        "feed_age": None if watch.age is None else round(watch.age),
        "feed_age_of": watch.age_of,
    }
    connection.execute(_KEEP_WATCH, values)
