"""The session machine: every state against every event."""

from dataclasses import replace
from typing import get_args

import pytest

from circulation.cards import CardKind
from kiosk import events
from kiosk.answers import Answer
from kiosk.opener import MobileCard
from kiosk.scans import CardScanned, Scan
from kiosk.session import advance
from kiosk.states import (
    Borrowing,
    Dropping,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Lend,
    Loans,
    LossForm,
    LossReported,
    LossTaken,
    Open,
    OutOfService,
    PinPad,
    PutBack,
    Refused,
    Renew,
    ReportLoss,
    Returning,
    State,
    StillHere,
    TakeBack,
    Waiting,
    visit_in,
)
from kiosk.view import PinProblem, Refusal
from kiosk.visit import Visit
from tests.kiosk_world import NOON
from tests.unit.kiosk.session_values import (
    ASKING,
    BACK,
    BARCODE_CARD,
    BORROWED,
    CARDS,
    CHANGED,
    DROP,
    DROPPING,
    EVENTS,
    FORM,
    IPASS,
    LOAN,
    MINE,
    MY_PHONE,
    NOW,
    OTHER,
    PILE,
    SETTINGS,
    STATES,
    TICKET,
    VISIT,
    T,
    with_phones,
)

_PILE_AND_SCAN = Waiting(("W1", "B9"), NOW + 30)
_JUST_SCAN = Waiting(("B9",), NOW + 30)
_BYE = Goodbye((BORROWED,), NOW + 8, returned=(BACK,))
_UNREADABLE = Refused(Refusal.UNREADABLE, NOW + 8)
_STOPPED = {"stopped": OutOfService("ledger_unwritable")}
_TOUCHES = [
    "my card",
    "touch",
    "borrow",
    "return",
    "my loans",
    "renew",
    "renew another",
    "renew all",
    "titles",
    "pin",
    "loss",
    "lost card",
    "lost card that is lost",
    "lost card of nobody",
    "confirmed",
    "form",
    "back",
    "put back",
    "put back another",
    "still here",
    "scan of nothing",
]


def free(waiting: Waiting, scanned: State) -> dict[str, State]:
    """A card is a card wherever nobody is."""
    return {
        "my card": Identifying(MINE, waiting),
        "other card": Identifying(OTHER, waiting),
        "barcode card": Identifying(BARCODE_CARD, waiting),
        "unreadable": replace(_UNREADABLE, waiting=waiting),
        "scan": scanned,
    }


def beside(dropping: Dropping) -> dict[str, State]:
    """A card beside items that come back without one: they are not forgotten."""
    return {
        "my card": Identifying(MINE, dropping=dropping),
        "other card": Identifying(OTHER, dropping=dropping),
        "barcode card": Identifying(BARCODE_CARD, dropping=dropping),
        "scan": replace(dropping, since=NOW, todo=(TakeBack("B9"),)),
    }


def visit(state: Open, of: Visit = VISIT) -> dict[str, State]:
    """What is the same on every screen of a visit; a finger anywhere keeps it open."""
    touched = replace(state, since=NOW)
    return {
        **dict.fromkeys(_TOUCHES, touched),
        **dict.fromkeys(("other card", "barcode card"), replace(state, other_card_until=NOW + 4)),
        "scan": Borrowing(of, NOW, (Lend("B9"),)),
        "borrow": Borrowing(of, NOW),
        "return": Returning(of, NOW),
        "my loans": Loans(of, NOW),
        "loss": ReportLoss(of, NOW),
        "back": Home(of, NOW),
        "finish": _BYE,
        "turned away me": Refused(Refusal.LOST, NOW + 8),
        "my visit changed": replace(state, visit=CHANGED),
    }


def counting(inside: Open, waiting: Waiting, here: State) -> dict[str, State]:
    """Over any screen of a visit."""
    state = StillHere(inside, NOW + 9, waiting)
    return {
        "my card": here,
        "still here": here,
        **dict.fromkeys(("other card", "barcode card"), replace(state, inside=replace(inside, other_card_until=NOW + 4))),
        "scan": replace(state, waiting=_PILE_AND_SCAN if waiting.barcodes else _JUST_SCAN),
        "finish": replace(_BYE, waiting=waiting),
        "turned away me": Refused(Refusal.LOST, NOW + 8, waiting),
        "my visit changed": replace(state, inside=replace(inside, visit=CHANGED)),
    }


_WRONG = replace(VISIT, wrong_pins=1)
_PAD = {"back": Loans(VISIT, NOW)}
_CHOSEN = ReportLoss(VISIT, NOW, CARDS, IPASS)
_SENT = LossForm(T, PILE, ticket=TICKET, kind=CardKind.EASYCARD)
_TYPING = dict.fromkeys(("touch", "still here", "loss"), LossForm(NOW, PILE))
_LEAVES = {"back": Idle(PILE), "finish": Idle(PILE)}

# What is not named here leaves the state as it is.
TABLE: dict[str, dict[str, State]] = {
    "idle": {**free(Waiting(), Idle(_JUST_SCAN)), "return": Dropping(NOW), "loss": LossForm(NOW)},
    "idle with a pile": {
        **free(PILE, Idle(_PILE_AND_SCAN)),
        "return": Dropping(NOW, todo=(TakeBack("W1"),)),
        "loss": LossForm(NOW, PILE),
    },
    "identifying": {
        **free(PILE, Identifying(MINE, _PILE_AND_SCAN)),
        "identified me": Borrowing(VISIT, NOW, (Lend("W1"),)),
        "turned away me": Refused(Refusal.LOST, NOW + 8, PILE),
    },
    "dropping": {
        **beside(Dropping(T, DROP)),
        **dict.fromkeys(("touch", "still here", "return", "scan of nothing"), Dropping(NOW, DROP)),
        "back": Idle(),
        "finish": Goodbye((), NOW + 8, returned=(BACK,)),
    },
    "dropping nothing yet": {
        **beside(Dropping(T)),
        **dict.fromkeys(("touch", "still here", "return", "scan of nothing"), Dropping(NOW)),
        "drop changed": Dropping(T, DROP),
        "back": Idle(),
        "finish": Idle(),
    },
    "identifying beside returns": {
        **beside(DROPPING),
        "scan": Identifying(MINE, dropping=replace(DROPPING, since=NOW, todo=(TakeBack("B9"),))),
        "identified me": Returning(VISIT, NOW),
        "turned away me": Refused(Refusal.LOST, NOW + 8, dropping=DROPPING),
    },
    "refused beside returns": {
        **beside(DROPPING),
        **dict.fromkeys(("back", "finish"), replace(DROPPING, since=NOW)),
    },
    "loss form": {
        **free(PILE, LossForm(T, _PILE_AND_SCAN)),
        **_TYPING,
        **_LEAVES,
        "form": LossForm(NOW, PILE, FORM, kind=CardKind.EASYCARD),
    },
    "loss form to send": {
        **free(PILE, LossForm(T, _PILE_AND_SCAN, FORM, kind=CardKind.EASYCARD)),
        **dict.fromkeys(("touch", "still here", "loss", "form"), LossForm(NOW, PILE, FORM, kind=CardKind.EASYCARD)),
        **_LEAVES,
        "asked": _SENT,
    },
    "loss form sent": {
        **free(PILE, replace(_SENT, waiting=_PILE_AND_SCAN)),
        **dict.fromkeys(("touch", "still here", "loss", "form"), replace(_SENT, since=NOW)),
        **_LEAVES,
        "loss by id taken": LossTaken(CardKind.EASYCARD, NOW + 12, PILE),
        "question failed": LossForm(T, PILE, kind=CardKind.EASYCARD, failed=True),
    },
    "loss taken": {**free(PILE, Idle(_PILE_AND_SCAN)), **_LEAVES},
    "home": visit(Home(VISIT, T)),
    "borrowing": {**visit(Borrowing(VISIT, T)), "put back": Borrowing(VISIT, NOW, (PutBack(LOAN),))},
    "returning": {**visit(Returning(VISIT, T)), "scan": Returning(VISIT, NOW, (TakeBack("B9"),))},
    "loans": {
        **visit(Loans(VISIT, T)),
        "renew": Loans(VISIT, NOW, (Renew(LOAN),)),
        "renew all": Loans(VISIT, NOW, (Renew(),)),
        "titles": PinPad(VISIT, NOW),
    },
    "pin pad": {**visit(PinPad(VISIT, T, problem=PinProblem.WRONG)), **_PAD, "pin": PinPad(VISIT, NOW, "2468")},
    "pin to ask": {**visit(PinPad(VISIT, T, "1234")), **_PAD, "asked": PinPad(ASKING, T, ticket=TICKET)},
    "pin asked": {
        **visit(PinPad(ASKING, T, ticket=TICKET), ASKING),
        "back": Loans(ASKING, NOW),
        "pin right": Loans(replace(VISIT, titles_shown=True), NOW),
        "pin wrong": PinPad(_WRONG, NOW, problem=PinProblem.WRONG),
        "pin locked": PinPad(VISIT, NOW, problem=PinProblem.LOCKED, locked_until=NOON),
        "no pin": PinPad(VISIT, NOW, problem=PinProblem.NONE),
        "question failed": PinPad(VISIT, T, problem=PinProblem.OFFLINE),
    },
    "report loss": {
        **visit(ReportLoss(VISIT, T, CARDS)),
        "loss": ReportLoss(VISIT, NOW, CARDS),
        "lost card": _CHOSEN,
        "cards found": ReportLoss(VISIT, T, (IPASS,)),
        "loss written": LossReported(VISIT, CardKind.IPASS, 7, NOW + 12),
    },
    "report loss unknown cards": {
        **visit(ReportLoss(VISIT, T)),
        "cards found": ReportLoss(VISIT, T, (IPASS,)),
        "loss written": LossReported(VISIT, CardKind.IPASS, 7, NOW + 12),
    },
    "report loss chosen": {
        **visit(ReportLoss(VISIT, T, CARDS, IPASS)),
        **dict.fromkeys(("lost card that is lost", "lost card of nobody", "back"), ReportLoss(VISIT, NOW, CARDS)),
        "loss": _CHOSEN,
        "confirmed": replace(_CHOSEN, confirmed=True),
        "cards found": ReportLoss(VISIT, T, (IPASS,), IPASS),
        "loss written": LossReported(VISIT, CardKind.IPASS, 7, NOW + 12),
    },
    "loss reported": {
        **dict.fromkeys(("other card", "barcode card"), LossReported(VISIT, CardKind.IPASS, 7, NOW + 3, NOW + 4)),
        "scan": Borrowing(VISIT, NOW, (Lend("B9"),)),
        "borrow": Borrowing(VISIT, NOW),
        "return": Returning(VISIT, NOW),
        "my loans": Loans(VISIT, NOW),
        "loss": ReportLoss(VISIT, NOW),
        "back": Home(VISIT, NOW),
        "finish": _BYE,
        "turned away me": Refused(Refusal.LOST, NOW + 8),
        "my visit changed": LossReported(CHANGED, CardKind.IPASS, 7, NOW + 3),
    },
    "still here": counting(Borrowing(VISIT, NOW - 21), Waiting(), Borrowing(VISIT, NOW)),
    "still here with a pile": counting(Home(VISIT, NOW - 21), PILE, Borrowing(VISIT, NOW, (Lend("W1"),))),
    "still here returning": counting(Returning(VISIT, NOW - 21), PILE, Returning(VISIT, NOW, (TakeBack("W1"),))),
    "still here at the pad": counting(PinPad(VISIT, NOW - 21), Waiting(), PinPad(VISIT, NOW)),
    "goodbye": {
        "my card": Identifying(MINE),
        "other card": Identifying(OTHER),
        "barcode card": Identifying(BARCODE_CARD),
        "scan": Idle(_JUST_SCAN),
        "back": Idle(),
        "finish": Idle(),
    },
    "goodbye with a pile": {
        "my card": Identifying(MINE, PILE),
        "other card": Identifying(OTHER, PILE),
        "barcode card": Identifying(BARCODE_CARD, PILE),
        "scan": Idle(_PILE_AND_SCAN),
        **_LEAVES,
    },
    "refused": {**free(PILE, Refused(Refusal.UNKNOWN, NOW + 3, _PILE_AND_SCAN)), **_LEAVES},
    "out of service": {"resumed": Idle()},
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_against_every_event(state: str) -> None:
    expected = {event: {**TABLE[state], **_STOPPED}.get(event, STATES[state]) for event in EVENTS}
    assert {event: advance(STATES[state], happened, now=NOW, settings=SETTINGS) for event, happened in EVENTS.items()} == expected


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


def test_the_table_knows_every_state_and_every_event_there_is() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(State))
    assert {type(event) for event in EVENTS.values()} == set(get_args(events.Event)) | set(get_args(Scan)) | set(get_args(Answer))
    assert {name for row in TABLE.values() for name in row} <= set(EVENTS)
