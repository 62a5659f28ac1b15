"""How every part of the kiosk is: devices say it themselves, the registry, the disk and the replica are looked at."""

from datetime import datetime

from drivers.ports import DeviceHealth
from kiosk.device_book import DeviceBook, Standing, disk_standing, registry_standing
from kiosk.feed import FeedFollower
from kiosk.sender import Sender


class PartsWatch:
    """One book of all parts, and the last word of each device. Used in the core's thread only."""

    def __init__(self, sender: Sender, feed: FeedFollower) -> None:
        self._sender = sender
        self._feed = feed
        self._devices: dict[str, DeviceHealth] = {}
        self._book = DeviceBook()

    @property
    def devices(self) -> tuple[DeviceHealth, ...]:
        """What each device said last."""
        return tuple(self._devices.values())

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Every part that is known of, with since when it is so."""
        return self._book.standings

    def heard(self, health: DeviceHealth, *, at: datetime) -> None:
        """Take down what a device says. ``at``: aware UTC."""
        self._devices[health.device] = health
        self._book = self._book.heard(health, at=at)

    def look(self, *, now: datetime, lost_since: datetime | None, unwritable: bool, low: bool) -> None:
        """Look at the parts that report nothing by themselves. ``now``, ``lost_since``: aware UTC; the last is of the registry."""
        sender = self._sender
        registry = registry_standing(now, lost_since=lost_since, refuses=sender.needs_staff, lacked_at=sender.registry_lacked_at)
        disk = disk_standing(now, unwritable=unwritable, low=low)
        self._book = self._book.noted(registry).noted(disk).noted(self._feed.standing)
