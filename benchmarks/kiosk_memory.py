"""M12: what a kiosk holds in memory after many sessions, and whether it grows.

Ours is a whole kiosk without a registry (``benchmarks.sessions_process``): 10,000 sessions at the city's size, 1,000 in the demo. The limit is the smallest
QML program at its first frame. Both figures are bytes. The slope is a straight line through what was held in the second half of the sessions.
"""

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.city import City
from benchmarks.figures import Goal, Measure, Samples, Unit

SESSIONS = {"demo": 1_000, "city": 10_000}
GOAL = Goal(times=2)
FLAT = Goal(median=64)
"""Bytes a session that count as none: a year of a busy kiosk is 5 MB then. Of few sessions caches that fill up are most of it."""


def measures(city: City, build: Path) -> list[Measure]:
    sessions = SESSIONS[city.scale.name]
    held = _said(["benchmarks.sessions_process", city.scale.name, str(build), str(sessions)], "sessions")
    (minimal,) = _said(["benchmarks.minimal_qml"], "resident")
    later = held[len(held) // 2 :]
    slope = statistics.linear_regression([float(number) for number, _ in later], [float(size) for _, size in later]).slope
    ours, limit = Samples(((float(held[-1][1]),),)), Samples(((float(minimal[0]),),))
    beside = {"bytes after a tenth of the sessions": float(held[len(held) // 10][1]), "growth, bytes a session": slope}
    goal = FLAT if sessions == SESSIONS["city"] else None
    what = f"memory after {sessions:,} sessions"
    return [
        Measure("M12", what, ours, limit, "the smallest QML program", GOAL, beside, Unit.BYTES),
        Measure("M12s", "growth a session, in the second half", Samples(((slope,),)), goal=goal, unit=Unit.BYTES),
    ]


def _said(module: list[str], word: str) -> list[tuple[int, ...]]:
    done = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    return [tuple(int(part) for part in line[1:]) for line in lines if line[0] == word]
