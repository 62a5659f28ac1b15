"""What a kiosk says of itself, as the registry keeps and judges it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from circulation.wire import DeviceReport, HealthReport

SILENT_AFTER = timedelta(minutes=20)
"""A kiosk reports every five minutes; one that was not heard for so long is off, or its network is."""


@dataclass(frozen=True, slots=True)
class DeviceStanding:
    """How one part of a kiosk is. ``since``: aware UTC."""

    device: str
    state: str
    since: datetime
    fault: str | None = None

    @property
    def is_down(self) -> bool:
        """Whether somebody should look."""
        return self.state != "ready"


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """The latest report of a kiosk. ``received_at`` by the registry's clock."""

    received_at: datetime
    reported_at: datetime
    version: str
    devices: tuple[DeviceStanding, ...]

    def is_silent(self, now: datetime) -> bool:
        """Whether it was not heard for too long: what it said then says little of now."""
        return now - self.received_at > SILENT_AFTER

    @property
    def down(self) -> tuple[DeviceStanding, ...]:
        """What does not work, worst and longest first."""
        return tuple(sorted((one for one in self.devices if one.is_down), key=lambda one: (one.state != "missing", one.since)))


def received(report: HealthReport, before: KioskHealth | None, *, at: datetime) -> KioskHealth:
    """A report as it is kept.

    A fault that lasts began when it was first told, also over a restart of the kiosk, which forgets it; a kiosk whose clock is ahead tells of
    no fault in the future.
    """
    known = () if before is None else before.devices
    ahead = max(report.at - at, timedelta(0))
    devices = tuple(_since(one, known, ahead, at) for one in _once(report.devices))
    return KioskHealth(at, report.at, report.version, devices)


def _once(devices: Sequence[DeviceReport]) -> Iterable[DeviceReport]:
    return {one.device: one for one in devices}.values()


def _since(report: DeviceReport, known: Iterable[DeviceStanding], ahead: timedelta, at: datetime) -> DeviceStanding:
    told = DeviceStanding(report.device, report.state, min(report.since - ahead, at), report.fault)
    same = next((one for one in known if (one.device, one.state, one.fault) == (told.device, told.state, told.fault)), None)
    return told if same is None else replace(told, since=min(same.since, told.since))
