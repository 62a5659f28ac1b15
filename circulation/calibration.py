"""How a source writes card numbers, found out by comparing: cards that were read, and the numbers on file for them. Pure.

The printed number of a card and its UID cannot be computed from each other, and nothing in a number says which form it has.
So it is never guessed: a form is taken only when it alone fits every card shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from circulation.cards import CardUid, NumberForm, forms_matching, plain_number

PRINTED_LENGTH = 16
"""Digits of the number that is printed on an EasyCard."""

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
    NONE_FITS = "none_fits"
    SHARED = "shared"
    PRINTED = "printed"
    NO_NUMBER = "no_number"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome, and every form that fits all cards."""

    outcome: CalibrationOutcome
    forms: tuple[NumberForm, ...] = ()


def calibrate(cards: Sequence[NumberedCard]) -> Calibration:
    """Judge the cards of one source, the one shown last at the end.

    ``FOUND`` has the one form, and that form may link a card. ``SHARED``: only forms of three bytes fit, in which 256 cards
    share a number. ``NO_NUMBER``, ``PRINTED`` and ``NONE_FITS`` are about the last card: without it, the others stand as before.
    """
    last = plain_number(cards[-1].written)
    if not _NUMBER.fullmatch(last):
        return Calibration(CalibrationOutcome.NO_NUMBER)
    fitting = [forms_matching(card.uid, card.written) for card in cards]
    forms = tuple(form for form in NumberForm if all(form in one for one in fitting))
    if not forms:
        return Calibration(CalibrationOutcome.PRINTED if _PRINTED.fullmatch(last) and not fitting[-1] else CalibrationOutcome.NONE_FITS)
    if not any(form.links_one_card for form in forms):
        return Calibration(CalibrationOutcome.SHARED, forms)
    return Calibration(CalibrationOutcome.FOUND if len(forms) == 1 else CalibrationOutcome.SEVERAL_FIT, forms)
