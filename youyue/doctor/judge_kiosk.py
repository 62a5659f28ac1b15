"""What holds for a kiosk: readers, identity, ledger, replica, feed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from circulation.offline import OfflineLimits
from kiosk.store.inspection import FileFault, LedgerInspection, ReplicaInspection
from youyue.doctor.facts import Patience, ReaderFacts, ReaderService
from youyue.doctor.findings import Check, Finding, failed, ok, warning

_LEDGER_FAULTS = {
    FileFault.KEY: "ledger_key",
    FileFault.DAMAGED: "ledger_damaged",
    FileFault.UNREADABLE: "ledger_unreadable",
    FileFault.FOREIGN: "ledger_foreign",
    FileFault.NO_LIBRARY: "ledger_no_library",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A database that could not be looked into."""

    fault: FileFault
    detail: str


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What the identity says, or why there is none. ``changed_at`` is when its file last changed."""

    problem: str = ""
    is_missing: bool = False
    kiosk: str = ""
    branch: str = ""
    card_key_version: int = 0
    changed_at: datetime | None = None


def judge_readers(facts: ReaderFacts) -> Iterator[Finding]:
    """Whether cards can be read."""
    if facts.choice == "virtual":
        if facts.virtual:
            yield ok(Check.READER, "reader_virtual")
        else:
            yield failed(Check.READER, "reader_virtual_missing")
        return
    if facts.readers:
        yield ok(Check.READER, "reader", count=len(facts.readers), names=", ".join(facts.readers))
        return
    if facts.choice == "auto" and facts.virtual:
        yield warning(Check.READER, "reader_only_virtual")
        return
    match facts.service:
        case ReaderService.ANSWERS:
            yield failed(Check.READER, "reader_none")
        case ReaderService.NOT_INSTALLED:
            yield failed(Check.READER, "pcscd_missing", detail=facts.detail)
        case ReaderService.DOES_NOT_ANSWER:
            yield failed(Check.READER, "pcscd_silent", detail=facts.detail)


def judge_running(*, runs: bool) -> Iterator[Finding]:
    """Whether a kiosk program runs."""
    yield ok(Check.FOLDER, "kiosk_runs") if runs else warning(Check.FOLDER, "kiosk_stands")


def judge_identity(facts: IdentityFacts, replica: ReplicaInspection | None) -> Iterator[Finding]:
    """Who the kiosk is, and whether its replica was made for it."""
    if facts.is_missing:
        yield failed(Check.IDENTITY, "identity_missing")
        return
    if facts.problem:
        yield failed(Check.IDENTITY, "identity_broken", detail=facts.problem, since=facts.changed_at)
        return
    yield ok(Check.IDENTITY, "identity", kiosk=facts.kiosk, branch=facts.branch)
    if replica is None:
        return
    if replica.branch != facts.branch:
        yield failed(Check.IDENTITY, "branch_differs", ours=facts.branch, theirs=replica.branch)
    if replica.card_key_version != facts.card_key_version:
        yield failed(Check.IDENTITY, "card_key_differs", ours=facts.card_key_version, theirs=replica.card_key_version)
    else:
        yield ok(Check.IDENTITY, "card_key", version=facts.card_key_version)


def judge_ledger(found: LedgerInspection | Broken, limits: OfflineLimits, patience: Patience, *, now: datetime) -> Iterator[Finding]:
    """Whether the ledger can be used, what waits in it, and what a person must look at."""
    if isinstance(found, Broken):
        if found.fault is FileFault.MISSING:
            yield warning(Check.LEDGER, "ledger_missing")
        else:
            yield failed(Check.LEDGER, _LEDGER_FAULTS[found.fault], detail=found.detail)
        return
    if found.is_current:
        yield ok(Check.LEDGER, "ledger", last=found.last_seq, revision=found.revision)
    else:
        yield warning(Check.LEDGER, "ledger_revision", revision=found.revision)
    yield _unsent(found, limits, patience, now)
    if found.problem:
        yield failed(Check.STAFF, "staff", detail=found.problem, since=found.problem_at)
    if found.missing:
        yield failed(Check.STAFF, "ledger_lost_facts", count=found.missing)
    if found.restored_at is not None and now - found.restored_at <= patience.staff:
        yield warning(Check.STAFF, "ledger_restored", count=found.moved, since=found.restored_at)
    if found.unreadable:
        yield warning(Check.STAFF, "facts_unreadable", count=found.unreadable)


def judge_set_aside(names: Sequence[str]) -> Iterator[Finding]:
    """Ledgers that no start could open: a person rescues what can be read, and then takes them away."""
    if names:
        yield failed(Check.STAFF, "ledger_set_aside", count=len(names), names=", ".join(names))


def _unsent(found: LedgerInspection, limits: OfflineLimits, patience: Patience, now: datetime) -> Finding:
    if found.unsent >= limits.most_unsent:
        return failed(Check.LEDGER, "unsent_full", count=found.unsent, limit=limits.most_unsent, since=found.oldest_unsent_at)
    if found.oldest_unsent_at is not None and now - found.oldest_unsent_at > patience.unsent:
        return warning(Check.LEDGER, "unsent_long", count=found.unsent, since=found.oldest_unsent_at)
    return ok(Check.LEDGER, "unsent", count=found.unsent)


def judge_replica(found: ReplicaInspection | Broken) -> Iterator[Finding]:
    """Whether the replica can be used. Nothing is lost with one that can't: a snapshot takes its place."""
    if isinstance(found, Broken):
        if found.fault is FileFault.MISSING:
            yield failed(Check.REPLICA, "replica_missing")
        else:
            yield failed(Check.REPLICA, "replica_broken", detail=found.detail)
    elif found.is_current:
        yield ok(Check.REPLICA, "replica", name=found.name, cursor=found.cursor, schema=found.schema_version)
    else:
        yield warning(Check.REPLICA, "replica_schema", schema=found.schema_version)


def judge_feed(verified_at: datetime | None, limits: OfflineLimits, *, now: datetime) -> Iterator[Finding]:
    """How old the news is, and what the kiosk may do with news of that age."""
    if verified_at is None:
        yield failed(Check.FEED, "feed_never")
        return
    age = now - verified_at
    if age < -limits.clock_tolerance:
        yield failed(Check.FEED, "feed_future", told=verified_at)
        return
    if age <= limits.fresh:
        yield ok(Check.FEED, "feed", age=age)
        return
    step = next((step for step in limits.steps if age <= step.up_to), None)
    if step is None:
        yield failed(Check.FEED, "feed_over", age=age, since=verified_at)
    elif step.regulars_only:
        yield warning(Check.FEED, "feed_regulars", age=age, items=step.items, until=verified_at + step.up_to, since=verified_at)
    else:
        yield warning(Check.FEED, "feed_step", age=age, items=step.items, until=verified_at + step.up_to, since=verified_at)
