"""What the registry makes of renewals. Pure."""

from datetime import datetime

from circulation.facts import Renewed
from circulation.ids import LoanId, PatronId
from circulation.opening_days import local_date
from circulation.policy import rules_for
from circulation.reasons import Reason
from circulation.renewals import decide_renewal
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival
from registry.exchange.outcomes import Outcome, Place, card_reasons, judged, loan_row
from registry.exchange.world import World


def renewed(arrival: Arrival, fact: Renewed, world: World, place: Place, *, at: datetime) -> Outcome:
    """The promised date stands, whatever speaks against it; of two promises the later one."""
    key = LoanId(fact.loan)
    known = world.loans.get(key)
    patron = world.patrons.get(PatronId(fact.patron))
    of_card = tuple(card_reasons(fact.card, fact.patron, world))
    changes = (loan_row(key),)
    if known is None or patron is None or known.loan.patron != patron.id:
        reasons: tuple[Reason, ...] = (*of_card, Reason.LOAN_UNKNOWN)
        return Outcome(arrival, FactStatus.FLAGGED, reasons, changes=changes, loan=key, patron=PatronId(fact.patron))
    today = local_date(at, place.zone)
    decision = decide_renewal(patron, known.loan, rules_for(patron, world.rules.on(today)), today=today)
    world.renew(key, max(known.loan.due, world.promised(fact.due)))
    reasons = (*of_card, *decision.reasons)
    return Outcome(arrival, judged(reasons), reasons, changes=changes, loan=key, patron=patron.id, item=known.loan.item)
