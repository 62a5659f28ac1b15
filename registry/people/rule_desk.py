"""The rules about ages and papers, as data with a date and a source."""

from datetime import date

from registry.database import UnitOfWork
from registry.people import store
from registry.people.ages import AccountRules
from registry.people.office import Office


class RuleDesk:
    """Shows and sets the rules. Those of a day that has passed can be put right, too: what was decided by them stays."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @property
    def today(self) -> date:
        """The library's local date, by which they are read."""
        return self._office.today

    def all(self) -> list[AccountRules]:
        """All rules, the first in force first."""
        with self._office.database.reading() as connection:
            return store.rules(connection)

    def set(self, new: AccountRules, *, by: str) -> None:
        """Set the rules from a day on."""

        def set_(work: UnitOfWork) -> None:
            store.set_rules(work, new)
            numbers = {"adult_from": new.adult_from, "guardian_below": new.guardian_below, "one_tick_from": new.one_tick_from}
            self._office.note(work, by, "account rules set", {"effective_from": f"{new.effective_from}", **numbers})

        self._office.database.write(set_)
