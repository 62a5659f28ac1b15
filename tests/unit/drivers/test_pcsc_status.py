import pytest

from drivers.pcsc_status import ESTABLISH, fault_of, status_name, unsigned
from drivers.ports import DeviceFault


@pytest.mark.parametrize(
    ("hresult", "name"),
    [
        (0x8010001D, "SCARD_E_NO_SERVICE (0x8010001D)"),
        (0x8010006A, "SCARD_W_SECURITY_VIOLATION (0x8010006A)"),
        (0, "SCARD_S_SUCCESS (0x00000000)"),
        (0x12345678, "an answer the standard does not name (0x12345678)"),
    ],
)
def test_an_answer_is_written_as_the_standard_does(hresult: int, name: str) -> None:
    assert status_name(hresult) == name


def test_a_signed_answer_is_the_same_answer() -> None:
    assert unsigned(-0x7FEFFFE3) == 0x8010001D
    assert status_name(-0x7FEFFFE3) == "SCARD_E_NO_SERVICE (0x8010001D)"


@pytest.mark.parametrize(
    ("call", "hresult", "fault"),
    [
        (ESTABLISH, 0x8010001D, DeviceFault.NO_SERVICE),
        ("SCardGetStatusChange", 0x80100013, DeviceFault.NO_SERVICE),
        ("SCardGetStatusChange", 0x8010001E, DeviceFault.NO_SERVICE),
        ("SCardListReaders", 0x80100003, DeviceFault.NO_SERVICE),
        (ESTABLISH, 0x8010006A, DeviceFault.NOT_PERMITTED),
        ("SCardGetStatusChange", 0x8010006A, DeviceFault.NO_SERVICE),
        ("SCardListReaders", 0x8010002E, DeviceFault.NO_READER),
        ("SCardGetStatusChange", 0x80100009, DeviceFault.NO_READER),
        ("SCardGetStatusChange", 0x80100001, DeviceFault.DRIVER_FAILED),
    ],
)
def test_every_answer_has_its_fault(call: str, hresult: int, fault: DeviceFault) -> None:
    assert fault_of(call, hresult) is fault
