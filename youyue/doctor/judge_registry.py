"""What holds for a registry: database, feed, kiosks, what waits for staff. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from registry.privacy.requests import overdue
from registry.store_inspection import KioskInspection, Looked, RegistryInspection
from registry.terms.store_offline import RecordedTerms, in_force
from youyue.doctor.facts import Patience
from youyue.doctor.findings import Check, Finding, failed, ok, warning

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class DatabaseFault:
    """A database that could not be looked into; ``is_missing``: there is none yet."""

    detail: str
    is_missing: bool = False


def judge_database(found: Looked | DatabaseFault, patience: Patience, *, wal_bytes: int | None) -> Iterator[Finding]:
    """Whether the database can be used and its tables are this program's. ``wal_bytes`` is none where there is no such file."""
    if isinstance(found, DatabaseFault):
        if found.is_missing:
            yield failed(Check.DATABASE, "database_missing", detail=found.detail)
        else:
            yield failed(Check.DATABASE, "database_broken", detail=found.detail)
        return
    if not found.is_current:
        if found.is_older:
            yield warning(Check.DATABASE, "database_older", place=found.place, revision=found.revision)
        else:
            yield failed(Check.DATABASE, "database_newer", place=found.place, revision=found.revision)
        return
    yield ok(Check.DATABASE, "database", place=found.place, engine=found.engine, revision=found.revision)
    if wal_bytes is not None and wal_bytes > patience.wal:
        yield warning(Check.DATABASE, "wal_large", size=wal_bytes // _MIB)
    elif wal_bytes is not None:
        yield ok(Check.DATABASE, "wal", size=wal_bytes // _MIB)
    holds = found.holds
    if holds is not None:
        yield from _holdings(holds)


def _holdings(holds: RegistryInspection) -> Iterator[Finding]:
    if not holds.branches:
        yield warning(Check.DATABASE, "library_empty")
    yield ok(Check.FEED, "feed_head", head=holds.head, kept_from=holds.kept_from, facts=holds.facts)
    if holds.audited_at is not None:
        yield ok(Check.DATABASE, "audit", at=holds.audited_at)


def judge_restored(holds: RegistryInspection, patience: Patience, *, now: datetime) -> Iterator[Finding]:
    """Whether it was put back to a backup lately: what was done at the registry itself since then must be done again."""
    if holds.restored_at is not None and now - holds.restored_at < patience.staff:
        yield warning(Check.FEED, "registry_was_restored", since=holds.restored_at)


def judge_flagged(holds: RegistryInspection, patience: Patience, *, now: datetime) -> Iterator[Finding]:
    """What waits for staff."""
    if holds.flagged_since is not None and now - holds.flagged_since > patience.staff:
        yield warning(Check.STAFF, "flagged_long", count=holds.flagged, since=holds.flagged_since)
    else:
        yield ok(Check.STAFF, "flagged", count=holds.flagged)


def judge_offline(recorded: tuple[RecordedTerms, ...], unsigned: tuple[int, ...], *, today: date) -> Iterator[Finding]:
    """Which offline terms kiosks are told, those to come, and whether they will be believed. ``today`` is the library's."""
    now = in_force(recorded, today)
    if now is None:
        yield ok(Check.LIMITS, "terms_none_on_record")
    else:
        yield ok(Check.LIMITS, "terms_on_record", version=now.version, date=now.effective_from.isoformat(), by=now.by)
    for one in recorded:
        if one.effective_from > today:
            yield ok(Check.LIMITS, "terms_to_come", version=one.version, date=one.effective_from.isoformat())
    told = [one.version for one in recorded if one is now or one.effective_from > today]
    yield from (failed(Check.LIMITS, "terms_bad_signature", version=version) for version in unsigned if version in told)


def judge_requests(due: tuple[date, ...], *, today: date) -> Iterator[Finding]:
    """Requests about personal data: the law says by when they must be answered. ``today`` is the library's."""
    late = overdue(due, today=today)
    if late:
        yield warning(Check.STAFF, "requests_overdue", count=late, due=f"{min(due)}")
    elif due:
        yield ok(Check.STAFF, "requests", count=len(due))


def _judge_health(kiosk: KioskInspection, now: datetime) -> Iterator[Finding]:
    """What the kiosk last said of itself; one that says nothing any more is off, and what it said is old."""
    health = kiosk.health
    if health is None or kiosk.revoked_at is not None:
        return
    values: dict[str, object] = {"name": kiosk.name, "branch": kiosk.branch, "kiosk": str(kiosk.kiosk)}
    if health.is_silent(now):
        yield warning(Check.KIOSKS, "kiosk_off", **values, since=health.received_at)
        return
    for one in health.down:
        yield warning(Check.KIOSKS, "kiosk_device", **values, device=one.device, fault=one.fault or "driver_failed", since=one.since)


def judge_kiosks(kiosks: tuple[KioskInspection, ...], patience: Patience, *, now: datetime) -> Iterator[Finding]:
    """Each kiosk: when its last fact came, how many there are, and who has been silent."""
    if not kiosks:
        yield warning(Check.KIOSKS, "kiosks_none")
    for kiosk in kiosks:
        values: dict[str, object] = {"name": kiosk.name, "branch": kiosk.branch, "kiosk": str(kiosk.kiosk), "facts": kiosk.facts}
        heard = {**values, "heard": kiosk.heard_at, "epoch": str(kiosk.epoch), "lives": kiosk.lives}
        if kiosk.revoked_at is not None:
            yield ok(Check.KIOSKS, "kiosk_revoked", **values, at=kiosk.revoked_at)
        elif kiosk.heard_at is None:
            old = now - kiosk.enrolled_at > patience.silence
            yield (
                warning(Check.KIOSKS, "kiosk_never", **values, since=kiosk.enrolled_at) if old else ok(Check.KIOSKS, "kiosk_new", **values)
            )
        elif now - kiosk.heard_at > patience.silence:
            yield warning(Check.KIOSKS, "kiosk_silent", **heard, age=now - kiosk.heard_at, since=kiosk.heard_at)
        else:
            yield ok(Check.KIOSKS, "kiosk", **heard)
        if kiosk.revoked_at is None and kiosk.heard_at is not None and kiosk.cover is None:
            yield warning(Check.KIOSKS, "kiosk_without_cover", name=kiosk.name, branch=kiosk.branch, kiosk=str(kiosk.kiosk))
        yield from _judge_health(kiosk, now)
