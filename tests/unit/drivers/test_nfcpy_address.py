"""Which readers nfcpy is to use, as settings and commands name them."""

import pytest

from drivers.nfcpy_address import NfcpyAddress, NfcpyAddressError, is_nfcpy, parse_nfcpy


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("nfcpy", ("usb",)),
        ("nfcpy:usb", ("usb",)),
        ("nfcpy:usb:072f", ("usb:072f",)),
        ("nfcpy:usb:072f:2200", ("usb:072f:2200",)),
        ("nfcpy:usb:001:004", ("usb:001:004",)),
        ("nfcpy:tty:USB0:pn532", ("tty:USB0:pn532",)),
        ("nfcpy:udp:127.0.0.1:54321", ("udp:127.0.0.1:54321",)),
        ("nfcpy:usb:001:004,usb:001:005", ("usb:001:004", "usb:001:005")),
    ],
)
def test_a_reader_is_named_by_its_path(text: str, paths: tuple[str, ...]) -> None:
    assert parse_nfcpy(text).paths == paths
    assert parse_nfcpy(str(NfcpyAddress(paths))).paths == paths


@pytest.mark.parametrize(
    "text", ["nfcpy:", "nfcpy:usb:72f", "nfcpy:tty", "nfcpy:com:COM1:pn532", "nfcpy:usb,", "pcsc", "nfcpyusb", "nfcpy:udp"]
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(NfcpyAddressError, match="nfcpy:usb:072f:2200"):
        parse_nfcpy(text)


def test_a_reader_that_is_named_twice_is_refused() -> None:
    with pytest.raises(NfcpyAddressError, match="named twice"):
        parse_nfcpy("nfcpy:usb:072F:2200,usb:072f:2200")


@pytest.mark.parametrize(("text", "meant"), [("nfcpy", True), ("nfcpy:nonsense", True), ("auto", False), ("nfcpyish", False)])
def test_a_setting_means_nfcpy_by_its_first_word(text: str, *, meant: bool) -> None:
    assert is_nfcpy(text) is meant
