"""What a kiosk is for is told and set from a terminal, over a socket of the kiosk's own user."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk.events import DevicesChosen, ModeChosen
from kiosk.modes import Mode
from kiosk.refusal import Refusal
from kiosk.view import Attract, Home, OutOfService, Screen
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked, ClassProgress
from ui.gallery.examples import A_CLASS, a_view, an_account
from youyue.cli.root import root
from youyue.line_desk import LineDeskError, ask_line_desk
from youyue.mode_desk import ModeAsk, ModeDesk, ModeDeskError, ask_mode_desk

WAIT_MS = 5000


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


class Desk:
    """A kiosk's desk, and a terminal that runs commands in a thread of its own, as another process would."""

    def __init__(self, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.posted: list[ModeChosen | DevicesChosen] = []
        self.desk = ModeDesk(path, self.posted.append)
        self._qtbot = qtbot
        monkeypatch.setattr("youyue.cli.kiosk_mode.mode_socket", lambda _: path)
        monkeypatch.setenv("YOUYUE_KIOSK_LANGUAGE", "en")

    def run(self, *words: str) -> tuple[int, str]:
        results: list[tuple[int, str]] = []

        def invoke() -> None:
            result = CliRunner().invoke(root, ["kiosk", *words])
            results.append((result.exit_code, result.output))

        thread = threading.Thread(target=invoke)
        thread.start()
        self._qtbot.waitUntil(lambda: bool(results), timeout=WAIT_MS)
        thread.join()
        return results[0]

    def show(self, screen: Screen, progress: ClassProgress | None = None) -> None:
        self.desk.show(a_view(screen, class_visit=progress))


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(tmp_path / "mode-1.sock", qtbot, monkeypatch)
    yield made
    made.desk.close()


@pytest.mark.parametrize(
    ("words", "chosen", "told"),
    [
        (["class-visit"], ModeChosen(Mode.CLASS_VISIT), "The class visit has begun; it ends by itself after 40 minutes."),
        (
            ["class-visit", "--minutes", "50"],
            ModeChosen(Mode.CLASS_VISIT, 3000),
            "The class visit has begun; it ends by itself after 50 minutes.",
        ),
        (["card-check"], ModeChosen(Mode.CARD_CHECK), "The check of cards has begun. End it with `youyue kiosk mode lending`."),
        (
            ["card-check", "--minutes", "90"],
            ModeChosen(Mode.CARD_CHECK, 5400),
            "The check of cards has begun; it ends by itself after 90 minutes.",
        ),
        (["lending"], ModeChosen(Mode.LENDING), "Back to lending as on every day."),
    ],
)
def test_a_librarian_sets_what_the_kiosk_is_for(desk: Desk, words: list[str], chosen: ModeChosen, told: str) -> None:
    assert desk.run("mode", *words) == (0, told + "\n")
    assert desk.posted == [chosen]


def test_a_librarian_asks_what_the_kiosk_is_for_and_how_far_it_is(desk: Desk) -> None:
    assert desk.run("mode") == (0, "Lending, as on every day.\n")
    desk.show(Attract(), A_CLASS)
    assert desk.run("mode") == (0, "A class until 14:50: 12 pupils, 31 books.\n")
    desk.show(CardCheck(28, 2))
    desk.show(CardChecked(Refusal.LOST, 112))
    assert desk.run("mode") == (0, "Checking cards: 28 work, 2 to sort out.\n")
    desk.show(Attract())
    assert desk.run("mode") == (0, "Lending, as on every day.\n")
    assert desk.posted == []


@pytest.mark.parametrize(
    ("screen", "told"),
    [
        (Attract(), "The page of devices is open; it closes after 5 minutes without a touch."),
        (CardCheck(), "The page of devices is open; it closes after 5 minutes without a touch."),
        (OutOfService("no_replica"), "The page of devices is open; it closes after 5 minutes without a touch."),
        (Devices(), "The page of devices is open; it closes after 5 minutes without a touch."),
        (Home(an_account()), "Somebody is at the kiosk. The page of devices opens as soon as nobody is."),
        (Attract(2), "Somebody is at the kiosk. The page of devices opens as soon as nobody is."),
    ],
)
def test_a_librarian_has_the_page_of_devices_opened_and_hears_whether_it_must_wait(desk: Desk, screen: Screen, told: str) -> None:
    desk.show(screen)

    assert desk.run("devices") == (0, told + "\n")
    assert desk.posted == [DevicesChosen()]


def test_while_the_page_of_devices_is_open_the_kiosk_is_for_what_it_was(desk: Desk) -> None:
    desk.show(CardCheck(28, 2))
    desk.show(Devices())

    assert desk.run("mode") == (0, "Checking cards: 28 work, 2 to sort out.\n")


@pytest.mark.parametrize("words", [["--minutes", "5"], ["lending", "--minutes", "5"], ["class-visit", "--minutes", "0"], ["party"]])
def test_what_makes_no_sense_is_refused(desk: Desk, words: list[str]) -> None:
    assert desk.run("mode", *words)[0] == 2
    assert desk.posted == []


@pytest.mark.parametrize(
    "line", [b"nonsense", b'{"mode":"party"}', b'{"mode":"card_check","seconds":-1}', b'{"mode":"card_check","seconds":1e9}']
)
def test_the_socket_is_its_owners_alone_and_nonsense_sets_nothing(desk: Desk, tmp_path: Path, qtbot: QtBot, line: bytes) -> None:
    path = tmp_path / "mode-1.sock"
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(ask_line_desk(path, line)))
    thread.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    thread.join()

    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert answers == [b'{"mode":"lending","until":null,"first":0,"second":0,"free":true}\n']
    assert desk.posted == []


def test_where_no_kiosk_runs_a_terminal_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModeDeskError, match="start it on this machine, and run the command as the kiosk's own user"):
        ask_mode_desk(tmp_path / "none.sock", ModeAsk())
    with pytest.raises(LineDeskError):
        ask_line_desk(tmp_path / "none.sock", b"")
