"""The real kiosk process when its files can't grow any more: it says so, loses nothing, and goes on by itself when there is room.

The limit is the kernel's for the size of a process's files, set from outside while the kiosk runs: no rights are needed for it on any machine.
"""

import resource
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.acts import lend
from tests.e2e.town import Town, until

NO_ROOM = 1
"""Bytes that a file may have: every write beyond fails, whatever is there already stays."""


@pytest.fixture
def programs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_a_kiosk_whose_disk_is_full_shows_nothing_as_done_and_goes_on_when_there_is_room(town: Town, programs: ExitStack) -> None:
    programs.enter_context(town.serve_registry())
    programs.enter_context(town.start_reader())
    kiosk = programs.enter_context(town.start_kiosk(town.enrol_kiosk("L12", "kiosk-1")))
    books = town.barcodes("L12")
    lend(town, kiosk, books[:2])
    kiosk.wait_for("screen Attract", times=2)
    before = len(kiosk.wait_for("^done "))
    _, most = resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE)

    resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, (NO_ROOM, most))
    with town.card(town.pupils[1].uid):
        kiosk.wait_for("screen Home|screen OutOfService", times=2)
        town.scan(books[2])
        kiosk.wait_for('"event": "ledger_unwritable"')
        kiosk.wait_for("screen OutOfService")
    assert len(kiosk.wait_for("^done ")) == before

    resource.prlimit(kiosk.pid, resource.RLIMIT_FSIZE, (most, most))
    kiosk.wait_for("screen Attract", times=3)
    lend(town, kiosk, books[3:5], pupil=2)
    done = [line.removeprefix("done ").replace("-", "") for line in kiosk.wait_for("^done ", times=4)]
    until(lambda: town.rows("SELECT count(*) FROM fact")[0][0] >= len(done), "every fact")
    assert sorted(key for (key,) in town.rows("SELECT lower(hex(id)) FROM loan")) == sorted(done)
    assert town.rows("SELECT count(*), count(DISTINCT fact_key), max(seq) FROM fact") == [(4, 4, 4)]
