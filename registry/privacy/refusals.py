"""What the privacy desk refuses: stable codes. The sentences stand in the catalogue as ``privacy.refused.<code>``."""

from enum import StrEnum, unique


@unique
class PrivacyRefusal(StrEnum):
    """Why it can't be had so."""

    NOBODY_FOUND = "nobody_found"
    """No such record: the number is unknown, or was replaced (Q6-4); nobody has this ID."""
    CARD_LOST = "card_lost"
    """The card was reported lost: whoever holds it may have found it (Q6-2, R5)."""
    IDENTITY_UNPROVEN = "identity_unproven"
    """Two identity items are needed (R17)."""
    PAPERS_MISSING = "papers_missing"
    """Who asks for somebody else shows papers."""
    ADULT_ASKS = "adult_asks"
    """Adults ask for themselves, or send a proxy (R12)."""
    RECEIVED_LATER = "received_later"
    """The day of receipt has not come."""
    REASON_MISSING = "reason_missing"
    REQUEST_UNKNOWN = "request_unknown"
    REQUEST_ANSWERED = "request_answered"
    REQUEST_EXTENDED = "request_extended"
    """A term is extended once."""
    TERM_OVER = "term_over"
    """A term that is over can't be extended."""
    NOTHING_CHANGES = "nothing_changes"
    VALUE_UNREADABLE = "value_unreadable"
    NATIONAL_ID_TAKEN = "national_id_taken"
    """Somebody else has it: two records of one person, or a mistake."""
    ADDRESS_MISSING = "address_missing"
    """Contact data without an address are none."""
    CORRECTION_UNKNOWN = "correction_unknown"
    """No correction of this key waits for a librarian."""
    RECIPIENT_UNKNOWN = "recipient_unknown"
    """This recipient had not the wrong data, or has been told."""
    NOTICE_NOT_OWED = "notice_not_owed"
    TERM_TOO_SHORT = "term_too_short"
    """The audit trail must be kept longer than that."""


class PrivacyRefusedError(Exception):
    """It was refused, for all these reasons, and nothing was changed."""

    def __init__(self, *codes: PrivacyRefusal) -> None:
        super().__init__(", ".join(code.value for code in codes))
        self.codes = codes
