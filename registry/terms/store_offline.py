"""The store of offline terms, and which of them kiosks are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, select

from circulation.offline_terms import OfflineTerms, read_terms
from circulation.wire import SignedTerms
from registry.database import UnitOfWork
from registry.lending.tables import branch
from registry.terms.tables import offline_terms


@dataclass(frozen=True, slots=True)
class RecordedTerms:
    """A version on record: what was signed, who recorded it and when (aware UTC)."""

    version: int
    effective_from: date
    signed: SignedTerms
    at: datetime
    by: str

    @property
    def terms(self) -> OfflineTerms:
        """What it says."""
        return read_terms(msgspec.json.decode(self.signed.statement, type=dict[str, object]), strict=False)


def record(work: UnitOfWork, terms: OfflineTerms, signed: SignedTerms, *, at: datetime, by: str) -> None:
    """Put a version on record."""
    work.add(offline_terms, [(terms.version, terms.effective_from, terms.source, signed.statement, signed.signature, at, by)])


def recorded(connection: Connection) -> tuple[RecordedTerms, ...]:
    """Every version, the oldest first."""
    found = connection.execute(select(offline_terms).order_by(offline_terms.c.version))
    return tuple(
        RecordedTerms(
            row.version,
            row.effective_from,
            SignedTerms(statement=row.statement, signature=row.signature),
            row.recorded_at,
            row.recorded_by,
        )
        for row in found
    )


def branch_codes(connection: Connection) -> list[str]:
    """The codes of all branches, in their order."""
    return list(connection.execute(select(branch.c.code).order_by(branch.c.code)).scalars())


def in_force(known: Sequence[RecordedTerms], day: date) -> RecordedTerms | None:
    """What holds on a local date: of those that have begun the one of the latest date, and of two from one day the higher version."""
    return max((one for one in known if one.effective_from <= day), key=_order, default=None)


def to_tell(known: Sequence[RecordedTerms], today: date) -> tuple[SignedTerms, ...]:
    """What a kiosk must hold: the version in force, and those to come."""
    now = in_force(known, today)
    return tuple(one.signed for one in known if now is None or _order(one) >= _order(now))


def follows(known: Sequence[RecordedTerms], day: date) -> date | None:
    """From which day on another version on record holds instead of one that begins on this day."""
    return min((one.effective_from for one in known if one.effective_from > day), default=None)


def _order(one: RecordedTerms) -> tuple[date, int]:
    return one.effective_from, one.version
