"""Facts of kiosks that still name an account which has become another one's: they count for that one, and staff are told. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from circulation.facts import CardReportedLost, CheckedOut, Renewed
from circulation.ids import PatronId
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival
from registry.exchange.outcomes import Outcome, judged


def named_by(arrivals: Sequence[Arrival]) -> frozenset[UUID]:
    """The accounts that facts name."""
    facts = (one.envelope.fact for one in arrivals if one.envelope is not None)
    return frozenset(fact.patron for fact in facts if isinstance(fact, CheckedOut | Renewed | CardReportedLost))


def on_behalf(arrivals: Sequence[Arrival], successors: Mapping[UUID, PatronId]) -> list[Arrival]:
    """The arrivals as if the kiosk had known the accounts of today; their bytes stay as they came."""
    return [_renamed(one, successors) for one in arrivals]


def renamed(before: Sequence[Arrival], after: Sequence[Arrival]) -> frozenset[int]:
    """The numbers of the facts that count for another account than they name."""
    return frozenset(one.seq for one, other in zip(before, after, strict=True) if one.envelope != other.envelope)


def told(outcomes: Sequence[Outcome], seqs: Collection[int]) -> list[Outcome]:
    """The outcomes, those of these facts flagged."""
    return [_flagged(one) if one.arrival.seq in seqs and one.status is not FactStatus.MALFORMED else one for one in outcomes]


def _renamed(arrival: Arrival, successors: Mapping[UUID, PatronId]) -> Arrival:
    envelope = arrival.envelope
    if envelope is None or not isinstance(envelope.fact, CheckedOut | Renewed | CardReportedLost):
        return arrival
    successor = successors.get(envelope.fact.patron)
    if successor is None:
        return arrival
    fact = msgspec.structs.replace(envelope.fact, patron=successor)
    return replace(arrival, envelope=msgspec.structs.replace(envelope, fact=fact))


def _flagged(outcome: Outcome) -> Outcome:
    reasons = (*outcome.reasons, Reason.PATRON_MERGED)
    return replace(outcome, reasons=reasons, status=judged(reasons))
