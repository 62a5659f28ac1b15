"""What people may ask about their data, and in how many days it must be answered. Pure.

The terms themselves are dated data with their source (``privacy_term``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique


@unique
class RequestKind(StrEnum):
    """What somebody asks (Personal Data Protection Act, article 3)."""

    ACCESS = "access"
    COPY = "copy"
    CORRECTION = "correction"
    STOP_PROCESSING = "stop_processing"
    ERASURE = "erasure"


BREACH = "breach"
"""The term in which a breach must be reported."""
TRAIL = "trail"
"""The least time for which the audit trail is kept."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term from a date on: ``days``, and how many more once, with a reason. ``source`` says where it is written."""

    kind: str
    effective_from: date
    days: int
    extension_days: int
    source: str


class TermMissingError(LookupError):
    """No term of this kind holds on this day: somebody must put the data right."""


def term_on(terms: Iterable[Term], kind: str, *, today: date) -> Term:
    """The term that holds on a day.

    Raises:
        TermMissingError: there is none.

    """
    holding = [term for term in terms if term.kind == kind and term.effective_from <= today]
    if not holding:
        message = f"no term {kind!r} holds on {today}"
        raise TermMissingError(message)
    return max(holding, key=lambda term: term.effective_from)


def due_of(term: Term, *, received_on: date) -> date:
    """The last day of a term; the day of receipt is not counted."""
    return received_on + timedelta(days=term.days)


def deadline_of(term: Term, *, known_at: datetime) -> datetime:
    """The instant by which a breach must be reported: its term counts in hours from when it was known."""
    return known_at + timedelta(days=term.days)
