"""What the doctor says: one finding a fact, with a stable code; the sentences stand in the catalogue under ``doctor.CODE``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique


@unique
class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should look."""
    FAILED = "failed"
    """Something does not work."""


@unique
class Check(StrEnum):
    """What is looked at, in the order of the report. A title stands in the catalogue under ``doctor.check.NAME``."""

    PROGRAM = "program"
    SCREEN = "screen"
    SLIPS = "slips"
    READER = "reader"
    SCANNER = "scanner"
    DEVICES = "devices"
    FOLDER = "folder"
    KEYS = "keys"
    IDENTITY = "identity"
    LEDGER = "ledger"
    REPLICA = "replica"
    FEED = "feed"
    LIMITS = "limits"
    DATABASE = "database"
    CLOCK = "clock"
    DISK = "disk"
    NETWORK = "network"
    SERVICE = "service"
    CERTIFICATE = "certificate"
    ENROLMENT = "enrolment"
    KIOSKS = "kiosks"
    STAFF = "staff"
    SENDERS = "senders"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``values`` fill the sentence and hold nothing of a patron.

    ``since`` (aware UTC) is none when nothing on this machine knows it; a finding that is ok has none.
    """

    check: Check
    level: Level
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    since: datetime | None = None


def ok(check: Check, code: str, **values: object) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, code, values)


def warning(check: Check, code: str, *, since: datetime | None = None, **values: object) -> Finding:
    """It works, and somebody should look."""
    return Finding(check, Level.WARNING, code, values, since)


def failed(check: Check, code: str, *, since: datetime | None = None, **values: object) -> Finding:
    """Something does not work."""
    return Finding(check, Level.FAILED, code, values, since)


def worst(findings: Iterable[Finding]) -> Level:
    """The level of the worst finding."""
    order = tuple(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)
