"""Blocks: what stops a patron from borrowing, and until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.reasons import Reason


@unique
class BlockCode(StrEnum):
    """Why a patron may not borrow."""

    SUSPENDED = "suspended"
    """Overdue days are being served; ends by itself."""
    STAFF = "staff"
    """Set by a librarian; ends when a librarian lifts it."""
    FEES = "fees"
    """Money is owed; ends when it is paid or waived."""

    @property
    def refusal(self) -> Reason:
        """The reason this block gives."""
        return Reason.PATRON_SUSPENDED if self is BlockCode.SUSPENDED else Reason.PATRON_BLOCKED


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``until`` is its last day (the library's local date); without it, it stands until lifted."""

    code: BlockCode
    until: date | None = None

    def stands(self, *, today: date) -> bool:
        """Whether it still stops the patron on this day."""
        return self.until is None or today <= self.until
