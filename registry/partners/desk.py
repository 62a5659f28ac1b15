"""Registering partners and taking their rights away.

A partner is registered by its public key, which the library is given in writing and compares by its
fingerprint, as both sides know each other before: no code that others may read on the way, no address
that a stranger may try codes at. A kiosk stands unpacked in a branch and has nobody who could write a
key down: it has its code.
"""

from dataclasses import dataclass
from uuid import UUID

from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.refusals import DeskRefusedError
from registry.directory import Directory
from registry.outside import Outside
from registry.partners import store
from registry.partners.roles import PartnerRefusal, PartnerRole, read_public_key
from registry.partners.store import PartnerRecord

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """What staff do with partners. ``directory`` is who is who among them."""

    database: Database
    outside: Outside
    directory: Directory[PartnerRecord]

    @classmethod
    def of(cls, database: Database, outside: Outside) -> "PartnerDesk":
        """A desk on a registry's database."""
        return cls(database, outside, Directory(database, store.everyone, now=outside.now))

    def register(self, name: str, role: PartnerRole, written_key: str, *, by: str) -> PartnerRecord:
        """Let a machine speak for itself from now on. ``written_key`` is its public key in base64 or hexadecimal digits.

        Raises:
            DeskRefusedError: ``NAME``, ``KEY``, ``KEY_TAKEN``.

        """
        called = name.strip()
        if not 0 < len(called) <= LONGEST_NAME or not called.isprintable():
            raise DeskRefusedError(PartnerRefusal.NAME)
        public_key = read_public_key(written_key)
        if public_key is None:
            raise DeskRefusedError(PartnerRefusal.KEY)
        now = self.outside.now()
        made = PartnerRecord(self.outside.new_id(), called, role, public_key, now, by)

        def register(work: UnitOfWork) -> None:
            if store.is_taken(work.connection, public_key):
                raise DeskRefusedError(PartnerRefusal.KEY_TAKEN)
            store.add(work, made)
            append(work.connection, AuditEntry(now, by, "partner registered", "done", {"partner": str(made.id), "role": role.value}))
            work.afterwards(self.directory.reload)

        self.database.write(register)
        return made

    def revoke(self, partner: UUID, *, by: str) -> None:
        """Take a partner's rights away, in this process at once, in others within 30 s.

        Raises:
            DeskRefusedError: ``UNKNOWN``.

        """
        now = self.outside.now()

        def revoke(work: UnitOfWork) -> bool:
            done = store.revoke(work, partner, at=now)
            append(work.connection, AuditEntry(now, by, "partner revoked", "done" if done else "refused", {"partner": str(partner)}))
            work.afterwards(self.directory.reload)
            return done

        if not self.database.write(revoke):
            raise DeskRefusedError(PartnerRefusal.UNKNOWN)

    def everyone(self) -> list[PartnerRecord]:
        """All partners, the revoked too."""
        with self.database.reading() as connection:
            return store.everyone(connection)
