"""Why something is refused: stable codes. The sentences stand in the catalogue (``texts``)."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Reason(StrEnum):
    """One reason of a refusal or a flag. The value travels and is stored: never rename one."""

    CARD_LOST = "card_lost"
    CARD_UNKNOWN = "card_unknown"
    PATRON_UNKNOWN = "patron_unknown"
    PATRON_EXPIRED = "patron_expired"
    PATRON_BLOCKED = "patron_blocked"
    PATRON_SUSPENDED = "patron_suspended"
    PATRON_HAS_OVERDUE = "patron_has_overdue"
    LOAN_LIMIT_REACHED = "loan_limit_reached"
    KIND_LIMIT_REACHED = "kind_limit_reached"
    ITEM_UNKNOWN = "item_unknown"
    ITEM_ALREADY_YOURS = "item_already_yours"
    ITEM_ON_LOAN = "item_on_loan"
    ITEM_ON_HOLD = "item_on_hold"
    ITEM_IN_LIBRARY_ONLY = "item_in_library_only"
    ITEM_IN_TRANSIT = "item_in_transit"
    ITEM_NOT_LENDABLE = "item_not_lendable"
    NO_RULES = "no_rules"
    OFFLINE_LIMIT_REACHED = "offline_limit_reached"
    OFFLINE_TOO_LONG = "offline_too_long"
    OFFLINE_TOO_FAST = "offline_too_fast"
    """As many items as a patron, or all of them, may have in an hour that the registry does not hear of."""
    KIOSK_DISK_FULL = "kiosk_disk_full"
    """What room is left on the kiosk's disk is for returns."""
    KIOSK_OUTBOX_FULL = "kiosk_outbox_full"
    """So many facts wait for the registry that what room is left is for returns."""
    KIOSK_CLOCK_DOUBTFUL = "kiosk_clock_doubtful"
    """The kiosk's clock has been in doubt for so long that it may promise no due date."""
    LOAN_UNKNOWN = "loan_unknown"
    FACT_UNKNOWN = "fact_unknown"
    LOAN_OVERDUE = "loan_overdue"
    HELD_FOR_ANOTHER = "held_for_another"
    KIND_NOT_RENEWABLE = "kind_not_renewable"
    RENEWALS_USED_UP = "renewals_used_up"
    NO_DAYS_GAINED = "no_days_gained"
    """Renewed now, the item would be due on the same day, and one renewal less would be left."""
    CARD_ALREADY_LOST = "card_already_lost"
    SEVERAL_LOANS = "several_loans"
    """One copy was on loan to several patrons when it came back (I4)."""
    LOAN_STAYS_OPEN = "loan_stays_open"
    """The item came back before its open loan was made, or a clock is behind."""
    PATRON_MERGED = "patron_merged"
    """The account that the kiosk knew has become another one of the same person: the fact counts for that one."""
    LEDGER_RESTORED = "ledger_restored"
    """The kiosk's ledger was an old image, or there are two of it."""
    RETURNED_SINCE = "returned_since"
    """The loan was heard of after the item had come back to another kiosk: it was over already, or a clock is wrong."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a policy: allowed, or refused with every reason, in the order a person should hear them."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons
