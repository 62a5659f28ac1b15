"""Who is who among those who sign their requests, in memory: an idle poll is authenticated without the database."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from registry.database import Database
from registry.remembered import Remembered


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
    """All kiosks, or all partners, as ``Remembered``."""

    def __init__(self, database: Database, everyone: Callable[[Connection], Iterable[Record]], *, now: Callable[[], datetime]) -> None:
        def read(connection: Connection) -> Mapping[UUID, Record]:
            return {record.id: record for record in everyone(connection)}

        self._records: Remembered[Mapping[UUID, Record]] = Remembered(database, read, first={}, now=now)

    def find(self, key: UUID) -> Record | None:
        """One of them, a revoked one too."""
        return self._records.value.get(key)

    @property
    def is_stale(self) -> bool:
        """Whether it should be read again before it is asked."""
        return self._records.is_stale

    def refresh(self) -> None:
        """Read all of them when it is time."""
        self._records.refresh()

    def reload(self) -> None:
        """Read all of them now: somebody has changed."""
        self._records.reload()
