"""What the doctor sees on a healthy machine; a test names only the wound."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from kiosk.store.inspection import LedgerInspection, ReplicaInspection
from registry.store_inspection import KioskInspection, Looked, RegistryInspection
from youyue.doctor.facts import PackageFact, ProgramFacts

NOW = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
KEY = UUID("0192b6f0-0000-7000-8000-00000000feed")


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def a_program(*, python: str = "3.11.7", packages: dict[str, PackageFact] | None = None) -> ProgramFacts:
    return ProgramFacts(
        "0.1.0", python, ">=3.11", packages if packages is not None else {"click": PackageFact(">=8.2", "8.5.1", is_met=True)}
    )


def a_ledger(  # noqa: PLR0913 - one optional argument a field
    *,
    is_current: bool = True,
    unsent: int = 0,
    oldest_unsent_at: datetime | None = None,
    unreadable: int = 0,
    problem: str = "",
    problem_at: datetime | None = None,
    missing: int = 0,
) -> LedgerInspection:
    return LedgerInspection(
        "v0004", is_current, ago(days=30), 40, unsent, oldest_unsent_at, unreadable, NOW, problem, problem_at, missing=missing
    )


def a_replica(*, is_current: bool = True, branch: str = "C01", card_key_version: int = 1) -> ReplicaInspection:
    return ReplicaInspection("replica-1.db", 2, is_current, branch, KEY, 40, card_key_version, NOW)


def a_kiosk(
    *, heard_at: datetime | None = NOW, enrolled_at: datetime | None = None, revoked_at: datetime | None = None, cover: int | None = 1
) -> KioskInspection:
    return KioskInspection(KEY, "總館 1", "C01", enrolled_at or ago(days=30), revoked_at, 7, heard_at, KEY, 1, cover=cover)


def holdings(*, branches: int = 54, flagged: int = 0, flagged_since: datetime | None = None) -> RegistryInspection:
    return RegistryInspection(branches, 7, 40, 0, NOW, NOW, flagged, flagged_since, (a_kiosk(),), None)


def a_database(*, is_current: bool = True, is_older: bool = False, holds: RegistryInspection | None = None) -> Looked:
    return Looked("registry.db", "SQLite 3.40.1", "0004", is_current, is_older, (holds or holdings()) if is_current else None)
