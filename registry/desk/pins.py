"""PINs: the first by a one-time code, every check counted before it is compared. A PIN stands in no log and no audit entry."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from circulation.ids import PatronId
from circulation.wire import PinAnswer, PinVerdict
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk import store_pins
from registry.desk.pin_rules import fault_of, read_pin
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.store_search import birth_date_of
from registry.kiosks.rules import code_digest, new_code
from registry.outside import Outside

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""Argon2id as OWASP's password storage cheat sheet has it (RFC 9106 names the parameters): 19 MiB, two passes, one lane."""
_SALT_BYTES = 16
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$wrKbrNAxoBMHlW9wEQwQLA$2inaDNy4HGHLgK3Ec2XAQR2M23nvV8lLdTdv4Ax/CjA"
"""The hash of random bytes that nobody kept: compared with where there is no PIN, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class PinCode:
    """A one-time code to set a PIN with, for the desk's slip. Shown once; the registry keeps its digest only."""

    code: str
    expires_at: datetime


class PinDesk:
    """Makes codes, sets PINs, checks them. ``matches`` compares a hash with a PIN, by default with argon2id."""

    def __init__(
        self, database: Database, outside: Outside, *, code_lives: timedelta, matches: Callable[[str, str], bool] | None = None
    ) -> None:
        self._database = database
        self._outside = outside
        self._code_lives = code_lives
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._matches = matches or self._verify

    def issue_code(self, patron: PatronId, *, by: str) -> PinCode:
        """A new code for a patron; the one before is void.

        Raises:
            DeskRefusedError: ``NOBODY_FOUND``.

        """

        def issue(work: UnitOfWork) -> PinCode:
            made = self.issue_in(work, [patron]).get(patron)
            if made is None:
                raise DeskRefusedError(DeskRefusal.NOBODY_FOUND)
            append(work.connection, AuditEntry(self._outside.now(), by, "pin code issued", "done", {"patron": str(patron)}))
            return made

        return self._database.write(issue)

    def issue_in(self, work: UnitOfWork, patrons: Iterable[PatronId]) -> dict[PatronId, PinCode]:
        """New codes in somebody's unit of work, who audits them; the codes before are void. Who is not on record gets none."""
        now = self._outside.now()
        until = now + self._code_lives
        codes = {patron: new_code(self._outside.random_bytes) for patron in patrons}
        known = store_pins.add_codes(work, {patron: _digest(code) for patron, code in codes.items()}, issued_at=now, expires_at=until)
        return {patron: PinCode(code, until) for patron, code in codes.items() if patron in known}

    def set_by_code(self, code: str, written: str, *, by: str) -> None:
        """Set the PIN of the code's patron and use the code up; a lock is gone with the PIN before. A refused PIN leaves the code good.

        Raises:
            DeskRefusedError: ``CODE_REFUSED``, ``PIN_FORMAT``, ``PIN_BIRTHDAY``, ``PIN_TRIVIAL``.

        """
        now = self._outside.now()
        digest, pin = _digest(code), read_pin(written)
        with self._database.reading() as connection:
            patron = store_pins.patron_of_code(connection, digest, at=now)
            born = None if patron is None else birth_date_of(connection, patron)
        if patron is None:
            self._database.write(
                lambda work: append(work.connection, AuditEntry(now, by, "pin set", "refused", {"code": DeskRefusal.CODE_REFUSED.value}))
            )
            raise DeskRefusedError(DeskRefusal.CODE_REFUSED)
        fault = fault_of(pin, birth_date=born)
        if fault is not None:
            raise DeskRefusedError(fault)
        # Outside the unit of work: it takes as long as a hundred of those.
        hashed = self._hasher.hash(pin, salt=self._outside.random_bytes(_SALT_BYTES))

        def use(work: UnitOfWork) -> None:
            owner = store_pins.use_code(work, digest, at=now)
            if owner is None:
                # Somebody else was faster since it was looked at.
                raise DeskRefusedError(DeskRefusal.CODE_REFUSED)
            store_pins.set_pin(work, owner, hashed, at=now)
            append(work.connection, AuditEntry(now, by, "pin set", "done", {"patron": str(owner)}))

        self._database.write(use)

    def check(self, patron: UUID, written: str, *, by: str) -> PinAnswer:
        """Whether this is the patron's PIN. The try is durable as a failed one before anything is compared; a right one forgives all before it.

        A patron who is not on record is answered like one without a PIN, after the same work.
        """
        now = self._outside.now()
        counted = self._database.write(lambda work: store_pins.count_try(work, patron, at=now))
        if counted is None:
            self._matches(_NOBODYS, read_pin(written))
            return PinAnswer(verdict=PinVerdict.NONE)
        if not counted.allowed:
            return PinAnswer(verdict=PinVerdict.LOCKED, locked_until=counted.locked_until)
        if self._matches(counted.hash, read_pin(written)):
            self._database.write(lambda work: store_pins.forgive(work, patron, counted.hash))
            return PinAnswer(verdict=PinVerdict.RIGHT)
        if counted.locked_until is None:
            return PinAnswer(verdict=PinVerdict.WRONG)
        entry = AuditEntry(now, by, "pin locked", "alarm", {"patron": str(patron), "failures": counted.failures})
        self._database.write(lambda work: append(work.connection, entry))
        return PinAnswer(verdict=PinVerdict.LOCKED, locked_until=counted.locked_until)

    def _verify(self, hashed: str, pin: str) -> bool:
        try:
            return self._hasher.verify(hashed, pin)
        except VerifyMismatchError:
            return False


def _digest(code: str) -> bytes:
    """Of a kind of its own: a kiosk's code is no PIN code."""
    return hashlib.sha256(b"youyue pin code v1\0" + code_digest(code)).digest()
