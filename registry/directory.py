"""Who is who among those who sign their requests, in memory: an idle poll is authenticated without the database."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from registry.database import Database

_TRUSTED_FOR = timedelta(seconds=30)
"""How long another process's enrolments and revocations may stay unnoticed."""


class Known(Protocol):
    """Somebody who can be known by a key."""

    @property
    def id(self) -> UUID:
        """What a key ID names."""
        ...

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of an Ed25519 key."""
        ...

    @property
    def revoked_at(self) -> datetime | None:
        """Since when it has no rights any more."""
        ...


Record = TypeVar("Record", bound=Known)


class Directory(Generic[Record]):
    """All kiosks, or all partners; read again after every change of this process and when the last reading is 30 s old."""

    def __init__(self, database: Database, everyone: Callable[[Connection], Iterable[Record]], *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._everyone = everyone
        self._now = now
        self._records: Mapping[UUID, Record] = {}
        self._read_at: datetime | None = None
        self._lock = Lock()

    def find(self, key: UUID) -> Record | None:
        """One of them, a revoked one too."""
        return self._records.get(key)

    @property
    def is_stale(self) -> bool:
        """Whether it should be read again before it is asked."""
        return self._read_at is None or not timedelta() <= self._now() - self._read_at < _TRUSTED_FOR

    def refresh(self) -> None:
        """Read all of them when it is time. While one thread does, others go on with what is known: a whole city asks at the same time."""
        if not self._lock.acquire(blocking=self._read_at is None):
            return
        try:
            if self.is_stale:
                self._read()
        finally:
            self._lock.release()

    def reload(self) -> None:
        """Read all of them now: somebody has changed."""
        with self._lock:
            self._read()

    def _read(self) -> None:
        with self._database.reading() as connection:
            self._records = {record.id: record for record in self._everyone(connection)}
        self._read_at = self._now()
