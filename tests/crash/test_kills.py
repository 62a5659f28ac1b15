"""SIGKILL of the kiosk's process before every kind of call on its files. The long run is in ``tests/soak``."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.kills import BRANCH, kill, require_all_at_the_registry
from tests.crash.nursery import EVERY_KIND
from tests.e2e.town import Town

KILLS = 40
SOON = 300
"""Kills after which a broken kiosk has been noticed long since."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        town = Town(tmp_path_factory.mktemp("town"), Path(run))
        town.found_registry()
        yield town


@pytest.fixture(scope="module")
def kiosk(town: Town) -> Iterator[Path]:
    with town.serve_registry():
        yield town.enrol_kiosk(BRANCH, "kiosk-1")


def test_what_was_shown_as_done_survives_a_kill_before_any_call(town: Town, kiosk: Path) -> None:
    seen = kill(town, kiosk, KILLS)
    assert seen.lost == ""
    assert seen.counts.kills >= KILLS
    assert seen.counts.told.keys() >= EVERY_KIND
    require_all_at_the_registry(town, seen)


@pytest.mark.parametrize("control", ["shown_before_commit", "without_a_log"])
def test_a_kiosk_that_is_broken_is_seen_to_lose(town: Town, kiosk: Path, tmp_path: Path, control: str) -> None:
    clone = shutil.copytree(kiosk, tmp_path / "kiosk", symlinks=True)
    assert kill(town, clone, SOON, control=control).lost.startswith("lost: life")
