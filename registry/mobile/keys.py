"""The keys that codes of mobile cards are signed with: made, followed by new ones, ended.

A key of their own, one for each library: what signs snapshots never signs for a phone. Its private half is a file in the key
folder; its public half goes to every kiosk as a row of the feed, under the registry's signature (``replica.mobile_keys``).
A new key is told a while before it signs, so that kiosks hold it offline by then; the one before it ends a while after it
has signed last. One that somebody else may have ends at once.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.mobile_codes import LONGEST_KEY_NUMBER
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import Publish
from registry.exchange import store_snapshots
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.keys import KEY_BYTES, KeyFileError, RegistryKeys, read_private, write_private
from registry.mobile import store_keys
from registry.mobile.refusals import MobileRefusal
from registry.mobile.store_keys import KeyRecord
from registry.outside import Outside
from replica.mobile_keys import statement_of
from replica.tables import ReplicaTable

_BY_ITSELF = "registry"
"""Nobody asked for it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What signs now."""

    number: int
    private: Ed25519PrivateKey


class MobileKeys:
    """The keys of one library. ``lead`` is how long a key is told before it signs."""

    def __init__(self, database: Database, outside: Outside, keys: RegistryKeys, *, lead: timedelta, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._keys = keys
        self._lead = lead
        self._publish = publish
        self._read: dict[int, Ed25519PrivateKey] = {}

    def begin(self) -> None:
        """Make the first key of a library that has none.

        Raises:
            KeyFileError: a file of that name is there, and can't be used.
            OSError: the folder can't be written to.

        """
        with self._database.reading() as connection:
            if store_keys.last_number(connection):
                return

        def begin(work: UnitOfWork) -> None:
            if store_keys.last_number(work.connection) == 0:
                self._make(work, 1, signs_from=self._outside.now())
                # Before the first snapshot there is no kiosk to tell: each begins with one, and finds the key in it.
                if store_snapshots.any_finished(work.connection):
                    self._tell(work, [1])

        self._database.write(begin)

    def renew(self, *, at_once: bool, by: str) -> KeyRecord:
        """Make the next key. ``at_once``: somebody else may have the one before, so no kiosk shall trust it any more.

        Raises:
            DeskRefusedError: ``LAST_KEY``, there are no more numbers.
            OSError: the folder can't be written to.

        """
        now = self._outside.now()

        def renew(work: UnitOfWork) -> KeyRecord:
            number = store_keys.last_number(work.connection) + 1
            if number > LONGEST_KEY_NUMBER:
                raise DeskRefusedError(MobileRefusal.LAST_KEY)
            if at_once:
                self._end(work, store_keys.living(work.connection), now)
            made = self._make(work, number, signs_from=now if at_once else now + self._lead)
            self._tell(work, [number])
            append(work.connection, AuditEntry(now, by, "mobile key made", "done", {"number": number, "at_once": int(at_once)}))
            return made

        return self._database.write(renew)

    def end_followed(self) -> None:
        """End the keys whose successor has signed for as long as it was told before: whatever they signed is over, and every kiosk may know it."""
        now = self._outside.now()
        with self._database.reading() as connection:
            if not _followed(store_keys.living(connection), now - self._lead):
                return

        def end(work: UnitOfWork) -> None:
            followed = _followed(store_keys.living(work.connection), now - self._lead)
            if followed:
                self._end(work, followed, now)
                append(work.connection, AuditEntry(now, _BY_ITSELF, "mobile keys ended", "done", {"count": len(followed)}))

        self._database.write(end)

    def signing(self, living: Sequence[KeyRecord]) -> SigningKey:
        """What signs now, of the keys that have not ended.

        Raises:
            KeyFileError: its private half is not there, or can't be used.

        """
        now = self._outside.now()
        record = next((one for one in reversed(living) if one.signs_from <= now), living[-1])
        private = self._read.get(record.number)
        if private is None:
            private = Ed25519PrivateKey.from_private_bytes(read_private(self._path(record.number)))
            if private.public_key().public_bytes_raw() != record.public_key:
                message = f"{self._path(record.number)} is another library's key: bring this one's back, or make a new one"
                raise KeyFileError(message)
            self._read[record.number] = private
        return SigningKey(record.number, private)

    def _make(self, work: UnitOfWork, number: int, *, signs_from: datetime) -> KeyRecord:
        path = self._path(number)
        with suppress(FileExistsError):  # a try that was rolled back left it, and nothing was ever signed with it
            write_private(path, self._outside.random_bytes(KEY_BYTES))
        public_key = Ed25519PrivateKey.from_private_bytes(read_private(path)).public_key().public_bytes_raw()
        made = KeyRecord(number, public_key, self._keys.sign(statement_of(number, public_key)), self._outside.now(), signs_from)
        store_keys.add(work, made)
        return made

    def _end(self, work: UnitOfWork, ended: Sequence[KeyRecord], now: datetime) -> None:
        store_keys.end(work, [one.number for one in ended], at=now)
        self._tell(work, [one.number for one in ended])

    def _tell(self, work: UnitOfWork, numbers: Sequence[int]) -> None:
        self._publish(work, [FeedEntry(ReplicaTable.MOBILE_KEY, key_text(number)) for number in numbers])

    def _path(self, number: int) -> Path:
        return self._keys.folder / f"mobile-{number}.key"


def _followed(living: Sequence[KeyRecord], before: datetime) -> list[KeyRecord]:
    """The keys before the newest one that has signed since this instant at the latest."""
    newest = max((one.number for one in living if one.signs_from <= before), default=0)
    return [one for one in living if one.number < newest]
