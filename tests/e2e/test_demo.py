"""The demo: exit code 0 only if the chain held; and it says where it broke."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.town import YOUYUE, Program

HIDDEN_PCSCD = """
from functools import partial
from pathlib import Path
import drivers.virtual_pcscd as room
room.PcscdPlaces = partial(room.PcscdPlaces, daemon=Path("/nowhere/pcscd"))
"""

REFUSING_POLICY = """
import circulation.policy as policy
from circulation.reasons import Decision, Reason
policy.decide_checkout = lambda *_, **__: Decision((Reason.PATRON_BLOCKED,))
"""

RUN = """
import sys
from youyue.cli import main
main(["demo", "--headless", "--reader", "virtual", "--folder", sys.argv[1]])
"""


@pytest.fixture
def environment() -> Iterator[Mapping[str, str]]:
    # Unix sockets have short paths: pytest's folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        yield {**os.environ, "XDG_RUNTIME_DIR": run, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}


def demo(folder: Path, environment: Mapping[str, str], broken: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", broken + RUN, str(folder)],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_story_plays_by_itself_and_leaves_its_traces(tmp_path: Path, environment: Mapping[str, str]) -> None:
    folder = tmp_path / "demo"
    played = demo(folder, environment)

    assert (played.returncode, played.stderr) == (0, ""), played.stdout + played.stderr
    assert "hold exactly the two loans" in played.stdout.splitlines()[-1]
    story = (folder / "story.md").read_text(encoding="utf-8")
    pictures = {path.name for path in (folder / "screens").iterdir()}
    assert {"1-attract.png", "1-home.png", "1-borrow-1.png", "1-borrow-2.png", "1-goodbye.png", "2-home.png"} <= pictures
    assert all(picture in story for picture in pictures)
    assert (folder / "registry" / "registry.db").exists()
    assert (folder / "kiosk-2" / "ledger.db").exists()


def test_a_second_demo_in_the_same_folder_begins_anew(tmp_path: Path, environment: Mapping[str, str]) -> None:
    folder = tmp_path / "demo"
    assert demo(folder, environment).returncode == 0
    assert demo(folder, environment).returncode == 0


def test_without_pcscd_it_ends_at_once_and_says_what_to_install(tmp_path: Path, environment: Mapping[str, str]) -> None:
    hidden = demo(tmp_path / "demo", environment, HIDDEN_PCSCD)
    assert (hidden.returncode, hidden.stderr) == (
        3,
        "youyue: /nowhere/pcscd is missing: install the PC/SC service with `sudo apt install pcscd`\n",
    )


def test_when_the_policy_refuses_the_story_fails_and_says_where(tmp_path: Path, environment: Mapping[str, str]) -> None:
    refused = demo(tmp_path / "demo", environment, REFUSING_POLICY)
    assert refused.returncode == 1
    assert "FAILED: waited 15 s for book 1 borrowed; the last screen was Borrow" in refused.stdout
    assert "did not end well" in (tmp_path / "demo" / "story.md").read_text(encoding="utf-8")


def test_a_story_that_is_told_to_stop_has_not_ended_well(tmp_path: Path, environment: Mapping[str, str]) -> None:
    folder = tmp_path / "demo"
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as story:
        assert story.stdout is not None
        for line in story.stdout:
            if "Kiosk 1 has fetched its snapshot" in line:
                story.terminate()
                break
        rest = story.stdout.read()
    assert story.returncode == 1
    assert "FAILED" in rest
    assert "Traceback" not in rest


def test_with_windows_one_plays_by_hand_and_the_tray_is_there(tmp_path: Path, environment: Mapping[str, str]) -> None:
    folder = tmp_path / "demo"
    windowed = {**environment, "QT_QPA_PLATFORM": "offscreen", "HEADLESS": ""}
    with Program("demo", "--reader", "virtual", "--folder", str(folder), environment=windowed) as played:
        played.wait_for("Click a card in the tray")
        inserted = subprocess.run([*YOUYUE, "card", "insert", "04510000"], env=windowed, capture_output=True, timeout=120, check=False)
        assert inserted.returncode == 0, inserted.stderr
        assert played.end(signal.SIGTERM) == 0
    assert "Somebody played it by hand" in (folder / "story.md").read_text(encoding="utf-8")
    assert not any("Error" in line for line in played.lines), played.lines
