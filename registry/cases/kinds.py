"""Why a person must look: stable codes. The sentences stand in the catalogue under ``case.kind.``.

Source: the programme's case kinds (``docs/programme-rules.md``: R3, R9, R15, R16, and the undoing of batches).
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
    CHANGED_SINCE = "changed_since"
    """A batch was undone, and this record has changed since: a person decides what becomes of it."""
