"""How each part of a kiosk is, since when, and why: one list for the screen, the doctor and the registry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique

from drivers.ports import DeviceFault, DeviceHealth, DeviceState

REGISTRY = "registry"
"""The way to the registry: the network and what answers at its end."""
DISK = "disk"
REPLICA = "replica"
"""This kiosk's copy of the registry's rows."""
INNER_PARTS = frozenset({REGISTRY, DISK, REPLICA})
"""What nobody plugs in."""


@unique
class PartFault(StrEnum):
    """What is wrong with a part that is no device of ``drivers``; its other codes are ``DeviceFault``'s."""

    REGISTRY_LOST = "registry_lost"
    REGISTRY_REFUSES = "registry_refuses"
    """The registry refused what this kiosk sent: a person must look."""
    REGISTRY_RESTORED = "registry_restored"
    """The registry lacked facts that it had answered: it was put back to a backup. They have been sent again."""
    LEDGER_UNWRITABLE = "ledger_unwritable"
    DISK_LOW = "disk_low"
    """Less room than loans need by the offline terms."""
    NO_REPLICA = "no_replica"
    REPLICA_MENDED = "replica_mended"
    """Rows were not those of the registry, and were put right."""
    REPLICA_DIFFERS = "replica_differs"
    """Rows differ from the registry's again and again: somebody must find out why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one part is. ``since``: aware UTC; of a lost registry the instant it was last heard. ``detail`` is for engineers, never sent on."""

    device: str
    state: DeviceState
    since: datetime
    fault: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeviceBook:
    """Every part that has said something, in the order in which they first did."""

    parts: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """All of them."""
        return tuple(self.parts.values())

    def heard(self, health: DeviceHealth, *, at: datetime) -> "DeviceBook":
        """After a device reported."""
        fault = health.fault
        if fault is None and health.state is not DeviceState.READY:
            fault = DeviceFault.DRIVER_FAILED
        return self.noted(Standing(health.device, health.state, at, fault.value if fault else None, health.detail))

    def noted(self, standing: Standing) -> "DeviceBook":
        """After a part was looked at. The same state for the same reason lasts since it began; only its detail may be another."""
        before = self.parts.get(standing.device)
        if before is not None and (before.state, before.fault) == (standing.state, standing.fault):
            if before.detail == standing.detail:
                return self
            standing = replace(standing, since=before.since)
        return DeviceBook({**self.parts, standing.device: standing})


TOLD_FOR = timedelta(days=1)
"""So long it is told that something was wrong and has been put right."""


def registry_standing(now: datetime, *, lost_since: datetime | None, refuses: bool, lacked_at: datetime | None = None) -> Standing:
    """The way to the registry, as the core sees it. ``lacked_at``: when it last lacked what it had answered."""
    if lost_since is not None:
        return Standing(REGISTRY, DeviceState.MISSING, lost_since, PartFault.REGISTRY_LOST)
    if refuses:
        return Standing(REGISTRY, DeviceState.DEGRADED, now, PartFault.REGISTRY_REFUSES)
    if lacked_at is not None and now - lacked_at < TOLD_FOR:
        return Standing(REGISTRY, DeviceState.DEGRADED, lacked_at, PartFault.REGISTRY_RESTORED)
    return Standing(REGISTRY, DeviceState.READY, now)


def disk_standing(now: datetime, *, unwritable: bool, low: bool) -> Standing:
    """The disk, as the core sees it."""
    if unwritable:
        return Standing(DISK, DeviceState.MISSING, now, PartFault.LEDGER_UNWRITABLE)
    if low:
        return Standing(DISK, DeviceState.DEGRADED, now, PartFault.DISK_LOW)
    return Standing(DISK, DeviceState.READY, now)
