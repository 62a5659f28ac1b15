"""A kiosk's slips on a receipt printer that answers on loopback: printed, or the patron is told and staff print them again."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import json
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from circulation.checkins import Destination
from circulation.facts import CheckedOut
from drivers.escpos_links import open_link
from drivers.escpos_printer import EscposPrinter, Pace
from drivers.ports import DeviceHealth, DeviceState, PrinterEvent, Raster
from drivers.printer_address import parse_address
from drivers.virtual_printer import Condition, VirtualPrinter
from kiosk.view import Attract, Return, ReturnLine, Screen, View
from tests.builders import a_patron, an_item
from tests.contract.heard import LIMIT_S, Heard
from tests.kiosk_world import LIN, WANG, a_kiosk
from tests.ui.paper_world import CHINESE_FIRST, ENGLISH_FIRST, a_visit, lent
from tests.ui.views import a_place
from ui.fonts import load_fonts
from ui.paper.kept import SlipFate, SlipKind
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import loan_slip, routing_slip
from ui.viewmodels.kiosk import KioskViewModel
from youyue.cli.root import root
from youyue.clock import SystemClock
from youyue.printing import SlipPrinter, slip_printer
from youyue.settings import KioskSection, LibrarySettings, Settings
from youyue.slip_desk import SlipAnswer, SlipAsk, SlipDesk, SlipDeskError, ask_slip_desk

WEBSITE = "tpml.gov.taipei"
VISIT = a_visit(lent(1), lent(2, "小王子"))
FAR = ReturnLine(1, "小王子", "30234000517861", Destination.OTHER_BRANCH, "L12")
WAIT_MS = round(LIMIT_S * 1000)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def slips() -> Heard[Raster]:
    return Heard()


@pytest.fixture
def paper(slips: Heard[Raster]) -> Iterator[VirtualPrinter]:
    printer = VirtualPrinter(slips)
    yield printer
    printer.close()


@pytest.fixture
def view_model(qapp: QGuiApplication) -> Iterator[KioskViewModel]:
    load_fonts()
    made = KioskViewModel(lambda _: None, SystemClock().monotonic, CHINESE_FIRST.main, CHINESE_FIRST.second)
    yield made
    delete(made)


@pytest.fixture
def states() -> list[DeviceState]:
    """What the printer said of itself, the newest last."""
    return []


@pytest.fixture
def printing(paper: VirtualPrinter, view_model: KioskViewModel, states: list[DeviceState]) -> Iterator[SlipPrinter]:
    device = EscposPrinter(
        partial(open_link, parse_address(paper.address)), monotonic=time.monotonic, pace=Pace(opening=LIMIT_S, answer=0.5, look_every=0.05)
    )
    settings = Settings(library=LibrarySettings(website=WEBSITE), kiosk=KioskSection(printer=paper.address, slip_seconds=2))
    printer = slip_printer(settings, device, view_model, CHINESE_FIRST, SystemClock())
    assert printer is not None

    def heard(event: PrinterEvent) -> None:
        if isinstance(event, DeviceHealth):
            states.append(event.state)
        printer.heard(event)

    device.start(heard)
    yield printer
    device.stop()
    delete(printer)


@pytest.fixture
def revive(paper: VirtualPrinter) -> Iterator[Callable[[Heard[Raster]], None]]:
    """Switch a printer on where the first one was."""
    with ExitStack() as stack:

        def revive(slips: Heard[Raster]) -> None:
            stack.callback(VirtualPrinter(slips, port=paper.port).close)

        yield revive


@pytest.fixture
def show(qapp: QGuiApplication, view_model: KioskViewModel, printing: SlipPrinter) -> Callable[[Screen], None]:
    def show(screen: Screen) -> None:
        view = View(screen, a_place())
        view_model.show(view)
        printing.show(view)
        qapp.processEvents()

    return show


def dots() -> Raster:
    return raster_of(loan_slip(VISIT, a_place(), CHINESE_FIRST, WEBSITE), Roll.MM80)


def said(view_model: KioskViewModel) -> str:
    return str(view_model.slip_printing.property("said"))


def test_a_slip_that_was_asked_for_comes_out_and_the_screen_says_so(
    show: Callable[[Screen], None], view_model: KioskViewModel, slips: Heard[Raster], qtbot: QtBot
) -> None:
    show(VISIT)
    view_model.slip_printing.ask()
    assert slips.next() == dots()
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.printed", timeout=WAIT_MS)


@pytest.mark.parametrize(
    "condition",
    [
        Condition(paper_out=True),
        Condition(cover_open=True),
        Condition(silent=True),
        Condition(seconds_a_byte=1.0),
        Condition(hangs_up_after=0),
        Condition(hangs_up_after=20),
        Condition(hangs_up_after=5000),
        "off",
    ],
    ids=["paper out", "cover open", "silent", "a byte a second", "hangs up at once", "hangs up early", "hangs up late", "off"],
)
def test_a_slip_that_does_not_come_out_is_told_and_printed_again_by_staff(  # noqa: PLR0913, PLR0917 - the parts of a kiosk
    show: Callable[[Screen], None],
    view_model: KioskViewModel,
    printing: SlipPrinter,
    paper: VirtualPrinter,
    slips: Heard[Raster],
    condition: Condition | str,
    qtbot: QtBot,
    revive: Callable[[Heard[Raster]], None],
    states: list[DeviceState],
) -> None:
    assert printing.roll is not None
    show(VISIT)
    if isinstance(condition, Condition):
        paper.become(condition)
        view_model.slip_printing.ask()
        qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
        paper.become(Condition())
        again = slips
    else:
        paper.close()
        view_model.slip_printing.ask()
        qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
        again = Heard[Raster]()
        revive(again)
    for speech in (CHINESE_FIRST, ENGLISH_FIRST):
        assert speech.main.say("goodbye.print.not_printed")
    [kept] = printing.roll.kept()
    assert (kept.kind, kept.fate) == (SlipKind.LOANS, SlipFate.NOT_PRINTED)
    assert slips.rest() == []
    show(Attract())
    qtbot.waitUntil(lambda: states[-1] is DeviceState.READY, timeout=WAIT_MS)
    assert printing.roll.reprint() is not None
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.PRINTED, timeout=WAIT_MS)
    assert again.rest()[-1] == dots()


@pytest.mark.parametrize(
    "condition",
    [
        Condition(paper_out=True),
        Condition(cover_open=True),
        Condition(silent=True),
        Condition(seconds_a_byte=1.0),
        *(Condition(hangs_up_after=end) for end in (0, 1, 11, 12, 13, 14, 100, 20_000)),
    ],
    ids=str,
)
def test_whatever_the_printer_does_the_loan_stands_and_the_next_patron_is_served(  # noqa: PLR0913, PLR0917 - the parts of a kiosk
    show: Callable[[Screen], None],
    view_model: KioskViewModel,
    paper: VirtualPrinter,
    condition: Condition,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    wang, lin = a_patron(), a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    paper.become(condition)
    world.tap(WANG)
    world.scan("B1")
    show(world.finish())
    view_model.slip_printing.ask()
    world.tap(LIN)  # at once: nobody waits for paper
    world.scan("B2")
    qtbot.waitUntil(lambda: said(view_model) == "goodbye.print.failed", timeout=WAIT_MS)
    lent = [fact.fact for fact in world.facts]
    assert [(fact.patron, type(fact)) for fact in lent if isinstance(fact, CheckedOut)] == [(wang.id, CheckedOut), (lin.id, CheckedOut)]


def test_what_became_of_the_last_patrons_slip_is_not_told_to_the_next(
    show: Callable[[Screen], None], view_model: KioskViewModel, printing: SlipPrinter, paper: VirtualPrinter, qtbot: QtBot
) -> None:
    assert printing.roll is not None
    paper.become(Condition(silent=True))
    show(VISIT)
    view_model.slip_printing.ask()
    show(Attract())
    show(VISIT)
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.NOT_PRINTED, timeout=WAIT_MS)
    assert said(view_model) == "goodbye.print"


def test_slips_of_items_come_out_by_themselves_when_there_is_paper_again(
    show: Callable[[Screen], None], printing: SlipPrinter, paper: VirtualPrinter, slips: Heard[Raster], qtbot: QtBot
) -> None:
    assert printing.roll is not None
    paper.become(Condition(paper_out=True))
    show(Return((FAR,), 1))
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.NOT_PRINTED, timeout=WAIT_MS)
    paper.become(Condition())
    qtbot.waitUntil(lambda: printing.roll is not None and printing.roll.kept()[0].fate is SlipFate.PRINTED, timeout=WAIT_MS)
    assert slips.rest() == [raster_of(routing_slip(FAR, a_place(), CHINESE_FIRST), Roll.MM80)]


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
