"""Card readers over a branch's long life: yanks at every byte, restarts of the service, USB plugs that come and go.

The programme that reads is another process, looked at from outside: what it prints, and what the kernel says of its files, threads
and memory. A true USB unplug cannot be made here, so that part runs on the scripted service, in this process.
``TAPS``, ``PCSCD_KILLS`` and ``UNPLUGS`` say how often.
"""

import os
import random
import re
import signal
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from circulation.cards import CardUid
from drivers.ports import CardPresented, CardRemoved, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from drivers.virtual_reader import VirtualReaderAddress
from tests.contract.heard import Heard
from tests.contract.reader_benches import ScriptedBench, running
from tests.e2e.test_devices_cli import daemon_of
from tests.e2e.town import Program, Town, until
from tests.soak.yanked_card import EXCHANGE, lay_and_yank

TAPS = int(os.environ.get("TAPS", "200"))
PCSCD_KILLS = int(os.environ.get("PCSCD_KILLS", "50"))
UNPLUGS = int(os.environ.get("UNPLUGS", "1000"))

GOAL_S = 0.5
YOUNG_S = 1.1
"""A daemon that ends younger than this, several times in a row, is given up on purpose."""
GROWTH_KB = 8 * 1024
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds, as the kernel tells it."""

    files: int
    threads: int
    memory_kb: int

    @classmethod
    def of(cls, pid: int) -> "Footprint":
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        found = {name: int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1]) for name in ("Threads", "VmRSS")}  # type: ignore[index]  # the kernel always writes both
        return cls(len(list(Path(f"/proc/{pid}/fd").iterdir())), found["Threads"], found["VmRSS"])


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Town]:
    """A town without a registry: readers alone."""
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        yield Town(tmp_path, Path(run))


def a_uid(number: int) -> CardUid:
    return CardUid(b"\x04" + number.to_bytes(3, "big"))


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds to the printed line, from the moment the card lay there and from the first power that it got."""

    from_laid: float
    from_power: float


def tap(street: Town, watch: Program, uid: CardUid, reported: Counter[str]) -> Took:
    """Lay a card, wait for its report, lift it, wait for that."""
    with street.card(uid) as card:
        laid_at = time.monotonic()
        watch.wait_for(f"card +{uid.hex}")
        now = time.monotonic()
        took = Took(now - laid_at, now - card.powered_at / 1e9)
    until(lambda: any("removed" in line for line in watch.lines[_place(watch.lines, uid) :]), "the removal")
    reported.update(re.findall(r"card +([0-9A-F]+) ", "\n".join(watch.lines)))
    watch.lines.clear()
    return took


def wait_until_grown() -> None:
    """Let the daemon that has just been met become older than one that its keeper takes for a failure."""
    met_at = time.monotonic()
    until(lambda: time.monotonic() - met_at > YOUNG_S, "a daemon that is old enough")


def _place(lines: Sequence[str], uid: CardUid) -> int:
    return next(place for place, line in enumerate(lines) if uid.hex in line)


def spread(seconds: Sequence[float]) -> str:
    return f"median {statistics.median(seconds) * 1000:.1f} ms, worst {max(seconds) * 1000:.1f} ms"


def stays_flat(before: Footprint, after: Footprint) -> None:
    assert (after.files, after.threads) == (before.files, before.threads)
    assert after.memory_kb - before.memory_kb < GROWTH_KB


def test_every_completed_tap_is_reported_once_whatever_is_yanked_in_between(street: Town) -> None:
    chance = random.Random(114)
    reported: Counter[str] = Counter()
    taps: list[Took] = []
    after_yanks: list[Took] = []
    yanks: Counter[int] = Counter()
    with street.start_reader(), Program("reader", "watch", "--reader", "virtual", environment=street.environment) as watch:
        watch.wait_for("ready: Youyue Demo 00 00")
        address = VirtualReaderAddress.find(street.run)
        assert address is not None
        before = None
        for number in range(TAPS):
            if number == min(WARM_UP, TAPS // 2):
                before = Footprint.of(watch.pid)
            if number % 2:
                at_byte = (number // 2) % EXCHANGE if number // 2 < EXCHANGE else chance.randrange(EXCHANGE)
                yanks[at_byte] += 1
                lay_and_yank(address.port, at_byte=at_byte)
            took = tap(street, watch, a_uid(number), reported)
            (after_yanks if number % 2 else taps).append(took)
        after = Footprint.of(watch.pid)
    assert before is not None
    print(f"{TAPS} taps, {yanks.total()} yanks at {len(yanks)} of {EXCHANGE} bytes; {before} then {after}")
    print(f"power to line: {spread([took.from_power for took in (*taps, *after_yanks)])}")
    print(f"laid to line: {spread([took.from_laid for took in taps])}; after a yank: {spread([took.from_laid for took in after_yanks])}")
    assert {uid: times for uid, times in reported.items() if uid != "04A32B1C"} == {a_uid(number).hex: 1 for number in range(TAPS)}
    stays_flat(before, after)
    assert statistics.median(took.from_laid for took in after_yanks) <= GOAL_S


def test_every_restart_of_the_service_is_survived_and_the_next_tap_read(street: Town) -> None:
    reported: Counter[str] = Counter()
    seconds = []
    daemons = set()
    with street.start_reader(), Program("reader", "watch", "--reader", "virtual", environment=street.environment) as watch:
        watch.wait_for("ready: Youyue Demo 00 00")
        tap(street, watch, a_uid(0), reported)
        before = Footprint.of(watch.pid)
        for number in range(1, PCSCD_KILLS + 1):
            daemon = daemon_of(street)
            daemons.add(daemon)
            wait_until_grown()
            os.kill(daemon, signal.SIGKILL)
            killed_at = time.monotonic()
            watch.wait_for("ready: Youyue Demo 00 00")
            seconds.append(time.monotonic() - killed_at)
            watch.lines.clear()
            tap(street, watch, a_uid(number), reported)
        after = Footprint.of(watch.pid)
    print(f"{PCSCD_KILLS} kills of pcscd, {len(daemons)} processes; kill to ready: {spread(seconds)}; {before} then {after}")
    assert len(daemons) == PCSCD_KILLS
    assert reported == {a_uid(number).hex: 1 for number in range(PCSCD_KILLS + 1)}
    stays_flat(before, after)
    assert statistics.median(seconds) <= GOAL_S


def test_every_unplugged_reader_is_missed_found_again_and_read() -> None:
    bench, heard = ScriptedBench(), Heard[ReaderEvent]()
    first, second = bench.names
    bench.scard.unplug(second)
    seconds = []
    with running(bench.a_reader(), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
        before, threads = Footprint.of(os.getpid()), threading.active_count()
        for number in range(UNPLUGS):
            bench.scard.wait_until_waited_for()
            bench.scard.unplug(first)
            assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_READER
            bench.scard.plug(first)
            plugged_at = time.monotonic()
            assert heard.next_as(DeviceHealth).state is DeviceState.READY
            seconds.append(time.monotonic() - plugged_at)
            bench.lay(a_uid(number).hex)
            assert heard.next_as(CardPresented).uid == a_uid(number)
            bench.lift()
            heard.next_as(CardRemoved)
        assert heard.rest() == []
        assert (bench.scard.open_contexts, bench.scard.open_connections, threading.active_count()) == (1, 0, threads)
        after = Footprint.of(os.getpid())
    print(f"{UNPLUGS} unplugs and plugs (scripted); plug to ready: {spread(seconds)}; {before} then {after}")
    stays_flat(before, after)
    assert statistics.median(seconds) <= GOAL_S
