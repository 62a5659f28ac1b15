"""What a process holds, before and after something was done to it very often."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GROWTH_KB = 8 * 1024


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


def spread(seconds: Sequence[float]) -> str:
    return f"median {statistics.median(seconds) * 1000:.1f} ms, worst {max(seconds) * 1000:.1f} ms"


def stays_flat(before: Footprint, after: Footprint) -> None:
    assert (after.files, after.threads) == (before.files, before.threads)
    assert after.memory_kb - before.memory_kb < GROWTH_KB
