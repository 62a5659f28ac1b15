"""Which scanners are plugged in, looked at without opening any: for the doctor and for who sets a kiosk up."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.input_nodes import InputNode, chosen, keyboards
from drivers.ports import DeviceFault
from drivers.scanner_address import KeyboardAddress, ScannerAddress, SerialAddress, VirtualAddress

SERIAL_BY_ID = Path("/dev/serial/by-id")


def serial_ports(by_id: Path = SERIAL_BY_ID) -> tuple[str, ...]:
    """The serial ports on USB, by the names that stay the same."""
    return tuple(sorted(map(str, by_id.glob("*"))))


def fault_of(
    address: ScannerAddress,
    *,
    nodes: Callable[[], Sequence[InputNode]] = keyboards,
    may_open: Callable[[str], bool] = lambda path: os.access(path, os.R_OK),
) -> DeviceFault | None:
    """Why a scanner can't be used as far as that can be seen from outside; none where nothing speaks against it."""
    match address:
        case VirtualAddress():
            return None
        case SerialAddress(path):
            if not Path(path).exists():
                return DeviceFault.NO_SCANNER
            return None if may_open(path) else DeviceFault.SCANNER_NOT_PERMITTED
        case KeyboardAddress(path=path):
            found = chosen(nodes(), address, target=str(Path(path).resolve()) if path else "")
            if isinstance(found, DeviceFault):
                return found
            return None if all(may_open(node.path) for node in found) else DeviceFault.SCANNER_NOT_PERMITTED
