"""What the registry makes of facts: each in its order, in memory. Pure; one module for each kind of fact.

A fact has happened (sync rule 4): nothing here refuses one. The same policy as the kiosk's runs again
with what the registry knows, and what it finds becomes reasons for staff. The promised due date stands.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, CheckoutUndone, FactEnvelope, LedgerRestored, LostCardShown, Renewed
from registry.exchange.arrivals import Arrival
from registry.exchange.lendings import checked_out, undone
from registry.exchange.losses import lost_card_shown, reported_lost
from registry.exchange.moments import Moment, moment_of
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.prolongations import renewed
from registry.exchange.restorings import ledger_restored
from registry.exchange.returns import checked_in
from registry.exchange.world import HeardReturn, World


def settle(arrivals: Sequence[Arrival], world: World, place: Place) -> list[Outcome]:
    """Take the facts in their order; each sees what those before it did."""
    return [
        Outcome(arrival, arrival.status, place=arrival.place, problem=arrival.problem)
        if arrival.envelope is None
        else _settled(arrival, arrival.envelope, world, place, moment_of(arrival.envelope, place.heard, now=place.now))
        for arrival in arrivals
    ]


def _settled(arrival: Arrival, envelope: FactEnvelope, world: World, place: Place, moment: Moment) -> Outcome:
    outcome = replace(_judged(arrival, envelope, world, place, moment), moment=moment)
    if isinstance(envelope.fact, CheckedIn) and outcome.item is not None:
        world.note_return(outcome.item, HeardReturn(place.kiosk, moment, outcome.loan))
    return outcome


def _judged(arrival: Arrival, envelope: FactEnvelope, world: World, place: Place, moment: Moment) -> Outcome:
    at = moment.at
    match envelope.fact:
        case CheckedOut() as fact:
            return checked_out(arrival, fact, world, place, lent=moment)
        case CheckoutUndone() as fact:
            return undone(arrival, fact, world, place)
        case CheckedIn() as fact:
            return checked_in(arrival, fact, world, place, at=at)
        case Renewed() as fact:
            return renewed(arrival, fact, world, place, at=at)
        case CardReportedLost() as fact:
            return reported_lost(arrival, fact, world, at=at)
        case LostCardShown() as fact:
            return lost_card_shown(arrival, fact, world, at=at)
        case LedgerRestored():
            return ledger_restored(arrival)
        case fact:
            assert_never(fact)
