"""Which nfcpy readers are plugged in and who holds them, without opening one: a kiosk may be using them just now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.nfcpy_address import NfcpyAddress
from drivers.nfcpy_frontend import usb_readers
from drivers.nfcpy_holders import Holder, UsbPlace, holder_of

_DEV = Path("/dev")


@dataclass(frozen=True, slots=True)
class FoundReader:
    """A reader that is there: the path by which it is set, the file by which it is opened, and who has done so."""

    path: str
    node: str
    holder: Holder | None = None


def find_nfcpy_readers(
    address: NfcpyAddress, *, usb: Callable[[str], Iterator[UsbPlace]] = usb_readers, dev: Path = _DEV
) -> tuple[FoundReader, ...]:
    """Find what is set. A path that is not among the answers has no reader; one that is played by UDP is always there.

    Raises:
        ImportError: nfcpy is not installed.

    """
    return tuple(found for path in address.paths for found in _found_at(path, usb, dev))


def _found_at(path: str, usb: Callable[[str], Iterator[UsbPlace]], dev: Path) -> Iterator[FoundReader]:
    kind, _, rest = path.partition(":")
    match kind:
        case "usb":
            for place in usb(path):
                yield FoundReader(path, place.node, holder_of(place))
        case "tty":
            node = dev / f"tty{rest.partition(':')[0]}"
            if node.exists():
                yield FoundReader(path, str(node))
        case _:
            yield FoundReader(path, path)
