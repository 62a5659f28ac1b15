"""Which readers nfcpy is to use, as a setting names them: ``usb:072f:2200``, ``tty:USB0:pn532``, several with commas."""

import re
from dataclasses import dataclass

PREFIX = "nfcpy"
"""The first word of such a setting: ``nfcpy`` alone is the first reader found on USB."""

_PATH = re.compile(
    r"usb"
    r"|usb:[0-9A-Fa-f]{4}(:[0-9A-Fa-f]{4})?"  # vendor and product
    r"|usb:[0-9]{3}(:[0-9]{3})?"  # bus and address
    r"|tty:[A-Za-z]+[0-9]+:[a-z0-9]+"  # port and chip
    r"|udp:[A-Za-z0-9.-]+:[0-9]{1,5}"  # a card that is played
)
_EXAMPLES = "nfcpy, nfcpy:usb:072f:2200, nfcpy:usb:001:004, nfcpy:tty:USB0:pn532"


class NfcpyAddressError(ValueError):
    """The text names no reader that nfcpy could open."""


@dataclass(frozen=True, slots=True)
class NfcpyAddress:
    """The readers by nfcpy's own paths, one or more, each once."""

    paths: tuple[str, ...]

    def __str__(self) -> str:
        return f"{PREFIX}:{','.join(self.paths)}"


def is_nfcpy(text: str) -> bool:
    """Whether a setting means nfcpy at all."""
    return text.partition(":")[0] == PREFIX


def parse_nfcpy(text: str) -> NfcpyAddress:
    """Read ``nfcpy`` or ``nfcpy:PATH,PATH…``.

    Raises:
        NfcpyAddressError: it is none of these, or names a reader twice.

    """
    first, colon, rest = text.partition(":")
    paths = tuple(rest.split(",")) if colon else ("usb",)
    if first != PREFIX or not all(_PATH.fullmatch(path) for path in paths):
        message = f"write one such as {_EXAMPLES}; several with commas"
        raise NfcpyAddressError(message)
    if len({path.casefold() for path in paths}) < len(paths):
        message = "a reader is named twice"
        raise NfcpyAddressError(message)
    return NfcpyAddress(paths)
