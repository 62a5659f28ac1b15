"""What every scanner does: the one at a unix socket, those on serial lines, those that pose as a keyboard."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.ports import BarcodeScanned, DeviceFault, DeviceHealth, DeviceState, Scanner, ScannerEvent, ScanUnreadable
from drivers.virtual_scanner import BarcodeTextError, ScannerUnavailableError, send_scan
from tests.contract.heard import LIMIT_S, Heard
from tests.contract.scanner_benches import PluggedBench, ScannerBench, SerialBench, VirtualBench, WedgeBench

BARCODE = "31777000123456"
OTHER = "31777000999999"


@contextmanager
def running(scanner: Scanner, listener: Callable[[ScannerEvent], None]) -> Iterator[None]:
    scanner.start(listener)
    try:
        yield
    finally:
        scanner.stop()


@pytest.fixture(params=[VirtualBench, SerialBench, WedgeBench])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScannerBench]:
    made: ScannerBench = request.param(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=[SerialBench, WedgeBench])
def plugged(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PluggedBench]:
    made: PluggedBench = request.param(tmp_path)
    yield made
    made.close()


@pytest.fixture
def heard(bench: ScannerBench) -> Iterator[Heard[ScannerEvent]]:
    """What a running scanner says after its first report."""
    listener = Heard[ScannerEvent]()
    with running(bench.a_scanner(), listener):
        health = listener.next_as(DeviceHealth)
        assert (health.device, health.state) == ("scanner", DeviceState.READY)
        yield listener


def fault_of(heard: Heard[ScannerEvent]) -> DeviceFault | None:
    return heard.next_as(DeviceHealth).fault


def test_a_scan_is_one_barcode(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    begun = time.monotonic_ns()
    bench.scan(BARCODE)
    scanned = heard.next_as(BarcodeScanned)
    assert (scanned.text, scanned.scanner) == (BARCODE, bench.name)
    assert begun <= scanned.at <= time.monotonic_ns()


def test_scans_keep_their_order(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    codes = [f"{number:04}" for number in range(100)]
    for code in codes:
        bench.scan(code)
    assert [heard.next_as(BarcodeScanned).text for _ in codes] == codes


def test_a_code_of_letters_and_signs_is_read_as_it_is(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.scan("YOUYUE.Ab-12/x:9")
    assert heard.next_as(BarcodeScanned).text == "YOUYUE.Ab-12/x:9"


def test_the_longest_barcode_is_read_and_a_longer_one_is_none(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.scan("7" * 256)
    assert heard.next_as(BarcodeScanned).text == "7" * 256
    bench.scan("7" * 3000)
    assert "256 characters" in heard.next_as(ScanUnreadable).problem
    bench.scan(BARCODE)
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_what_is_no_text_is_no_barcode(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.send_rubbish()
    bench.scan(BARCODE)
    bad = heard.next_as(ScanUnreadable)
    assert bad.scanner == bench.name
    assert bad.problem
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_three_bad_scans_in_a_row_degrade_the_scanner_until_a_good_one(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    for _ in range(3):
        bench.send_rubbish()
    bench.scan(BARCODE)
    assert [type(heard.next()) for _ in range(3)] == [ScanUnreadable] * 3
    health = heard.next_as(DeviceHealth)
    assert (health.device, health.state, health.fault) == ("scanner", DeviceState.DEGRADED, DeviceFault.SCANS_UNREADABLE)
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_two_bad_scans_and_a_good_one_again_and_again_degrade_nothing(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    for _ in range(2):
        bench.send_rubbish()
        bench.send_rubbish()
        bench.scan(BARCODE)
    kinds = [type(heard.next()) for _ in range(6)]
    assert kinds == [ScanUnreadable, ScanUnreadable, BarcodeScanned] * 2


def test_a_code_whose_end_never_comes_is_given_up_and_no_part_of_the_next(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.begin("3177")
    assert "did not end" in heard.next_as(ScanUnreadable).problem
    bench.scan(BARCODE)
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_nothing_is_reported_after_the_stop(bench: ScannerBench) -> None:
    scanner, listener = bench.a_scanner(), Heard[ScannerEvent]()
    scanner.start(listener)
    listener.next_as(DeviceHealth)
    scanner.stop()
    scanner.stop()
    assert listener.rest() == []


def test_a_scanner_that_was_never_started_can_be_stopped(bench: ScannerBench) -> None:
    bench.a_scanner().stop()


def test_a_listener_may_stop_the_scanner_it_listens_to(bench: ScannerBench) -> None:
    scanner, listener = bench.a_scanner(), Heard[ScannerEvent]()

    def stop_at_the_first_barcode(event: ScannerEvent) -> None:
        listener(event)
        if isinstance(event, BarcodeScanned):
            scanner.stop()

    scanner.start(stop_at_the_first_barcode)
    listener.next_as(DeviceHealth)
    bench.scan(BARCODE)
    assert listener.next_as(BarcodeScanned).text == BARCODE
    scanner.stop()
    assert listener.rest() == []


def test_a_listener_that_fails_does_not_end_the_scanner(bench: ScannerBench) -> None:
    listener = Heard[ScannerEvent]()

    def fails_on_one_barcode(event: ScannerEvent) -> None:
        listener(event)
        if isinstance(event, BarcodeScanned) and event.text == OTHER:
            message = "full"
            raise RuntimeError(message)

    with running(bench.a_scanner(), fails_on_one_barcode):
        listener.next_as(DeviceHealth)
        bench.scan(OTHER)
        listener.next_as(BarcodeScanned)
        assert fault_of(listener) is DeviceFault.DRIVER_FAILED
        assert fault_of(listener) is None
        bench.scan(BARCODE)
        assert listener.next_as(BarcodeScanned).text == BARCODE


def test_a_scanner_that_is_plugged_in_later_is_found(plugged: PluggedBench) -> None:
    plugged.unplug()
    heard = Heard[ScannerEvent]()
    with running(plugged.a_scanner(), heard):
        health = heard.next_as(DeviceHealth)
        assert (health.device, health.state, health.fault) == ("scanner", DeviceState.MISSING, DeviceFault.NO_SCANNER)
        assert health.detail
        plugged.plug()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
        plugged.scan(BARCODE)
        assert heard.next_as(BarcodeScanned).text == BARCODE


def test_a_scanner_that_is_unplugged_and_plugged_in_again_goes_on(plugged: PluggedBench) -> None:
    heard = Heard[ScannerEvent]()
    with running(plugged.a_scanner(), heard):
        for _ in range(5):
            assert fault_of(heard) is None
            plugged.scan(BARCODE)
            assert heard.next_as(BarcodeScanned).text == BARCODE
            plugged.unplug()
            assert fault_of(heard) is DeviceFault.NO_SCANNER
            plugged.plug()
        assert fault_of(heard) is None


def test_half_a_code_before_the_cable_was_pulled_is_no_part_of_the_next(plugged: PluggedBench) -> None:
    heard = Heard[ScannerEvent]()
    with running(plugged.a_scanner(), heard):
        heard.next_as(DeviceHealth)
        plugged.begin("3177")
        plugged.unplug()
        plugged.plug()
        while heard.next_as(DeviceHealth).state is not DeviceState.READY:
            pass
        plugged.scan(BARCODE)
        assert heard.next_as(BarcodeScanned).text == BARCODE


def test_a_scanner_that_another_program_holds_is_missing_until_it_is_let_go(plugged: PluggedBench) -> None:
    plugged.unplug()
    plugged.hold()
    plugged.plug()
    heard = Heard[ScannerEvent]()
    with running(plugged.a_scanner(), heard):
        assert fault_of(heard) is DeviceFault.SCANNER_BUSY
        plugged.let_go()
        assert fault_of(heard) is None
        plugged.scan(BARCODE)
        assert heard.next_as(BarcodeScanned).text == BARCODE


def test_a_missing_scanner_says_so_once_however_often_it_is_looked_for(plugged: PluggedBench) -> None:
    plugged.unplug()
    heard = Heard[ScannerEvent]()
    with running(plugged.a_scanner(), heard):
        assert fault_of(heard) is DeviceFault.NO_SCANNER
        plugged.hold()
        plugged.plug()
        assert fault_of(heard) is DeviceFault.SCANNER_BUSY
    assert heard.rest() == []


def test_a_socket_left_behind_by_a_crash_is_taken_over(tmp_path: Path) -> None:
    bench, heard = VirtualBench(tmp_path), Heard[ScannerEvent]()
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(bench.path))
    with running(bench.a_scanner(), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_a_second_scanner_at_the_same_place_is_missing_and_takes_over_when_the_first_stops(tmp_path: Path) -> None:
    bench, heard = VirtualBench(tmp_path), Heard[ScannerEvent]()
    first_heard = Heard[ScannerEvent]()
    first = bench.a_scanner()
    first.start(first_heard)
    first_heard.next_as(DeviceHealth)
    with running(bench.a_scanner(), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.MISSING
        first.stop()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_many_senders_are_served_and_one_too_many_is_sent_away(tmp_path: Path) -> None:
    bench, heard = VirtualBench(tmp_path), Heard[ScannerEvent]()
    with running(bench.a_scanner(), heard):
        heard.next_as(DeviceHealth)
        links = [socket.socket(socket.AF_UNIX) for _ in range(17)]
        try:
            for link in links:
                link.settimeout(LIMIT_S)
                link.connect(str(bench.path))
            assert links[16].recv(1) == b""
            for number, link in enumerate(links[:16]):
                link.sendall(b"%d\n" % number)
            assert {heard.next_as(BarcodeScanned).text for _ in range(16)} == {str(number) for number in range(16)}
        finally:
            for link in links:
                link.close()


def test_only_this_user_may_scan(tmp_path: Path) -> None:
    bench, heard = VirtualBench(tmp_path), Heard[ScannerEvent]()
    with running(bench.a_scanner(), heard):
        heard.next_as(DeviceHealth)
        assert bench.path.stat().st_mode & 0o777 == 0o600
    assert not bench.path.exists()


def test_a_code_for_a_scanner_that_nobody_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailableError, match="start the kiosk or the demo first"):
        send_scan(tmp_path / "scan", BARCODE)


def test_a_code_is_sent_to_the_scanner_that_runs(tmp_path: Path) -> None:
    bench, heard = VirtualBench(tmp_path), Heard[ScannerEvent]()
    with running(bench.a_scanner(), heard):
        heard.next_as(DeviceHealth)
        send_scan(bench.path, BARCODE)
        assert heard.next_as(BarcodeScanned).text == BARCODE


@pytest.mark.parametrize("text", ["", "  ", "1\n2", "1\r", "7" * 257, "\udcff"])
def test_what_is_no_barcode_is_refused_before_it_is_sent(tmp_path: Path, text: str) -> None:
    with pytest.raises(BarcodeTextError):
        send_scan(tmp_path / "scan", text)
