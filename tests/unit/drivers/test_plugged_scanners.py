from pathlib import Path

import pytest

from drivers.input_nodes import InputNode
from drivers.plugged_scanners import fault_of, serial_ports
from drivers.ports import DeviceFault
from drivers.scanner_address import SerialAddress, parse_scanners

NODE = InputNode("/dev/input/event3", "Scanner", 0x05E0, 0x1200, "usb-1/input0")
TWIN = InputNode("/dev/input/event7", "Scanner", 0x05E0, 0x1200, "usb-2/input0")


def test_serial_ports_are_listed_by_the_names_that_stay(tmp_path: Path) -> None:
    for name in ("usb-B-if00", "usb-A-if00"):
        (tmp_path / name).symlink_to("/dev/null")
    assert serial_ports(tmp_path) == (str(tmp_path / "usb-A-if00"), str(tmp_path / "usb-B-if00"))
    assert serial_ports(tmp_path / "none") == ()


def test_nothing_speaks_against_the_virtual_scanner() -> None:
    [address] = parse_scanners("virtual")
    assert fault_of(address) is None


@pytest.mark.parametrize(
    ("name", "allowed", "fault"),
    [("there", True, None), ("there", False, DeviceFault.SCANNER_NOT_PERMITTED), ("gone", True, DeviceFault.NO_SCANNER)],
)
def test_a_serial_port_is_there_and_this_users_or_not(tmp_path: Path, name: str, fault: DeviceFault | None, *, allowed: bool) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    assert fault_of(SerialAddress(str(tmp_path / name)), may_open=lambda _: allowed) is fault


@pytest.mark.parametrize(
    ("nodes", "allowed", "fault"),
    [
        ((NODE,), True, None),
        ((NODE,), False, DeviceFault.SCANNER_NOT_PERMITTED),
        ((), True, DeviceFault.NO_SCANNER),
        ((NODE, TWIN), True, DeviceFault.SCANNER_AMBIGUOUS),
    ],
)
def test_a_keyboard_is_there_the_only_one_and_this_users_or_not(
    nodes: tuple[InputNode, ...], fault: DeviceFault | None, *, allowed: bool
) -> None:
    [address] = parse_scanners("keyboard:05e0:1200")
    assert fault_of(address, nodes=lambda: nodes, may_open=lambda _: allowed) is fault


def test_a_keyboard_by_its_file_is_the_one_that_the_file_leads_to(tmp_path: Path) -> None:
    [address] = parse_scanners("keyboard:/dev/input/by-id/no-such-event-kbd")
    assert fault_of(address, nodes=lambda: (NODE,)) is DeviceFault.NO_SCANNER
