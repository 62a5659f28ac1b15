"""Random walks of the session machine: nothing of one patron is ever there for another, and every session ends."""

from collections import Counter
from dataclasses import replace
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.wire import PinVerdict
from kiosk.events import (
    BackChosen,
    FinishChosen,
    PinAnswered,
    StillHereChosen,
    Tick,
)
from kiosk.present import Scene, present
from kiosk.scans import ItemScanned, opener_in
from kiosk.session import deadline
from kiosk.states import (
    Borrowing,
    Dropping,
    Goodbye,
    Idle,
    Loans,
    LossForm,
    LossTaken,
    PinPad,
    Refused,
    State,
    StillHere,
    visit_in,
)
from tests.kiosk_world import NOON
from tests.unit.kiosk.session_walk import PATRONS, SETTINGS, UIDS, Walk, a_visit, steps

SEEDS = st.integers(0, 2**32)
"""Each is one walk of eighty steps."""


def titles_on_the_slip(state: State) -> set[str]:
    if not isinstance(state, Goodbye):
        return set()
    return {line.title for line in state.lines} | {line.title for line in state.returned} | {line.title for line in state.renewed}


def check_nobody(state: State, seen: str) -> None:
    """Where nobody's session is open there is no name, and what came back without a card is on its own screens only."""
    if isinstance(state, StillHere | Idle | Refused | LossForm | LossTaken | Dropping):
        assert "Patron" not in seen
    if not isinstance(state, Dropping | Goodbye):
        assert "of nobody" not in seen
    assert len({title[-9:] for title in titles_on_the_slip(state) if title}) <= 1


def shown(state: State) -> str:
    return repr(present(state, Scene(NOON, None, None, ()), SETTINGS))


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_whatever_happens_nobody_sees_anything_of_somebody_else(seed: int) -> None:
    walk, tapped = Walk(), None
    for event, seconds in steps(seed, walk):
        walk.now += seconds
        until_now = walk.until_now()
        before = visit_in(until_now)
        state = walk.take(event)
        opener = opener_in(event)
        tapped = opener or tapped
        visit = visit_in(state)
        if visit is not None and before is not None:
            assert visit.patron == before.patron
        if isinstance(until_now, StillHere) and isinstance(event, ItemScanned):
            assert visit == before
            assert isinstance(state, StillHere)
            assert event.barcode in state.waiting.barcodes
        if visit is not None and before is None:
            assert tapped is not None
            assert visit.patron == PATRONS[tapped]
        seen = shown(state)
        here = visit.patron.masked_name if visit is not None else None
        left = titles_on_the_slip(state)
        for patron in PATRONS.values():
            if patron.masked_name != here and not [title for title in left if title.endswith(f"of {patron.masked_name}")]:
                assert patron.masked_name not in seen
        check_nobody(state, seen)


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_no_title_is_seen_before_a_right_pin_of_this_visit(seed: int) -> None:
    walk, unlocked = Walk(), None
    for event, seconds in steps(seed, walk):
        walk.now += seconds
        pad = walk.until_now()
        right = isinstance(event, PinAnswered) and event.verdict is PinVerdict.RIGHT
        if isinstance(pad, PinPad) and isinstance(event, PinAnswered) and right and event.ticket == pad.ticket:
            unlocked = pad.visit.correlation
        state = walk.take(event)
        visit = visit_in(state)
        assert "2468" not in repr(state)
        if visit is not None:
            assert visit.titles_shown == (visit.correlation == unlocked)
        if not (visit is not None and visit.titles_shown) and not isinstance(state, Goodbye):
            assert "loan of" not in shown(state)
            assert "hold of" not in shown(state)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_whatever_happened_the_kiosk_is_free_again_when_nobody_does_anything(seed: int) -> None:
    walk = Walk()
    for event, seconds in steps(seed, walk):
        walk.now += seconds
        walk.take(event)
    left = walk.now
    while (ends := deadline(walk.state, SETTINGS)) is not None:
        assert ends - left <= SETTINGS.done + SETTINGS.idle + SETTINGS.countdown + SETTINGS.waiting
        walk.now = ends
        walk.take(Tick())
    assert walk.state == Idle()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_from_every_screen_there_is_a_way_out_by_hand(seed: int) -> None:
    walk = Walk()
    for event, _ in steps(seed, walk):
        walk.take(event)
        way_out = Walk(walk.state, walk.now, walk.answers)
        for choice in (StillHereChosen(), BackChosen(), BackChosen(), BackChosen(), FinishChosen(), BackChosen()):
            way_out.take(choice)
        assert isinstance(way_out.state, Idle)


def test_the_walks_come_to_every_screen_and_past_every_door() -> None:
    """A control: walks that never see a right PIN or a slip prove nothing about them."""
    seen: Counter[str] = Counter()
    for seed in range(60):
        walk = Walk()
        for event, seconds in steps(seed, walk):
            walk.now += seconds
            state = walk.take(event)
            visit = visit_in(state)
            seen[type(state).__name__] += 1
            seen["titles"] += visit is not None and visit.titles_shown
            seen["slip of returns"] += isinstance(state, Goodbye) and bool(state.returned)
            seen["slip of renewals"] += isinstance(state, Goodbye) and bool(state.renewed)
    screens = {kind.__name__ for kind in get_args(State)} - {"Identifying", "OutOfService"}
    assert {name for name in (*screens, "titles", "slip of returns", "slip of renewals") if seen[name] < 5} == set()


def test_the_walk_would_notice_a_session_that_is_joined() -> None:
    """A control: with the rule about other cards broken by hand, what the walk looks at does change."""
    mine = Borrowing(a_visit(UIDS[0], "a"), 0)
    joined = replace(mine, visit=replace(mine.visit, patron=PATRONS[UIDS[1]]))
    assert "Patron 0" in shown(mine)
    assert "Patron 1" in shown(joined)


def test_the_walk_would_notice_a_title_that_is_shown_too_early() -> None:
    """A control: the same screen with the titles shown by hand does hold what the walk looks for."""
    mine = Loans(a_visit(UIDS[0], "a"), 0)
    assert "loan of" not in shown(mine)
    early = shown(replace(mine, visit=replace(mine.visit, titles_shown=True)))
    assert "loan of Patron 0" in early
    assert "hold of Patron 0" in early
