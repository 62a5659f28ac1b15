"""Dates and times in words: 「12月24日（四）」, "Thu 24 Dec" (its spaces do not break). All words stand in the catalogue."""

from datetime import date, datetime, time

from texts.catalogue import Catalogue


def short_date(day: date, catalogue: Catalogue) -> str:
    """For a due date: month, day and weekday, no year."""
    return catalogue.say(
        "date.short",
        month=catalogue.say(f"month.{day.month}"),
        day=day.day,
        weekday=catalogue.say(f"weekday.{day.isoweekday()}"),
    )


def long_date(day: date, catalogue: Catalogue) -> str:
    """For the clock: weekday and month in full."""
    return catalogue.say(
        "date.long",
        month=catalogue.say(f"month.long.{day.month}"),
        day=day.day,
        weekday=catalogue.say(f"weekday.long.{day.isoweekday()}"),
    )


def clock_time(at: datetime | time) -> str:
    """Hours and minutes of 24, the same in every language."""
    return f"{at:%H:%M}"
