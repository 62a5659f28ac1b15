"""Cards over the desk: which of them a patron has, and which is lost."""

from dataclasses import replace

import structlog

from circulation.cards import CardState
from kiosk.answers import CardsFound, LossWritten
from kiosk.desk import Room
from kiosk.known import OwnCard
from kiosk.report_loss import report_loss
from kiosk.visit import Visit

_log = structlog.get_logger()


class CardDesk:
    """The use cases of cards. Each method raises ``ReplicaError`` when the replica is damaged, ``LedgerUnwritableError`` when nothing happened."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def others(self, visit: Visit) -> CardsFound:
        """The patron's cards but for the one that opened the visit: that one is here, and may not report itself."""
        return CardsFound(visit.correlation, self._others(visit))

    def report(self, visit: Visit, card: OwnCard) -> LossWritten | CardsFound:
        """Report a card lost. What can't be reported (any more) is answered with the cards as they are now."""
        others = self._others(visit)
        decision, seq = report_loss(visit, card.key, others, recorder=self._room.recorder)
        _log.info(
            "loss_reported" if decision.allowed else "loss_refused",
            correlation=visit.correlation,
            reasons=[reason.value for reason in decision.reasons],
        )
        return LossWritten(visit.correlation, card.kind, seq) if decision.allowed else CardsFound(visit.correlation, others)

    def shown_lost(self) -> list[bytes]:
        """Of the cards reported lost here those that the replica does not let in either."""
        read = self._room.in_use().replica.read
        known = {key: read.card(key) for key in self._room.recorder.ledger.lost_here()}
        return [key for key, card in known.items() if card is None or card.state is not CardState.ACTIVE]

    def _others(self, visit: Visit) -> tuple[OwnCard, ...]:
        ledger = self._room.recorder.ledger
        cards = (one for one in self._room.in_use().replica.read.cards_of(visit.patron.id) if one.key != visit.card)
        return tuple(replace(one, state=CardState.LOST) if ledger.is_lost_here(one.key) else one for one in cards)
