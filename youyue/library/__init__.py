"""What a new registry begins with: branches, lending rules and opening days, as data files with their sources."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from circulation.ids import BranchCode
from circulation.opening_days import Hours, OpeningDays, Weekday
from circulation.patrons import PatronClass
from circulation.rules import RuleSet
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
    """The opening days of ``opening_days.toml``."""
    entry = tomllib.loads(_FOLDER.joinpath("opening_days.toml").read_text(encoding="utf-8"))
    return OpeningDays(
        weekly={Weekday[day.upper()]: Hours(hours["opens"], hours["closes"]) for day, hours in entry["weekly"].items()},
        closed=frozenset(entry["closed"]),
        closed_monthly=frozenset((rule["week"], Weekday[rule["weekday"].upper()]) for rule in entry["closed_monthly"]),
    )
