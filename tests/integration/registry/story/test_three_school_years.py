"""Three school years of a small city, played into a registry: every patron is as an oracle says that knows nothing of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.registry.homes import Homes
from tests.story.events import Happening
from tests.story.kinds import rarer_than
from tests.story.oracle import Oracle, told
from tests.story.otherwise import told_otherwise
from tests.story.player import Player
from tests.story.script import Story, three_school_years
from tests.story.verdict import assert_same, told_by

A_CITY, A_TOWN = {"pupils": 300, "seed": 10}, {"pupils": 100, "seed": 7}
"""With these seeds everything happens at least once, among so few pupils too."""

Play = Callable[[Story, Sequence[Happening]], Player]


@pytest.fixture
def played(homes: Homes, tmp_path: Path) -> Iterator[Play]:
    """Plays happenings into a library of its own."""
    home = homes.empty(tmp_path / "registry")
    with ExitStack() as closing:

        def play(story: Story, happenings: Sequence[Happening]) -> Player:
            player = Player.at(home, tmp_path, story.schools)
            closing.callback(player.registry.close)
            player.play(happenings)
            return player

        yield play
    homes.remove(home)


def test_three_school_years_leave_every_patron_as_the_programme_says(played: Play) -> None:
    story = three_school_years(**A_CITY)
    assert not rarer_than(story, 1)
    assert_same(story.oracle, played(story, story.happenings))


def test_r15_the_same_years_with_rows_in_another_order_and_files_cut_elsewhere_end_in_the_same_state(played: Play) -> None:
    story = three_school_years(**A_TOWN)
    otherwise = told_otherwise(story.happenings, seed=1)
    assert not rarer_than(story, 1)
    assert told_by(told(Oracle(), otherwise)) == told_by(story.oracle), "the programme itself says that it must be the same"
    assert_same(story.oracle, played(story, otherwise))
