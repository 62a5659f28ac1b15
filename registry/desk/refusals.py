"""What the desk refuses: stable codes. The sentences stand in the catalogue as ``desk.refused.<code>``."""

from enum import StrEnum, unique

from registry.cards.replacement import BindingRefusal
from registry.mobile.refusals import MobileRefusal
from registry.partners.roles import PartnerRefusal


@unique
class DeskRefusal(StrEnum):
    """Why staff can't have it so."""

    NO_SUCH_RECORD = "no_such_record"
    """查無該證資料: the number is not on record. Never that it was (Q6-4)."""
    NOBODY_FOUND = "nobody_found"
    NO_CARD_NUMBER = "no_card_number"
    """The number is one that no card keeps (random, blank)."""
    IDENTITY_UNPROVEN = "identity_unproven"
    """A report by phone or at a desk needs two identity items (R17)."""
    BRANCH_UNKNOWN = "branch_unknown"
    REASON_MISSING = "reason_missing"
    NOT_LOST = "card_not_lost"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    FROM_BUREAU = "loss_from_bureau"
    """Only undoing a wrong batch gives such a card back (R18)."""
    CODE_REFUSED = "pin_code_refused"
    """The one-time code is unknown, used or too old; nobody says which."""
    FIND_NOT_WAITING = "find_not_waiting"
    """No find of this key waits: never did, or somebody has settled it."""
    PIN_FORMAT = "pin_format"
    PIN_BIRTHDAY = "pin_birthday"
    PIN_TRIVIAL = "pin_trivial"


class DeskRefusedError(Exception):
    """It was refused, and nothing was changed but what the refusal itself leaves: an audit entry, a case."""

    def __init__(self, code: DeskRefusal | BindingRefusal | PartnerRefusal | MobileRefusal) -> None:
        super().__init__(code.value)
        self.code = code
