"""Who holds a reader on USB: a driver of the kernel, or a program. Reads ``/sys`` and ``/proc`` only, and disturbs nobody."""

from dataclasses import dataclass
from pathlib import Path

_SYS_DEVICES = Path("/sys/bus/usb/devices")
_PROC = Path("/proc")
_OPENED_BY_PROGRAMS = "usbfs"


@dataclass(frozen=True, slots=True)
class KernelDriver:
    """A driver of the kernel, such as ``pn533_usb``, has bound the reader."""

    name: str


@dataclass(frozen=True, slots=True)
class OtherProgram:
    """A program has opened the reader; ``name`` is empty when this user may not see which."""

    name: str


Holder = KernelDriver | OtherProgram


@dataclass(frozen=True, slots=True)
class UsbPlace:
    """Where a device is plugged in, as the kernel counts."""

    bus: int
    address: int

    @property
    def node(self) -> str:
        """The file by which programs open it."""
        return f"/dev/bus/usb/{self.bus:03d}/{self.address:03d}"


def holder_of(place: UsbPlace, *, sys_devices: Path = _SYS_DEVICES, proc: Path = _PROC) -> Holder | None:
    """Name who holds the reader; nobody holds one that has no driver."""
    drivers = {link.resolve().name for device in _devices_at(place, sys_devices) for link in device.glob("*:*/driver")}
    if kernel := sorted(drivers - {_OPENED_BY_PROGRAMS}):
        return KernelDriver(kernel[0])
    return OtherProgram(_program_with(place.node, proc)) if drivers else None


def _devices_at(place: UsbPlace, sys_devices: Path) -> list[Path]:
    return [
        device for device in sys_devices.glob("*") if (_number(device / "busnum"), _number(device / "devnum")) == (place.bus, place.address)
    ]


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _program_with(node: str, proc: Path) -> str:
    for process in proc.glob("[0-9]*"):
        try:
            if any(str(opened.readlink()) == node for opened in (process / "fd").iterdir()):
                return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            # It has ended, or belongs to another user.
            continue
    return ""
