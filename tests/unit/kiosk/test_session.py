"""The session machine: every state against every event, then the rules that matter most, as sentences."""

from dataclasses import replace
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from circulation.cards import CardUid
from circulation.ids import LoanId
from circulation.wire import PushAnswer
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, CardUnreadable, DeviceHealth, DeviceState
from kiosk import events
from kiosk.events import (
    BackChosen,
    BatchAnswered,
    BatchRefused,
    BorrowChosen,
    ChangesReceived,
    FinishChosen,
    PutBackChosen,
    RegistryLost,
    SendFrom,
    SnapshotFetched,
    StillHereChosen,
    Tick,
    Touched,
)
from kiosk.session import advance, deadline
from kiosk.settings import KioskSettings
from kiosk.states import (
    Answer,
    Borrowing,
    CardTurnedAway,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Lend,
    OutOfService,
    PatronIdentified,
    PutBack,
    Refused,
    ServiceResumed,
    ServiceStopped,
    State,
    StillHere,
    VisitChanged,
    Waiting,
)
from kiosk.view import Line, LineState, Refusal
from kiosk.visit import Visit
from tests.builders import a_patron
from tests.kiosk_world import NOON, a_page

SETTINGS = KioskSettings()
NOW = 100.0
MINE = CardUid.from_hex("04A32B1C")
OTHER = CardUid.from_hex("04A32B1D")
LOAN = LoanId(UUID(int=5))
BORROWED = Line(1, LineState.BORROWED, "小王子", "B1", loan=LOAN)
VISIT = Visit(MINE, b"k" * 16, "c1", a_patron(), lines=(BORROWED,), scanned=1)
OTHER_VISIT = Visit(OTHER, b"o" * 16, "c2", a_patron(masked_name="林○○"))
CHANGED = replace(VISIT, scanned=2)
PILE = Waiting(("W1",), NOW + 10)

STATES: dict[str, State] = {
    "idle": Idle(),
    "idle with a pile": Idle(PILE),
    "identifying": Identifying(MINE, PILE),
    "home": Home(VISIT, NOW - 5),
    "borrowing": Borrowing(VISIT, NOW - 5),
    "still here": StillHere(Borrowing(VISIT, NOW - 21), NOW + 9),
    "still here with a pile": StillHere(Home(VISIT, NOW - 21), NOW + 9, PILE),
    "goodbye": Goodbye((BORROWED,), NOW + 3),
    "goodbye with a pile": Goodbye((BORROWED,), NOW + 3, PILE),
    "refused": Refused(Refusal.UNKNOWN, NOW + 3, PILE),
    "out of service": OutOfService("no_replica"),
}
EVENTS: dict[str, events.Event | Answer] = {
    "my card": CardPresented(MINE, "r", 0),
    "other card": CardPresented(OTHER, "r", 0),
    "unreadable": CardUnreadable("r", 0),
    "removed": CardRemoved("r", 0),
    "scan": BarcodeScanned("B9", "s", 0),
    "health": DeviceHealth("reader", DeviceState.READY),
    "touch": Touched(),
    "borrow": BorrowChosen(),
    "back": BackChosen(),
    "put back": PutBackChosen(LOAN),
    "put back another": PutBackChosen(LoanId(UUID(int=6))),
    "finish": FinishChosen(),
    "still here": StillHereChosen(),
    "tick": Tick(),
    "changes": ChangesReceived(a_page(start=0, end=0)),
    "answered": BatchAnswered(PushAnswer(server_time=NOON, next_seq=1, results=())),
    "send from": SendFrom(1),
    "batch refused": BatchRefused("p"),
    "lost": RegistryLost("p"),
    "snapshot": SnapshotFetched(Path("replica-2.db")),
    "identified me": PatronIdentified(VISIT),
    "identified another": PatronIdentified(OTHER_VISIT),
    "turned away me": CardTurnedAway(MINE, Refusal.LOST),
    "turned away another": CardTurnedAway(OTHER, Refusal.LOST),
    "my visit changed": VisitChanged(CHANGED),
    "another visit changed": VisitChanged(OTHER_VISIT),
    "stopped": ServiceStopped("ledger_unwritable"),
    "resumed": ServiceResumed(),
}

_PILE_AND_SCAN = Waiting(("W1", "B9"), NOW + 30)
_JUST_SCAN = Waiting(("B9",), NOW + 30)
_HOME, _BORROWING = Home(VISIT, NOW), Borrowing(VISIT, NOW)
_BYE = Goodbye((BORROWED,), NOW + 8)
_STOPPED = {"stopped": OutOfService("ledger_unwritable")}

# What is not named here leaves the state as it is.
TABLE: dict[str, dict[str, State]] = {
    "idle": {
        "my card": Identifying(MINE),
        "other card": Identifying(OTHER),
        "unreadable": Refused(Refusal.UNREADABLE, NOW + 8),
        "scan": Idle(_JUST_SCAN),
    },
    "idle with a pile": {
        "my card": Identifying(MINE, PILE),
        "other card": Identifying(OTHER, PILE),
        "unreadable": Refused(Refusal.UNREADABLE, NOW + 8, PILE),
        "scan": Idle(_PILE_AND_SCAN),
    },
    "identifying": {
        "my card": Identifying(MINE, PILE),
        "other card": Identifying(OTHER, PILE),
        "unreadable": Refused(Refusal.UNREADABLE, NOW + 8, PILE),
        "scan": Identifying(MINE, _PILE_AND_SCAN),
        "identified me": Borrowing(VISIT, NOW, (Lend("W1"),)),
        "turned away me": Refused(Refusal.LOST, NOW + 8, PILE),
    },
    "home": {
        "my card": _HOME,
        "other card": Home(VISIT, NOW - 5, NOW + 4),
        "scan": Borrowing(VISIT, NOW, (Lend("B9"),)),
        "touch": _HOME,
        "borrow": _BORROWING,
        "back": _HOME,
        "put back": _HOME,
        "put back another": _HOME,
        "finish": _BYE,
        "still here": _HOME,
        "turned away me": Refused(Refusal.LOST, NOW + 8),
        "my visit changed": Home(CHANGED, NOW - 5),
    },
    "borrowing": {
        "my card": _BORROWING,
        "other card": Borrowing(VISIT, NOW - 5, other_card_until=NOW + 4),
        "scan": Borrowing(VISIT, NOW, (Lend("B9"),)),
        "touch": _BORROWING,
        "borrow": _BORROWING,
        "back": _HOME,
        "put back": Borrowing(VISIT, NOW, (PutBack(LOAN),)),
        "put back another": _BORROWING,
        "finish": _BYE,
        "still here": _BORROWING,
        "turned away me": Refused(Refusal.LOST, NOW + 8),
        "my visit changed": Borrowing(CHANGED, NOW - 5),
    },
    "still here": {
        "my card": _BORROWING,
        "other card": StillHere(Borrowing(VISIT, NOW - 21, other_card_until=NOW + 4), NOW + 9),
        "scan": StillHere(Borrowing(VISIT, NOW - 21), NOW + 9, _JUST_SCAN),
        "finish": _BYE,
        "still here": _BORROWING,
        "turned away me": Refused(Refusal.LOST, NOW + 8),
        "my visit changed": StillHere(Borrowing(CHANGED, NOW - 21), NOW + 9),
    },
    "still here with a pile": {
        "my card": Borrowing(VISIT, NOW, (Lend("W1"),)),
        "other card": StillHere(Home(VISIT, NOW - 21, NOW + 4), NOW + 9, PILE),
        "scan": StillHere(Home(VISIT, NOW - 21), NOW + 9, _PILE_AND_SCAN),
        "finish": Goodbye((BORROWED,), NOW + 8, PILE),
        "still here": Borrowing(VISIT, NOW, (Lend("W1"),)),
        "turned away me": Refused(Refusal.LOST, NOW + 8, PILE),
        "my visit changed": StillHere(Home(CHANGED, NOW - 21), NOW + 9, PILE),
    },
    "goodbye": {
        "my card": Identifying(MINE),
        "other card": Identifying(OTHER),
        "scan": Idle(_JUST_SCAN),
        "back": Idle(),
        "finish": Idle(),
    },
    "goodbye with a pile": {
        "my card": Identifying(MINE, PILE),
        "other card": Identifying(OTHER, PILE),
        "scan": Idle(_PILE_AND_SCAN),
        "back": Idle(PILE),
        "finish": Idle(PILE),
    },
    "refused": {
        "my card": Identifying(MINE, PILE),
        "other card": Identifying(OTHER, PILE),
        "unreadable": Refused(Refusal.UNREADABLE, NOW + 8, PILE),
        "scan": Refused(Refusal.UNKNOWN, NOW + 3, _PILE_AND_SCAN),
        "back": Idle(PILE),
        "finish": Idle(PILE),
    },
    "out of service": {"resumed": Idle()},
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_against_every_event(state: str, event: str) -> None:
    expected = {**TABLE[state], **_STOPPED}.get(event, STATES[state])
    assert advance(STATES[state], EVENTS[event], now=NOW, settings=SETTINGS) == expected


def test_the_table_knows_every_state_and_every_event_there_is() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(State))
    assert {type(event) for event in EVENTS.values()} == set(get_args(events.Event)) | set(get_args(Answer))


def test_nobody_touches_for_twenty_seconds_then_a_countdown_of_ten_then_everything_is_wiped() -> None:
    state: State = Home(VISIT, NOW)
    assert deadline(state, SETTINGS) == NOW + 20
    assert advance(state, Tick(), now=NOW + 19.9, settings=SETTINGS) == state
    state = advance(state, Tick(), now=NOW + 20, settings=SETTINGS)
    assert state == StillHere(Home(VISIT, NOW), NOW + 30)
    assert deadline(state, SETTINGS) == NOW + 30
    assert advance(state, Tick(), now=NOW + 29.9, settings=SETTINGS) == state
    assert advance(state, Tick(), now=NOW + 30, settings=SETTINGS) == Idle()


def test_a_late_look_at_the_clock_gives_nobody_more_time() -> None:
    assert advance(Home(VISIT, NOW), Tick(), now=NOW + 25, settings=SETTINGS) == StillHere(Home(VISIT, NOW), NOW + 30)
    assert advance(Home(VISIT, NOW), Tick(), now=NOW + 31, settings=SETTINGS) == Idle()


def test_a_scan_after_the_time_is_up_waits_for_the_next_card_and_joins_no_session() -> None:
    late = advance(Borrowing(VISIT, NOW), EVENTS["scan"], now=NOW + 31, settings=SETTINGS)
    assert late == Idle(Waiting(("B9",), NOW + 61))


def test_a_card_after_the_time_is_up_begins_a_session_of_its_own() -> None:
    assert advance(Borrowing(VISIT, NOW), EVENTS["other card"], now=NOW + 30, settings=SETTINGS) == Identifying(OTHER)


@pytest.mark.parametrize("inside", [Home(VISIT, NOW), Borrowing(VISIT, NOW)])
def test_still_here_returns_to_where_one_was(inside: Home | Borrowing) -> None:
    counting = advance(inside, Tick(), now=NOW + 22, settings=SETTINGS)
    assert advance(counting, StillHereChosen(), now=NOW + 23, settings=SETTINGS) == replace(inside, since=NOW + 23)


def test_a_touch_elsewhere_does_not_stop_the_countdown() -> None:
    counting = advance(Home(VISIT, NOW), Tick(), now=NOW + 22, settings=SETTINGS)
    assert advance(counting, Touched(), now=NOW + 23, settings=SETTINGS) == counting


def test_a_scan_during_the_countdown_is_not_lent_and_waits_for_the_next_card_when_nobody_answers() -> None:
    counting = advance(Borrowing(VISIT, NOW), EVENTS["scan"], now=NOW + 25, settings=SETTINGS)
    assert counting == StillHere(Borrowing(VISIT, NOW), NOW + 30, Waiting(("B9",), NOW + 55))
    assert deadline(counting, SETTINGS) == NOW + 30
    free = advance(counting, Tick(), now=NOW + 30, settings=SETTINGS)
    assert free == Idle(Waiting(("B9",), NOW + 55))
    assert deadline(free, SETTINGS) == NOW + 55
    assert advance(counting, Tick(), now=NOW + 55, settings=SETTINGS) == Idle()
    next_child = advance(free, EVENTS["other card"], now=NOW + 31, settings=SETTINGS)
    begun = advance(next_child, EVENTS["identified another"], now=NOW + 31, settings=SETTINGS)
    assert begun == Borrowing(OTHER_VISIT, NOW + 31, (Lend("B9"),))


@pytest.mark.parametrize("event", ["still here", "my card"])
def test_who_says_that_he_is_still_here_gets_what_was_scanned_after_what_was_to_do_already(event: str) -> None:
    inside = Borrowing(VISIT, NOW, (Lend("B1"),), other_card_until=NOW + 24)
    counting = StillHere(inside, NOW + 30, Waiting(("B8", "B9"), NOW + 50))
    expected = Borrowing(VISIT, NOW + 23, (Lend("B1"), Lend("B8"), Lend("B9")), other_card_until=NOW + 24)
    assert advance(counting, EVENTS[event], now=NOW + 23, settings=SETTINGS) == expected


def test_a_scan_that_grew_old_during_a_long_countdown_is_not_lent() -> None:
    settings = replace(SETTINGS, countdown=60)
    counting = StillHere(Home(VISIT, NOW), NOW + 80, Waiting(("B9",), NOW + 52))
    assert advance(counting, StillHereChosen(), now=NOW + 52, settings=settings) == Home(VISIT, NOW + 52)


def test_ten_items_wait_during_a_countdown_and_no_eleventh() -> None:
    state: State = Home(VISIT, NOW)
    for n in range(12):
        state = advance(state, BarcodeScanned(f"B{n}", "s", 0), now=NOW + 21, settings=SETTINGS)
    assert state == StillHere(Home(VISIT, NOW), NOW + 30, Waiting(tuple(f"B{n}" for n in range(10)), NOW + 51))


def test_the_notice_about_another_card_goes_after_four_seconds_and_gives_no_time() -> None:
    state = advance(Home(VISIT, NOW), EVENTS["other card"], now=NOW + 1, settings=SETTINGS)
    assert deadline(state, SETTINGS) == NOW + 5
    assert advance(state, Tick(), now=NOW + 5, settings=SETTINGS) == Home(VISIT, NOW)


def test_a_notice_during_the_countdown_goes_by_itself_too() -> None:
    counting = StillHere(Home(VISIT, NOW, NOW + 22), NOW + 30)
    assert deadline(counting, SETTINGS) == NOW + 22
    assert advance(counting, Tick(), now=NOW + 22, settings=SETTINGS) == StillHere(Home(VISIT, NOW), NOW + 30)


def test_items_scanned_before_the_tap_wait_thirty_seconds_from_the_last_scan() -> None:
    state: State = Idle()
    for seconds, barcode in ((0, "B1"), (20, "B2")):
        state = advance(state, BarcodeScanned(barcode, "s", 0), now=NOW + seconds, settings=SETTINGS)
    assert deadline(state, SETTINGS) == NOW + 50
    assert advance(state, Tick(), now=NOW + 49, settings=SETTINGS) == Idle(Waiting(("B1", "B2"), NOW + 50))
    assert advance(state, Tick(), now=NOW + 50, settings=SETTINGS) == Idle()


def test_ten_items_wait_and_no_eleventh_and_none_twice() -> None:
    state: State = Idle()
    for n in (*range(12), 3):
        state = advance(state, BarcodeScanned(f"B{n}", "s", 0), now=NOW, settings=SETTINGS)
    assert state == Idle(Waiting(tuple(f"B{n}" for n in range(10)), NOW + 30))


def test_a_refused_card_leaves_the_pile_to_the_next_one_but_not_beyond_its_time() -> None:
    refused = Refused(Refusal.UNKNOWN, NOW + 8, Waiting(("B1",), NOW + 10))
    assert advance(refused, Tick(), now=NOW + 8, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 10))
    assert advance(refused, Tick(), now=NOW + 10, settings=SETTINGS) == Idle()


def test_a_pile_that_grew_old_while_the_card_was_looked_up_is_not_lent() -> None:
    identifying = Identifying(MINE, Waiting(("B1",), NOW))
    assert advance(identifying, PatronIdentified(VISIT), now=NOW, settings=SETTINGS) == Home(VISIT, NOW)


def test_doing_what_was_to_do_takes_it_off_the_list_and_news_does_not() -> None:
    state = Borrowing(VISIT, NOW, (Lend("B1"), Lend("B2")))
    assert advance(state, VisitChanged(CHANGED), now=NOW, settings=SETTINGS) == Borrowing(CHANGED, NOW, (Lend("B1"), Lend("B2")))
    assert advance(state, VisitChanged(CHANGED, done=True), now=NOW, settings=SETTINGS) == Borrowing(CHANGED, NOW, (Lend("B2"),))


def test_a_slip_leaves_the_pile_to_the_next_card_but_not_beyond_its_time() -> None:
    slip = Goodbye((), NOW + 8, Waiting(("B1",), NOW + 10))
    assert advance(slip, Tick(), now=NOW + 8, settings=SETTINGS) == Idle(Waiting(("B1",), NOW + 10))
    assert advance(slip, Tick(), now=NOW + 10, settings=SETTINGS) == Idle()


@pytest.mark.parametrize("state", [Goodbye((), NOW + 8), Refused(Refusal.LOST, NOW + 8)])
def test_goodbye_and_refusal_go_by_themselves(state: State) -> None:
    assert deadline(state, SETTINGS) == NOW + 8
    assert advance(state, Tick(), now=NOW + 8, settings=SETTINGS) == Idle()
