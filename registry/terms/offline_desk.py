"""The desk for offline terms: what kiosks may do without the registry, what a new version would change, and putting it on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.documents import DocumentError, DocumentFault
from circulation.offline import OfflineLimits
from circulation.offline_terms import (
    OfflineTerms,
    TermsFaultCode,
    read_terms,
    written_limits,
    written_terms,
)
from circulation.opening_days import local_date
from circulation.wire import MAX_TERMS, MAX_TERMS_BYTES, SignedTerms
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.store_feed import FeedEntry
from registry.keys import RegistryKeys
from registry.outside import Outside
from registry.terms import store_offline as store
from registry.terms.store_offline import RecordedTerms
from replica.offline_terms import message_of, statement_of
from replica.tables import ReplicaTable


@unique
class OfflineRefusal(StrEnum):
    """Why a version does not come in. The sentences stand in the catalogue as ``offline.refused.<code>``."""

    VERSION_EXISTS = "version_exists"
    VERSION_TOO_LOW = "version_too_low"
    """A kiosk takes a version only when it is above every one it holds."""
    OVER = "over"
    """It would begin on a day that is over: what was decided then is decided."""
    TOO_LONG = "too_long"
    """So many branches differ that no kiosk would read it."""
    TOO_MANY_TO_COME = "too_many_to_come"


class OfflineRefusedError(Exception):
    """The version does not come in; nothing was changed."""

    def __init__(self, code: OfflineRefusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One limit that becomes another one: of a branch, or of the library as a whole (empty)."""

    branch: str
    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class OfflinePreview:
    """What a version changes. It holds from its date until the day before ``ends``, when a version on record takes over."""

    terms: OfflineTerms
    replaces: int | None
    changes: tuple[LimitChange, ...]
    ends: date | None


def limit_changes(old: OfflineTerms, new: OfflineTerms) -> tuple[LimitChange, ...]:
    """Every limit that differs: first the library's, then of each branch what becomes another one than the library's change alone makes it."""
    whole = _differences("", old.limits, new.limits)
    said = {(one.name, repr(one.old), repr(one.new)) for one in whole}
    branches = sorted({*old.branches, *new.branches})
    own = (one for code in branches for one in _differences(code, old.for_branch(code), new.for_branch(code)))
    return (*whole, *(one for one in own if (one.name, repr(one.old), repr(one.new)) not in said))


def _differences(code: str, old: OfflineLimits, new: OfflineLimits) -> tuple[LimitChange, ...]:
    before, after = written_limits(old), written_limits(new)
    return tuple(LimitChange(code, name, before[name], after[name]) for name in after if before[name] != after[name])


class OfflineDesk:
    """Offline terms come in as whole versions, signed when they are recorded; one that is on record is never changed."""

    def __init__(self, database: Database, outside: Outside, keys: RegistryKeys, *, zone: ZoneInfo, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._keys = keys
        self._zone = zone
        self._publish = publish

    def on(self, day: date | None = None) -> OfflineTerms | None:
        """What holds on a local date, today by default; none where nothing was said: then the limits of ``OfflineLimits`` do."""
        found = store.in_force(self.history(), day or self.today())
        return None if found is None else found.terms

    def history(self) -> Sequence[RecordedTerms]:
        """All versions, the oldest first."""
        with self._database.reading() as connection:
            return store.recorded(connection)

    def preview(self, new: OfflineTerms) -> OfflinePreview:
        """What a version would change, and until when it would hold.

        Raises:
            DocumentError: it contradicts itself, or names a branch that is not there.
            OfflineRefusedError: it may not come in.

        """
        with self._database.reading() as connection:
            known = self._checked(connection, new)
        before = store.in_force(known, new.effective_from)
        old = OfflineTerms(0, new.effective_from, "") if before is None else before.terms
        return OfflinePreview(
            new, None if before is None else before.version, limit_changes(old, new), store.follows(known, new.effective_from)
        )

    def add(self, new: OfflineTerms, *, by: str) -> None:
        """Sign a version and put it on record; kiosks that are online hear of it at once.

        Raises:
            DocumentError: it contradicts itself, or names a branch that is not there.
            OfflineRefusedError: it may not come in.

        """
        statement = statement_of(new)
        signed = SignedTerms(statement=statement, signature=self._keys.sign(message_of(statement)))

        def add(work: UnitOfWork) -> None:
            now = self._outside.now()
            self._checked(work.connection, new)
            store.record(work, new, signed, at=now, by=by)
            detail: dict[str, str | int] = {
                "version": new.version,
                "from": new.effective_from.isoformat(),
                "branches": len(new.branches),
            }
            append(work.connection, AuditEntry(now, by, "offline terms added", "done", detail))
            # No row of a replica changes. A branch's row is told again so that every poll is answered now, and with it the terms.
            self._publish(work, [FeedEntry(ReplicaTable.BRANCH, code) for code in store.branch_codes(work.connection)[:1]])

        self._database.write(add)

    def _checked(self, connection: Connection, new: OfflineTerms) -> Sequence[RecordedTerms]:
        read_terms(written_terms(new), strict=True)  # whatever is signed, every kiosk must be able to read
        strangers = sorted(new.branches.keys() - set(store.branch_codes(connection)))
        if strangers:
            raise DocumentError(tuple(DocumentFault(("branches", code), TermsFaultCode.BRANCH_UNKNOWN) for code in strangers))
        known = store.recorded(connection)
        refused = _refusal(new, known, today=self.today())
        if refused is not None:
            raise OfflineRefusedError(refused)
        return known

    def telling(self) -> Callable[[date], Sequence[SignedTerms]]:
        """Read what is on record: gives what kiosks must hold on a local date."""
        known = self.history()
        return lambda day: store.to_tell(known, day)

    def today(self) -> date:
        """The library's date."""
        return local_date(self._outside.now(), self._zone)


def _refusal(new: OfflineTerms, known: Sequence[RecordedTerms], *, today: date) -> OfflineRefusal | None:
    versions = {one.version for one in known}
    if new.version in versions:
        return OfflineRefusal.VERSION_EXISTS
    if new.version < max(versions, default=0):
        return OfflineRefusal.VERSION_TOO_LOW
    if new.effective_from < today:
        return OfflineRefusal.OVER
    if len(statement_of(new)) > MAX_TERMS_BYTES:
        return OfflineRefusal.TOO_LONG
    if len(store.to_tell(known, today)) >= MAX_TERMS:
        return OfflineRefusal.TOO_MANY_TO_COME
    return None
