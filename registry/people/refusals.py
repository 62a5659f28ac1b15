"""What is refused about people: stable codes. The sentences stand in the catalogue as ``people.refused.<code>``."""

from collections.abc import Iterable
from enum import StrEnum, unique

from registry.cards.replacement import BindingRefusal


@unique
class PeopleRefusal(StrEnum):
    """Why it can't be so."""

    NOBODY_FOUND = "nobody_found"
    NO_RULES = "no_rules"
    """No rule says yet from which age somebody signs."""
    BRANCH_UNKNOWN = "branch_unknown"
    SCHOOL_UNKNOWN = "school_unknown"
    # an application
    NAME_MISSING = "name_missing"
    BIRTH_DATE_WRONG = "birth_date_wrong"
    """It lies in the future, or longer ago than anybody lives."""
    PAPERS_NOT_ACCEPTED = "papers_not_accepted"
    CONTACT_INCOMPLETE = "contact_incomplete"
    """An address and a telephone are needed."""
    HAS_ACCOUNT = "has_account"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    """The ID is on record with another birth date: staff must look (R3)."""
    NO_CARD_NUMBER = "no_card_number"
    PROXY_UNPROVEN = "proxy_unproven"
    """Whoever comes instead has a name and shows papers of both."""
    # who signs, and guardians
    SIGNER_UNKNOWN = "signer_unknown"
    """Without a birth date nobody can tell who must sign."""
    SIGNER_WRONG = "signer_wrong"
    """Adults sign for themselves, guardians for minors (R12)."""
    GUARDIAN_NEEDED = "guardian_needed"
    GUARDIAN_INCOMPLETE = "guardian_incomplete"
    """A guardian is a patron, or has a name and a telephone."""
    GUARDIAN_NO_ADULT = "guardian_no_adult"
    GUARDIAN_NOT_LINKED = "guardian_not_linked"
    NOT_A_MINOR = "not_a_minor"
    # families
    NO_FAMILY = "no_family"
    NOT_A_PERSON = "not_a_person"
    """A family account is no member, guardian or pupil."""
    MEMBER_ALREADY = "member_already"
    NO_MEMBER = "no_member"
    # withdrawal, and the end of an account
    NOT_IN_PROGRAMME = "not_in_programme"
    WITHDRAWAL_PENDING = "withdrawal_pending"
    LOANS_OPEN = "loans_open"
    DEBTS_OPEN = "debts_open"
    """Money is owed, days are being served, or a librarian has set a block."""
    HOLD_READY = "hold_ready"
    QUESTIONS_OPEN = "questions_open"
    """Something about the account waits for staff: a flag, a case, a request."""
    # codes for a PIN
    CODE_TO_GUARDIAN = "code_to_guardian"
    """A child's code goes to a guardian or, sealed, through the school."""
    CODE_TO_OWNER = "code_to_owner"
    """From this age on the code is its owner's."""
    NO_MOBILE = "no_mobile"
    """A text message needs complete contact data with a mobile number."""


class PeopleRefusedError(Exception):
    """It was refused, with every reason, and nothing was changed but the audit trail."""

    def __init__(self, codes: Iterable[PeopleRefusal | BindingRefusal]) -> None:
        self.codes = tuple(dict.fromkeys(codes))
        super().__init__(", ".join(code.value for code in self.codes))
