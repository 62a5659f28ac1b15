"""Card readers over a branch's long life: yanks at every byte, restarts of the service, USB plugs that come and go.

The programme that reads is another process, looked at from outside: what it prints, and what the kernel says of its files, threads
and memory. A true USB unplug cannot be made here, so that part runs on the scripted service, in this process.
``TAPS``, ``PCSCD_KILLS`` and ``UNPLUGS`` say how often. pcscd looks at a virtual reader every 0.4 s, so most of a tap is waiting:
``READERS`` services, each with its own reader and its own programme, share the taps and the kills and are waited for side by side.
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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from circulation.cards import CardUid
from drivers.ports import CardPresented, CardRemoved, DeviceFault, DeviceHealth, DeviceState, ReaderEvent
from drivers.virtual_reader import VirtualReaderAddress
from tests.contract.heard import Heard
from tests.contract.reader_benches import ScriptedBench, running
from tests.e2e.test_devices_cli import daemon_of
from tests.e2e.town import Program, Town, until
from tests.soak.footprint import Footprint, spread, stays_flat
from tests.soak.yanked_card import EXCHANGE, lay_and_yank

TAPS = int(os.environ.get("TAPS", "200"))
PCSCD_KILLS = int(os.environ.get("PCSCD_KILLS", "50"))
UNPLUGS = int(os.environ.get("UNPLUGS", "1000"))
READERS = int(os.environ.get("READERS", "4"))

GOAL_S = 0.5
YOUNG_S = 1.1
"""A daemon that ends younger than this, several times in a row, is given up on purpose."""
WARM_UP = 20
YANKED = "04A32B1C"
"""The UID of the cards that are yanked: when the last byte is the one, they have been read."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds to the printed line, from the moment the card lay there and from the first power that it got.

    ``from_power`` is none for a card that was never powered: after a broken exchange vpcd puts it, unnoticed by pcscd, in the other's place.
    """

    from_laid: float
    from_power: float | None


@dataclass(slots=True)
class Street:
    """A town without a registry: a service with its reader, the programme that reads it, and what was seen of both."""

    town: Town
    watch: Program
    before: Footprint | None = None
    after: Footprint | None = None
    reported: Counter[str] = field(default_factory=Counter)
    taps: list[Took] = field(default_factory=list)
    after_yanks: list[Took] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    yanks: Counter[int] = field(default_factory=Counter)
    daemons: set[int] = field(default_factory=set)


@contextmanager
def a_street(folder: Path) -> Iterator[Street]:
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        town = Town(folder, Path(run))
        with town.start_reader(), Program("reader", "watch", "--reader", "virtual", environment=town.environment) as watch:
            watch.wait_for("ready: Youyue Demo 00 00")
            yield Street(town, watch)


@pytest.fixture
def streets(tmp_path: Path) -> Iterator[list[Street]]:
    with ExitStack() as open_streets:
        yield [open_streets.enter_context(a_street(tmp_path / str(number))) for number in range(READERS)]


def side_by_side(streets: Sequence[Street], total: int, live: Callable[[Street, range], None]) -> None:
    """Let each street live through its share of the numbers below ``total``."""
    shares = [range(place * total // len(streets), (place + 1) * total // len(streets)) for place in range(len(streets))]
    with ThreadPoolExecutor(len(streets)) as threads:
        for lived in [threads.submit(live, street, share) for street, share in zip(streets, shares, strict=True)]:
            lived.result()


def a_uid(number: int) -> CardUid:
    return CardUid(b"\x04" + number.to_bytes(3, "big"))


def tap(street: Street, uid: CardUid) -> Took:
    """Lay a card, wait for its report, lift it, wait for that."""
    lines = street.watch.lines
    with street.town.card(uid) as card:
        laid_at = time.monotonic()
        street.watch.wait_for(f"card +{uid.hex}")
        now = time.monotonic()
        took = Took(now - laid_at, now - card.powered_at / 1e9 if card.powered_at else None)
    until(lambda: any("removed" in line for line in lines[_place(lines, uid) :]), "the removal")
    count_cards(street)
    return took


def count_cards(street: Street) -> None:
    """Count the cards among the lines printed since the last time, and let those lines go."""
    heard = tuple(street.watch.lines)
    del street.watch.lines[: len(heard)]
    street.reported.update(re.findall(r"card +([0-9A-F]+) ", "\n".join(heard)))


def wait_until_grown() -> None:
    """Let the daemon that has just been met become older than one that its keeper takes for a failure."""
    met_at = time.monotonic()
    until(lambda: time.monotonic() - met_at > YOUNG_S, "a daemon that is old enough")


def _place(lines: Sequence[str], uid: CardUid) -> int:
    return next(place for place, line in enumerate(lines) if uid.hex in line)


def stay_flat(streets: Sequence[Street]) -> None:
    for street in streets:
        print(f"{street.before} then {street.after}")
        assert street.before is not None
        assert street.after is not None
        stays_flat(street.before, street.after)


def tap_and_yank(street: Street, numbers: range) -> None:
    chance = random.Random(114 + numbers.start)
    address = VirtualReaderAddress.find(street.town.run)
    assert address is not None
    for turn, number in enumerate(numbers):
        if turn == min(WARM_UP, len(numbers) // 2):
            street.before = Footprint.of(street.watch.pid)
        if turn % 2:
            at_byte = turn // 2 if turn // 2 < EXCHANGE else chance.randrange(EXCHANGE)
            street.yanks[at_byte] += 1
            lay_and_yank(address.port, at_byte=at_byte)
        took = tap(street, a_uid(number))
        (street.after_yanks if turn % 2 else street.taps).append(took)
    street.after = Footprint.of(street.watch.pid)
    count_cards(street)


def test_every_completed_tap_is_reported_once_whatever_is_yanked_in_between(streets: list[Street]) -> None:
    side_by_side(streets, TAPS, tap_and_yank)
    yanks = sum((street.yanks for street in streets), Counter[int]())
    taps = [took for street in streets for took in street.taps]
    after_yanks = [took for street in streets for took in street.after_yanks]
    powered = [took.from_power for took in (*taps, *after_yanks) if took.from_power is not None]
    print(
        f"{TAPS} taps on {READERS} readers, {yanks.total()} yanks at {len(yanks)} of {EXCHANGE} bytes, {TAPS - len(powered)} cards never powered"
    )
    print(f"power to line: {spread(powered)}")
    print(f"laid to line: {spread([took.from_laid for took in taps])}; after a yank: {spread([took.from_laid for took in after_yanks])}")
    reported = sum((street.reported for street in streets), Counter[str]())
    assert {uid: times for uid, times in reported.items() if uid != YANKED} == {a_uid(number).hex: 1 for number in range(TAPS)}
    stay_flat(streets)
    assert statistics.median(took.from_laid for took in after_yanks) <= GOAL_S


def kill_and_tap(street: Street, numbers: range) -> None:
    tap(street, a_uid(numbers.start))
    street.before = Footprint.of(street.watch.pid)
    for number in numbers[1:]:
        daemon = daemon_of(street.town)
        street.daemons.add(daemon)
        wait_until_grown()
        os.kill(daemon, signal.SIGKILL)
        killed_at = time.monotonic()
        street.watch.wait_for("ready: Youyue Demo 00 00")
        street.restarts.append(time.monotonic() - killed_at)
        count_cards(street)
        tap(street, a_uid(number))
    street.after = Footprint.of(street.watch.pid)
    count_cards(street)


def test_every_restart_of_the_service_is_survived_and_the_next_tap_read(streets: list[Street]) -> None:
    taps = PCSCD_KILLS + len(streets)
    side_by_side(streets, taps, kill_and_tap)
    daemons = set[int]().union(*(street.daemons for street in streets))
    seconds = [took for street in streets for took in street.restarts]
    print(f"{len(seconds)} kills of pcscd on {READERS} readers, {len(daemons)} processes; kill to ready: {spread(seconds)}")
    assert len(daemons) == len(seconds) == PCSCD_KILLS
    reported = sum((street.reported for street in streets), Counter[str]())
    assert reported == {a_uid(number).hex: 1 for number in range(taps)}
    stay_flat(streets)
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
