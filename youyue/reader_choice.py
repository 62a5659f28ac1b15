"""Which card reader is meant, as settings and commands name it."""

from collections.abc import Mapping
from typing import Literal

from drivers.nfcpy_address import NfcpyAddress, is_nfcpy, parse_nfcpy

PlainReaderChoice = Literal["auto", "system", "virtual"]
ReaderChoice = PlainReaderChoice | NfcpyAddress
"""``auto``, ``system`` and ``virtual`` are PC/SC services; anything else is driven by nfcpy."""

_PLAIN: Mapping[str, PlainReaderChoice] = {"auto": "auto", "system": "system", "virtual": "virtual"}


def parse_reader(text: str) -> ReaderChoice:
    """Read a reader's name.

    Raises:
        ValueError: it is none; the message says what to write.

    """
    if is_nfcpy(text):
        return parse_nfcpy(text)
    if (plain := _PLAIN.get(text)) is not None:
        return plain
    message = f"write one of {', '.join(_PLAIN)}, or a reader of nfcpy such as nfcpy:usb:072f:2200"
    raise ValueError(message)
