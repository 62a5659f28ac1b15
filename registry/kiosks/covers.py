"""Which cover card keys travel under, and who is told it (ADR 43)."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import anyio.to_thread
import structlog
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from circulation.covers import CoverId, SignedCover
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.keys import RegistryKeys
from registry.kiosks import store_covers as store
from registry.outside import Outside
from registry.problems import refusal
from registry.remembered import Remembered
from replica.covers import SECRET_BYTES, Cover, public_key_of, sealed_for, signed

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StatedCover:
    """What a kiosk says of its cover: the one it holds (empty: none yet), and the X25519 key by which it can be told another (32 bytes)."""

    id: str
    key: bytes

    @classmethod
    def read(cls, cover: str | None, key: str | None) -> "StatedCover | None":
        """As a request states it; none from a program without covers.

        Raises:
            RefusedError: 400, no cover or no key.

        """
        if cover is None or key is None:
            return None
        try:
            return cls(cover, public_key_of(key))
        except ValueError as error:
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", str(error), place="cover_key") from None


@dataclass(frozen=True, slots=True)
class Covering:
    """What an answer to a kiosk lies under: none for a program without covers. ``told``: for a kiosk that holds another one."""

    cover: Cover | None = None
    told: SignedCover | UnsetType = UNSET

    @property
    def id(self) -> CoverId | UnsetType:
        """As the answer says it."""
        return UNSET if self.cover is None else self.cover.id


class Covers:
    """The cover in force, in memory as long as nobody changes it; another process's change is noticed within 30 s."""

    def __init__(self, database: Database, keys: RegistryKeys, outside: Outside) -> None:
        self._database = database
        self._keys = keys
        self._outside = outside
        self._known: Remembered[tuple[int, Cover] | None] = Remembered(database, self._read, first=None, now=outside.now)

    def begin(self) -> None:
        """Put the first cover in force where there is none yet."""
        with self._database.reading() as connection:
            if store.in_force(connection) is not None:
                return

        def begin(work: UnitOfWork) -> None:
            if store.in_force(work.connection) is None:
                store.add(work, self._outside.random_bytes(SECRET_BYTES), at=self._outside.now())

        self._database.write(begin)

    def change(self, *, by: str) -> int:
        """Put another cover in force, without taking away anybody's rights; its version."""

        def change(work: UnitOfWork) -> int:
            version = self.change_within(work)
            append(work.connection, AuditEntry(self._outside.now(), by, "cover changed", "done", {"version": version}))
            return version

        return self._database.write(change)

    def change_within(self, work: UnitOfWork) -> int:
        """The same as a part of something else."""
        version = store.add(work, self._outside.random_bytes(SECRET_BYTES), at=self._outside.now())
        work.afterwards(self._known.reload)
        return version

    async def against(self, kiosk: UUID, held: StatedCover | None) -> Covering:
        """What an answer lies under for a kiosk that holds this, and what it is told with it.

        Raises:
            RefusedError: 403, its rights were taken away since this process looked.

        """
        if held is None:
            return Covering()
        if self._known.is_stale:
            await anyio.to_thread.run_sync(self._known.refresh)
        known = self._known.value
        if known is not None and known[1].id == held.id:
            return Covering(known[1])
        return await anyio.to_thread.run_sync(self._tell, kiosk, held)

    def of_check(self, stated: str | UnsetType) -> Covering | None:
        """The same for what a kiosk wants compared; none when it stated another one than that in force. Nobody is told anything."""
        if isinstance(stated, UnsetType):
            return Covering()
        cover = self.in_force()
        return Covering(cover) if cover is not None and cover.id == stated else None

    def in_force(self) -> Cover | None:
        """As this process knows it; none in a library that has not been opened since there are covers."""
        self._known.refresh()
        return None if self._known.value is None else self._known.value[1]

    def _tell(self, kiosk: UUID, held: StatedCover) -> Covering:
        """Rights and cover are read in one view: a kiosk is never told what was made because its rights were taken away."""
        with self._database.reading() as connection:
            found, standing = self._read(connection), store.standing(connection, kiosk)
        if found != self._known.value:
            self._known.reload()
        if found is None:
            return Covering()
        version, cover = found
        if cover.id == held.id:
            return Covering(cover)
        if not standing.serves:
            raise refusal(HTTPStatus.FORBIDDEN, "kiosk_revoked", "this kiosk's rights were taken away")
        if standing.told != version:
            self._database.write(lambda work: store.note_told(work, kiosk, version, at=self._outside.now()))
        try:
            statement = sealed_for(cover, kiosk=kiosk, version=version, to=held.key)
        except ValueError:
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", "no X25519 key that anything can be sealed for", place="cover_key") from None
        _log.info("cover_told", kiosk=str(kiosk), version=version)
        return Covering(cover, signed(statement, self._keys.sign))

    def _read(self, connection: Connection) -> tuple[int, Cover] | None:
        record = store.in_force(connection)
        return None if record is None else (record.version, self._keys.cover(record.salt))
