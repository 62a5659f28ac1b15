"""How a running kiosk is, for others: in a file beside its ledger for the doctor, and in a report to the registry."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from msgspec import DecodeError, json

import youyue
from circulation.wire import MAX_DEVICES, DeviceReport, HealthReport, encode
from kiosk.device_book import Standing
from kiosk.view import View

HEALTH_NAME = "health.json"
_log = structlog.get_logger()


def report_of(standings: tuple[Standing, ...], at: datetime) -> HealthReport:
    """What is told: codes and instants, no detail, nothing of any person. ``at``: aware UTC."""
    devices = (DeviceReport(device=one.device, state=one.state.value, since=one.since, fault=one.fault) for one in standings[:MAX_DEVICES])
    return HealthReport(at=at, version=youyue.__version__, devices=tuple(devices))


class HealthTeller:
    """Hears every view in the core thread; writes and tells only when something has changed. ``tell`` returns at once."""

    def __init__(self, folder: Path, now: Callable[[], datetime], tell: Callable[[HealthReport], None]) -> None:
        self._path = folder / HEALTH_NAME
        self._now = now
        self._tell = tell
        self._told: tuple[object, ...] | None = None

    def see(self, view: View) -> None:
        """Take up a view."""
        seen = tuple((one.device, one.state, one.fault) for one in view.standings)
        if seen == self._told:
            return
        self._told = seen
        report = report_of(view.standings, self._now())
        self._write(report)
        self._tell(report)

    def _write(self, report: HealthReport) -> None:
        begun = self._path.with_suffix(".part")
        try:
            begun.write_bytes(encode(report))
            begun.chmod(0o600)
            begun.replace(self._path)
        except OSError as error:
            _log.warning("health_not_written", problem=error.strerror or type(error).__name__)

    def forget(self) -> None:
        """The kiosk ends: what stood in the file holds no more."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def read_health(folder: Path) -> HealthReport | None:
    """What the kiosk of a folder last wrote of itself; none when there is nothing that can be read."""
    try:
        return json.decode((folder / HEALTH_NAME).read_bytes(), type=HealthReport)
    except (OSError, DecodeError):
        return None
