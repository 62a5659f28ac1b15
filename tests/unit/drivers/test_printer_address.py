"""Where a printer is, as the settings write it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer_address import NetworkPrinter, PrinterAddress, PrinterAddressError, SerialPrinter, UsbPrinter, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.168.1.50:9100", NetworkPrinter("192.168.1.50", 9100)),
        ("tcp://printer.branch", NetworkPrinter("printer.branch", 9100)),
        ("serial:/dev/ttyUSB0", SerialPrinter("/dev/ttyUSB0", 115200)),
        ("serial:/dev/serial/by-id/usb-x?baud=38400", SerialPrinter("/dev/serial/by-id/usb-x", 38400)),
        ("usb:04b8:0E15", UsbPrinter(0x04B8, 0x0E15)),
    ],
)
def test_an_address_names_a_wire(text: str, address: PrinterAddress) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "192.168.1.50", "tcp://", "tcp://a:0", "tcp://a:70000", "serial:ttyS0", "serial:/dev/tty\0", "usb:4b8:e15", "lpt1"]
)
def test_anything_else_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(PrinterAddressError, match="tcp://HOST:9100"):
        parse_address(text)


@given(st.text(max_size=40))
def test_no_text_makes_it_stumble(text: str) -> None:
    with suppress(PrinterAddressError):
        parse_address(text)
