"""What a slip printer says, and what a virtual one is sent."""

from collections.abc import Sequence

from drivers.escpos_reading import Asked, Cut, EscposReader, Printed, UnreadableCommandError
from drivers.escpos_status import (
    Query,
    fault_in_order,
    fault_of,
    in_order_answer,
    prints,
    real_time_answer,
    state_of,
)
from drivers.ports import DeviceFault, DeviceState
from drivers.printer_address import HOW_TO_WRITE_ONE, NetworkPrinter, PrinterAddressError, SerialPrinter, UsbPrinter, parse_address
from tests.fuzz.inputs import Bytes, is_plain, pieces, text_of
from tests.fuzz.target import Target

MOST_HELD = 1 << 20
XON, XOFF = 0x11, 0x13


def printer_status(data: bytes) -> None:
    """What comes back from a printer: status bytes among flow control and noise."""
    given = Bytes(data)
    steps, stream = given.take(2), given.rest()
    for find in (real_time_answer, in_order_answer):
        found = find(stream)
        found_in_pieces = [answer for part in pieces(stream, steps) if (answer := find(part)) is not None]
        assert found == (found_in_pieces[-1] if found_in_pieces else None)
        assert found is None or found in stream
        assert find(bytes((XON, XOFF))) is None
    real_time = {query: answer for query, part in zip(Query, pieces(stream, steps), strict=False) if (answer := real_time_answer(part))}
    assert all(query.command == bytes((0x10, 0x04, query)) for query in real_time)
    _is_a_judgement(fault_of(real_time))
    assert (fault_of(real_time) is DeviceFault.PRINTER_SILENT) is (not real_time)
    in_order = in_order_answer(stream)
    if in_order is not None:
        _is_a_judgement(fault_in_order(in_order))


def _is_a_judgement(fault: DeviceFault | None) -> None:
    assert prints(fault) is (fault in {None, DeviceFault.PAPER_LOW})
    assert state_of(fault) is (DeviceState.READY if fault is None else DeviceState.DEGRADED)
    assert state_of(DeviceFault.NO_PRINTER) is DeviceState.MISSING


Command = Asked | Printed | Cut


def slip_commands(data: bytes) -> None:
    """What a virtual printer is sent: the same commands however the bytes are cut, never more than a picture held."""
    given = Bytes(data)
    steps, stream = given.take(2), given.rest()
    whole = _commands([stream])
    assert whole == _commands(pieces(stream, steps))
    assert whole == _commands([stream[place : place + 1] for place in range(len(stream))])


def _commands(parts: Sequence[bytes]) -> tuple[list[Command], list[Command], str]:
    """The real-time questions, which may overtake the rest, the rest, and what it was that is no command."""
    reader = EscposReader()
    asked: list[Command] = []
    others: list[Command] = []
    try:
        for part in parts:
            for command in reader.feed(part):
                (asked if isinstance(command, Asked) and command.query is not None else others).append(command)
            assert len(reader._begun) <= MOST_HELD + 8 + len(part)
    except UnreadableCommandError as error:
        assert is_plain(str(error))
        # How many questions were heard until then, and how much of the rubbish, depends on where the bytes were cut.
        return [], others, str(error)[:25]
    return asked, others, ""


def printer_address(data: bytes) -> None:
    """An address of a printer in the settings."""
    text = text_of(data)
    try:
        address = parse_address(text)
    except PrinterAddressError as error:
        assert HOW_TO_WRITE_ONE in str(error)
        return
    match address:
        case NetworkPrinter(host, port):
            assert host.isascii()
            assert 0 < port < 1 << 16
        case SerialPrinter(path, baud):
            assert path.startswith("/")
            assert 0 <= baud < 10**7
            assert is_plain(path)
        case UsbPrinter(vendor, product):
            assert max(vendor, product) < 1 << 16


TARGETS = (
    Target("printer_status", ("drivers.escpos_status",), printer_status, longest=32),
    Target("slip_commands", ("drivers.escpos_reading",), slip_commands, longest=600),
    Target("printer_address", ("drivers.printer_address",), printer_address, longest=300),
)
