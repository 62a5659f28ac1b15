"""One round of the doctor through a kiosk or a registry: every check by itself, so that one that can't be made hides no other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.fault_place import place_of
from kiosk.ports import Clock
from youyue.doctor.facts import Patience
from youyue.doctor.findings import Check, Finding, failed

_USUAL_ZONE = ZoneInfo("Asia/Taipei")


@dataclass(frozen=True, slots=True)
class Practice:
    """How the doctor looks: with which clock, and with how much patience."""

    clock: Clock
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class KioskPlace:
    """Where a kiosk is, from its settings."""

    folder: Path
    reader: str
    slips: str = ""
    printer: str = ""
    scanner: str = "virtual"
    item_codes: str = ""
    card_codes: str = ""


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    """Where a registry is, from its settings. ``url``: where people of this machine reach it; ``zone`` decides which day it is there."""

    folder: Path
    database: str
    url: str
    certificate: str = ""
    zone: ZoneInfo = _USUAL_ZONE


def examine(check: Check, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Make a check. One that fails in a way nobody foresaw is a finding too, with its place and without its words."""
    try:
        yield from list(look())
    except ImportError as error:
        yield failed(check, "check_needs", detail=error.name or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a doctor who falls over the first wound examines nothing
        yield failed(check, "check_fell", detail=f"{type(error).__name__} at {place_of(error)}")
