"""How a source writes card numbers, found out by comparing: cards that were read, and the numbers on file for them. Pure.

The printed number of a card and its UID cannot be computed from each other, and nothing in a number says which form it has.
So it is never guessed: a form is taken only when it alone fits every card shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, unique

from circulation.cards import CardUid, NumberForm, forms_matching, plain_number

PRINTED_LENGTH = 16
"""Digits of the number that is printed on an EasyCard."""

MOST_CARDS = 5
"""Cards that one search compares. Two whose bytes are not the same backwards decide; whoever needs more is laying down the wrong ones."""

_NUMBER = re.compile(r"[0-9A-F]+|[0-9]+,[0-9]+")
_PRINTED = re.compile(rf"[0-9]{{{PRINTED_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class NumberedCard:
    """A card that was read, and its number as the source has it on file."""

    uid: CardUid
    written: str


@unique
class CalibrationOutcome(StrEnum):
    """What the cards shown so far say about their source."""

    FOUND = "found"
    SEVERAL_FIT = "several_fit"
    UNDECIDED = "undecided"
    """Several still fit after as many cards as a search compares."""
    NONE_FITS = "none_fits"
    """The last number is not of its card in any form."""
    DISAGREES = "disagrees"
    """The last number is of its card, in forms that those before do not have."""
    SHARED = "shared"
    PRINTED = "printed"
    NO_NUMBER = "no_number"

    @property
    def counts(self) -> bool:
        """Whether the last card stays among those compared."""
        return self not in {
            CalibrationOutcome.NONE_FITS,
            CalibrationOutcome.DISAGREES,
            CalibrationOutcome.PRINTED,
            CalibrationOutcome.NO_NUMBER,
        }

    @property
    def ends(self) -> bool:
        """Whether another card can add nothing."""
        return self in {CalibrationOutcome.FOUND, CalibrationOutcome.SHARED, CalibrationOutcome.UNDECIDED}


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome, and every form that fits all cards that count. ``apart``: the forms of a last card that disagrees."""

    outcome: CalibrationOutcome
    forms: tuple[NumberForm, ...] = ()
    apart: tuple[NumberForm, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSearch:
    """The cards of one source that were compared and agree. What asks for them, a command or a screen, decides nothing itself."""

    cards: tuple[NumberedCard, ...] = ()

    def knows(self, uid: CardUid) -> bool:
        """Whether this card was compared already: it says nothing new."""
        return any(card.uid == uid for card in self.cards)

    def compare(self, card: NumberedCard) -> tuple["FormSearch", Calibration]:
        """Add a card, unless it does not count; say what the cards tell now."""
        shown = (*self.cards, card)
        found = calibrate(shown)
        return replace(self, cards=shown) if found.outcome.counts else self, found


def calibrate(cards: Sequence[NumberedCard]) -> Calibration:
    """Judge the cards of one source, the one shown last at the end; those before it agree.

    ``FOUND`` has the one form, and that form may link a card. ``SHARED``: only forms of three bytes fit, in which 256 cards
    share a number. ``NO_NUMBER``, ``PRINTED``, ``NONE_FITS`` and ``DISAGREES`` are about the last card: without it, the others stand
    as before.
    """
    last = cards[-1]
    if not _NUMBER.fullmatch(plain_number(last.written)):
        return Calibration(CalibrationOutcome.NO_NUMBER)
    own = forms_matching(last.uid, last.written)
    if not own:
        printed = _PRINTED.fullmatch(plain_number(last.written))
        return Calibration(CalibrationOutcome.PRINTED if printed else CalibrationOutcome.NONE_FITS)
    before = _common(cards[:-1])
    forms = tuple(form for form in before if form in own)
    if not forms:
        return Calibration(CalibrationOutcome.DISAGREES, before, own)
    if not any(form.links_one_card for form in forms):
        return Calibration(CalibrationOutcome.SHARED, forms)
    if len(forms) == 1:
        return Calibration(CalibrationOutcome.FOUND, forms)
    return Calibration(CalibrationOutcome.UNDECIDED if len(cards) >= MOST_CARDS else CalibrationOutcome.SEVERAL_FIT, forms)


def _common(cards: Sequence[NumberedCard]) -> tuple[NumberForm, ...]:
    fitting = [forms_matching(card.uid, card.written) for card in cards]
    return tuple(form for form in NumberForm if all(form in one for one in fitting))
