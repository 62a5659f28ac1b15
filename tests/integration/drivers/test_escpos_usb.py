"""A USB printer: pyusb and python-escpos as they are, on a back end that plays the bus (there is no way to make a USB device of software here)."""

import errno
import os
from array import array
from types import SimpleNamespace
from typing import Any

import pytest
import usb.backend
import usb.core

from drivers.escpos_bytes import slip_bytes
from drivers.escpos_links import UsbLink
from drivers.escpos_status import Query
from drivers.ports import PrinterError, Raster
from drivers.printer_address import UsbPrinter
from drivers.virtual_printer import Mechanism
from tests.contract.heard import Heard
from tests.printers import a_slip

EPSON = UsbPrinter(0x04B8, 0x0E15)
OUT, IN = 0x02, 0x81


class Bus(usb.backend.IBackend):  # type: ignore[misc]  # pyusb ships no types
    """One printer with two endpoints, or none."""

    def __init__(self, mechanism: Mechanism, *, plugged: bool = True) -> None:
        self.mechanism = mechanism
        self.plugged = plugged
        self.answers = b""

    def enumerate_devices(self) -> list[str]:
        return ["printer"] if self.plugged else []

    def get_device_descriptor(self, _dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0, bMaxPacketSize0=64,
            idVendor=EPSON.vendor, idProduct=EPSON.product, bcdDevice=0x100, iManufacturer=0, iProduct=0, iSerialNumber=0,
            bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: str, _config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0,
            bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, _dev: str, intf: int, alt: int, _config: int) -> SimpleNamespace:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2, bInterfaceClass=7, bInterfaceSubClass=1,
            bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, _dev: str, ep: int, _intf: int, _alt: int, _config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep], bmAttributes=2, wMaxPacketSize=64, bInterval=0, bRefresh=0,
            bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: str) -> str:
        return dev

    def close_device(self, _handle: str) -> None: ...

    def set_configuration(self, _handle: str, _value: int) -> None: ...

    def get_configuration(self, _handle: str) -> int:
        return 1

    def claim_interface(self, _handle: str, _intf: int) -> None: ...

    def release_interface(self, _handle: str, _intf: int) -> None: ...

    def reset_device(self, _handle: str) -> None: ...

    def bulk_write(self, _handle: str, ep: int, _intf: int, data: Any, _timeout: int) -> int:  # noqa: ANN401 - pyusb's own array
        assert ep == OUT
        if not self.plugged:
            raise usb.core.USBError(os.strerror(errno.ENODEV), errno=errno.ENODEV)
        self.answers += b"".join(self.mechanism.take(bytes(data)))
        return len(data)

    def bulk_read(self, _handle: str, ep: int, _intf: int, buff: "array[int]", _timeout: int) -> int:
        assert ep == IN
        if not self.answers:
            raise usb.core.USBTimeoutError(os.strerror(errno.ETIMEDOUT), errno=errno.ETIMEDOUT)
        count = min(len(buff), len(self.answers))
        buff[:count] = array("B", self.answers[:count])
        self.answers = self.answers[count:]
        return count


@pytest.fixture
def slips() -> Heard[Raster]:
    return Heard()


@pytest.fixture
def bus(slips: Heard[Raster]) -> Bus:
    return Bus(Mechanism(slips))


def test_a_slip_goes_out_and_answers_come_in_by_the_endpoints_that_the_printer_names(bus: Bus, slips: Heard[Raster]) -> None:
    link = UsbLink(EPSON, found_by={"backend": bus})
    link.write(slip_bytes(a_slip()), within=1.0)
    assert slips.next() == a_slip()
    link.write(Query.PAPER.command, within=1.0)
    assert link.read(within=1.0) == b"\x12"
    assert link.read(within=0.01) == b""
    link.cut()
    link.close(within=0.0)


def test_a_printer_that_is_not_plugged_in_is_said(bus: Bus) -> None:
    bus.plugged = False
    with pytest.raises(PrinterError):
        UsbLink(EPSON, found_by={"backend": bus})


def test_a_printer_that_is_pulled_out_is_said(bus: Bus) -> None:
    link = UsbLink(EPSON, found_by={"backend": bus})
    bus.plugged = False
    with pytest.raises(PrinterError, match="No such device"):
        link.write(b"\0", within=1.0)
    link.close(within=0.0)
