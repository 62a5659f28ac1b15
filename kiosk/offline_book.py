"""The offline terms that a kiosk holds: which come in, which is in force. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms
from circulation.wire import SignedTerms


@dataclass(frozen=True, slots=True)
class HeldTerms:
    """One version as the registry signed it, and what it says. ``begun``: it has been in force here; that is never undone by a clock."""

    signed: SignedTerms
    terms: OfflineTerms
    begun: bool = False


@dataclass(frozen=True, slots=True)
class OfflineBook:
    """Every version that is held, the oldest first. What is in force and what is to come; earlier ones are of no use any more."""

    held: tuple[HeldTerms, ...] = ()

    @property
    def newest(self) -> int:
        """The highest version held; 0 without any."""
        return max((one.terms.version for one in self.held), default=0)

    def with_told(self, told: Iterable[HeldTerms]) -> "OfflineBook":
        """Take in what is newer than everything held: an older version never replaces a newer one."""
        known = self.newest
        fresh = sorted((one for one in told if one.terms.version > known), key=lambda one: one.terms.version)
        by_version = {one.terms.version: one for one in fresh}
        return OfflineBook((*self.held, *by_version.values()))

    def on(self, today: date) -> "OfflineBook":
        """Let begin what is due by a local date, and let go what it follows. A clock that goes back brings nothing back."""
        due = [one for one in self.held if one.begun or one.terms.effective_from <= today]
        if not due:
            return self
        in_force = max(due, key=_order)
        later = [one for one in self.held if _order(one) > _order(in_force)]
        return OfflineBook((replace(in_force, begun=True), *later))

    @property
    def in_force(self) -> OfflineTerms | None:
        """What holds here, by the last date that was told to ``on``; none before the first version has begun."""
        begun = [one for one in self.held if one.begun]
        return max(begun, key=_order).terms if begun else None

    def limits(self, branch: str, otherwise: OfflineLimits) -> OfflineLimits:
        """The limits of a branch's kiosk; ``otherwise`` while no version has begun."""
        terms = self.in_force
        return otherwise if terms is None else terms.for_branch(branch)


def _order(one: HeldTerms) -> tuple[date, int]:
    return one.terms.effective_from, one.terms.version
