"""Whether a number may be bound to a patron, and replace the card of that kind. Pure.

A number is never taken over from anybody (R9), a number that was replaced does not come back, and an older
reissue never overwrites a newer card (R15). Whether the card was reported lost before makes no difference (R6).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.cards.kinds import kinds_of


@unique
class BindingRefusal(StrEnum):
    """Why a number can't be bound: stable codes, the sentences stand in the catalogue."""

    BOUND_ELSEWHERE = "number_bound_elsewhere"
    """It is, or was, somebody else's, or it is this patron's card of another kind."""
    NUMBER_REPLACED = "number_replaced"
    """It was this patron's and has been replaced."""
    CARD_CHANGED = "card_changed"
    """The patron's card of this kind is no longer the one that was looked at: somebody else has just replaced it."""
    SAME_NUMBER = "same_number"
    """It is the patron's card already."""
    REISSUE_OLDER = "reissue_older"
    """It was issued before the present card was bound."""
    NOT_FOR_FAMILIES = "not_for_families"
    """A family account has a barcode card only: an EasyCard is always one person's (R20)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a number is, and as which kind of card."""

    patron: PatronId
    kind: CardKind


@dataclass(frozen=True, slots=True)
class PresentCard:
    """The patron's card of a kind, as it stands. ``bound_at`` is none when nobody noted it."""

    uid: CardUid
    bound_at: datetime | None = None


def decide_binding(
    patron: PatronId | None, kind: CardKind, *, patron_class: PatronClass, owner: Owner | None, former: PatronId | None
) -> BindingRefusal | None:
    """Decide whether a number may become a patron's card of a kind; a number that is that card already may stay it.

    Args:
        patron: whose card it shall be; none for somebody who is new.
        kind: which kind of card it shall be.
        patron_class: whether the account is a person's or a family's.
        owner: whose the number is now.
        former: whose it was before it was replaced, when it is nobody's now.

    """
    if kind not in kinds_of(patron_class):
        return BindingRefusal.NOT_FOR_FAMILIES
    if owner is not None:
        return None if (owner.patron, owner.kind) == (patron, kind) else BindingRefusal.BOUND_ELSEWHERE
    if former is None:
        return None
    return BindingRefusal.NUMBER_REPLACED if former == patron else BindingRefusal.BOUND_ELSEWHERE


def decide_replacement(  # noqa: PLR0913 - what is known of two numbers
    patron: PatronId,
    kind: CardKind,
    present: PresentCard | None,
    new: CardUid,
    *,
    patron_class: PatronClass,
    seen: CardUid | None,
    issued_at: datetime | None,
    owner: Owner | None,
    former: PatronId | None,
) -> BindingRefusal | None:
    """Decide whether a new number may replace the patron's card of a kind.

    Args:
        patron: whose cards they are.
        kind: of both cards.
        present: the card on record; none when there is none of this kind yet.
        new: the new number.
        patron_class: whether the account is a person's or a family's.
        seen: the number that whoever asks believes to be on record; none for no card.
        issued_at: when the new card was issued; none for now.
        owner: whose the new number is now.
        former: whose it was before it was replaced.

    """
    if (present.uid if present is not None else None) != seen:
        return BindingRefusal.CARD_CHANGED
    if present is not None and present.uid == new:
        return BindingRefusal.SAME_NUMBER
    refused = decide_binding(patron, kind, patron_class=patron_class, owner=owner, former=former)
    if refused is not None:
        return refused
    if present is not None and present.bound_at is not None and issued_at is not None and issued_at < present.bound_at:
        return BindingRefusal.REISSUE_OLDER
    return None
