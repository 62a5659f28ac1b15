"""SIGKILL of the kiosk's process before every system call on its files, one life after the other: ``CALL_KILLS=5000 make soak``.

The machine of the kiosk (all but the glass and the card reader) lives in forks of one process that has imported everything, and sends to a
real registry. After each death the ledger must hold what was shown; at the end every fact is at the registry once.
"""

import os
import time

from tests.crash.kills import BRANCH, kill, require_all_at_the_registry
from tests.crash.nursery import EVERY_KIND
from tests.e2e.town import Town

KILLS = int(os.environ.get("CALL_KILLS", "5000"))


def test_no_kill_at_a_call_loses_or_doubles_a_loan(town: Town) -> None:
    with town.serve_registry():
        folder = town.enrol_kiosk(BRANCH, "kiosk-1")
        began = time.monotonic()
        seen = kill(town, folder, KILLS)
        took = time.monotonic() - began
        assert seen.lost == ""
        require_all_at_the_registry(town, seen)
    assert seen.counts.told.keys() >= EVERY_KIND
    print(f"{seen.counts.kills} kills in {seen.counts.lives} lives and {took:.0f} s: {seen.counts.facts} facts at the registry, each once")
