"""A fixed list of small worlds, each with every fault, and the proof that a seed is a world."""

import pytest

from tests.simulation.peopled import FORGETFUL_REGISTRY
from tests.simulation.world import play


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_invariant_is_broken_whatever_goes_wrong(seed: int) -> None:
    world = play(seed)
    assert world.counts["own writes read"] > 0


def test_a_registry_that_was_put_back_to_a_backup_and_is_told_nothing_breaks_none() -> None:
    assert play(1, faults=(FORGETFUL_REGISTRY,)).counts[FORGETFUL_REGISTRY] > 0


def test_a_seed_is_one_world_to_the_byte() -> None:
    one, other = play(5, faults=()), play(5, faults=())
    assert one.trace == other.trace
    assert one.counts == other.counts
