"""A short walk at every run of the tests; the long one is ``make soak``."""

from collections.abc import Callable

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
