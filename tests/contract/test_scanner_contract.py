"""What every scanner does, at the moment the one that listens at a unix socket."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from drivers.ports import BarcodeScanned, DeviceHealth, DeviceState, Scanner, ScannerEvent
from drivers.virtual_scanner import BarcodeTextError, ScannerUnavailableError, VirtualScanner, send_scan
from tests.contract.heard import LIMIT_S, Heard

BARCODE = "31777000123456"


class ScannerBench(Protocol):
    def a_scanner(self) -> Scanner: ...

    def scan(self, text: str) -> None: ...

    def send(self, raw: bytes) -> None:
        """Send what no scanner should send, as it is."""


class VirtualScannerBench:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "scan"

    def a_scanner(self) -> Scanner:
        return VirtualScanner(self.path, clock=time.monotonic_ns)

    def scan(self, text: str) -> None:
        send_scan(self.path, text)

    def send(self, raw: bytes) -> None:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(LIMIT_S)
            link.connect(str(self.path))
            link.sendall(raw)


@contextmanager
def running(scanner: Scanner, heard: Heard[ScannerEvent]) -> Iterator[None]:
    scanner.start(heard)
    try:
        yield
    finally:
        scanner.stop()


@pytest.fixture(params=[VirtualScannerBench])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> ScannerBench:
    made: ScannerBench = request.param(tmp_path)
    return made


@pytest.fixture
def heard(bench: ScannerBench) -> Iterator[Heard[ScannerEvent]]:
    """What a running scanner says after its first report."""
    listener = Heard[ScannerEvent]()
    with running(bench.a_scanner(), listener):
        health = listener.next_as(DeviceHealth)
        assert (health.device, health.state) == ("scanner", DeviceState.READY)
        yield listener


def test_a_scan_is_one_barcode(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    begun = time.monotonic_ns()
    bench.scan(BARCODE)
    scanned = heard.next_as(BarcodeScanned)
    assert (scanned.text, scanned.scanner) == (BARCODE, "virtual scanner")
    assert begun <= scanned.at <= time.monotonic_ns()


def test_scans_keep_their_order(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.send(b"1\r\n2\n\n3\n")
    assert [heard.next_as(BarcodeScanned).text for _ in range(3)] == ["1", "2", "3"]


def test_the_longest_barcode_is_read_and_a_longer_one_degrades_the_scanner_for_that_moment(
    bench: ScannerBench, heard: Heard[ScannerEvent]
) -> None:
    bench.scan("7" * 256)
    assert heard.next_as(BarcodeScanned).text == "7" * 256
    bench.send(b"7" * 1_000_000 + b"\n")
    assert heard.next_as(DeviceHealth).state is DeviceState.DEGRADED
    assert heard.next_as(DeviceHealth).state is DeviceState.READY
    bench.scan(BARCODE)
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_bytes_that_are_no_text_degrade_the_scanner_for_that_moment(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.send(b"\xff\xff\n")
    assert heard.next_as(DeviceHealth).state is DeviceState.DEGRADED
    assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_a_line_without_an_end_is_no_barcode(bench: ScannerBench, heard: Heard[ScannerEvent]) -> None:
    bench.send(b"317")
    bench.scan(BARCODE)
    assert heard.next_as(BarcodeScanned).text == BARCODE


def test_nothing_is_reported_after_the_stop(bench: ScannerBench) -> None:
    scanner, listener = bench.a_scanner(), Heard[ScannerEvent]()
    scanner.start(listener)
    listener.next_as(DeviceHealth)
    scanner.stop()
    scanner.stop()
    with pytest.raises(ScannerUnavailableError, match="start the kiosk or the demo first"):
        bench.scan(BARCODE)
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
    bench.send(b"1\n2\n")
    assert listener.next_as(BarcodeScanned).text == "1"
    scanner.stop()
    assert listener.rest() == []


def test_a_listener_that_fails_does_not_end_the_scanner(bench: ScannerBench) -> None:
    listener = Heard[ScannerEvent]()

    def fails_on_the_first_barcode(event: ScannerEvent) -> None:
        listener(event)
        if isinstance(event, BarcodeScanned) and event.text == "1":
            message = "full"
            raise RuntimeError(message)

    scanner = bench.a_scanner()
    scanner.start(fails_on_the_first_barcode)
    listener.next_as(DeviceHealth)
    bench.scan("1")
    listener.next_as(BarcodeScanned)
    assert listener.next_as(DeviceHealth).state is DeviceState.MISSING
    assert listener.next_as(DeviceHealth).state is DeviceState.READY
    bench.scan(BARCODE)
    assert listener.next_as(BarcodeScanned).text == BARCODE
    scanner.stop()


def test_a_socket_left_behind_by_a_crash_is_taken_over(tmp_path: Path) -> None:
    bench, heard = VirtualScannerBench(tmp_path), Heard[ScannerEvent]()
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(bench.path))
    with running(bench.a_scanner(), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_a_second_scanner_at_the_same_place_is_missing_and_takes_over_when_the_first_stops(tmp_path: Path) -> None:
    bench, heard = VirtualScannerBench(tmp_path), Heard[ScannerEvent]()
    first_heard = Heard[ScannerEvent]()
    first = bench.a_scanner()
    first.start(first_heard)
    first_heard.next_as(DeviceHealth)
    with running(bench.a_scanner(), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.MISSING
        first.stop()
        assert heard.next_as(DeviceHealth).state is DeviceState.READY


def test_many_senders_are_served_and_one_too_many_is_sent_away(tmp_path: Path) -> None:
    bench, heard = VirtualScannerBench(tmp_path), Heard[ScannerEvent]()
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
    bench, heard = VirtualScannerBench(tmp_path), Heard[ScannerEvent]()
    with running(bench.a_scanner(), heard):
        heard.next_as(DeviceHealth)
        assert bench.path.stat().st_mode & 0o777 == 0o600
    assert not bench.path.exists()


@pytest.mark.parametrize("text", ["", "  ", "1\n2", "1\r", "7" * 257, "\udcff"])
def test_what_is_no_barcode_is_refused_before_it_is_sent(tmp_path: Path, text: str) -> None:
    with pytest.raises(BarcodeTextError):
        send_scan(tmp_path / "scan", text)
