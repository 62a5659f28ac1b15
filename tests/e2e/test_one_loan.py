"""One tap, one loan, all the way, through real processes."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from circulation.wire import MAX_WAIT_SECONDS
from tests.e2e.acts import kill_at_done, lend
from tests.e2e.town import Town, until


@pytest.fixture
def programs() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_the_second_kiosk_is_told_of_a_loan_long_before_its_poll_would_end(town: Town, programs: ExitStack) -> None:
    programs.enter_context(town.serve_registry())
    programs.enter_context(town.start_reader())
    first = programs.enter_context(town.start_kiosk(town.enrol_kiosk("L12", "kiosk-1")))
    second = programs.enter_context(town.start_kiosk(town.enrol_kiosk("A13", "kiosk-2"), place=2))

    lend(town, first, town.barcodes("L12")[:1])
    lent_at = time.monotonic()

    second.wait_for('"event": "changes_applied"')
    assert time.monotonic() - lent_at < MAX_WAIT_SECONDS / 2


def test_without_the_registry_lending_goes_on_and_afterwards_every_fact_is_there_once_and_in_order(town: Town, programs: ExitStack) -> None:
    registry = town.serve_registry()
    programs.enter_context(town.start_reader())
    kiosk = programs.enter_context(town.start_kiosk(town.enrol_kiosk("L12", "kiosk-1")))
    registry.end(signal.SIGTERM)
    kiosk.wait_for("registry_lost")

    lend(town, kiosk, town.barcodes("L12")[:3])
    assert town.rows("SELECT count(*) FROM fact") == [(0,)]

    registry = programs.enter_context(town.serve_registry())
    until(lambda: town.rows("SELECT count(*) FROM fact") == [(3,)], "three facts")
    (tap,) = kiosk.wait_for('"event": "tap"')
    recorded = registry.wait_for('"event": "fact_recorded"', times=3)
    assert {json.loads(line)["correlation"] for line in recorded} == {json.loads(tap)["correlation"]}
    assert town.rows("SELECT seq, status FROM fact ORDER BY received_at, seq") == [(1, "accepted"), (2, "accepted"), (3, "accepted")]
    assert town.rows("SELECT count(*), count(DISTINCT fact_key) FROM fact") == [(3, 3)]
    assert town.rows("SELECT count(*), count(DISTINCT item) FROM loan WHERE closed_at IS NULL") == [(3, 3)]


def test_a_kiosk_killed_at_the_printed_done_loses_no_loan_and_makes_none_twice(town: Town, programs: ExitStack) -> None:
    programs.enter_context(town.serve_registry())
    programs.enter_context(town.start_reader())
    folder = town.enrol_kiosk("L12", "kiosk-1")
    done = [kill_at_done(town, folder, round_number=number, delay=number * 0.002) for number in range(6)]

    programs.enter_context(town.start_kiosk(folder))
    until(lambda: town.rows("SELECT count(*) FROM fact") == [(len(done),)], "every fact")
    assert sorted(key for (key,) in town.rows("SELECT lower(hex(id)) FROM loan")) == sorted(done)
    assert town.rows("SELECT count(DISTINCT fact_key), max(seq) FROM fact") == [(len(done), len(done))]
