"""A mobile card opens, keeps and joins sessions as a card does, in every state (R14)."""

import pytest

from kiosk.opener import MobileCard
from kiosk.scans import CardScanned
from kiosk.session import advance
from kiosk.states import Identifying, OutOfService, visit_in
from tests.unit.kiosk.session_values import EVENTS, MY_PHONE, NOW, SETTINGS, STATES, with_phones


@pytest.mark.parametrize("state", STATES)
def test_r14_a_mobile_card_opens_keeps_and_joins_no_other_session_as_a_card_does(state: str) -> None:
    before, events_of_phones = with_phones(STATES[state]), {event: with_phones(happened) for event, happened in EVENTS.items()}
    by_card = {event: with_phones(advance(STATES[state], happened, now=NOW, settings=SETTINGS)) for event, happened in EVENTS.items()}
    assert {event: advance(before, happened, now=NOW, settings=SETTINGS) for event, happened in events_of_phones.items()} == by_card


@pytest.mark.parametrize("state", STATES)
def test_a_phone_in_a_cards_session_is_another_card_though_it_be_the_same_patrons(state: str) -> None:
    phone = CardScanned(MobileCard.shown(MY_PHONE))
    after = advance(STATES[state], phone, now=NOW, settings=SETTINGS)
    if visit_in(STATES[state]) is None:
        assert after == with_phones(advance(STATES[state], EVENTS["my card"], now=NOW, settings=SETTINGS))
    else:
        assert after == advance(STATES[state], EVENTS["other card"], now=NOW, settings=SETTINGS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", ["YOUYUE.", "youyue.rubbish", MY_PHONE[:-1]])
def test_a_code_that_can_not_be_read_is_never_an_item(state: str, code: str) -> None:
    after = advance(STATES[state], CardScanned(MobileCard.shown(code)), now=NOW, settings=SETTINGS)
    assert code not in repr(after)
    assert "todo=(Lend" not in repr(after)
    if visit_in(STATES[state]) is None and not isinstance(STATES[state], OutOfService):
        assert isinstance(after, Identifying)
        assert after.opener == MobileCard(None, "")
