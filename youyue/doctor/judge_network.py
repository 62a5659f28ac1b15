"""The way to the registry, its certificate, and what it makes of this kiosk. Pure."""

from collections.abc import Iterator
from datetime import datetime

from youyue.doctor.facts import NetworkFacts, Patience, Reached, Standing
from youyue.doctor.findings import Check, Finding, failed, ok, warning

_BROKEN = {
    Reached.ADDRESS: "network_address",
    Reached.NAME: "network_name",
    Reached.CONNECTION: "network_connection",
    Reached.TRUST: "network_trust",
    Reached.ANSWER: "network_answer",
    Reached.READY: "network_not_ready",
}


def judge_network(facts: NetworkFacts, *, check: Check, since: datetime | None) -> Iterator[Finding]:
    """Whether the registry can be reached. ``since`` is when it was last heard, where that is known."""
    if facts.reached is Reached.ALL:
        yield ok(check, "network", address=facts.address, milliseconds=facts.milliseconds)
        return
    yield failed(check, _BROKEN[facts.reached], address=facts.address, detail=facts.detail, since=since)


def judge_certificate(expires_at: datetime | None, patience: Patience, *, now: datetime) -> Iterator[Finding]:
    """Whether a certificate still holds, and for long enough; nothing where there is none."""
    if expires_at is None:
        return
    if now >= expires_at:
        yield failed(Check.CERTIFICATE, "certificate_over", until=expires_at, since=expires_at)
    elif now >= expires_at - patience.certificate:
        yield warning(Check.CERTIFICATE, "certificate_soon", until=expires_at, count=(expires_at - now).days)
    else:
        yield ok(Check.CERTIFICATE, "certificate", until=expires_at)


def judge_standing(standing: Standing) -> Iterator[Finding]:
    """Whether the registry knows this kiosk."""
    match standing:
        case Standing.KNOWN:
            yield ok(Check.ENROLMENT, "enrolled")
        case Standing.UNKNOWN:
            yield failed(Check.ENROLMENT, "enrolment_unknown")
        case Standing.REVOKED:
            yield failed(Check.ENROLMENT, "enrolment_revoked")
        case Standing.NOT_ASKED:
            yield warning(Check.ENROLMENT, "enrolment_not_asked")
