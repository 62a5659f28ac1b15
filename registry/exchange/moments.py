"""When a fact happened, by the registry's clock, and how sure that is (sync rule 10). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec import UNSET, UnsetType

from circulation.facts import FactEnvelope
from circulation.wire import MONOTONIC_DRIFT, HeardTime

_LONGEST_OFFLINE = timedelta(days=400)
_ON_THE_WAY = timedelta(seconds=2)
"""The registry's word may be this old when a kiosk hears it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC), give or take ``error``; without one only the kiosk's own clock says so."""

    at: datetime
    error: timedelta | None = None

    @property
    def earliest(self) -> datetime | None:
        """Not before this, if anybody can say."""
        return None if self.error is None else self.at - self.error

    @property
    def latest(self) -> datetime | None:
        """Not after this, if anybody can say."""
        return None if self.error is None else self.at + self.error


def surely_after(later: Moment, sooner: Moment) -> bool:
    """Whether the one came after the other, whatever their clocks."""
    return later.earliest is not None and sooner.latest is not None and later.earliest > sooner.latest


def surely_before(sooner: Moment, later: Moment) -> bool:
    """Whether the one came before the other, whatever their clocks."""
    return surely_after(later, sooner)


def moment_of(envelope: FactEnvelope, heard: HeardTime | UnsetType, *, now: datetime) -> Moment:
    """When a fact happened.

    In the boot in which the registry was heard, the monotonic clock leads there from the registry's own time. Else it is what the
    kiosk's wall clock said, unless that was plainly wrong. Never in the future, never longer ago than any kiosk is offline.
    """
    if heard is not UNSET and heard.boot == envelope.boot and heard.server_time.tzinfo is not None:
        try:
            apart = timedelta(microseconds=(envelope.monotonic - heard.monotonic) // 1000)
            counted = heard.server_time.astimezone(UTC) + apart
        except OverflowError:
            return said_at(envelope.at, now=now)
        if now - _LONGEST_OFFLINE <= counted <= now + _ON_THE_WAY:
            return Moment(min(counted, now), _ON_THE_WAY + abs(apart) * MONOTONIC_DRIFT)
    return said_at(envelope.at, now=now)


def said_at(at: datetime, *, now: datetime) -> Moment:
    """When a wall clock says that something happened, in UTC; now, if it was plainly wrong."""
    try:
        said = at.astimezone(UTC)
    except OverflowError:
        return Moment(now)
    return Moment(said if now - _LONGEST_OFFLINE <= said <= now else now)
