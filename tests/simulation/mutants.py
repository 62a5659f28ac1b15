"""Breaks every rule of the synchronisation once, in the running programme, and sees an invariant notice: ``python -m tests.simulation.mutants``.

Each mutant is one small change of product code, made in memory. Prints which seed caught it and by which invariant; ends with 1 when
one survives.
"""

import argparse
import logging
import sys
from collections.abc import Sequence

import structlog

from tests.simulation.breaking import Mutant, broken
from tests.simulation.broken_bounds import BROKEN_BOUNDS
from tests.simulation.broken_rules import BROKEN_RULES
from tests.simulation.laws import BrokenLawError
from tests.simulation.peopled import EmptyWorldError
from tests.simulation.world import play

MUTANTS: tuple[Mutant, ...] = (*BROKEN_RULES, *BROKEN_BOUNDS)


def caught_by(mutant: Mutant, seeds: Sequence[int]) -> tuple[int, str] | None:
    """The first seed whose world is broken by the mutant, and what it said."""
    for seed in seeds:
        with broken(mutant):
            try:
                play(seed, faults=mutant.faults)
            except BrokenLawError as error:
                return seed, str(error)
            except EmptyWorldError:
                continue
    return None


def main() -> int:
    """Try every mutant on a few worlds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--seeds", type=int, default=6, help="how many worlds each may take")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=True)
    survived = 0
    for mutant in MUTANTS:
        if given.names and mutant.name not in given.names:
            continue
        found = caught_by(mutant, range(1, given.seeds + 1))
        survived += found is None
        told = "SURVIVED" if found is None else f"seed {found[0]}: {found[1]}"
        print(f"{mutant.name} (rule {mutant.rule}, {mutant.says}): {told}", flush=True)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
