"""Breaks every rule of the programme in a copy of the tree, and sees a test fail that carries its id: ``python -m tests.rules [ID …]``.

Prints a table for docs/programme-rules.md. Ends with 1 when fewer than nine in ten of the breaks are caught.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.rules.breaking import Break, copy_of_the_tree, first_to_fail
from tests.rules.breaks import BREAKS
from tests.rules.carriers import carriers

_ENOUGH = 0.9


def main() -> int:
    """Break, run, mend, and say what was caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="only these, such as Q3-4b")
    parser.add_argument("--at-once", type=int, default=2, help="how many rules are broken at the same time, each in a copy of its own")
    given = parser.parse_args()
    chosen = [one for one in BREAKS if not given.ids or one.id in given.ids]
    caught = 0
    print("| id | broken so | in | noticed first by |\n|---|---|---|---|", flush=True)
    for one, test in _tried(chosen, at_once=given.at_once):
        caught += test is not None
        told = "**nothing**" if test is None else f"`{test.rpartition('::')[2].partition('[')[0]}`"
        print(f"| {one.id} | {one.says} | `{one.path}` | {told} |", flush=True)
    print(f"\n{caught} of {len(chosen)} breaks were noticed by a test that carries the id.")
    return 0 if caught >= _ENOUGH * len(chosen) else 1


def _tried(breaks: Sequence[Break], *, at_once: int) -> Iterator[tuple[Break, str | None]]:
    tests = carriers()
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        for number in range(at_once):
            free.put(copy_of_the_tree(Path(folder) / f"house-{number}"))

        def attempt(one: Break) -> str | None:
            house = free.get()
            try:
                return first_to_fail(house, one, tests[one.id])
            finally:
                free.put(house)

        yield from zip(breaks, pool.map(attempt, breaks), strict=True)


if __name__ == "__main__":
    sys.exit(main())
