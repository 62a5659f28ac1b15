"""What a running kiosk says of its own devices. Pure."""

from collections.abc import Iterator

from circulation.wire import DeviceReport, HealthReport
from youyue.doctor.findings import Check, Finding, failed, ok, warning

_WORKS_WITHOUT = frozenset({"printer", "registry"})
"""Without them a kiosk lends and takes back all the same."""


def judge_devices(report: HealthReport | None, *, runs: bool) -> Iterator[Finding]:
    """Each device: since when it is as it is, and why. A kiosk that does not run knows nothing of its devices."""
    if report is None or not runs:
        yield ok(Check.DEVICES, "devices_unknown")
        return
    for device in report.devices:
        yield _judged(device)


def _judged(device: DeviceReport) -> Finding:
    if device.state == "ready":
        return ok(Check.DEVICES, "device_ready", device=device.device)
    fault = device.fault or "driver_failed"
    if device.state == "degraded":
        return warning(Check.DEVICES, "device_degraded", device=device.device, fault=fault, since=device.since)
    if device.device in _WORKS_WITHOUT:
        return warning(Check.DEVICES, "device_missing", device=device.device, fault=fault, since=device.since)
    return failed(Check.DEVICES, "device_missing", device=device.device, fault=fault, since=device.since)
