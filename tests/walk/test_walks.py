"""A short walk at every run of the tests; the long one is ``make soak``."""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject

from tests.ui.bench import ORIENTATIONS, Bench
from tests.walk.paths import PATHS, SELDOM
from tests.walk.walker import walked

STEPS = 400


def test_whatever_is_touched_nothing_of_somebody_else_is_seen_and_waiting_leads_back(make_bench: Callable[..., Bench]) -> None:
    walk = walked(1, STEPS, make_bench(ORIENTATIONS["portrait"]))
    taken = {way for way in walk.kiosk.seen if way[0] and way[0] != way[1]}
    assert len(taken) > 20
    assert taken - {(screen, after) for screen, ways in PATHS.items() for after in ways} <= SELDOM.keys()


def test_a_seed_is_one_walk(make_bench: Callable[..., Bench]) -> None:
    one, other = (walked(7, 60, make_bench(ORIENTATIONS["portrait"])) for _ in range(2))
    assert (one.kiosk.seen, one.acts) == (other.kiosk.seen, other.acts)


def test_a_window_in_use_leaves_nothing_of_qt_to_be_found_as_garbage(make_bench: Callable[..., Bench]) -> None:
    """It would be found in whichever thread allocates, the line's or the core's, and Qt dies of that."""
    bench = make_bench(ORIENTATIONS["portrait"])
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        walk = walked(7, 200, bench)
        gc.collect()
        left = [type(one).__name__ for one in gc.garbage if isinstance(one, QObject)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert len(walk.kiosk.seen) > 10
    assert left == []
