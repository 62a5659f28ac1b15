"""Slips are listed and printed again from a terminal, over a socket of the kiosk's own user."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import json
from pytestqt.qtbot import QtBot

from drivers.ports import Raster
from kiosk.view import Screen
from tests.contract.heard import Heard
from tests.integration.youyue.printing.visits import VISIT, WAIT_MS, dots, said
from ui.viewmodels.kiosk import KioskViewModel
from youyue.cli.root import root
from youyue.printing import SlipPrinter
from youyue.slip_desk import SlipAnswer, SlipAsk, SlipDesk, SlipDeskError, ask_slip_desk


class Terminal:
    """Asks in a thread of its own, as another process would, while the kiosk's event loop goes on."""

    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self.path = path
        self._qtbot = qtbot

    def ask(self, asked: SlipAsk) -> SlipAnswer:
        answers: list[SlipAnswer] = []
        thread = threading.Thread(target=lambda: answers.append(ask_slip_desk(self.path, asked)))
        thread.start()
        self._qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
        thread.join()
        return answers[0]


@pytest.fixture
def terminal(printing: SlipPrinter, tmp_path: Path, qtbot: QtBot) -> Iterator[Terminal]:
    assert printing.roll is not None
    desk = SlipDesk(tmp_path / "slips-1.sock", printing.roll)
    yield Terminal(tmp_path / "slips-1.sock", qtbot)
    desk.close()


def test_a_terminal_lists_slips_without_what_stands_on_them_and_prints_one_again(
    show: Callable[[Screen], None], view_model: KioskViewModel, terminal: Terminal, slips: Heard[Raster], qtbot: QtBot
) -> None:
    assert terminal.ask(SlipAsk()) == SlipAnswer([])
    assert terminal.ask(SlipAsk(reprint=True)) == SlipAnswer([])
    show(VISIT)
    view_model.slip_printing.ask()
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.printed", timeout=WAIT_MS)
    answer = terminal.ask(SlipAsk(reprint=True, number=1))
    assert answer.reprinted is not None
    assert (answer.reprinted.number, answer.reprinted.kind) == (1, "loans")
    assert "小王子" not in json.encode(answer).decode()
    assert [slips.next(), slips.next()] == [dots(), dots()]


def test_the_socket_is_its_owners_alone_and_takes_the_place_of_a_dead_one(printing: SlipPrinter, tmp_path: Path, qtbot: QtBot) -> None:
    assert printing.roll is not None
    path = tmp_path / "slips-1.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    desk = SlipDesk(path, printing.roll)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert Terminal(path, qtbot).ask(SlipAsk()) == SlipAnswer([])
    desk.close()


@pytest.mark.parametrize("sent", [b"nonsense\n", b'{"reprint":1}\n', b"x" * 5000], ids=["no JSON", "another type", "no end"])
def test_nonsense_gets_an_empty_answer_or_none(terminal: Terminal, qtbot: QtBot, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(terminal.path))
        link.sendall(sent)
        link.settimeout(0)
        heard = bytearray()

        def over() -> bool:
            try:
                part = link.recv(100)
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            heard.extend(part)
            return not part

        qtbot.waitUntil(over, timeout=WAIT_MS)
    assert bytes(heard) in {b"", b'{"slips":[],"reprinted":null}\n'}
    assert terminal.ask(SlipAsk()) == SlipAnswer([])


def test_where_no_kiosk_runs_a_terminal_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SlipDeskError, match=r"start the kiosk, and name its printer in kiosk\.printer"):
        ask_slip_desk(tmp_path / "none.sock", SlipAsk())


def test_the_command_prints_again_and_says_which(  # noqa: PLR0913, PLR0917 - the parts of a kiosk
    show: Callable[[Screen], None],
    view_model: KioskViewModel,
    terminal: Terminal,
    slips: Heard[Raster],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("youyue.cli.slips.slip_socket", lambda _: terminal.path)
    monkeypatch.setenv("YOUYUE_KIOSK_LANGUAGE", "en")

    def run(*words: str) -> tuple[int, str]:
        results: list[tuple[int, str]] = []

        def invoke() -> None:
            result = CliRunner().invoke(root, ["slip", *words])
            results.append((result.exit_code, result.output))

        thread = threading.Thread(target=invoke)
        thread.start()
        qtbot.waitUntil(lambda: bool(results), timeout=WAIT_MS)
        thread.join()
        return results[0]

    assert run("list") == (0, "")
    assert run("reprint") == (1, "youyue: There is no slip that can be printed again now.\n")
    show(VISIT)
    view_model.slip_printing.ask()
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.printed", timeout=WAIT_MS)
    code, listed = run("list")
    assert code == 0
    assert listed.endswith("  library slip  printed\n")
    code, told = run("reprint")
    assert code == 0
    assert "Printing again: 1  " in told
    assert run("reprint", "--number", "9")[0] == 1
    slips.next()
    assert slips.next() == dots()
