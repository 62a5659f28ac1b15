"""``youyue printer``: asked how it is, given a test slip, and made of software for whoever has none."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from PySide6.QtGui import QGuiApplication

from drivers.ports import Raster
from drivers.virtual_printer import Condition, VirtualPrinter
from tests.contract.heard import Heard
from youyue.cli.root import root


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def slips() -> Heard[Raster]:
    return Heard()


@pytest.fixture
def paper(slips: Heard[Raster], monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualPrinter]:
    printer = VirtualPrinter(slips)
    monkeypatch.setenv("YOUYUE_KIOSK_LANGUAGE", "en")
    monkeypatch.setenv("YOUYUE_KIOSK_PRINTER", printer.address)
    yield printer
    printer.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(root, ["printer", *words])


def test_a_printer_that_is_well_is_said_to_work(paper: VirtualPrinter) -> None:
    told = run("status")
    assert (told.exit_code, told.output) == (0, "The printer works\n")


def test_a_printer_that_lacks_something_is_told_with_what_to_do(paper: VirtualPrinter) -> None:
    paper.become(Condition(paper_out=True))
    told = run("status")
    assert told.exit_code == 4
    assert told.output.splitlines()[0] == "The printer works in part: No slips: out of paper"
    assert "Lay in a new roll" in told.output
    paper.close()
    told = run("status")
    assert told.exit_code == 3
    assert "Switch the printer on" in told.output


def test_the_test_slip_comes_out(paper: VirtualPrinter, slips: Heard[Raster], qapp: QGuiApplication) -> None:
    told = run("test")
    assert (told.exit_code, told.output) == (0, "printed\n")
    slip = slips.next()
    assert slip.width == 576
    assert sum(byte.bit_count() for byte in slip.rows) > 5000


def test_a_test_slip_that_does_not_come_out_is_told(paper: VirtualPrinter, qapp: QGuiApplication) -> None:
    paper.become(Condition(cover_open=True))
    told = run("test")
    assert told.exit_code == 1
    assert "No slips: the printer is open Close the printer's cover." in told.output


@pytest.mark.parametrize(
    ("words", "said"), [(("status", "--address", "lpt1"), "write tcp://HOST:9100"), (("status",), "no printer is set")]
)
def test_a_printer_that_is_not_named_is_asked_for(words: tuple[str, ...], said: str) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert said in told.output


def test_a_printer_of_software_makes_a_picture_of_each_slip(tmp_path: Path, qapp: QGuiApplication) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "youyue", "printer", "virtual", "--port", str(port), "--folder", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert f"tcp://127.0.0.1:{port}" in running.stdout.readline()
        assert run("test", "--address", f"tcp://127.0.0.1:{port}").exit_code == 0
        assert "slip-1.png" in running.stdout.readline()
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 0
    with Image.open(tmp_path / "slip-1.png") as picture:
        assert picture.size[0] == 576


def test_a_port_that_is_taken_is_said(paper: VirtualPrinter) -> None:
    told = run("virtual", "--port", str(paper.port))
    assert told.exit_code == 3
    assert "choose another --port" in told.output
