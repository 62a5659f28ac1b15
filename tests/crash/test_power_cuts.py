"""Power cuts at a kiosk: what was shown as done is there when power is back. The long run is in ``tests/soak``."""

from pathlib import Path

from tests.crash.day import a_day, losses
from tests.crash.recording import Marked

ACTS = 20


def test_what_was_shown_as_done_survives_a_power_cut_at_any_write(memory: Path) -> None:
    steps = a_day(memory, acts=ACTS)
    found = list(losses(steps, memory / "image", every=7, chances=1))
    assert [(number, lost) for number, lost in found if lost] == []
    assert len(found) > 250
    assert sum(isinstance(step, Marked) for step in steps) > ACTS


def test_a_ledger_that_does_not_sync_every_commit_is_seen_to_lose_facts(memory: Path) -> None:
    found = losses(a_day(memory, acts=3, synchronous="NORMAL"), memory / "image", every=7, chances=0)
    assert next(lost for _, lost in found if lost) == "facts that were shown as done are gone: 1"
