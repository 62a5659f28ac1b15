"""Why a person must look: stable codes. The sentences stand in the catalogue under ``case.kind.``.

Sources: the programme's case kinds (``docs/programme-rules.md``: R3, R9, R15, R16, and the undoing of batches), and what the registry
may flag a fact for (``docs/sync-protocol.md``, "The kinds of facts").
"""

from enum import StrEnum, unique


@unique
class CaseKind(StrEnum):
    """The kinds of case."""

    NAME_DIFFERS = "name_differs"
    """National ID and birth date are equal, the name is not: the card works, the library's name stays (R3, R16)."""
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    """The national ID is equal and the birth date is not: nothing was bound (R3)."""
    POSSIBLE_DUPLICATE = "possible_duplicate"
    """One person may have two accounts, such as by an old and a new resident number. Never merged by itself."""
    NUMBER_BOUND_ELSEWHERE = "number_bound_elsewhere"
    """The number is, or was, somebody else's (R9)."""
    NUMBER_REPLACED = "number_replaced"
    """This number was this patron's and has been replaced: an older file, or a mistake (R15)."""
    NUMBER_FORMS_MATCH = "number_forms_match"
    """Read in another form, the number is somebody's card: nobody can tell which card is meant."""
    REISSUE_OLDER = "reissue_older"
    """The reissue was made before the present card was bound (R15)."""
    MISSING_ID = "missing_id"
    """A row without a national ID: a passport, or nothing. Such a person comes to a desk."""
    BATCH_UNUSUAL = "batch_unusual"
    """A batch unlike last year's: it waits for a second person."""
    FAMILY_ACCOUNT = "family_account"
    """The national ID stands with a family's account: no student ID is bound to it (R20)."""
    CHANGED_SINCE = "changed_since"
    """A batch was undone, and this record has changed since: a person decides what becomes of it."""

    LENT_TWICE = "lent_twice"
    """A kiosk lent an item that somebody else has on record (I4)."""
    LENT_BY_CARD_IN_DOUBT = "lent_by_card_in_doubt"
    """The card that opened the session was lost, replaced, or nobody's: perhaps somebody else borrowed."""
    LENT_AGAINST_RULES = "lent_against_rules"
    """A kiosk lent what the registry would have refused: a limit, a block, a hold it had not heard of."""
    LENT_UNKNOWN = "lent_unknown"
    """A kiosk lent, or took back, what the registry has no record of: nothing could be written."""
    RENEWED_IN_DOUBT = "renewed_in_doubt"
    """A kiosk renewed what the registry would have refused. The promised date stands."""
    RETURNED_UNKNOWN = "returned_unknown"
    """An item or a loan came back that the registry has no record of."""
    RETURNED_OF_SEVERAL = "returned_of_several"
    """One copy came back and ended the loans of several patrons (I4)."""
    RETURNED_STILL_LENT = "returned_still_lent"
    """The item came back, and a loan on record stays open: it was lent after, or a clock is behind."""
    LOSS_IN_DOUBT = "loss_in_doubt"
    """A loss report about a card that is not that patron's, or by a card that was lost or nobody's."""
    LENT_HEARD_LATE = "lent_heard_late"
    """A loan was heard of after a return of the item that came later: it ended then, or stays open where the clocks can't tell."""
    LEDGER_RESTORED = "ledger_restored"
    """A kiosk's ledger was put back to an old image, or there are two of it: what was never sent may be missing."""
    ACCOUNT_MERGED = "account_merged"
    """The account that the kiosk knew has become another one of the same person."""


OF_FACTS = frozenset(
    {
        *(CaseKind.LENT_TWICE, CaseKind.LENT_BY_CARD_IN_DOUBT, CaseKind.LENT_AGAINST_RULES, CaseKind.LENT_UNKNOWN),
        *(CaseKind.RENEWED_IN_DOUBT, CaseKind.RETURNED_UNKNOWN, CaseKind.RETURNED_OF_SEVERAL, CaseKind.RETURNED_STILL_LENT),
        *(CaseKind.LOSS_IN_DOUBT, CaseKind.ACCOUNT_MERGED, CaseKind.LENT_HEARD_LATE, CaseKind.LEDGER_RESTORED),
    }
)
"""The kinds that a flagged fact opens. Such a case has the fact's own key, and a row in ``flagged_fact``."""
