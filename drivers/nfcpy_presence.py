"""What lies on a reader that is looked at again and again, and what a look says has happened. Pure, no nfcpy in it.

A reader that is polled misses a card now and then, and may see the other one of two. So one look alone ends nothing: a card counts as
lifted when two looks in a row did not see it. A telephone makes another random UID for every look and is still one telephone.
"""

from dataclasses import dataclass, replace

from drivers.nfcpy_target import SensedCard
from drivers.ports import CardAnswerError

LOOKS_WITHOUT = 2
"""Looks in a row without the card, until it counts as lifted."""

Sighting = SensedCard | CardAnswerError | None
"""One look: a card, something that gave no UID, or nothing."""


@dataclass(frozen=True, slots=True)
class Lying:
    """What is known to lie on the reader: a card, something without a UID (``card`` is ``None``), and how long it was not seen."""

    card: SensedCard | None
    looks_without: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a look has changed: whether something was lifted, what was newly laid on, and what lies there now."""

    lying: Lying | None
    was_lifted: bool = False
    laid_on: SensedCard | CardAnswerError | None = None


def after_look(lying: Lying | None, sighting: Sighting) -> Look:
    """Judge one look by what lay there before."""
    if lying is None:
        return _laid_on(sighting, was_lifted=False)
    if _is_still_there(lying, sighting):
        return Look(replace(lying, looks_without=0))
    if lying.card is None and isinstance(sighting, SensedCard):
        # It lay badly until now: nothing stands against reading it.
        return _laid_on(sighting, was_lifted=True)
    if lying.looks_without + 1 < LOOKS_WITHOUT:
        return Look(replace(lying, looks_without=lying.looks_without + 1))
    return _laid_on(sighting, was_lifted=True)


def _laid_on(sighting: Sighting, *, was_lifted: bool) -> Look:
    card = sighting if isinstance(sighting, SensedCard) else None
    return Look(None if sighting is None else Lying(card), was_lifted, sighting)


def _is_still_there(lying: Lying, sighting: Sighting) -> bool:
    if isinstance(sighting, CardAnswerError):
        # Something lies there; that it was not read this time does not mean that it is another.
        return True
    if lying.card is None or sighting is None:
        return False
    return sighting.uid == lying.card.uid or (sighting.uid.is_random and lying.card.uid.is_random)
