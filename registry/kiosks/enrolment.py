"""Enrolling a kiosk: a one-time code in, an identity out; revoking one."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from circulation.ids import KioskId
from circulation.wire import EnrolmentAnswer, EnrolmentRequest
from registry.audit.refusals import Refusals
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.directory import Directory
from registry.keys import RegistryKeys
from registry.kiosks import store
from registry.kiosks.covers import Covers
from registry.kiosks.rules import code_digest, new_code
from registry.lending.store import branch_name
from registry.outside import Outside
from registry.problems import RefusedError, refusal
from registry.settings import RegistrySettings


class UnknownBranchError(LookupError):
    """There is no branch of this code."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code to type into a new kiosk. Shown once; the registry keeps its digest only."""

    code: str
    branch: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Makes codes, and kiosks of those who show one."""

    database: Database
    directory: Directory[store.KioskRecord]
    keys: RegistryKeys
    outside: Outside
    settings: RegistrySettings
    refusals: Refusals
    covers: Covers

    def issue_code(self, branch: str, *, by: str) -> IssuedCode:
        """A new code for one kiosk of a branch. ``by`` says who asked, for the audit trail.

        Raises:
            UnknownBranchError: there is no such branch.

        """
        now = self.outside.now()
        code = new_code(self.outside.random_bytes)

        def issue(work: UnitOfWork) -> None:
            if branch_name(work.connection, branch) is None:
                message = f"there is no branch {branch!r}"
                raise UnknownBranchError(message)
            store.add_code(work, code_digest(code), branch, issued_at=now, expires_at=now + self.settings.code_lives)
            append(work.connection, AuditEntry(now, by, "enrolment code issued", "done", {"branch": branch}))

        self.database.write(issue)
        return IssuedCode(code, branch, now + self.settings.code_lives)

    def enrol(self, request: EnrolmentRequest) -> EnrolmentAnswer:
        """Take the code and make a kiosk of its sender. A wrong code costs a read: anybody may send one.

        Raises:
            RefusedError: 403, the code is unknown, used or out of date; the answer does not say which.

        """
        now = self.outside.now()
        key = KioskId(self.outside.new_id())
        digest = code_digest(request.code)
        with self.database.reading() as connection:
            fate = store.code_fate(connection, digest, at=now)
        if fate is not None:
            raise self._refused(fate=fate)

        def enrol(work: UnitOfWork) -> tuple[str, str] | None:
            branch = store.use_code(work, digest, key, at=now)
            if branch is None:
                return None
            store.add(work, store.KioskRecord(key, request.name, branch, request.public_key, now))
            append(work.connection, AuditEntry(now, f"kiosk:{key}", "kiosk enrolled", "done", {"branch": branch}))
            work.afterwards(self.directory.reload)
            return branch, branch_name(work.connection, branch) or branch

        enrolled = self.database.write(enrol)
        if enrolled is None:
            # Somebody else was faster since it was looked at.
            raise self._refused(fate="used")
        return EnrolmentAnswer(
            kiosk=key,
            branch=enrolled[0],
            branch_name=enrolled[1],
            time_zone=self.settings.time_zone,
            card_key=self.keys.card_secret,
            card_key_version=self.keys.card_key_version,
            registry_key=self.keys.public,
        )

    def _refused(self, *, fate: str) -> RefusedError:
        self.refusals.write(self.refusals.count("kiosk enrolled", fate))
        problem = "this code is not valid: it was mistyped, is used up or too old; have a new one made"
        return refusal(HTTPStatus.FORBIDDEN, "code_refused", problem)

    def revoke(self, kiosk: UUID, *, by: str) -> bool:
        """Take a kiosk's rights away; whether it had any. Card keys lie under another cover from then on, which it never hears of."""
        now = self.outside.now()

        def revoke(work: UnitOfWork) -> bool:
            done = store.revoke(work, kiosk, at=now)
            append(work.connection, AuditEntry(now, by, "kiosk revoked", "done" if done else "refused", {"kiosk": str(kiosk)}))
            work.afterwards(self.directory.reload)
            if done:
                self.covers.change_within(work)
            return done

        return self.database.write(revoke)
