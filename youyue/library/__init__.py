"""What a new registry begins with: branches, lending rules and opening days, as data files with their sources."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Weekday
from circulation.patrons import PatronClass
from circulation.rules import RuleSet
from registry.calendars.changes import CalendarChange, ChangeKind
from replica.library_rows import read_by_class

_FOLDER = files("youyue.library")


@dataclass(frozen=True, slots=True)
class LibraryBranch:
    """A branch of the library, from the public list of codes."""

    code: BranchCode
    name: str
    district: str


def branches() -> tuple[LibraryBranch, ...]:
    """The library's branches, codes and names as the public list writes them."""
    with _FOLDER.joinpath("branches.csv").open(encoding="utf-8") as lines:
        return tuple(LibraryBranch(BranchCode(row["code"]), row["name"], row["district"]) for row in csv.DictReader(lines))


def rule_sets() -> tuple[RuleSet, ...]:
    """The lending rules of ``rules.toml``."""
    return tuple(_rule_sets())


def _rule_sets() -> Iterator[RuleSet]:
    for entry in tomllib.loads(_FOLDER.joinpath("rules.toml").read_text(encoding="utf-8"))["rule_set"]:
        by_class = read_by_class({kind: entry[kind] for kind in PatronClass if kind in entry})
        yield RuleSet(version=entry["version"], effective_from=entry["effective_from"], source=entry["source"], by_class=by_class)


def opening_days() -> OpeningDays:
    """The opening days of ``opening_days.toml``, holidays and all."""
    days = regular_days()
    closed = frozenset(day for one in closures() for day in one.days())
    return replace(days, closed=closed)


def regular_days() -> OpeningDays:
    """The regular hours alone."""
    entry = _opening_days()
    return OpeningDays(
        weekly={Weekday[day.upper()]: Hours(hours["opens"], hours["closes"]) for day, hours in entry["weekly"].items()},
        closed_monthly=frozenset((rule["week"], Weekday[rule["weekday"].upper()]) for rule in entry["closed_monthly"]),
        desk_minutes=entry["desk_minutes"],
    )


def source_of_days() -> str:
    """Where the regular hours come from."""
    return str(_opening_days()["source"])


def closures() -> tuple[CalendarChange, ...]:
    """The holidays, each with its reason and its source."""
    return tuple(
        CalendarChange(ChangeKind.CLOSE, None, one["from"], one.get("to", one["from"]), one["reason"], one["source"])
        for one in _opening_days()["closed"]
    )


def _opening_days() -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath("opening_days.toml").read_text(encoding="utf-8"))
