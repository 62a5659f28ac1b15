"""The demo's tray on real things: its cards through pcscd, its printer through the kiosk's own driver."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from circulation.cards import CardUid
from drivers.escpos_links import open_link
from drivers.escpos_printer import EscposPrinter, Pace
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import system_scard
from drivers.ports import CardPresented, CardUnreadable, DeviceFault, DeviceHealth, PrinterEvent, ReaderEvent, SlipPrinted
from drivers.printer_address import parse_address
from tests.contract.heard import Heard
from tests.contract.reader_benches import running
from tests.pcsc_stack import PcscStack
from tests.printers import a_slip
from texts.catalogue import open_catalogue
from youyue.demo.city import make_city
from youyue.demo.stage import IPASS, Stage
from youyue.demo.tray_cards import TrayTap, tray_taps
from youyue.demo.tray_printer import CONDITIONS, OFF, TrayPrinter

STAGE = Stage(Path(), Path(), "", (Path(), Path()), make_city(seed=114, pupils=100, copies_per_branch=3))
TAPS = {tap.card.key: tap for tap in tray_taps(STAGE, open_catalogue("en").say)}


@pytest.fixture
def heard(pcsc_stack: PcscStack) -> Iterator[Heard[ReaderEvent]]:
    listener = Heard[ReaderEvent]()
    with running(PcscReader(system_scard(), clock=time.monotonic_ns, readers=pcsc_stack.readers[0]), listener):
        listener.next_as(DeviceHealth)
        yield listener


def tapped(tap: TrayTap, stack: PcscStack, heard: Heard[ReaderEvent]) -> CardUid:
    tap.play(stack.address.port)
    return heard.until(CardPresented).uid


def test_each_card_gives_the_number_that_it_shows(pcsc_stack: PcscStack, heard: Heard[ReaderEvent]) -> None:
    assert tapped(TAPS["ipass"], pcsc_stack, heard) == IPASS
    assert len(tapped(TAPS["long"], pcsc_stack, heard).octets) == 7


def test_a_phone_has_another_random_number_each_time(pcsc_stack: PcscStack, heard: Heard[ReaderEvent]) -> None:
    first, second = (tapped(TAPS["phone"], pcsc_stack, heard) for _ in range(2))
    assert first != second
    assert not first.names_a_card
    assert not second.names_a_card


def test_a_broken_card_is_one_that_can_not_be_read(pcsc_stack: PcscStack, heard: Heard[ReaderEvent]) -> None:
    TAPS["broken"].play(pcsc_stack.address.port)
    assert heard.until(CardUnreadable).reader == pcsc_stack.readers[0]


def test_a_wallet_shows_one_card_and_then_the_other(pcsc_stack: PcscStack, heard: Heard[ReaderEvent]) -> None:
    TAPS["two"].play(pcsc_stack.address.port)
    assert [heard.until(CardPresented).uid, heard.until(CardPresented).uid] == [one.uid for one in TAPS["two"].laid]


def test_the_printer_is_as_it_was_clicked_and_prints_again_when_it_is_well() -> None:
    faults = {
        "low": DeviceFault.PAPER_LOW,
        "out": DeviceFault.PAPER_OUT,
        "open": DeviceFault.COVER_OPEN,
        "silent": DeviceFault.PRINTER_SILENT,
        OFF: DeviceFault.NO_PRINTER,
    }
    assert set(faults) | {"well"} == {*CONDITIONS, OFF}
    printer, said = TrayPrinter(open_catalogue("en").say), Heard[PrinterEvent]()
    link = partial(open_link, parse_address(printer.address))
    driver = EscposPrinter(link, monotonic=time.monotonic, pace=Pace(answer=0.5, look_every=0.05))
    driver.start(said)
    said.next_as(DeviceHealth)
    for key, fault in faults.items():
        printer.view_model.choose(key)
        assert said.until(DeviceHealth).fault is fault
        printer.view_model.choose("well")
        assert said.until(DeviceHealth).fault is None
    driver.print(1, a_slip(), within=30)
    assert said.until(SlipPrinted).ticket == 1
    driver.stop()
    printer.close()
