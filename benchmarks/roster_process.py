"""One import in a process of its own, as the command does it: ``python -m benchmarks.roster_process FOLDER FILE [URL]``.

Prints one line of JSON: the seconds from opening the file to the commit, the most memory that the process ever had, what it counted.
"""

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from youyue.registry_room import open_registry
from youyue.roster_room import uncollected
from youyue.settings import Settings

SCHOOL_YEAR = 114


def main(folder: Path, file: Path, database: str) -> None:
    told: list[int] = []
    with closing(open_registry(folder, Settings(), database)) as registry, uncollected():
        desk = registry.rosters.desk
        begun = time.perf_counter()
        loaded = desk.load(RosterOrder(RosterKind.BUREAU_STUDENTS, file, SCHOOL_YEAR), told=told.append)
        read = time.perf_counter() - begun
        preview = desk.preview(loaded, by="benchmark")
        looked = time.perf_counter() - begun
        brought = desk.commit(loaded, preview, by="benchmark")
        seconds = time.perf_counter() - begun
    report = {
        "seconds": seconds,
        "read": read,
        "looked": looked,
        "peak": _peak(),
        "told": len(told),
        "state": str(brought.state),
        "cases": {str(kind): count for kind, count in preview.cases.items()},
        "outcomes": {str(outcome): count for outcome, count in preview.outcomes.items() if count},
    }
    print(json.dumps(report))


def _peak() -> int:
    """Bytes: the high-water mark of this process's memory."""
    (line,) = (one for one in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
