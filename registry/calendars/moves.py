"""Dates that move because the calendar changed: due dates of loans, last days of ready holds (notice 2024-12). Pure.

Nobody's date ever becomes earlier. That a closure was taken back moves nothing: the later date was promised.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from circulation.ids import BranchCode
from circulation.opening_days import OpeningDays, kept_until, moved_due_date


@dataclass(frozen=True, slots=True)
class Dated:
    """So many things of one branch with one date."""

    branch: BranchCode
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class Move:
    """So many things of one branch, from one date to a later one."""

    branch: BranchCode
    old: date
    new: date
    count: int


Calendars = Mapping[BranchCode, OpeningDays]


def moved_dues(dated: Iterable[Dated], after: Calendars) -> tuple[Move, ...]:
    """The due dates that move to the next open day of their branch."""
    return tuple(
        Move(one.branch, one.on, new, one.count)
        for one in dated
        if one.branch in after and (new := moved_due_date(one.on, after[one.branch])) > one.on
    )


def moved_holds(dated: Iterable[Dated], before: Calendars, after: Calendars, *, today: date) -> tuple[Move, ...]:
    """The last days of ready holds that move, so that they stay as many open days as were promised."""
    return tuple(
        Move(one.branch, one.on, new, one.count)
        for one in dated
        if one.branch in before
        and one.branch in after
        and (new := kept_until(one.on, before[one.branch], after[one.branch], today=today)) > one.on
    )
