"""The rules of holds: who may place one, how long a ready one is kept, where it stands on the shelf. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique

from circulation.opening_days import OpeningDays
from circulation.patrons import Patron
from circulation.rules import HoldRules

KIOSKS_WORD_IS_FRESH = timedelta(minutes=15)
"""What a kiosk says of an item is as good as the registry's word for so long (the protocol's first limit without the registry)."""


@unique
class HoldRefusal(StrEnum):
    """Why a hold, or what is asked of one, is refused: stable codes. The sentences stand in the catalogue as ``holds.refused.<code>``."""

    PATRON_EXPIRED = "patron_expired"
    PATRON_BLOCKED = "patron_blocked"
    STOPPED = "stopped"
    """Too many holds were not collected; for a while none are placed."""
    NO_RULES = "no_rules"
    LIMIT_REACHED = "limit_reached"
    ALREADY_HELD = "already_held"
    ON_LOAN_TO_PATRON = "on_loan_to_patron"
    NO_COPY = "no_copy"
    """The library has no copy that is lent."""
    BRANCH_UNKNOWN = "branch_unknown"
    PATRON_UNKNOWN = "patron_unknown"
    HOLD_UNKNOWN = "hold_unknown"
    """No such hold, or another patron's."""
    COPY_IS_COMING = "copy_is_coming"
    """Only who still waits can be passed over."""
    DAY_NOT_AHEAD = "day_not_ahead"
    PICK_UP_OVER = "pick_up_over"
    """The last day to collect it has passed: it can't be sent elsewhere any more."""
    ITEM_UNKNOWN = "item_unknown"
    ITEM_ON_LOAN = "item_on_loan"
    """On record somebody has it: its return has not been heard of yet."""
    ITEM_NOT_LENT = "item_not_lent"
    """Damaged, withdrawn, or for the library only."""
    NOT_EXPECTED = "not_expected"
    """It is not on its way to this branch."""
    NOT_KEPT_HERE = "not_kept_here"
    """It is not kept for anybody at this branch, so nobody can miss it there."""


class HoldRefusedError(Exception):
    """It was refused, with every reason, and nothing was changed."""

    def __init__(self, *reasons: HoldRefusal) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Standing:
    """What a new hold is judged by: the patron's other holds and loans, and what the library has."""

    holds: int
    holds_this_title: bool
    has_on_loan: bool
    copies: int
    """Of the title, that are lent at all."""
    branch_is_known: bool
    stopped_until: date | None = None
    """The last day of a stop for holds that were not collected."""


def decide_hold(patron: Patron, standing: Standing, rules: HoldRules | None, *, today: date) -> tuple[HoldRefusal, ...]:
    """Every reason why the patron may not place this hold; none when it may. Source: the library's site (7 holds), its FAQ of 2016."""
    return (*_against_patron(patron, standing, rules, today), *_against_title(standing))


def _against_patron(patron: Patron, standing: Standing, rules: HoldRules | None, today: date) -> Iterator[HoldRefusal]:
    if patron.expires is not None and patron.expires < today:
        yield HoldRefusal.PATRON_EXPIRED
    if any(block.stands(today=today) for block in patron.blocks):
        yield HoldRefusal.PATRON_BLOCKED
    if standing.stopped_until is not None and today <= standing.stopped_until:
        yield HoldRefusal.STOPPED
    if rules is None:
        yield HoldRefusal.NO_RULES
    elif standing.holds >= rules.limit:
        yield HoldRefusal.LIMIT_REACHED


def _against_title(standing: Standing) -> Iterator[HoldRefusal]:
    if standing.holds_this_title:
        yield HoldRefusal.ALREADY_HELD
    if standing.has_on_loan:
        yield HoldRefusal.ON_LOAN_TO_PATRON
    if not standing.copies:
        yield HoldRefusal.NO_COPY
    if not standing.branch_is_known:
        yield HoldRefusal.BRANCH_UNKNOWN


def last_day_to_collect(opening_days: OpeningDays | None, rules: HoldRules | None, *, ready_on: date) -> date | None:
    """The last of the open days of the pick-up branch that a ready item is kept, from the day after; none where nobody says how long.

    Raises:
        NoOpenDayError: the calendar is closed for two years.

    """
    if opening_days is None or rules is None:
        return None
    day = ready_on
    for _ in range(rules.keep_open_days):
        day = opening_days.open_day_from(day + timedelta(days=1))
    return day


def is_over(until: date | None, opening_days: OpeningDays | None, *, today: date) -> bool:
    """Whether a ready hold was not collected in time. Nothing ends on a closed day: who comes on the next open one may find it changed."""
    return until is not None and until < today and (opening_days is None or opening_days.is_open(today))


def free_place(taken: Collection[str]) -> str:
    """The lowest number of a hold shelf where nothing lies."""
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
