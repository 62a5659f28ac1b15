"""The slip printer against a real TCP listener, a real pty and pyusb with a scripted back end: a slip is whole, or it is said why not."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from drivers.escpos_bytes import slip_bytes
from drivers.escpos_links import PrinterLink, open_link
from drivers.escpos_printer import EscposPrinter, Pace
from drivers.escpos_status import PAPER_IN_ORDER, Query
from drivers.ports import DeviceFault, DeviceHealth, DeviceState, PrinterEvent, Raster, SlipNotPrinted, SlipPrinted
from drivers.printer_address import parse_address
from drivers.virtual_printer import Condition, VirtualPrinter
from tests.contract.heard import LIMIT_S, Heard
from tests.printers import PtyPrinter, a_slip

LONG = 30.0
SHORT = 0.3
QUESTIONS = sum(len(query.command) for query in Query)
Put = Callable[[Condition], None]


@contextmanager
def running(
    address: str, heard: Heard[PrinterEvent], *, answers: bool = True, look_every: float = LIMIT_S, answer: float = 5.0
) -> Iterator[EscposPrinter]:
    printer = EscposPrinter(
        partial(open_link, parse_address(address)),
        monotonic=time.monotonic,
        answers=answers,
        pace=Pace(answer=answer, look_every=look_every),
    )
    printer.start(heard)
    try:
        yield printer
    finally:
        printer.stop()


@pytest.fixture
def slips() -> Heard[Raster]:
    return Heard()


@pytest.fixture
def heard() -> Heard[PrinterEvent]:
    return Heard()


@pytest.fixture
def paper(slips: Heard[Raster]) -> Iterator[VirtualPrinter]:
    printer = VirtualPrinter(slips)
    yield printer
    printer.close()


@pytest.fixture
def serial(slips: Heard[Raster]) -> Iterator[PtyPrinter]:
    printer = PtyPrinter(slips)
    yield printer
    printer.close()


@pytest.fixture(params=["network", "serial"])
def bench(request: pytest.FixtureRequest) -> tuple[str, Put]:
    """An address and how the printer there is put into a condition."""
    if request.param == "network":
        network: VirtualPrinter = request.getfixturevalue("paper")
        return network.address, network.become
    serial: PtyPrinter = request.getfixturevalue("serial")
    return f"serial:{serial.path}", partial(setattr, serial.mechanism, "condition")


def test_a_slip_comes_out_dot_by_dot_and_that_is_said(bench: tuple[str, Put], heard: Heard[PrinterEvent], slips: Heard[Raster]) -> None:
    with running(bench[0], heard) as printer:
        assert heard.next() == DeviceHealth("printer", DeviceState.READY)
        printer.print(7, a_slip(), within=LONG)
        assert heard.next() == SlipPrinted(7)
        assert slips.next() == a_slip()


def test_slips_keep_their_order(bench: tuple[str, Put], heard: Heard[PrinterEvent], slips: Heard[Raster]) -> None:
    with running(bench[0], heard) as printer:
        for number in range(3):
            printer.print(number, a_slip(seed=number), within=LONG)
        assert [heard.until(SlipPrinted).ticket for _ in range(3)] == [0, 1, 2]
        assert [slips.next() for _ in range(3)] == [a_slip(seed=number) for number in range(3)]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (Condition(paper_out=True), DeviceFault.PAPER_OUT),
        (Condition(cover_open=True), DeviceFault.COVER_OPEN),
        (Condition(silent=True), DeviceFault.PRINTER_SILENT),
    ],
)
def test_a_printer_that_can_not_print_is_sent_nothing_and_recovers_by_itself(
    bench: tuple[str, Put], heard: Heard[PrinterEvent], slips: Heard[Raster], condition: Condition, fault: DeviceFault
) -> None:
    address, put = bench
    put(condition)
    with running(address, heard, answer=SHORT if condition.silent else 5.0) as printer:
        assert heard.next() == DeviceHealth("printer", DeviceState.DEGRADED, fault)
        printer.print(1, a_slip(), within=LONG)
        assert heard.next() == SlipNotPrinted(1, fault)
        put(Condition())
        printer.print(2, a_slip(seed=2), within=LONG)
        assert heard.next() == SlipPrinted(2)
        assert heard.next() == DeviceHealth("printer", DeviceState.READY)
        assert slips.next() == a_slip(seed=2)
        assert slips.rest() == []


def test_a_roll_that_runs_low_still_prints_and_is_reported(
    bench: tuple[str, Put], heard: Heard[PrinterEvent], slips: Heard[Raster]
) -> None:
    bench[1](Condition(paper_low=True))
    with running(bench[0], heard) as printer:
        assert heard.next() == DeviceHealth("printer", DeviceState.DEGRADED, DeviceFault.PAPER_LOW)
        printer.print(1, a_slip(), within=LONG)
        assert heard.next() == SlipPrinted(1)
        assert slips.next() == a_slip()


def test_paper_that_is_laid_in_is_noticed_without_a_slip(bench: tuple[str, Put], heard: Heard[PrinterEvent]) -> None:
    address, put = bench
    put(Condition(paper_out=True))
    with running(address, heard, look_every=0.01):
        assert heard.next_as(DeviceHealth).fault is DeviceFault.PAPER_OUT
        put(Condition())
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_paper_that_ends_in_the_middle_of_a_slip_is_said_and_not_taken_for_printed(
    bench: tuple[str, Put], heard: Heard[PrinterEvent], slips: Heard[Raster], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, put = bench
    with running(address, heard, answer=1.0) as printer:
        heard.next_as(DeviceHealth)

        def ends_after_the_questions(slip: Raster) -> bytes:
            put(Condition(paper_out=True))
            return slip_bytes(slip)

        monkeypatch.setattr("drivers.escpos_printer.slip_bytes", ends_after_the_questions)
        printer.print(1, a_slip(), within=SHORT)
        assert heard.next_as(SlipNotPrinted).ticket == 1


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "serial:/dev/youyue-no-such-printer", "usb:ffff:ffff"])
def test_a_printer_that_is_off_is_missing_and_every_slip_is_answered(heard: Heard[PrinterEvent], address: str) -> None:
    with running(address, heard) as printer:
        health = heard.next_as(DeviceHealth)
        assert (health.state, health.fault) == (DeviceState.MISSING, DeviceFault.NO_PRINTER)
        assert health.detail
        printer.print(1, a_slip(), within=LONG)
        assert heard.next() == SlipNotPrinted(1, DeviceFault.NO_PRINTER)


def test_a_printer_that_takes_a_byte_a_second_is_given_up_in_time(
    paper: VirtualPrinter, heard: Heard[PrinterEvent], slips: Heard[Raster]
) -> None:
    with running(paper.address, heard, answer=SHORT) as printer:
        heard.next_as(DeviceHealth)
        paper.become(Condition(seconds_a_byte=1.0))
        printer.print(1, a_slip(576, 1200), within=SHORT)
        assert heard.next() == SlipNotPrinted(1, DeviceFault.PRINTER_SILENT)
    assert slips.rest() == []


def test_a_slip_that_waited_too_long_behind_others_is_not_printed_for_whoever_comes_next(
    paper: VirtualPrinter, heard: Heard[PrinterEvent], slips: Heard[Raster]
) -> None:
    with running(paper.address, heard) as printer:
        heard.next_as(DeviceHealth)
        printer.print(1, a_slip(), within=0.0)
        assert heard.next() == SlipNotPrinted(1, DeviceFault.PRINTER_SILENT)
    assert slips.rest() == []


def test_a_connection_that_ends_after_any_number_of_bytes_spoils_one_slip_and_never_the_next(
    paper: VirtualPrinter, heard: Heard[PrinterEvent], slips: Heard[Raster]
) -> None:
    whole = QUESTIONS + len(slip_bytes(a_slip()) + PAPER_IN_ORDER)
    with running(paper.address, heard) as printer:
        heard.next_as(DeviceHealth)
        for end in range(whole):
            paper.become(Condition(hangs_up_after=end))
            printer.print(end, a_slip(seed=1), within=LONG)
            spoilt = heard.until(SlipNotPrinted)
            assert (spoilt.ticket, spoilt.fault) == (end, DeviceFault.PRINTER_SILENT)
            paper.become(Condition())
            printer.print(end, a_slip(seed=2), within=LONG)
            assert heard.until(SlipPrinted).ticket == end
            assert slips.rest()[-1] == a_slip(seed=2)


def test_a_serial_printer_that_lost_the_end_of_a_slip_cuts_it_off_before_the_next(
    serial: PtyPrinter, heard: Heard[PrinterEvent], slips: Heard[Raster]
) -> None:
    with running(f"serial:{serial.path}", heard, answer=1.0) as printer:
        heard.next_as(DeviceHealth)
        serial.deaf_after = 2 * QUESTIONS + 300
        printer.print(1, a_slip(seed=1), within=SHORT)
        assert heard.until(SlipNotPrinted).fault is DeviceFault.PRINTER_SILENT
        serial.deaf_after = None
        printer.print(2, a_slip(seed=2), within=LONG)
        assert heard.until(SlipPrinted).ticket == 2
        half, next_one = slips.next(), slips.next()
        assert half.rows.startswith(a_slip(seed=1).rows[:280])
        assert next_one == a_slip(seed=2)


def test_a_printer_that_can_not_answer_is_believed(serial: PtyPrinter, heard: Heard[PrinterEvent], slips: Heard[Raster]) -> None:
    serial.mechanism.condition = Condition(silent=True)
    with running(f"serial:{serial.path}", heard, answers=False) as printer:
        assert heard.next() == DeviceHealth("printer", DeviceState.READY)
        printer.print(1, a_slip(), within=LONG)
        assert heard.next() == SlipPrinted(1)
        assert slips.next() == a_slip()


def test_a_driver_that_stumbles_says_so_and_goes_on(
    paper: VirtualPrinter, heard: Heard[PrinterEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: Raster) -> bytes:
        raise RuntimeError

    with running(paper.address, heard) as printer:
        heard.next_as(DeviceHealth)
        with monkeypatch.context() as patched:
            patched.setattr("drivers.escpos_printer.slip_bytes", stumble)
            printer.print(1, a_slip(), within=LONG)
            assert heard.next() == SlipNotPrinted(1, DeviceFault.DRIVER_FAILED)
        assert heard.next_as(DeviceHealth).detail == "RuntimeError"
        printer.print(2, a_slip(), within=LONG)
        assert heard.next() == SlipPrinted(2)


@pytest.mark.parametrize("condition", [Condition(silent=True), Condition(seconds_a_byte=60.0)], ids=["silent", "slow"])
def test_stopping_waits_for_no_printer(paper: VirtualPrinter, heard: Heard[PrinterEvent], condition: Condition) -> None:
    opened = Heard[PrinterLink]()
    paper.become(condition)

    def opening(*, within: float) -> PrinterLink:
        link = open_link(parse_address(paper.address), within=within)
        opened(link)
        return link

    printer = EscposPrinter(opening, monotonic=time.monotonic, pace=Pace(answer=LIMIT_S * 10))
    printer.start(heard)
    opened.next()
    printer.print(1, a_slip(), within=LIMIT_S * 10)
    printer.stop()
    printer.stop()
    assert heard.rest() == []
