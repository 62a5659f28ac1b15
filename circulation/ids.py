"""Names for keys. Row keys are UUIDv7 made at the edges, never a card number or a national ID."""

from typing import NewType
from uuid import UUID

PatronId = NewType("PatronId", UUID)
CardId = NewType("CardId", UUID)
ItemId = NewType("ItemId", UUID)
LoanId = NewType("LoanId", UUID)
HoldId = NewType("HoldId", UUID)
KioskId = NewType("KioskId", UUID)
FactKey = NewType("FactKey", UUID)
"""The idempotency key of one fact."""
EpochId = NewType("EpochId", UUID)
"""One life of a ledger (or of a feed): random, new when the file is created or restored."""
BranchCode = NewType("BranchCode", str)
"""The library's code of a branch, such as ``L12``."""
