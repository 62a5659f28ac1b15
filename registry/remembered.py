"""What is read from the database once and asked from memory: an idle poll is answered without the database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection

from registry.database import Database

_TRUSTED_FOR = timedelta(seconds=30)
"""How long another process's changes may stay unnoticed."""

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Something that the database says; read again after every change of this process and when the last reading is 30 s old."""

    def __init__(self, database: Database, read: Callable[[Connection], Value], *, first: Value, now: Callable[[], datetime]) -> None:
        self._database = database
        self._read_from = read
        self._now = now
        self._read_at: datetime | None = None
        self._lock = Lock()
        self.value = first
        """As it was read last; ``first`` before."""

    @property
    def is_stale(self) -> bool:
        """Whether it should be read again before it is asked."""
        return self._read_at is None or not timedelta() <= self._now() - self._read_at < _TRUSTED_FOR

    def refresh(self) -> None:
        """Read it when it is time. While one thread does, others go on with what is known: a whole city asks at the same time."""
        if not self._lock.acquire(blocking=self._read_at is None):
            return
        try:
            if self.is_stale:
                self._read()
        finally:
            self._lock.release()

    def reload(self) -> None:
        """Read it now: it has changed."""
        with self._lock:
            self._read()

    def _read(self) -> None:
        with self._database.reading() as connection:
            self.value = self._read_from(connection)
        self._read_at = self._now()
