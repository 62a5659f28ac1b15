"""The register of requests: what is needed to take one, extend its term, answer it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from uuid import UUID

from circulation.ids import PatronId
from registry.desk.losing import IdentityItem
from registry.privacy.refusals import PrivacyRefusal
from registry.privacy.terms import RequestKind

ITEMS_NEEDED = 2
"""Identity items, as for a loss report (R17)."""
OF_AGE = 18
"""Years, from which on people sign for themselves (R12)."""


@unique
class RequestChannel(StrEnum):
    """How a request came."""

    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"
    ONLINE = "online"
    """By the patron, signed in: that proves who it is."""


@unique
class Asker(StrEnum):
    """Who asks."""

    SELF = "self"
    GUARDIAN = "guardian"
    PROXY = "proxy"


@unique
class RequestOutcome(StrEnum):
    """How a request was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def needs_reason(self) -> bool:
        """Whether the answer must say why."""
        return self in {RequestOutcome.PARTLY, RequestOutcome.REFUSED}


@dataclass(frozen=True, slots=True)
class RequestOrder:
    """A request as staff take it. ``patron`` is none when nobody on record asks. ``received_at`` is none for now."""

    patron: PatronId | None
    kind: RequestKind
    channel: RequestChannel
    asker: Asker
    identity: frozenset[IdentityItem]
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """A request on the register. Times are aware UTC, ``due`` is a local date; ``because`` is what staff wrote."""

    id: UUID
    patron: PatronId | None
    kind: RequestKind
    received_at: datetime
    channel: RequestChannel
    asker: Asker
    identity: frozenset[IdentityItem]
    taken_by: str
    due: date
    extended_at: datetime | None = None
    extended_because: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    outcome: RequestOutcome | None = None
    because: str | None = None


def decide_receipt(order: RequestOrder, *, born: date | None, now: datetime, today: date) -> tuple[PrivacyRefusal, ...]:
    """Every reason not to take a request. Outside opening hours, or twice, it is taken all the same."""
    against: list[PrivacyRefusal] = []
    if order.channel is not RequestChannel.ONLINE and len(order.identity) < ITEMS_NEEDED:
        against.append(PrivacyRefusal.IDENTITY_UNPROVEN)
    if order.asker is not Asker.SELF and IdentityItem.PAPERS not in order.identity:
        against.append(PrivacyRefusal.PAPERS_MISSING)
    if order.asker is Asker.GUARDIAN and born is not None and is_of_age(born, today=today):
        against.append(PrivacyRefusal.ADULT_ASKS)
    if order.received_at is not None and order.received_at > now:
        against.append(PrivacyRefusal.RECEIVED_LATER)
    return tuple(against)


def decide_extension(request: PrivacyRequest, because: str, *, today: date) -> tuple[PrivacyRefusal, ...]:
    """Every reason not to extend a request's term: it is done once, before the term is over, with a reason that the asker is told."""
    reasons = {
        PrivacyRefusal.REQUEST_ANSWERED: request.answered_at is not None,
        PrivacyRefusal.REQUEST_EXTENDED: request.extended_at is not None,
        PrivacyRefusal.TERM_OVER: today > request.due,
        PrivacyRefusal.REASON_MISSING: not because,
    }
    return _holding(reasons)


def decide_answer(request: PrivacyRequest, outcome: RequestOutcome, because: str) -> tuple[PrivacyRefusal, ...]:
    """Every reason not to enter an answer: it is entered once, and a refusal says why."""
    reasons = {
        PrivacyRefusal.REQUEST_ANSWERED: request.answered_at is not None,
        PrivacyRefusal.REASON_MISSING: outcome.needs_reason and not because,
    }
    return _holding(reasons)


def is_of_age(born: date, *, today: date) -> bool:
    """Whether somebody signs for themselves (R12). Who was born on 29 February comes of age on 1 March."""
    return (today.year - born.year, today.month, today.day) >= (OF_AGE, born.month, born.day)


def overdue(due_dates: Collection[date], *, today: date) -> int:
    """How many terms of open requests are over."""
    return sum(due < today for due in due_dates)


def _holding(reasons: dict[PrivacyRefusal, bool]) -> tuple[PrivacyRefusal, ...]:
    return tuple(reason for reason, holds in reasons.items() if holds)
