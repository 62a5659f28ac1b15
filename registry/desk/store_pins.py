"""The store of PINs and their codes. A try is counted in a transaction of its own, before anything is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.pin_rules import lock_after
from registry.desk.tables import pin, pin_code
from registry.enrolment.store import stands
from registry.enrolment.tables import patron
from registry.pieces import in_pieces


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted. ``locked_until``: none was allowed, or if this one is wrong, none is until then (aware UTC)."""

    hash: str = field(repr=False)
    allowed: bool
    failures: int
    locked_until: datetime | None


def count_try(work: UnitOfWork, key: UUID, *, at: datetime) -> Try | None:
    """Count a try as failed until it is shown to be right; nothing when there is no PIN. Writers come one after the other."""
    row = work.connection.execute(select(pin).where(pin.c.patron == key)).first()
    if row is None:
        return None
    if row.locked_until is not None and at < row.locked_until:
        return Try(row.hash, allowed=False, failures=row.failures, locked_until=row.locked_until)
    failures = row.failures + 1
    lock = lock_after(failures)
    until = None if lock is None else at + lock
    work.connection.execute(update(pin).where(pin.c.patron == key).values(failures=failures, locked_until=until))
    return Try(row.hash, allowed=True, failures=failures, locked_until=until)


def forgive(work: UnitOfWork, key: UUID, hashed: str) -> None:
    """The try was right: forget those before it, unless the PIN has been changed since."""
    same = (pin.c.patron == key) & (pin.c.hash == hashed)
    work.connection.execute(update(pin).where(same).values(failures=0, locked_until=None))


def set_pin(work: UnitOfWork, key: PatronId, hashed: str, *, at: datetime) -> None:
    """Set a patron's PIN, in place of one that is there; no try counts any longer."""
    work.connection.execute(delete(pin).where(pin.c.patron == key))
    work.add(pin, [(key, hashed, at, 0, None)])


def add_codes(work: UnitOfWork, digests: Mapping[PatronId, bytes], *, issued_at: datetime, expires_at: datetime) -> set[PatronId]:
    """Keep the digests of many patrons' codes, each in place of the patron's last one; whose accounts there are."""
    found: set[PatronId] = set()
    for keys in in_pieces(digests):
        here = set(work.connection.execute(select(patron.c.id).where(patron.c.id.in_(keys), stands())).scalars())
        work.connection.execute(delete(pin_code).where(pin_code.c.patron.in_(here)))
        work.add(pin_code, ((digests[key], key, issued_at, expires_at) for key in keys if key in here))
        found |= here
    return found


def patron_of_code(connection: Connection, digest: bytes, *, at: datetime) -> PatronId | None:
    """Whose code this is; nothing when it is unknown, used or out of date."""
    good = (pin_code.c.digest == digest) & (pin_code.c.expires_at > at)
    return connection.execute(select(pin_code.c.patron).where(good)).scalar_one_or_none()


def use_code(work: UnitOfWork, digest: bytes, *, at: datetime) -> PatronId | None:
    """Use up a code and give its patron. One statement, so that two cannot win."""
    good = (pin_code.c.digest == digest) & (pin_code.c.expires_at > at)
    return work.connection.execute(delete(pin_code).where(good).returning(pin_code.c.patron)).scalar_one_or_none()
