"""Facts: what happened at a kiosk, in domain words. The only definition of a fact there is.

A fact has happened, online or not: the patron left with the book. The registry records it, runs the
same policy with what it knows and flags what it finds; it never drops or changes one (sync rule 4).
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Digest = Annotated[bytes, Meta(min_length=16, max_length=16)]
"""A card key: 16 bytes of a keyed HMAC of the UID. Base64 on the wire."""


class CheckedOut(Struct, frozen=True, tag="checked_out", tag_field="type"):
    """A patron left with an item. ``due`` is the date the patron was shown and stands (sync rule 4)."""

    loan: UUID
    patron: UUID
    item: UUID
    due: date
    rules: int
    """Version of the rule set that the kiosk decided by."""
    card: Digest | None = None
    """The card key that opened the session; a loss report for it flags the fact (I3)."""
    offline: bool = False


class CheckedIn(Struct, frozen=True, tag="checked_in", tag_field="type"):
    """An item came back; it is here whatever anybody knows of it, so a return is never refused."""

    barcode: Annotated[str, Meta(min_length=1, max_length=64)]
    """As it was scanned; all there is of an item that the kiosk does not know (sync rule 16)."""
    item: UUID | None = None
    loan: UUID | None = None
    """The open loan that the kiosk knew of."""
    sent_to: str | None = None
    """The branch that the routing slip names."""


class Renewed(Struct, frozen=True, tag="renewed", tag_field="type"):
    """A patron keeps an item longer. ``due`` is the new date the patron was shown and stands (sync rule 4)."""

    loan: UUID
    patron: UUID
    due: date
    rules: int
    """Version of the rule set that the kiosk decided by."""
    card: Digest | None = None
    """The card key that opened the session."""
    offline: bool = False


class CardReportedLost(Struct, frozen=True, tag="card_reported_lost", tag_field="type"):
    """A patron who was here by another card reported this one lost. It stops the card and nothing else (R7)."""

    card: Digest
    patron: UUID
    by_card: Digest | None = None
    """The card key that opened the session."""


class CheckoutUndone(Struct, frozen=True, tag="checkout_undone", tag_field="type"):
    """A patron put an item back before saying goodbye: the loan never left the library."""

    loan: UUID


class LostCardShown(Struct, frozen=True, tag="lost_card_shown", tag_field="type"):
    """A card that was reported lost lay on the reader: somebody has found it, and this branch should know (R5). It opened nothing."""

    card: Digest


class LedgerRestored(Struct, frozen=True, tag="ledger_restored", tag_field="type"):
    """The registry knew more facts of an epoch than the ledger, or others: it was restored from an old image, or there are two of it.

    What the ledger held beyond the last fact that both had stands in this epoch right before this fact, ``moved`` facts in number.
    Staff look at both (sync rule 3).
    """

    former: UUID
    """The epoch that ended."""
    shared_seq: Annotated[int, Meta(ge=0)]
    """The last number of it that ledger and registry hold alike."""
    moved: Annotated[int, Meta(ge=0)]


Fact = CheckedOut | CheckoutUndone | CheckedIn | Renewed | CardReportedLost | LostCardShown | LedgerRestored


class FactEnvelope(Struct, frozen=True):
    """One fact with its idempotency key and its place in the kiosk's order.

    ``at`` is wall time (aware UTC) and ``monotonic`` the nanoseconds of boot ``boot``: the registry's
    clock orders everything, these say how far off the kiosk's is (sync rule 10).
    """

    key: UUID
    seq: Annotated[int, Meta(ge=1)]
    at: datetime
    monotonic: int
    boot: str
    correlation: str
    fact: Fact
