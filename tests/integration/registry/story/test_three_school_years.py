"""Three school years of a small city, played into a registry: every patron is as an oracle says that knows nothing of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.registry.homes import Homes
from tests.story.player import Player
from tests.story.script import SCHOOLS, three_school_years
from tests.story.verdict import assert_same

PUPILS, SEED = 300, 20250901


@pytest.fixture
def player(homes: Homes, tmp_path: Path) -> Iterator[Player]:
    home = homes.empty(tmp_path / "registry")
    made = Player.at(home, tmp_path, SCHOOLS)
    yield made
    made.registry.close()
    homes.remove(home)


def test_three_school_years_leave_every_patron_as_the_programme_says(player: Player) -> None:
    story = three_school_years(PUPILS, seed=SEED)
    player.play(story.happenings)
    assert_same(story.oracle, player)
