"""What the registry makes of loss reports from kiosks, in memory: the card is stopped, and nothing else (R7)."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from circulation.cards import CardState
from circulation.facts import CardReportedLost, CheckedOut, LostCardShown
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.world import KnownCard
from tests.builders import a_patron, an_item
from tests.unit.registry.settling import NOW, a_world, an_envelope, settled, told

MING, HUA = a_patron(), a_patron()
LOST, HERE = bytes(16), bytes([1] * 16)


def reported(*, patron: UUID = MING.id, by: bytes | None = HERE, seq: int = 1) -> bytes:
    return an_envelope(CardReportedLost(card=LOST, patron=patron, by_card=by), seq=seq)


def the_cards(state: CardState = CardState.ACTIVE) -> dict[bytes, KnownCard]:
    return {LOST: KnownCard(MING.id, state), HERE: KnownCard(MING.id, CardState.ACTIVE)}


def test_a_report_stops_the_card_and_only_that() -> None:
    world = a_world(cards=the_cards())
    (outcome,) = settled(world, reported())
    assert (outcome.status, outcome.reasons) == (FactStatus.ACCEPTED, ())
    assert world.cards == {LOST: KnownCard(MING.id, CardState.LOST), HERE: KnownCard(MING.id, CardState.ACTIVE)}
    assert told(outcome) == [("card", LOST.hex())]
    assert outcome.lost is not None
    assert (outcome.lost.card_key, outcome.lost.patron, outcome.lost.at) == (LOST, MING.id, NOW)


def test_a_card_that_is_lost_already_is_accepted() -> None:
    (outcome,) = settled(a_world(cards=the_cards(CardState.LOST)), reported())
    assert (outcome.status, told(outcome)) == (FactStatus.ACCEPTED, [("card", LOST.hex())])


@pytest.mark.parametrize("whose", ["nobody's", "somebody else's"])
def test_a_card_that_is_not_the_patrons_is_flagged_stays_and_its_row_is_told(whose: str) -> None:
    cards = {} if whose == "nobody's" else {LOST: KnownCard(HUA.id, CardState.ACTIVE)}
    world = a_world(cards=dict(cards))
    (outcome,) = settled(world, reported(by=None))
    assert (outcome.status, outcome.reasons, outcome.lost) == (FactStatus.FLAGGED, (Reason.CARD_UNKNOWN,), None)
    assert told(outcome) == [("card", LOST.hex())]
    assert world.cards == cards


def test_a_report_by_a_card_that_is_itself_lost_still_stops_the_card_and_is_flagged() -> None:
    world = a_world(cards={**the_cards(), HERE: KnownCard(MING.id, CardState.LOST)})
    (outcome,) = settled(world, reported())
    assert (outcome.status, outcome.reasons) == (FactStatus.FLAGGED, (Reason.CARD_LOST,))
    assert outcome.lost is not None


def test_a_checkout_after_the_report_in_the_same_batch_is_flagged_and_one_before_is_not() -> None:
    """I3."""
    books = [an_item(), an_item()]
    world = a_world(patrons=[MING], items=books, cards=the_cards())

    def lent(n: int, seq: int) -> bytes:
        fact = CheckedOut(loan=uuid4(), patron=MING.id, item=books[n].id, due=date(2026, 4, 10), rules=1, card=LOST)
        return an_envelope(fact, seq=seq)

    before, _, after = settled(world, lent(0, 1), reported(seq=2), lent(1, 3))
    assert (before.reasons, after.reasons) == ((), (Reason.CARD_LOST,))


def shown() -> bytes:
    return an_envelope(LostCardShown(card=LOST))


def test_r5_a_lost_card_that_is_shown_is_a_find_and_its_row_is_told() -> None:
    (outcome,) = settled(a_world(cards=the_cards(CardState.LOST)), shown())
    assert (outcome.status, outcome.reasons, told(outcome)) == (FactStatus.ACCEPTED, (), [("card", LOST.hex())])
    assert outcome.found is not None
    assert (outcome.found.card_key, outcome.found.patron, outcome.found.at) == (LOST, MING.id, NOW)


@pytest.mark.parametrize("cards", [{}, the_cards()], ids=["replaced", "given back"])
def test_a_card_that_is_lost_no_more_is_no_find_and_the_kiosk_hears_what_it_is(cards: dict[bytes, KnownCard]) -> None:
    (outcome,) = settled(a_world(cards=cards), shown())
    assert (outcome.status, outcome.found, outcome.patron, told(outcome)) == (FactStatus.ACCEPTED, None, None, [("card", LOST.hex())])


def test_a_card_that_is_reported_and_shown_in_one_batch_is_a_find() -> None:
    reported_first, then_shown = settled(a_world(cards=the_cards()), reported(), an_envelope(LostCardShown(card=LOST), seq=2))
    assert (reported_first.lost is not None, then_shown.found is not None) == (True, True)
