"""Why a card or a mobile card opens nothing, as codes."""

from enum import StrEnum, unique

from circulation.mobile_codes import MobileCodeProblem


@unique
class Refusal(StrEnum):
    """Why a card or a mobile card opens nothing. Unknown and replaced cards are one and the same (Q6-4)."""

    UNKNOWN = "unknown"
    PHONE = "phone"
    """A random UID: a telephone or a watch."""
    LOST = "lost"
    UNREADABLE = "unreadable"
    CODE_MALFORMED = MobileCodeProblem.MALFORMED.value
    """From here on: a mobile card, shown as a code (R14)."""
    CODE_UNKNOWN_KEY = MobileCodeProblem.UNKNOWN_KEY.value
    CODE_WRONG_SIGNATURE = MobileCodeProblem.WRONG_SIGNATURE.value
    CODE_EXPIRED = MobileCodeProblem.EXPIRED.value
    CODE_NOT_YET_VALID = MobileCodeProblem.NOT_YET_VALID.value
    CODE_CLOCK = "code_clock"
    """This kiosk can't be sure of the time, so it can judge no code."""
    ACCOUNT_UNKNOWN = "account_unknown"
    """The code is good, its account is not on record (any more)."""
