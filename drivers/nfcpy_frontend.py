"""The only door to nfcpy: open a reader, look once for a card, let go; bad ends become one error with what it means.

nfcpy 1.0.4 is not maintained: whatever it raises over an answer that it cannot read is an answer that gave no UID.
"""

import errno
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Protocol

from drivers.nfcpy_holders import Holder, KernelDriver, OtherProgram, UsbPlace, holder_of
from drivers.nfcpy_presence import Sighting
from drivers.nfcpy_target import FELICA, TYPE_A, card_of
from drivers.ports import CardAnswerError, DeviceFault, ReaderError, ReaderUnavailableError

_BY_IMPORTANCE = (DeviceFault.HELD_BY_KERNEL, DeviceFault.HELD_BY_PROGRAM, DeviceFault.NOT_PERMITTED, DeviceFault.NO_READER)


class FrontendError(ReaderError):
    """A reader cannot be opened, or is lost; ``fault`` says why."""

    def __init__(self, fault: DeviceFault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


class Frontend(Protocol):
    """One open reader. Used by one thread; ``cancel`` alone may be called from another."""

    @property
    def name(self) -> str:
        """For engineers: maker, chip and place."""

    def look(self) -> Sighting:
        """Look once for a card.

        Raises:
            FrontendError: the reader is lost.

        """

    def cancel(self) -> None:
        """End a look of the other thread early, where the way to the reader allows it."""

    def close(self) -> None:
        """Let go of the reader; its field goes off. Never fails."""


FrontendOpener = Callable[[], Frontend]
"""Opens one reader, or raises ``FrontendError``."""


def require_nfcpy() -> None:
    """Make sure that nfcpy is installed.

    Raises:
        ReaderUnavailableError: it is not; the message says what to install.

    """
    try:
        import nfc.clf  # noqa: F401, PLC0415 - an optional extra, loaded only where it is used
    except ImportError as error:
        message = f"nfcpy is not installed ({error}): install this program with its extra `nfcpy`, by requirements/kiosk-nfcpy.txt"
        raise ReaderUnavailableError(message) from None
    # It writes UIDs at its lower levels, and a line at each try to open a reader at its higher ones.
    logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)


class NfcpyFrontend:
    """A reader that nfcpy has opened.

    Raises:
        FrontendError: nothing is there, this user may not use it, or somebody else holds it.

    """

    def __init__(self, path: str) -> None:
        # Loaded late, and only where an nfcpy reader is set: it is an optional extra.
        import nfc.clf  # noqa: PLC0415 - see above

        self._clf = nfc.clf.ContactlessFrontend()
        self._wanted = (nfc.clf.RemoteTarget(TYPE_A), nfc.clf.RemoteTarget(FELICA))
        _open(self._clf.open, path)
        self.name = str(self._clf.device)

    def look(self) -> Sighting:
        """Look once for a card of type A, then for a FeliCa card.

        Raises:
            FrontendError: the reader is lost.

        """
        try:
            target = self._clf.sense(*self._wanted)
            return None if target is None else card_of(target)
        except CardAnswerError as error:
            return error
        except OSError as error:
            raise FrontendError(fault_of(error.errno, None), f"{self.name} is lost: {error.strerror or error}") from None
        except Exception as error:  # noqa: BLE001 - nfcpy lets all kinds of errors through when a card answers rubbish
            return CardAnswerError(f"an answer that nfcpy cannot read ({type(error).__name__})")

    def cancel(self) -> None:
        """End a look early: over UDP at once. USB and serial readers answer by themselves, and nfcpy cannot be interrupted there."""
        link = getattr(self._clf.device, "socket", None)
        if link is not None:
            try:
                link.shutdown(socket.SHUT_RD)
            except OSError:
                # It says that it was not connected, and wakes who waits all the same (Linux, measured).
                return

    def close(self) -> None:
        """Let go of the reader; its field goes off."""
        try:
            self._clf.close()
        except Exception:  # noqa: BLE001 - the reader is gone, and what nfcpy makes of that differs from chip to chip
            return


def _open(open_path: Callable[[str], bool], path: str) -> None:
    if not path.startswith("usb"):
        _open_other(open_path, path)
        return
    failures = []
    for place in usb_readers(path):
        try:
            if open_path(f"usb:{place.bus:03d}:{place.address:03d}"):
                return
        except OSError as error:
            holder = holder_of(place) if error.errno == errno.EBUSY else None
            failures.append(FrontendError(fault_of(error.errno, holder), _why(place, error, holder)))
    raise min(failures, key=_importance, default=FrontendError(DeviceFault.NO_READER, f"no reader that nfcpy knows at {path}"))


def _open_other(open_path: Callable[[str], bool], path: str) -> None:
    try:
        opened = open_path(path)
    except OSError as error:
        raise FrontendError(fault_of(error.errno, None), f"{path}: {error.strerror or error}") from None
    if not opened:
        raise FrontendError(DeviceFault.NO_READER, f"no reader at {path}")


def usb_readers(path: str) -> Iterator[UsbPlace]:
    """Where the readers of this path are plugged in that nfcpy knows. Opens none."""
    import nfc.clf.device  # noqa: PLC0415 - an optional extra
    import nfc.clf.transport  # noqa: PLC0415 - the same

    for vendor, product, bus, address in nfc.clf.transport.USB.find(path) or ():
        if (vendor, product) in nfc.clf.device.usb_device_map:
            yield UsbPlace(bus, address)


def fault_of(number: int | None, holder: Holder | None) -> DeviceFault:
    """Say what an error of the system means for a reader; ``holder`` is who has it when it is busy."""
    match number, holder:
        case errno.EBUSY, KernelDriver():
            return DeviceFault.HELD_BY_KERNEL
        case errno.EBUSY, _:
            return DeviceFault.HELD_BY_PROGRAM
        case ((errno.EACCES | errno.EPERM), _):
            return DeviceFault.NOT_PERMITTED
        case _:
            return DeviceFault.NO_READER


def _why(place: UsbPlace, error: OSError, holder: Holder | None) -> str:
    match holder:
        case KernelDriver(name):
            return f"the kernel's driver {name} holds the reader at {place.node}"
        case OtherProgram(name):
            return f"{name or 'another program, such as pcscd,'} holds the reader at {place.node}"
        case None:
            return f"{place.node}: {error.strerror}"


def _importance(error: FrontendError) -> int:
    return _BY_IMPORTANCE.index(error.fault)
