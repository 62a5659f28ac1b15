"""Which offline terms hold at a kiosk, whose signature they bear, and whether its clock can be believed. Pure but for the signature."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from circulation.offline import MIB, OfflineLimits
from kiosk.offline_book import HeldTerms, OfflineBook
from kiosk.offline_watch import UNREADABLE
from kiosk.store.inspection import OfflineInspection
from replica.offline_terms import UnreadableTermsError, UntrustedTermsError, trusted_terms
from youyue.doctor.findings import Check, Finding, failed, ok, warning

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """What the ledger holds of the offline terms: those with the registry's signature, and whether there are others."""

    book: OfflineBook = field(default_factory=OfflineBook)
    is_changed: bool = False
    problem: str = ""
    problem_at: datetime | None = None
    clock_doubted: timedelta | None = None
    clock_doubted_at: datetime | None = None


def terms_facts(found: OfflineInspection, *, registry_key: bytes, today: date) -> TermsFacts:
    """Check the signatures of what a ledger holds."""
    held = []
    is_changed = False
    for one in found.terms:
        try:
            held.append(HeldTerms(one.signed, trusted_terms(one.signed, registry_key=registry_key), begun=one.begun))
        except (UntrustedTermsError, UnreadableTermsError):
            is_changed = True
    doubted = None if found.watch.clock_doubted is None else timedelta(seconds=found.watch.clock_doubted)
    book = OfflineBook(tuple(held)).on(today)
    return TermsFacts(book, is_changed, found.watch.problem, found.problem_at, doubted, found.clock_doubted_at)


def judge_limits(facts: TermsFacts, limits: OfflineLimits) -> Iterator[Finding]:
    """Which version holds since when, the limits themselves, and what is wrong with them or with the clock they need."""
    terms = facts.book.in_force
    if terms is None:
        yield ok(Check.LIMITS, "terms_default")
    else:
        yield ok(Check.LIMITS, "terms", version=terms.version, date=terms.effective_from.isoformat())
    yield from _limits(limits)
    for one in facts.book.held:
        if not one.begun:
            yield ok(Check.LIMITS, "terms_to_come", version=one.terms.version, date=one.terms.effective_from.isoformat())
    if facts.is_changed:
        yield failed(Check.LIMITS, "terms_changed_here")
    if facts.problem:
        if facts.problem == UNREADABLE:
            yield failed(Check.LIMITS, "terms_unreadable", since=facts.problem_at)
        else:
            yield failed(Check.LIMITS, "terms_untrusted", since=facts.problem_at)
    if facts.clock_doubted is not None:
        if facts.clock_doubted >= limits.clock_doubt:
            yield failed(Check.LIMITS, "clock_stops", age=facts.clock_doubted, since=facts.clock_doubted_at)
        else:
            doubt = {"age": facts.clock_doubted, "limit": limits.clock_doubt}
            yield warning(Check.LIMITS, "clock_doubt", since=facts.clock_doubted_at, **doubt)


def _limits(limits: OfflineLimits) -> Iterator[Finding]:
    for step in limits.steps:
        told = {"hours": step.up_to // _HOUR, "items": step.items}
        yield ok(Check.LIMITS, "limit_step_regulars", **told) if step.regulars_only else ok(Check.LIMITS, "limit_step", **told)
    room = {"unsent": limits.most_unsent, "unsent_returns": limits.most_unsent_returns}
    yield ok(Check.LIMITS, "limit_room", disk=limits.disk_for_loans // MIB, disk_returns=limits.disk_for_returns // MIB, **room)
    if limits.patron_per_hour is not None:
        yield ok(Check.LIMITS, "limit_patron_hour", items=limits.patron_per_hour)
    if limits.kiosk_per_hour is not None:
        yield ok(Check.LIMITS, "limit_kiosk_hour", items=limits.kiosk_per_hour)
