"""Holds that nobody collected: what they cost. Source: the library's FAQ of 2016 (1 point each; more than 3 in a year stop holds for 90 days)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from circulation.rules import HoldRules


@dataclass(frozen=True, slots=True)
class NoShow:
    """A hold that was not collected: the local date on which it ended, and its points."""

    on: date
    points: int


def stopped_until(no_shows: Collection[NoShow], rules: HoldRules) -> date | None:
    """The last day on which the patron places no holds; none without a stop. It may have passed.

    A stop begins on the day whose points are too many, with those of the ``window_days`` that end on it. It is served once: later
    days without a new point begin no other.
    """
    window = timedelta(days=rules.window_days)

    def points_on(day: date) -> int:
        return sum(one.points for one in no_shows if day - window < one.on <= day)

    too_many = [one.on for one in no_shows if points_on(one.on) > rules.points_that_stop]
    return max(too_many) + timedelta(days=rules.stop_days) if too_many else None
