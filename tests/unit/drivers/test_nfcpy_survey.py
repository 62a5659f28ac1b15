"""Which nfcpy readers are there, seen without opening one."""

from collections.abc import Iterator
from pathlib import Path

from drivers.nfcpy_address import parse_nfcpy
from drivers.nfcpy_holders import UsbPlace
from drivers.nfcpy_survey import FoundReader, find_nfcpy_readers


def two_on_the_bus(path: str) -> Iterator[UsbPlace]:
    assert path == "usb"
    yield UsbPlace(250, 4)
    yield UsbPlace(250, 5)


def test_every_reader_of_a_path_on_usb_is_named_by_its_file() -> None:
    found = find_nfcpy_readers(parse_nfcpy("nfcpy"), usb=two_on_the_bus)
    assert [reader.node for reader in found] == ["/dev/bus/usb/250/004", "/dev/bus/usb/250/005"]
    assert {reader.holder for reader in found} == {None}


def test_a_serial_reader_is_there_when_its_port_is(tmp_path: Path) -> None:
    address = parse_nfcpy("nfcpy:tty:USB0:pn532,tty:USB1:pn532")
    (tmp_path / "ttyUSB1").touch()
    assert find_nfcpy_readers(address, dev=tmp_path) == (FoundReader("tty:USB1:pn532", str(tmp_path / "ttyUSB1")),)


def test_a_reader_that_is_played_is_always_there() -> None:
    assert [reader.path for reader in find_nfcpy_readers(parse_nfcpy("nfcpy:udp:127.0.0.1:50001"))] == ["udp:127.0.0.1:50001"]
