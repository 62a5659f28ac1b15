"""What the registry makes of a ledger that says it was restored: a person looks. Pure."""

from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival
from registry.exchange.outcomes import Outcome


def ledger_restored(arrival: Arrival) -> Outcome:
    """It changes no row. What stands before it in its epoch was judged as any fact; only a person can see whether something is missing."""
    return Outcome(arrival, FactStatus.FLAGGED, (Reason.LEDGER_RESTORED,))
