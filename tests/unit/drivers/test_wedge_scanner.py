"""What only a scanner that poses as a keyboard meets. What all scanners do: tests/contract/test_scanner_contract.py."""

import errno
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from evdev import InputEvent
from evdev.eventio import EventIO

from drivers.input_nodes import InputNode
from drivers.ports import BarcodeScanned, DeviceFault, DeviceHealth, ScannerEvent, ScanUnreadable
from drivers.scanner_address import KeyboardAddress, parse_scanners
from drivers.wedge_scanner import GrabbedKeyboard, WedgeScanner
from tests.contract.heard import Heard
from tests.keystrokes import Typist

ADDRESS = "keyboard:05e0:1200"
NODE = InputNode("/dev/input/event3", "Scanner", 0x05E0, 0x1200, "usb-1/input0")
SECOND = InputNode("/dev/input/event4", "Scanner", 0x05E0, 0x1200, "usb-1/input1")


class Keyboard(EventIO):
    def __init__(self) -> None:
        reading, self.cable = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.fd = reading.detach()
        os.set_blocking(self.fd, False)
        self.is_grabbed = True

    def close(self) -> None:
        if self.is_grabbed:
            self.is_grabbed = False
            os.close(self.fd)
            self.cable.close()


class Pulled(Keyboard):
    """What the kernel answers once the cable is out."""

    def read(self) -> Iterator[InputEvent]:
        raise OSError(errno.ENODEV, "No such device")


class Desk:
    def __init__(self, grab: Callable[[str], GrabbedKeyboard], *nodes: InputNode) -> None:
        self._grab = grab
        self._nodes = nodes

    def keyboards(self) -> Sequence[InputNode]:
        return self._nodes

    def grab(self, path: str) -> GrabbedKeyboard:
        return self._grab(path)


@contextmanager
def running(desk: Desk, address: str = ADDRESS) -> Iterator[Heard[ScannerEvent]]:
    [parsed] = parse_scanners(address)
    assert isinstance(parsed, KeyboardAddress)
    scanner, heard = WedgeScanner(parsed, clock=time.monotonic_ns, inputs=desk), Heard[ScannerEvent]()
    scanner.start(heard)
    try:
        yield heard
    finally:
        scanner.stop()


def test_every_interface_of_the_device_is_listened_to_by_itself_and_let_go_at_the_end() -> None:
    boards = {NODE.path: Keyboard(), SECOND.path: Keyboard()}
    with running(Desk(boards.__getitem__, NODE, SECOND)) as heard:
        health = heard.next_as(DeviceHealth)
        assert all(path in health.detail for path in boards)
        boards[NODE.path].cable.send(Typist().type("3177"))
        boards[SECOND.path].cable.send(Typist().type("9999\n"))
        assert heard.next_as(BarcodeScanned).text == "9999"
    assert not any(board.is_grabbed for board in boards.values())


def test_when_one_of_two_interfaces_can_not_be_grabbed_the_other_is_let_go() -> None:
    board = Keyboard()

    def grab(path: str) -> Keyboard:
        if path == SECOND.path:
            raise OSError(errno.EACCES, "Permission denied")
        return board

    with running(Desk(grab, NODE, SECOND)) as heard:
        assert heard.next_as(DeviceHealth).fault is DeviceFault.SCANNER_NOT_PERMITTED
        assert not board.is_grabbed


def test_two_like_scanners_are_told_as_such() -> None:
    twin = InputNode("/dev/input/event7", "Scanner", 0x05E0, 0x1200, "usb-2/input0")
    with running(Desk(lambda _: Keyboard(), NODE, twin)) as heard:
        health = heard.next_as(DeviceHealth)
        assert (health.fault, health.detail) == (DeviceFault.SCANNER_AMBIGUOUS, ADDRESS)


@pytest.mark.parametrize("address", ["keyboard:Another", "keyboard:/dev/input/by-id/x-event-kbd"])
def test_a_missing_one_is_named_as_in_the_settings(address: str) -> None:
    with running(Desk(lambda _: Keyboard(), NODE), address) as heard:
        health = heard.next_as(DeviceHealth)
        assert (health.fault, health.detail) == (DeviceFault.NO_SCANNER, address)


def test_the_kernels_word_that_the_device_is_gone_is_understood() -> None:
    board = Pulled()
    with running(Desk(lambda _: board, NODE)) as heard:
        heard.next_as(DeviceHealth)
        board.cable.send(b"x")
        assert heard.next_as(DeviceHealth).fault is DeviceFault.NO_SCANNER
        assert not board.is_grabbed


def test_a_line_of_which_the_kernel_lost_keys_is_no_code_wherever_they_were_lost() -> None:
    board, typist = Keyboard(), Typist()
    with running(Desk(lambda _: board, NODE)) as heard:
        heard.next_as(DeviceHealth)
        for events in (
            typist.type("3177") + typist.lost(),
            typist.type("\n"),
            typist.lost() + typist.type("7000\n"),
            typist.type("3177\n"),
        ):
            board.cable.send(events)
        assert [type(heard.next()) for _ in range(3)] == [ScanUnreadable, ScanUnreadable, BarcodeScanned]


def test_what_a_person_types_on_it_is_no_code() -> None:
    board = Keyboard()
    with running(Desk(lambda _: board, NODE)) as heard:
        heard.next_as(DeviceHealth)
        board.cable.send(Typist(gap=150_000).type("3177\n"))
        assert "typing" in heard.next_as(ScanUnreadable).problem


def test_a_configured_prefix_tells_its_scans_from_fast_fingers() -> None:
    board, typist = Keyboard(), Typist()
    with running(Desk(lambda _: board, NODE), ADDRESS + "?prefix=/-") as heard:
        heard.next_as(DeviceHealth)
        board.cable.send(typist.type("3177\n"))
        board.cable.send(typist.type("/-3177\n"))
        assert "prefix" in heard.next_as(ScanUnreadable).problem
        assert heard.next_as(BarcodeScanned).text == "3177"
