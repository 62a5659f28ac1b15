"""Slips that may be printed again: few, for a short time, in memory only. Pure.

A visit's slip is kept for minutes and only the newest one: it is there for the patron who stands before an empty printer, and gone
when the next one has printed his. A routing or hold slip is about an item and nobody's visit; it waits until it is printed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique

from drivers.ports import DeviceFault, Raster

MOST_STAFF_SLIPS = 20
_STAFF_SLIPS_KEPT = timedelta(hours=24)


@unique
class SlipKind(StrEnum):
    """Whom a slip is for: the patron, or whoever takes the item out of the box."""

    LOANS = "loans"
    ROUTING = "routing"
    HOLD = "hold"
    CHECK = "check"
    TRIAL = "trial"
    """It shows how the printer prints; never kept."""

    @property
    def asked_for(self) -> bool:
        """Whether somebody before the screen wanted it: he has gone when the printer is well again."""
        return self in {SlipKind.LOANS, SlipKind.CHECK, SlipKind.TRIAL}


@unique
class SlipFate(StrEnum):
    """What became of a slip."""

    WAITING = "waiting"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True, slots=True)
class KeptSlip:
    """One slip as it was printed or should have been. ``made_at``: aware UTC."""

    ticket: int
    kind: SlipKind
    made_at: datetime
    dots: Raster
    fate: SlipFate = SlipFate.WAITING
    fault: DeviceFault | None = None


class KeptSlips:
    """The slips of one printer, oldest first. ``patrons_kept``: for so long a visit's slip; zero keeps none that is printed or given up."""

    def __init__(self, patrons_kept: timedelta) -> None:
        self._patrons_kept = patrons_kept
        self._slips: dict[int, KeptSlip] = {}

    def all(self, now: datetime) -> tuple[KeptSlip, ...]:
        """Those that are still kept."""
        self.forget_old(now)
        return tuple(self._slips.values())

    def add(self, slip: KeptSlip) -> None:
        """Keep one more; it takes the place of the last visit's, or of the oldest item's where there are too many."""
        if slip.kind.asked_for:
            gone = [one.ticket for one in self._slips.values() if one.kind.asked_for]
        else:
            staff = [one.ticket for one in self._slips.values() if not one.kind.asked_for]
            gone = staff[: len(staff) - MOST_STAFF_SLIPS + 1] if len(staff) >= MOST_STAFF_SLIPS else []
        for ticket in gone:
            del self._slips[ticket]
        self._slips[slip.ticket] = slip

    def settle(self, ticket: int, fault: DeviceFault | None) -> KeptSlip | None:
        """Note what became of a slip. A printed one of an item replaces the last printed one."""
        slip = self._slips.get(ticket)
        if slip is None:
            return None
        fate = SlipFate.PRINTED if fault is None else SlipFate.NOT_PRINTED
        if not slip.kind.asked_for and fate is SlipFate.PRINTED:
            for other in [one for one in self._slips.values() if not one.kind.asked_for and one.fate is SlipFate.PRINTED]:
                del self._slips[other.ticket]
        self._slips[ticket] = settled = replace(slip, fate=fate, fault=fault)
        return settled

    def again(self, ticket: int | None, now: datetime) -> KeptSlip | None:
        """The slip of a ticket, or the newest one; none when it is not kept any more."""
        kept = self.all(now)
        if ticket is None:
            return max(kept, key=lambda slip: slip.made_at, default=None)
        return self._slips.get(ticket)

    def waits_for_the_printer(self, now: datetime) -> tuple[KeptSlip, ...]:
        """Slips of items that did not come out: they are printed when the printer is well again. A patron's never is: he has gone."""
        return tuple(slip for slip in self.all(now) if not slip.kind.asked_for and slip.fate is SlipFate.NOT_PRINTED)

    def put_back(self, ticket: int) -> None:
        """It is on its way to the printer once more."""
        if slip := self._slips.get(ticket):
            self._slips[ticket] = replace(slip, fate=SlipFate.WAITING, fault=None)

    def forget_old(self, now: datetime) -> None:
        """Forget what is over."""
        for slip in list(self._slips.values()):
            kept = self._patrons_kept if slip.kind.asked_for else _STAFF_SLIPS_KEPT
            waits = slip.fate is SlipFate.WAITING
            if not waits and not timedelta(0) <= now - slip.made_at < kept:
                del self._slips[slip.ticket]
