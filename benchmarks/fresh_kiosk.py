"""M7: a kiosk that has just been enrolled, from its start until it can know people: snapshot, encryption, replica in place.

Ours is the whole ``KioskMachine`` on an empty folder, with a real registry in another process: manifest,
download, digest, unpacking in memory, ``sqlcipher_export``, wiping, the replica opened and put in place,
until the first view that is not "out of service". The limit is one ``sqlcipher_export`` of the same plain
file to the same disk, durable at its end.
"""

import os
import secrets
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from benchmarks.city import City
from benchmarks.figures import Goal, Measure
from benchmarks.registry_process import ServedRegistry, served
from benchmarks.rounds import Count, in_turn, timed
from benchmarks.stillness import NoReader, NoScanner
from kiosk.settings import KioskSettings
from kiosk.view import OutOfService, View
from replica.durable import sync_to_disk
from sync.enrol import enrol
from youyue.clock import SystemClock, SystemKeys
from youyue.machine import KioskMachine, Surroundings

COUNT = {"demo": Count(rounds=10, samples=1, warm_up=1), "city": Count(rounds=5, samples=1, warm_up=1)}
GOAL = Goal(times=1.5)
"""At the city's size only: a small file is exported before the kiosk has so much as asked for its name."""
_PATIENCE = 600


def measures(city: City, build: Path) -> list[Measure]:
    copies: list[float] = []
    with served(city.registry) as registry:

        def ours() -> float:
            copies.append(_in_folder(build, lambda folder: timed(lambda: _copy(city.plain, folder / "copy.db"))))
            return _in_folder(build, lambda folder: _fresh_kiosk(registry, folder))

        def limit() -> float:
            return _in_folder(build, lambda folder: timed(lambda: _export(city.plain, folder / "bare.db")))

        mine, bare = in_turn(COUNT[city.scale.name], ours, limit)
    goal = GOAL if city.scale.name == "city" else None
    beside = {"cp + fsync": statistics.median(copies), "bytes of the plain file": float(city.plain.stat().st_size)}
    return [Measure("M7", "fresh kiosk, snapshot to ready", mine, bare, "one sqlcipher_export of the plain file", goal, beside)]


def _fresh_kiosk(registry: ServedRegistry, folder: Path) -> float:
    identity = enrol(folder, registry=registry.url, code=registry.code(), name="benchmark")
    ready = threading.Event()

    def show(view: View) -> None:
        if not isinstance(view.screen, OutOfService):
            ready.set()

    failures: list[BaseException] = []
    begun = time.perf_counter()
    surroundings = Surroundings(NoReader(), (NoScanner(),), show, failures.append, SystemClock(), SystemKeys())
    kiosk = KioskMachine(folder, identity, KioskSettings(), surroundings)
    kiosk.start()
    came = ready.wait(_PATIENCE)
    taken = time.perf_counter() - begun
    kiosk.stop()
    assert came, "the kiosk did not get ready"
    assert not failures, failures
    return taken


def _export(plain: Path, target: Path) -> None:
    """The limit."""
    with closing(sqlcipher.connect(str(target), isolation_level=None)) as file:
        file.execute(f"PRAGMA key=\"x'{secrets.token_bytes(32).hex()}'\"")
        file.execute("ATTACH ? AS plain KEY ''", (str(plain),))
        file.execute("PRAGMA main.journal_mode=OFF")
        file.execute("PRAGMA main.synchronous=OFF")
        file.execute("SELECT sqlcipher_export('main', 'plain')").fetchone()
        file.execute("DETACH plain")
    sync_to_disk(target)


def _copy(plain: Path, target: Path) -> None:
    """What the disk alone takes."""
    shutil.copyfile(plain, target)
    sync_to_disk(target)


def _in_folder(build: Path, act: Callable[[Path], float]) -> float:
    """Do it in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=build) as folder:
        taken = act(Path(folder))
    os.sync()  # nobody pays for what another has left to write
    return taken
