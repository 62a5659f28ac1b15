"""Scanners over a branch's long life: cables that come and go, and hours in which nobody scans. ``SCANNER_UNPLUGS`` says how often.

The serial line is a pseudo-terminal of the kernel, the keyboard a socket with the kernel's event bytes. What a process does while nobody
scans is told by its processor time, which a loop that looks again and again would use up.
"""

import os
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.ports import BarcodeScanned, DeviceFault, DeviceHealth, DeviceState, ScannerEvent
from tests.contract.heard import Heard
from tests.contract.scanner_benches import PluggedBench, SerialBench, WedgeBench
from tests.soak.footprint import Footprint, spread, stays_flat

SCANNER_UNPLUGS = int(os.environ.get("SCANNER_UNPLUGS", "200"))
STOPS = 200
GOAL_S = 0.5
STOP_S = 0.010
QUIET_S = 20
IDLE_SHARE = 0.02
"""Of one processor, while a scanner is looked for; while one waits it is nothing that can be measured."""
WARM_UP = 20


@pytest.fixture(params=[SerialBench, WedgeBench])
def plugged(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PluggedBench]:
    made: PluggedBench = request.param(tmp_path)
    yield made
    made.close()


def test_every_unplugged_scanner_is_missed_found_again_and_read(plugged: PluggedBench) -> None:
    heard, seconds = Heard[ScannerEvent](), []
    scanner = plugged.a_scanner()
    scanner.start(heard)
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    before = None
    for number in range(SCANNER_UNPLUGS + WARM_UP):
        if number == WARM_UP:
            before = Footprint.of(os.getpid())
        plugged.unplug()
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_SCANNER
        plugged.plug()
        plugged_at = time.monotonic()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
        seconds.append(time.monotonic() - plugged_at)
        plugged.scan(f"{number:014}")
        assert heard.next_as(BarcodeScanned).text == f"{number:014}"
    after = Footprint.of(os.getpid())
    scanner.stop()
    assert heard.rest() == []
    assert before is not None
    print(f"{plugged.name.split(' at ')[0]}: {SCANNER_UNPLUGS} unplugs; plug to ready: {spread(seconds)}; {before} then {after}")
    stays_flat(before, after)
    assert statistics.median(seconds) <= GOAL_S


@pytest.mark.parametrize("there", [True, False], ids=["waiting", "missing"])
def test_a_scanner_stops_at_once_whether_it_waits_or_is_missing(plugged: PluggedBench, *, there: bool) -> None:
    if not there:
        plugged.unplug()
    seconds = []
    for _ in range(STOPS):
        scanner, heard = plugged.a_scanner(), Heard[ScannerEvent]()
        scanner.start(heard)
        heard.next_as(DeviceHealth)
        begun = time.monotonic()
        scanner.stop()
        seconds.append(time.monotonic() - begun)
    print(f"{plugged.name.split(' at ')[0]}: {STOPS} stops: {spread(seconds)}")
    assert statistics.median(seconds) <= STOP_S


@pytest.mark.parametrize("there", [True, False], ids=["waiting", "missing"])
def test_nothing_is_done_while_nobody_scans(plugged: PluggedBench, *, there: bool) -> None:
    if not there:
        plugged.unplug()
    heard, scanner = Heard[ScannerEvent](), plugged.a_scanner()
    scanner.start(heard)
    heard.next_as(DeviceHealth)
    begun = time.process_time()
    threading.Event().wait(QUIET_S)
    used = time.process_time() - begun
    scanner.stop()
    print(f"{plugged.name.split(' at ')[0]}, {'waiting' if there else 'missing'}: {used * 1000:.1f} ms of a processor in {QUIET_S} s")
    assert used / QUIET_S < IDLE_SHARE
