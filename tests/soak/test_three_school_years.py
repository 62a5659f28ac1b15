"""Three school years of a whole city's pupils on each engine, with at least fifty of everything that happens (``make soak``)."""

import resource
import time
from pathlib import Path

import pytest

from tests.integration.registry.homes import ENGINES, PostgresHomes, SqliteHomes
from tests.story.kinds import counted, rarer_than
from tests.story.player import Player
from tests.story.script import three_school_years
from tests.story.verdict import assert_same

PUPILS, SEED, LEAST = 30_000, 114, 50


@pytest.mark.parametrize("engine", ENGINES)
def test_three_years_of_thirty_thousand_pupils_leave_every_patron_as_the_programme_says(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    story = three_school_years(PUPILS, seed=SEED)
    homes = SqliteHomes() if engine == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))
    home = homes.empty(tmp_path / "registry")
    player = Player.at(home, tmp_path, story.schools)
    began = time.monotonic()
    player.play(story.happenings)
    played = time.monotonic() - began
    assert_same(story.oracle, player)
    player.registry.close()
    homes.remove(home)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{engine}: {len(story.happenings)} happenings, {len(story.oracle.accounts)} patrons, {played:.0f} s, at most {megabytes} MB")
    for name, count in sorted([*counted(story).items(), *player.done.items()], key=lambda one: -one[1]):
        print(f"{count:>7} {name}")
    assert not rarer_than(story, LEAST)
