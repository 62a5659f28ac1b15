"""The installed wheel: every file of the rooms is in it, and it works without the tree."""

import importlib
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

TREE = Path(__file__).parents[2]
INSTALLED = Path(sysconfig.get_path("purelib"))
ROOMS: list[str] = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
YOUYUE = Path(sys.prefix) / "bin" / "youyue"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_comes_from_the_wheel(room: str) -> None:
    origin = importlib.import_module(room).__file__
    assert origin is not None
    assert Path(origin).is_relative_to(INSTALLED)


def test_every_file_of_the_rooms_is_in_the_wheel() -> None:
    listing = ["git", "-c", f"safe.directory={TREE}", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *ROOMS]
    listed = subprocess.run(listing, cwd=TREE, capture_output=True, text=True, check=True).stdout
    paths = [path for path in listed.split("\0") if path and (TREE / path).is_file()]
    assert {Path(path).suffix for path in paths} >= {".py", ".qml", ".svg", ".ttf", ".po"}
    assert [path for path in paths if not (INSTALLED / path).is_file()] == []


@pytest.mark.parametrize(
    "command", [[], ["demo"], ["kiosk", "run"], ["kiosk", "enrol"], ["registry", "serve"], ["card", "insert"], ["reader", "watch"]]
)
def test_the_command_teaches_its_use(command: list[str], tmp_path: Path) -> None:
    helped = subprocess.run([YOUYUE, *command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert helped.returncode == 0, helped.stderr
    assert helped.stdout.startswith("Usage: youyue")


def test_the_module_is_the_command_too(tmp_path: Path) -> None:
    helped = subprocess.run([sys.executable, "-P", "-m", "youyue", "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert helped.returncode == 0, helped.stderr


def test_the_whole_story_plays_from_the_wheel(tmp_path: Path) -> None:
    played = subprocess.run(
        [YOUYUE, "demo", "--headless", "--reader", "virtual", "--folder", tmp_path / "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert (tmp_path / "demo" / "story.md").is_file()


def test_nothing_of_the_tree_is_on_the_path() -> None:
    assert [entry for entry in sys.path if Path(entry).resolve() == TREE] == []
    assert os.environ.get("PYTHONPATH") is None
