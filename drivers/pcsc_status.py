"""The answers of a PC/SC service, by the names the standard gives them, and what each means for the loop.

Source: PC/SC Workgroup specification part 5 and pcsc-lite's ``pcsclite.h`` (the values are the same).
"""

from drivers.ports import DeviceFault

ESTABLISH = "SCardEstablishContext"

SUCCESS = 0x00000000
CANCELLED = 0x80100002
INVALID_HANDLE = 0x80100003
UNKNOWN_READER = 0x80100009
TIMEOUT = 0x8010000A
SHARING_VIOLATION = 0x8010000B
NO_SMARTCARD = 0x8010000C
COMM_ERROR = 0x80100013
NOT_TRANSACTED = 0x80100016
READER_UNAVAILABLE = 0x80100017
NO_SERVICE = 0x8010001D
SERVICE_STOPPED = 0x8010001E
NO_READERS_AVAILABLE = 0x8010002E
UNRESPONSIVE_CARD = 0x80100066
RESET_CARD = 0x80100068
REMOVED_CARD = 0x80100069
SECURITY_VIOLATION = 0x8010006A

_NAMES = {
    SUCCESS: "SCARD_S_SUCCESS",
    0x80100001: "SCARD_F_INTERNAL_ERROR",
    CANCELLED: "SCARD_E_CANCELLED",
    INVALID_HANDLE: "SCARD_E_INVALID_HANDLE",
    0x80100004: "SCARD_E_INVALID_PARAMETER",
    0x80100006: "SCARD_E_NO_MEMORY",
    0x80100008: "SCARD_E_INSUFFICIENT_BUFFER",
    UNKNOWN_READER: "SCARD_E_UNKNOWN_READER",
    TIMEOUT: "SCARD_E_TIMEOUT",
    SHARING_VIOLATION: "SCARD_E_SHARING_VIOLATION",
    NO_SMARTCARD: "SCARD_E_NO_SMARTCARD",
    0x8010000F: "SCARD_E_PROTO_MISMATCH",
    0x80100010: "SCARD_E_NOT_READY",
    COMM_ERROR: "SCARD_F_COMM_ERROR",
    NOT_TRANSACTED: "SCARD_E_NOT_TRANSACTED",
    READER_UNAVAILABLE: "SCARD_E_READER_UNAVAILABLE",
    NO_SERVICE: "SCARD_E_NO_SERVICE",
    SERVICE_STOPPED: "SCARD_E_SERVICE_STOPPED",
    NO_READERS_AVAILABLE: "SCARD_E_NO_READERS_AVAILABLE",
    0x80100065: "SCARD_W_UNSUPPORTED_CARD",
    UNRESPONSIVE_CARD: "SCARD_W_UNRESPONSIVE_CARD",
    0x80100067: "SCARD_W_UNPOWERED_CARD",
    RESET_CARD: "SCARD_W_RESET_CARD",
    REMOVED_CARD: "SCARD_W_REMOVED_CARD",
    SECURITY_VIOLATION: "SCARD_W_SECURITY_VIOLATION",
}

SERVICE_GONE = frozenset({INVALID_HANDLE, COMM_ERROR, NO_SERVICE, SERVICE_STOPPED})
"""After these a context is dead for ever, even when the service is back: only a new one helps (measured)."""

READER_GONE = frozenset({UNKNOWN_READER, READER_UNAVAILABLE})
"""The reader was unplugged between two calls: read the list of readers again."""

CARD_GONE = frozenset({NO_SMARTCARD, NOT_TRANSACTED, REMOVED_CARD})
"""The card was lifted, or changed for another, while it was being read (measured: 16, 69 and an empty answer)."""

WORTH_ASKING_AGAIN = CARD_GONE | {SHARING_VIOLATION, UNRESPONSIVE_CARD, RESET_CARD}
"""A card that still, or again, lies on the reader may answer a moment later."""


def unsigned(hresult: int) -> int:
    """Bring an answer into the unsigned 32 bits in which the standard writes it; some platforms sign it."""
    return hresult & 0xFFFFFFFF


def status_name(hresult: int) -> str:
    """Write an answer as the standard does, such as ``SCARD_E_NO_SERVICE (0x8010001D)``."""
    code = unsigned(hresult)
    return f"{_NAMES.get(code, 'an answer the standard does not name')} (0x{code:08X})"


def fault_of(call: str, hresult: int) -> DeviceFault:
    """Say why a device is not ready after this answer to this call.

    pcsc-lite's library answers SCARD_W_SECURITY_VIOLATION whenever its connection is reset: that is how the
    service turns somebody away who asks for a context, but in a later call it is a killed service (measured).
    """
    code = unsigned(hresult)
    if code == SECURITY_VIOLATION:
        return DeviceFault.NOT_PERMITTED if call == ESTABLISH else DeviceFault.NO_SERVICE
    if code in SERVICE_GONE:
        return DeviceFault.NO_SERVICE
    if code in READER_GONE or code == NO_READERS_AVAILABLE:
        return DeviceFault.NO_READER
    return DeviceFault.DRIVER_FAILED
