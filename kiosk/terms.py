"""What lending, renewing and taking back are decided by, apart from patron and item."""

from dataclasses import dataclass
from datetime import date, datetime

from circulation.offline import OfflineLimits
from circulation.patrons import Patron
from circulation.policy import rules_for
from circulation.rules import LoanRules
from kiosk.known import Library
from kiosk.offline import Standing


@dataclass(frozen=True, slots=True)
class Terms:
    """The library's word and how old it is. ``period``: when the feed was last verified (aware UTC)."""

    library: Library
    today: date
    limits: OfflineLimits
    standing: Standing
    period: datetime | None

    @property
    def rules_version(self) -> int:
        """The version of the rule set in force; 0 when the library has not said."""
        rule_set = self.library.rule_book.on(self.today)
        return 0 if rule_set is None else rule_set.version

    @property
    def is_fresh(self) -> bool:
        """Whether the replica is as good as the registry itself."""
        return self.standing.is_fresh(self.limits)

    def rules_for(self, patron: Patron) -> LoanRules | None:
        """The rules a patron lives under today; none when the library has not said."""
        return rules_for(patron, self.library.rule_book.on(self.today))
