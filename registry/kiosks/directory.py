"""Who is who among the kiosks, in memory: an idle poll is authenticated without the database."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from registry.database import Database
from registry.kiosks.store import KioskRecord, everyone

_TRUSTED_FOR = timedelta(seconds=30)
"""How long another process's enrolments and revocations may stay unnoticed."""


class KioskDirectory:
    """All kiosks, read again after every change of this process and when the last reading is 30 s old."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._kiosks: Mapping[UUID, KioskRecord] = {}
        self._read_at: datetime | None = None

    def find(self, key: UUID) -> KioskRecord | None:
        """A kiosk, a revoked one too."""
        return self._kiosks.get(key)

    @property
    def is_stale(self) -> bool:
        """Whether it should be read again before it is asked."""
        return self._read_at is None or not timedelta() <= self._now() - self._read_at < _TRUSTED_FOR

    def reload(self) -> None:
        """Read all kiosks."""
        with self._database.reading() as connection:
            self._kiosks = {record.id: record for record in everyone(connection)}
        self._read_at = self._now()
