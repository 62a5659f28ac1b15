"""The calls to a PC/SC service: answers become values, bad answers become one error with the standard's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from drivers import pcsc_status as status
from drivers.ports import ReaderError

PNP_READER = "\\\\?PnP?\\Notification"
"""The pseudo reader that tells of new readers. Without it a wait with no reader returns at once, for ever."""

_SCOPE_SYSTEM = 2
_SHARE_SHARED = 2
_PROTOCOL_T0 = 1
_PROTOCOL_T1 = 2
_LEAVE_CARD = 0


class Scard(Protocol):
    """What is used of ``smartcard.scard``. Each call answers with a status first, in 32 bits."""

    @property
    def INFINITE(self) -> int:  # noqa: N802 - the standard's name
        """The time-out, in milliseconds, that never comes."""

    @property
    def SCARD_PCI_T0(self) -> int:  # noqa: N802 - the standard's name
        """How ``SCardTransmit`` is told of the protocol T=0."""

    @property
    def SCARD_PCI_T1(self) -> int:  # noqa: N802 - the standard's name
        """How ``SCardTransmit`` is told of the protocol T=1."""

    def SCardEstablishContext(self, scope: int, /) -> Sequence[int]:  # noqa: N802 - the standard's name
        """Answer with status and context."""

    def SCardReleaseContext(self, context: int, /) -> int:  # noqa: N802 - the standard's name
        """Answer with the status."""

    def SCardListReaders(self, context: int, groups: list[str], /) -> tuple[int, list[str]]:  # noqa: N802 - the standard's name
        """Answer with status and names."""

    def SCardGetStatusChange(  # noqa: N802 - the standard's name
        self, context: int, timeout: int, states: list[tuple[str, int]], /
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        """Answer with status and, for each reader, name, state and ATR."""

    def SCardCancel(self, context: int, /) -> int:  # noqa: N802 - the standard's name
        """Answer with the status. A cancel that comes before the wait is lost."""

    def SCardConnect(self, context: int, reader: str, share: int, protocols: int, /) -> Sequence[int]:  # noqa: N802 - the standard's name
        """Answer with status, card and protocol."""

    def SCardTransmit(self, card: int, protocol: int, command: list[int], /) -> tuple[int, list[int]]:  # noqa: N802 - the standard's name
        """Answer with the status and the card's answer."""

    def SCardDisconnect(self, card: int, disposition: int, /) -> int:  # noqa: N802 - the standard's name
        """Answer with the status."""


class PcscCallError(ReaderError):
    """A PC/SC call did not succeed; ``hresult`` is its answer in unsigned 32 bits, ``fault`` what it means."""

    def __init__(self, call: str, hresult: int) -> None:
        super().__init__(f"{call} answered {status.status_name(hresult)}")
        self.hresult = status.unsigned(hresult)
        self.fault = status.fault_of(call, hresult)


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """The state of one reader as the service tells it, and the ATR of the card on it, if any."""

    state: int
    atr: bytes = b""


def system_scard() -> Scard:
    """Load the PC/SC library of this machine. The only door to it.

    Raises:
        ImportError: pyscard is not installed.

    """
    # Loaded late: which service a process talks to is settled at the first call and kept.
    from smartcard import scard  # noqa: PLC0415

    service: Scard = scard
    return service


class PcscContext:
    """One open context. Used by one thread; ``cancel`` alone may be called from another.

    Raises:
        PcscCallError: from every call that the service answers badly.

    """

    def __init__(self, scard: Scard) -> None:
        self._scard = scard
        hresult, self._context = scard.SCardEstablishContext(_SCOPE_SYSTEM)[:2]
        _check(status.ESTABLISH, hresult)
        self._open = True
        self._lock = Lock()

    def readers(self) -> tuple[str, ...]:
        """Name the readers that are plugged in now."""
        hresult, names = self._scard.SCardListReaders(self._context, [])
        if status.unsigned(hresult) == status.NO_READERS_AVAILABLE:
            return ()
        _check("SCardListReaders", hresult)
        return tuple(names)

    def wait(self, known: Mapping[str, int], *, timeout_ms: int | None) -> Mapping[str, ReaderStatus] | None:
        """Wait until a reader's state is another than the known one. ``None`` when nothing came or the wait was cancelled."""
        limit = self._scard.INFINITE if timeout_ms is None else timeout_ms
        hresult, answers = self._scard.SCardGetStatusChange(self._context, limit, list(known.items()))
        if status.unsigned(hresult) in {status.TIMEOUT, status.CANCELLED}:
            return None
        _check("SCardGetStatusChange", hresult)
        return {name: ReaderStatus(state, bytes(atr)) for name, state, atr in answers}

    def ask(self, reader: str, command: bytes) -> bytes:
        """Put one command to the card on a reader. An empty answer means that the card was lifted meanwhile (measured)."""
        hresult, card, protocol = self._scard.SCardConnect(self._context, reader, _SHARE_SHARED, _PROTOCOL_T0 | _PROTOCOL_T1)[:3]
        _check("SCardConnect", hresult)
        pci = self._scard.SCARD_PCI_T0 if protocol == _PROTOCOL_T0 else self._scard.SCARD_PCI_T1
        try:
            hresult, answer = self._scard.SCardTransmit(card, pci, list(command))
        finally:
            self._scard.SCardDisconnect(card, _LEAVE_CARD)
        _check("SCardTransmit", hresult)
        return bytes(answer)

    def cancel(self) -> None:
        """End a wait of the other thread, if it is waiting just now."""
        with self._lock:
            if self._open:
                self._scard.SCardCancel(self._context)

    def close(self) -> None:
        """Give the context back. A service that is gone cannot take it: then there is nothing to give."""
        with self._lock:
            if self._open:
                self._open = False
                self._scard.SCardReleaseContext(self._context)


def _check(call: str, hresult: int) -> None:
    if status.unsigned(hresult) != status.SUCCESS:
        raise PcscCallError(call, hresult)
