"""Random walks of the session machine: nothing of one patron is ever there for another, and every session ends."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.cards import CardUid
from circulation.ids import LoanId
from drivers.ports import BarcodeScanned, CardPresented, CardUnreadable
from kiosk.events import BackChosen, BorrowChosen, Event, FinishChosen, PutBackChosen, StillHereChosen, Tick, Touched
from kiosk.present import Scene, present
from kiosk.session import advance, deadline
from kiosk.settings import KioskSettings
from kiosk.states import (
    Answer,
    Borrowing,
    CardTurnedAway,
    Goodbye,
    Identifying,
    Idle,
    Lend,
    PatronIdentified,
    PutBack,
    Refused,
    State,
    StillHere,
    VisitChanged,
    visit_in,
)
from kiosk.view import Line, LineState, Refusal
from kiosk.visit import Visit
from tests.builders import a_patron
from tests.kiosk_world import NOON

SETTINGS = KioskSettings()
UIDS = [CardUid(bytes([4, 0, 0, n])) for n in range(3)]
PATRONS = {uid: a_patron(id=UUID(int=n + 1), masked_name=f"Patron {n}") for n, uid in enumerate(UIDS)}

CHOICES = st.sampled_from(
    [Touched(), BorrowChosen(), BackChosen(), FinishChosen(), StillHereChosen(), Tick(), PutBackChosen(LoanId(UUID(int=1)))]
)
HARDWARE = st.one_of(
    st.sampled_from(UIDS).map(lambda uid: CardPresented(uid, "r", 0)),
    st.integers(0, 3).map(lambda n: BarcodeScanned(f"B{n}", "s", 0)),
    st.just(CardUnreadable("r", 0)),
)
LATE = st.one_of(
    st.sampled_from(UIDS).map(lambda uid: PatronIdentified(a_visit(uid, "late"))),
    st.sampled_from(UIDS).map(lambda uid: VisitChanged(a_visit(uid, "late"))),
    st.sampled_from(UIDS).map(lambda uid: CardTurnedAway(uid, Refusal.LOST)),
)
STEPS = st.lists(st.tuples(st.one_of(CHOICES, HARDWARE, LATE), st.sampled_from([0.0, 0.1, 3.0, 9.0, 21.0, 40.0])), min_size=20, max_size=80)


def a_visit(uid: CardUid, correlation: str) -> Visit:
    return Visit(uid, uid.octets, correlation, PATRONS[uid])


def borrowed(visit: Visit, barcode: str) -> Visit:
    number = visit.scanned + 1
    return visit.with_line(Line(number, LineState.BORROWED, f"of {visit.patron.masked_name}", barcode, loan=LoanId(UUID(int=number))))


def answered(state: State, now: float, walk: list[str]) -> State:
    """What the core does when a state asks for something."""
    while True:
        match state:
            case Identifying(uid):
                walk.append(f"v{len(walk)}")
                state = advance(state, PatronIdentified(a_visit(uid, walk[-1])), now=now, settings=SETTINGS)
            case Borrowing(visit, todo=(Lend(barcode), *_)):
                state = advance(state, VisitChanged(borrowed(visit, barcode), done=True), now=now, settings=SETTINGS)
            case Borrowing(visit, todo=(PutBack(loan), *_)):
                state = advance(state, VisitChanged(visit.with_put_back(loan), done=True), now=now, settings=SETTINGS)
            case _:
                return state


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_happens_nobody_sees_anything_of_somebody_else(steps: list[tuple[Event | Answer, float]]) -> None:
    state: State = Idle()
    now, walk, tapped = 0.0, list[str](), None
    for event, seconds in steps:
        now += seconds
        until_now = advance(state, Tick(), now=now, settings=SETTINGS)
        before = visit_in(until_now)
        state = answered(advance(state, event, now=now, settings=SETTINGS), now, walk)
        if isinstance(event, CardPresented):
            tapped = event.uid
        visit = visit_in(state)
        if visit is not None and before is not None:
            assert visit.patron == before.patron
        if isinstance(until_now, StillHere) and isinstance(event, BarcodeScanned):
            assert visit == before
            assert isinstance(state, StillHere)
            assert event.text in state.waiting.barcodes
        if visit is not None and before is None:
            assert tapped is not None
            assert visit.patron == PATRONS[tapped]
        shown = repr(present(state, Scene(NOON, None, None, ()), SETTINGS))
        here = visit.patron.masked_name if visit is not None else None
        left = {line.title for line in state.lines} if isinstance(state, Goodbye) else set()
        for patron in PATRONS.values():
            if patron.masked_name != here and f"of {patron.masked_name}" not in left:
                assert patron.masked_name not in shown
        if isinstance(state, StillHere | Idle | Refused):
            assert "Patron" not in shown
        if isinstance(state, Goodbye):
            assert len(left) <= 1


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happened_the_kiosk_is_free_again_when_nobody_does_anything(steps: list[tuple[Event | Answer, float]]) -> None:
    state: State = Idle()
    now, walk = 0.0, list[str]()
    for event, seconds in steps:
        now += seconds
        state = answered(advance(state, event, now=now, settings=SETTINGS), now, walk)
    left = now
    while (ends := deadline(state, SETTINGS)) is not None:
        assert ends - left <= SETTINGS.idle + SETTINGS.countdown + SETTINGS.waiting
        state = answered(advance(state, Tick(), now=ends, settings=SETTINGS), ends, walk)
    assert state == Idle()


def test_the_walk_would_notice_a_session_that_is_joined() -> None:
    """A control: with the rule about other cards broken by hand, what the walk looks at does change."""
    mine = Borrowing(a_visit(UIDS[0], "a"), 0)
    joined = replace(mine, visit=replace(mine.visit, patron=PATRONS[UIDS[1]]))
    assert "Patron 0" in repr(present(mine, Scene(NOON, None, None, ()), SETTINGS))
    assert "Patron 1" in repr(present(joined, Scene(NOON, None, None, ()), SETTINGS))
