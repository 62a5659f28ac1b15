"""Reporting a card lost by another card of the same patron. It stops that card here at once, network or not, and for good (I3, R7)."""

from circulation.facts import CardReportedLost
from circulation.losses import decide_loss_report
from circulation.reasons import Decision
from kiosk.known import OwnCard
from kiosk.recorder import Recorder
from kiosk.visit import Visit


def report_loss(visit: Visit, key: bytes, cards: tuple[OwnCard, ...], *, recorder: Recorder) -> tuple[Decision, int]:
    """Report the card with this key lost: the decision, and the number of the fact, 0 when there is none.

    When this returns with a number, this kiosk refuses the card, and the fact is on disk.

    Args:
        visit: whose session is open; its own card is none of those that may be reported.
        key: the lost card's.
        cards: the patron's other cards as they are known now.
        recorder: where it is written down.

    Raises:
        LedgerUnwritableError: nothing happened.

    """
    card = next((one for one in cards if one.key == key), None)
    decision = decide_loss_report(None if card is None else card.state, of_this_patron=card is not None)
    if not decision.allowed:
        return decision, 0
    with recorder.ledger.unit_of_work() as work:
        seq = work.next_seq()
        work.report_lost(key, visit.patron.id, seq=seq)
        fact = CardReportedLost(key, visit.patron.id, visit.card)
        work.append(recorder.envelope(fact, seq=seq, at=recorder.now(), correlation=visit.correlation))
        work.commit()
    return decision, seq
