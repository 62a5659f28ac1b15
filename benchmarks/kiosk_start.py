"""M3: from the start of the kiosk's process to its first frame, and to the first frame that answers a card.

Ours is ``youyue kiosk run`` (``benchmarks.kiosk_process``), enrolled, with the city's replica in place and
the registry within reach. The limit is the smallest QML program in the same language
(``benchmarks.minimal_qml``). Both are processes of their own, started from warm files, and both count
from before the process exists.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.city import DATABASE_KEY, SEED, City
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.registry_process import served
from benchmarks.rounds import Count, in_turn
from replica.files import ReplicaFiles
from sync.enrol import enrol
from sync.identity import IDENTITY_NAME, write_identity

COUNT = Count(rounds=10, samples=1, warm_up=2)
FIRST_FRAME = Goal(times=1.5)
FIRST_TAP = Goal(p99=3)
_PATIENCE = 60


def measures(city: City, build: Path) -> list[Measure]:
    chance = random.Random(SEED)
    taps: list[float] = []
    with served(city.registry) as registry, tempfile.TemporaryDirectory(dir=build) as temporary:
        folder = Path(temporary)
        environment = _warm(build, temporary)
        _kiosk_folder(city, folder, registry.url, registry.code())
        kiosk = ["benchmarks.kiosk_process", str(folder)]

        def ours() -> float:
            taps.append(_until_frame([*kiosk, city.tapped(chance).hex], environment))
            return _until_frame(kiosk, environment)

        mine, bare = in_turn(COUNT, ours, lambda: _until_frame(["benchmarks.minimal_qml"], environment))
    return [
        Measure("M3", "start → first frame", mine, bare, "minimal QML program", FIRST_FRAME),
        Measure("M3t", "start → first accepted tap", Samples((tuple(taps[COUNT.warm_up :]),)), goal=FIRST_TAP),
    ]


def _warm(build: Path, run: str) -> dict[str, str]:
    """The environment of both: Python keeps what it has compiled, as it does wherever pip installed the packages."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(build / "bytecode"), "XDG_RUNTIME_DIR": run}


def _kiosk_folder(city: City, folder: Path, url: str, code: str) -> None:
    """An enrolled kiosk that has the city's replica: its key of the database is the one that the replica was encrypted with."""
    identity = enrol(folder, registry=url, code=code, name="benchmark")
    (folder / IDENTITY_NAME).unlink()
    write_identity(folder, msgspec.structs.replace(identity, database_key=DATABASE_KEY))
    files = ReplicaFiles(folder)
    replica = files.next_path()
    shutil.copyfile(city.encrypted, replica)
    files.put_in_place(replica)


def _until_frame(module: list[str], environment: dict[str, str]) -> float:
    begun = time.monotonic_ns()
    done = subprocess.run([sys.executable, "-m", *module], env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    frames = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("frame ")]
    assert frames, f"{module[0]} drew no frame: {done.stderr[-500:]}"
    return (frames[0] - begun) / 1e9
