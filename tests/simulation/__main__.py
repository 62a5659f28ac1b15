"""Plays worlds: ``python -m tests.simulation --seed 7``, or ``--from 1 --to 500 --big --state FILE``, which goes on where it stopped."""

import argparse
import logging
import sys
import time
from dataclasses import replace
from pathlib import Path

import structlog

from tests.simulation.clocks import CLOCKS
from tests.simulation.laws import BrokenLawError
from tests.simulation.outsiders import OUTSIDERS
from tests.simulation.peopled import BIG, FAULTS, IMAGE_THEN_BACKUP, THOROUGH, EmptyWorldError
from tests.simulation.upkeep import UPKEEP
from tests.simulation.world import play


def main() -> int:
    """Play, print the counters of every world, and say which seeds failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="this world only")
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--to", dest="last", type=int, default=5)
    parser.add_argument("--big", action="store_true", help="20 kiosks, 30 days, 2,000 facts, every fault five times")
    parser.add_argument("--state", type=Path, help="seeds that were played stand here, and are not played again")
    parser.add_argument("--also", action="append", default=[], help="a fault that is not in every world: registry_forgets")
    parser.add_argument("--further", action="store_true", help="those of outsiders and clocks, too, which are not in every world yet")
    parser.add_argument(
        "--gather", type=float, metavar="HOURS", help="for which kiosks gather changes while things go wrong; 5 in a big world"
    )
    parser.add_argument("--no-faults", action="store_true")
    parser.add_argument("--log", action="store_true", help="what the programme itself logs")
    given = parser.parse_args()
    if not given.log:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=True)
    seeds = [given.seed] if given.seed is not None else range(given.first, given.last + 1)
    done = set(given.state.read_text("ascii").split()) if given.state and given.state.exists() else set()
    size = BIG if given.big else THOROUGH
    if given.gather is not None:
        size = replace(size, rhythm=replace(size.rhythm, gather=given.gather * 3600))
    failed = 0
    for seed in seeds:
        if str(seed) in done:
            continue
        begun = time.process_time()
        try:
            faults = () if given.no_faults else (*FAULTS, IMAGE_THEN_BACKUP, UPKEEP, *OUTSIDERS, *CLOCKS) if given.further else FAULTS
            faults = (*faults, *given.also)
            world = play(seed, size, faults=faults)
        except (BrokenLawError, EmptyWorldError) as error:
            failed += 1
            print(f"seed {seed}: {error}", flush=True)
            continue
        seconds = time.process_time() - begun
        counted = ", ".join(f"{count} {what}" for what, count in sorted(world.counts.items()))
        print(f"seed {seed}: {seconds:.1f} s of a core, {world.scheduler.events} events, trace {world.trace}: {counted}", flush=True)
        if given.state:
            with given.state.open("a", encoding="ascii") as file:
                file.write(f"{seed}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
