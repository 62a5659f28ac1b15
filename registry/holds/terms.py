"""On which terms a patron's holds are kept today."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from circulation.ids import PatronId
from circulation.rules import HoldRules
from registry.holds import store_standing
from registry.lending.store import rule_book


def hold_rules_of(connection: Connection, patrons: Collection[PatronId], *, today: date) -> dict[PatronId, HoldRules]:
    """The hold rules in force for each of these patrons; who is missing has none."""
    in_force = rule_book(connection).on(today)
    if in_force is None:
        return {}
    found: dict[PatronId, HoldRules] = {}
    for patron, of_class in store_standing.classes_of(connection, patrons).items():
        rules = in_force.by_class.get(of_class)
        if rules is not None and rules.holds is not None:
            found[patron] = rules.holds
    return found


def longest_memory(connection: Connection, *, today: date) -> int | None:
    """How many days a hold that was not collected counts for something, by the rules in force; none where nothing says."""
    in_force = rule_book(connection).on(today)
    of_classes = () if in_force is None else in_force.by_class.values()
    return max((max(one.holds.window_days, one.holds.stop_days) for one in of_classes if one.holds is not None), default=None)
