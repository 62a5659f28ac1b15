"""Where scans come in: sorted, and for a moment it is remembered that one could not be."""

from drivers.ports import BarcodeScanned, CardPresented, ScanUnreadable
from kiosk.events import Event
from kiosk.scans import CardScanned, ItemScanned, Scan, ScanFault, ScanRefused, sort_scan
from kiosk.settings import KioskSettings


class ScanDesk:
    """Sorts by the library's forms. Instants are monotonic seconds."""

    def __init__(self, settings: KioskSettings) -> None:
        self._settings = settings
        self._fault: ScanFault | None = None
        self._until = 0.0

    def sort(self, event: Event, *, now: float) -> Event | Scan:
        """The event, a scan as what it is; what is understood takes away what was said of the scan before."""
        sorted_one = sort_scan(event, self._settings.codes) if isinstance(event, BarcodeScanned | ScanUnreadable) else event
        match sorted_one:
            case ScanRefused(fault):
                self._fault, self._until = fault, now + self._settings.scan_notice
            case ItemScanned() | CardScanned() | CardPresented():
                self._fault = None
            case _:
                pass
        return sorted_one

    def fault(self, *, now: float) -> ScanFault | None:
        """What is said of the last scan."""
        return self._fault if now < self._until else None

    def deadline(self, *, now: float) -> float | None:
        """When that goes."""
        return None if self.fault(now=now) is None else self._until
