"""What was seen on a machine, before anybody judges it. Instants are aware UTC; what could not be seen is none or has its own value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """The program, its Python and its packages. ``packages`` maps each need to the installed version; ``needs`` is none when unknown."""

    version: str
    python: str
    needs_python: str
    packages: Mapping[str, "PackageFact"] | None


@dataclass(frozen=True, slots=True)
class PackageFact:
    """One package: what is needed, what is there (none: not installed), and whether that will do."""

    needed: str
    found: str | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder that holds secrets. ``changed_at`` is when its rights or its owner last changed."""

    path: str
    exists: bool
    is_ours: bool = True
    is_writable: bool = True
    mode: int = 0o700
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyFileFacts:
    """One key file. ``size`` in bytes; none when it can't be read."""

    name: str
    exists: bool
    mode: int = 0o600
    size: int | None = 32
    changed_at: datetime | None = None


@unique
class ReaderService(StrEnum):
    """How the card reader service is."""

    ANSWERS = "answers"
    NOT_INSTALLED = "not_installed"
    DOES_NOT_ANSWER = "does_not_answer"


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """Card readers. ``virtual``: a virtual reader of this user runs; ``choice`` is the setting ``kiosk.reader``."""

    choice: str
    service: ReaderService
    detail: str = ""
    readers: tuple[str, ...] = ()
    virtual: bool = False


@dataclass(frozen=True, slots=True)
class ScannerFacts:
    """One scanner of the setting ``kiosk.scanner``. ``fault``: why it can't be used, as far as that can be seen without opening it."""

    device: str
    address: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """The settings ``kiosk.item_codes`` and ``kiosk.card_codes``."""

    items: str
    cards: str


@dataclass(frozen=True, slots=True)
class DiskFacts:
    """Room on the disk of a folder, in bytes."""

    path: str
    free: int


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """This machine's time against the registry's.

    ``offset`` is ours minus theirs, none when it was not told; ``told_at`` is the latest instant that the registry ever told here.
    """

    now: datetime
    offset: timedelta | None
    told_at: datetime | None = None


@unique
class Reached(StrEnum):
    """How far the way to the registry was open: the first step that failed."""

    ADDRESS = "address"
    """It is no address, or its authority's certificates can't be read."""
    NAME = "name"
    CONNECTION = "connection"
    TRUST = "trust"
    ANSWER = "answer"
    """Something answers that is no registry."""
    READY = "ready"
    """The registry itself says that it is not ready."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """The way to a registry. ``expires_at`` is the end of its certificate's life, none without TLS."""

    address: str
    reached: Reached
    detail: str = ""
    milliseconds: int = 0
    expires_at: datetime | None = None
    offset: timedelta | None = None


@unique
class Standing(StrEnum):
    """What the registry says to a request that this kiosk has signed."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """Whether the screens can be drawn: Qt's version, what went wrong with it or with the fonts, and SQLCipher's version."""

    qt: str = ""
    qt_problem: str = ""
    font_problem: str = ""


@dataclass(frozen=True, slots=True)
class SlipsFacts:
    """Where slips go: the folder for PDFs and the receipt printer's address; without either nothing is printed."""

    path: str
    is_writable: bool = True
    printer: str = ""


@dataclass(frozen=True, slots=True)
class DiskLimits:
    """Bytes: below ``lending`` a kiosk must not lend, below ``returning`` it can't even take back (sync protocol); below ``soon`` it is time."""

    soon: int = 1024 * 2**20
    lending: int = 256 * 2**20
    returning: int = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something may last before it is worth a warning."""

    clock: timedelta = timedelta(minutes=5)
    unsent: timedelta = timedelta(minutes=15)
    certificate: timedelta = timedelta(days=21)
    silence: timedelta = timedelta(days=7)
    staff: timedelta = timedelta(days=7)
    wal: int = 256 * 2**20
    disk: DiskLimits = field(default_factory=DiskLimits)
