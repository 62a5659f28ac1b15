"""What a library may set about its registry."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from registry.enrolment.names import NameStyle


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Settings with their defaults.

    ``time_zone`` decides which local date it is. ``gather`` is how long ordinary changes are collected
    before polls are woken; cards and blocks never wait. ``look`` is how soon changes are found that
    another process made without a word. A snapshot more than ``snapshot_lag`` changes
    behind the head is built anew. ``feed_kept`` is how long changes (and tombstones) can be asked for:
    sync rule 8 says at least 90 days. ``names`` is how a name is masked. ``upkeep`` is how often the service
    looks after itself: it writes what it counted, and drops old changes once a day.
    """

    time_zone: str = "Asia/Taipei"
    gather: timedelta = timedelta(seconds=1)
    look: timedelta = timedelta(seconds=2)
    snapshot_lag: int = 10_000
    snapshots_kept: int = 2
    snapshot_patience: timedelta = timedelta(seconds=20)
    feed_kept: timedelta = timedelta(days=90)
    code_lives: timedelta = timedelta(minutes=15)
    body_patience: timedelta = timedelta(seconds=30)
    max_body: int = 4 * 1024 * 1024
    upkeep: timedelta = timedelta(minutes=1)
    names: NameStyle = NameStyle.SURNAME

    @property
    def zone(self) -> ZoneInfo:
        """The time zone.

        Raises:
            ZoneInfoNotFoundError: there is no such zone.

        """
        return ZoneInfo(self.time_zone)
