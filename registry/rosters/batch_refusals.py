"""Why something can't be done with a batch."""

from enum import StrEnum, unique


@unique
class BatchRefusal(StrEnum):
    """Why something can't be done with a batch: stable codes, the sentences stand in the catalogue."""

    UNKNOWN = "unknown"
    NOT_STAGED = "not_staged"
    """It is committed, discarded or too old."""
    SAME_PERSON = "same_person"
    """Who brought a batch can't be its second person."""
    NOT_UNUSUAL = "not_unusual"
    NEEDS_SECOND_PERSON = "needs_second_person"
    NOT_COMMITTED = "not_committed"
    UNDO_OVER = "undo_over"
    """What undoing needs is destroyed."""


class BatchRefusedError(Exception):
    """This can't be done with this batch."""

    def __init__(self, code: BatchRefusal) -> None:
        super().__init__(code.value)
        self.code = code
