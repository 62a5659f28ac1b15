"""What an ESC/POS printer says of itself: status bytes in, a fault out. Pure.

Source: Epson's command reference, `DLE EOT n` (real-time status, answered at once even in the middle of a slip) and `GS r 1`
(paper sensors, answered in its order: when the answer comes, everything that was sent before has been printed).
"""

from collections.abc import Mapping
from enum import IntEnum, unique

from drivers.ports import DeviceFault, DeviceState

PAPER_IN_ORDER = b"\x1dr\x01"
"""``GS r 1``."""

_REAL_TIME_MASK, _REAL_TIME_BITS = 0x93, 0x12
_IN_ORDER_MASK, _IN_ORDER_BITS = 0x90, 0x00
_OFFLINE = 0x08
_COVER_OPEN = 0x04
_STOPPED_BY_PAPER = 0x20
_STOPPED_BY_ERROR = 0x40
_ERRORS = 0x6C
"""Recoverable, cutter, unrecoverable, recovering by itself."""
_ROLL_OUT = 0x60
_ROLL_LOW = 0x0C
_IN_ORDER_OUT = 0x0C
_IN_ORDER_LOW = 0x03


@unique
class Query(IntEnum):
    """The four questions of ``DLE EOT n``."""

    PRINTER = 1
    OFFLINE = 2
    ERROR = 3
    PAPER = 4

    @property
    def command(self) -> bytes:
        """As it is sent."""
        return bytes((0x10, 0x04, self))


def real_time_answer(received: bytes) -> int | None:
    """The newest byte that can be an answer to a ``Query``; others (flow control, what nobody asked for) are passed over."""
    return next((byte for byte in reversed(received) if byte & _REAL_TIME_MASK == _REAL_TIME_BITS), None)


def in_order_answer(received: bytes) -> int | None:
    """The newest byte that can be an answer to ``PAPER_IN_ORDER``. XON and XOFF have the bit that such an answer never has."""
    return next((byte for byte in reversed(received) if byte & _IN_ORDER_MASK == _IN_ORDER_BITS), None)


def fault_of(answers: Mapping[Query, int]) -> DeviceFault | None:
    """What the answers add up to: the cause that a person can take away first. No answer to a question says nothing of it."""
    if not answers:
        return DeviceFault.PRINTER_SILENT
    printer, offline = answers.get(Query.PRINTER, 0), answers.get(Query.OFFLINE, 0)
    error, paper = answers.get(Query.ERROR, 0), answers.get(Query.PAPER, 0)
    if offline & _COVER_OPEN:
        return DeviceFault.COVER_OPEN
    if paper & _ROLL_OUT or offline & _STOPPED_BY_PAPER:
        return DeviceFault.PAPER_OUT
    if error & _ERRORS or offline & _STOPPED_BY_ERROR or printer & _OFFLINE:
        return DeviceFault.PRINTER_ERROR
    return DeviceFault.PAPER_LOW if paper & _ROLL_LOW else None


def fault_in_order(answer: int) -> DeviceFault | None:
    """What the answer to ``PAPER_IN_ORDER`` says."""
    if answer & _IN_ORDER_OUT:
        return DeviceFault.PAPER_OUT
    return DeviceFault.PAPER_LOW if answer & _IN_ORDER_LOW else None


def prints(fault: DeviceFault | None) -> bool:
    """Whether a slip comes out all the same."""
    return fault in {None, DeviceFault.PAPER_LOW}


def state_of(fault: DeviceFault | None) -> DeviceState:
    """A printer that can't be reached is missing; one that says what it lacks is there."""
    if fault is None:
        return DeviceState.READY
    return DeviceState.MISSING if fault in {DeviceFault.NO_PRINTER, DeviceFault.DRIVER_FAILED} else DeviceState.DEGRADED
