"""A walk of 100,000 steps through real screens, core and registry: ``STEPS=100000 SEED=1 make soak``."""

import os
import time
from collections.abc import Callable

import pytest

from tests.ui.bench import ORIENTATIONS, Bench
from tests.walk.paths import PATHS, SELDOM
from tests.walk.walker import walked

STEPS, SEED = int(os.environ.get("STEPS", "100000")), int(os.environ.get("SEED", "1"))
OFTEN = 20


@pytest.mark.parametrize("orientation", ["portrait"])
def test_every_screen_and_every_way_is_gone_often_and_nothing_breaks(make_bench: Callable[..., Bench], orientation: str) -> None:
    begun = time.monotonic()
    walk = walked(SEED, STEPS, make_bench(ORIENTATIONS[orientation]))
    print(f"\n{STEPS} steps of seed {SEED} in {time.monotonic() - begun:.0f} s")
    for counted in (walk.acts, walk.kiosk.seen):
        for what, count in counted.most_common():
            print(f"{count:>7} {what if isinstance(what, str) else ' → '.join(what)}")
    ways = {(screen, after) for screen, them in PATHS.items() for after in them}
    assert {way for way in walk.kiosk.seen if way[0] and way[0] != way[1]} - ways <= SELDOM.keys()
    assert {way: walk.kiosk.seen[way] for way in ways if walk.kiosk.seen[way] < OFTEN} == {}
