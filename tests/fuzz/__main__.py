"""Fuzzes every parser, or those named, and prints what was run: ``python -m tests.fuzz [--runs N] [--keep] [PARSER…]``.

The inputs found stay in ``build/fuzz/PARSER`` and are where the next run begins; one that breaks a law is left in ``build/fuzz/broken``.
``--keep`` writes the shortest of each way through the parser into ``tests/fuzz/corpus``.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.fuzz.corpus import keep, kept, minimised
from tests.fuzz.parsers import TARGETS
from tests.fuzz.target import Target
from tests.fuzz.walked import Coverage, Walk, coverage, walking

BUILD = Path("build/fuzz")
BROKEN = BUILD / "broken"
SLOWEST_S = 60
"""A single input that takes longer counts as broken; by the clock on the wall, on a machine that may be busy."""
MEMORY_MB = 1024
"""More in the whole process counts as broken."""
_DONE = re.compile(r"^Done (\d+) runs in (\d+) second", re.MULTILINE)
_LAST = re.compile(r"^#(\d+)\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fuzzing one parser came to."""

    target: Target
    executions: int
    seconds: float
    crashes: tuple[Path, ...]
    inputs: int
    covered: Coverage


def fuzz(target: Target, runs: int) -> Outcome:
    """Run one parser so often, beginning with what is kept and what was found before."""
    folder = BUILD / target.name
    folder.mkdir(parents=True, exist_ok=True)
    BROKEN.mkdir(exist_ok=True)
    for data in kept(target):
        (folder / sha256(data).hexdigest()[:40]).write_bytes(data)
    log = BUILD / f"{target.name}.log"
    options = (
        f"-runs={runs}",
        f"-max_len={target.longest}",
        f"-timeout={SLOWEST_S}",
        f"-report_slow_units={SLOWEST_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={BROKEN}/{target.name}-",
        "-use_counters=0",  # how often a loop runs is no news: else the inputs grow long and each run slow
    )
    began = time.monotonic()
    before = set(BROKEN.glob(f"{target.name}-*"))
    with log.open("wb") as out:
        subprocess.run([sys.executable, "-m", "tests.fuzz.engine", target.name, *options, str(folder)], stdout=out, stderr=out, check=False)
    said = log.read_text("utf-8", "replace")
    done = _DONE.findall(said) or [(number, 0) for number in _LAST.findall(said)] or [(0, 0)]
    crashes = tuple(sorted(set(BROKEN.glob(f"{target.name}-*")) - before))
    found = tuple(file.read_bytes() for file in sorted(folder.iterdir()))
    return Outcome(target, int(done[-1][0]), time.monotonic() - began, crashes, len(found), walked_by(target, found))


def walked_by(target: Target, inputs: Sequence[bytes]) -> Coverage:
    """What these inputs walk of the parser's modules."""
    walk = Walk()
    with walking(target.files, walk):
        for data in inputs:
            with suppress(Exception):  # one that was kept may break a law: the engine has said so
                target.check(data)
    return coverage(target.files, walk)


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield f"{'parser':18} {'executions':>12} {'seconds':>8} {'a second':>9} {'inputs':>7} {'lines':>12} {'crashes':>8}"
    for one in outcomes:
        a_second = one.executions / one.seconds
        lines = f"{one.covered.statements - len(one.covered.missed)}/{one.covered.statements} {one.covered.percent:.0f}%"
        yield f"{one.target.name:18} {one.executions:12,} {one.seconds:8.0f} {a_second:9,.0f} {one.inputs:7} {lines:>12} {len(one.crashes):8}"


def main() -> int:
    """Print the table; the exit code says whether a law was broken or an input is missing."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("parsers", nargs="*", choices=[*TARGETS, []], metavar="PARSER", help=", ".join(TARGETS))
    asked.add_argument("--runs", type=int, default=1_000_000, help="executions of each parser")
    asked.add_argument("--keep", action="store_true", help="write the shortest input of each way through it into tests/fuzz/corpus")
    asked.add_argument("--side-by-side", type=int, default=2, metavar="N", help="so many parsers at a time")
    given = asked.parse_args()
    targets = [TARGETS[name] for name in given.parsers or TARGETS]
    with ThreadPoolExecutor(given.side_by_side) as threads:
        outcomes = list(threads.map(lambda target: fuzz(target, given.runs), targets))
    print(*_table(outcomes), sep="\n")
    for outcome in outcomes:
        for crash in outcome.crashes:
            print(f"{outcome.target.name}: {crash} broke a law, see {BUILD / outcome.target.name}.log: {crash.read_bytes()[:100].hex()}")
        if outcome.covered.missed:
            print(f"{outcome.target.name}: not walked: {', '.join(outcome.covered.missed)}")
        if given.keep and not outcome.crashes:
            found = (file.read_bytes() for file in (BUILD / outcome.target.name).iterdir())
            keep(outcome.target, minimised(outcome.target, found, kept(outcome.target)))
    return 1 if any(outcome.crashes or outcome.executions < given.runs for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
