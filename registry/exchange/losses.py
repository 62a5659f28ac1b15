"""What the registry makes of loss reports from kiosks, and of lost cards that were shown to one. Pure."""

from datetime import datetime

from circulation.cards import CardState
from circulation.facts import CardReportedLost, LostCardShown
from circulation.ids import PatronId
from circulation.losses import decide_loss_report
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival
from registry.exchange.outcomes import CardAt, Outcome, card_reasons, judged
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.exchange.world import KnownCard, World
from replica.tables import ReplicaTable


def reported_lost(arrival: Arrival, fact: CardReportedLost, world: World, *, at: datetime) -> Outcome:
    """The card is stopped, and nothing else (R7). Reporting it twice harms nothing."""
    patron = PatronId(fact.patron)
    known = world.cards.get(fact.card)
    state = None if known is None else known.state
    decision = decide_loss_report(state, of_this_patron=known is not None and known.patron == patron)
    stopped = Reason.CARD_UNKNOWN not in decision.reasons
    if stopped:
        world.cards[fact.card] = KnownCard(patron, CardState.LOST)
    against = () if stopped else (Reason.CARD_UNKNOWN,)
    reasons = tuple(dict.fromkeys((*against, *card_reasons(fact.by_card, fact.patron, world))))
    return Outcome(
        arrival,
        judged(reasons),
        reasons,
        changes=(FeedEntry(ReplicaTable.CARD, key_text(fact.card)),),
        patron=patron,
        lost=CardAt(fact.card, patron, at) if stopped else None,
    )


def lost_card_shown(arrival: Arrival, fact: LostCardShown, world: World, *, at: datetime) -> Outcome:
    """Somebody has the card. The branch is told while it is lost; its row tells a kiosk that is behind what it is now (rule 5)."""
    known = world.cards.get(fact.card)
    is_lost = known is not None and known.state is CardState.LOST
    return Outcome(
        arrival,
        FactStatus.ACCEPTED,
        changes=(FeedEntry(ReplicaTable.CARD, key_text(fact.card)),),
        patron=known.patron if known is not None and is_lost else None,
        found=CardAt(fact.card, known.patron, at) if known is not None and is_lost else None,
    )
