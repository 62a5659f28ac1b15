"""A hundred thousand power cuts and more, at every write and sync of days drawn by chance: ``IMAGES=100000 make soak``.

What has been looked at stands in ``build/power-cuts-FIRST_SEED.json``, so that a run that was stopped goes on with the next day.
"""

import os
import time
from pathlib import Path

import msgspec

from tests.crash.day import a_day, losses

IMAGES = int(os.environ.get("IMAGES", "20000"))
FIRST_SEED = int(os.environ.get("SEED", "0"))
ACTS = 60
CHANCES = 6
"""Images by chance at every moment, beside that without and that with all that was not synced."""
KEPT = Path(f"build/power-cuts-{FIRST_SEED}.json")


class Seen(msgspec.Struct):
    """How far a run has come."""

    days: int = 0
    images: int = 0
    seconds: float = 0.0


def test_no_power_cut_loses_what_was_shown_as_done(tmp_path: Path) -> None:
    seen = msgspec.json.decode(KEPT.read_bytes(), type=Seen) if KEPT.exists() else Seen()
    while seen.images < IMAGES:
        began, seed = time.monotonic(), FIRST_SEED + seen.days
        day = tmp_path / str(seed)
        for number, lost in losses(a_day(day, acts=ACTS, seed=seed), day / "image", chances=CHANCES, seed=seed):
            assert lost is None, f"seed {seed}, step {number}: {lost}"
            seen.images += 1
        seen.days += 1
        seen.seconds += time.monotonic() - began
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_bytes(msgspec.json.encode(seen))
        print(f"{seen.images} images of {seen.days} days, {seen.images / seen.seconds:.0f} a second, nothing lost")


def test_the_control_that_does_not_sync_every_commit_loses_facts_in_most_days(tmp_path: Path) -> None:
    found = [lost for _, lost in losses(a_day(tmp_path, acts=ACTS, synchronous="NORMAL"), tmp_path / "image", every=5, chances=1)]
    lost = sum(one is not None for one in found)
    print(f"control: {lost} of {len(found)} images lost facts")
    assert lost > len(found) / 4
