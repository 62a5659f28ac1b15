"""The codes that a school gets for a card that does not work. They say what is the matter with a card and nothing of whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.refusal import Refusal
from kiosk.view_modes import CardChecked

_CODES: Mapping[Refusal, str] = MappingProxyType({Refusal.UNKNOWN: "A1", Refusal.LOST: "A2", Refusal.UNREADABLE: "B1"})
"""A: what is on record of the card; B: the card itself. With a phone or a watch no school can help, so there is no code for them."""


@dataclass(frozen=True, slots=True)
class BadCard:
    """What a school may be told of a card: why, the code for it, and what finds it in the kiosk's logs."""

    refusal: Refusal
    code: str
    reference: str


def bad_card(checked: CardChecked) -> BadCard | None:
    """What the school may be told of a card that was checked; none where it works or no school can help."""
    refusal = checked.refusal
    if refusal is None or refusal not in _CODES:
        return None
    return BadCard(refusal, _CODES[refusal], checked.reference)


def advice_for(refusal: Refusal) -> str:
    """The key of what to do with such a card where cards are checked."""
    if refusal in _CODES or refusal is Refusal.PHONE:
        return f"check.do.{refusal.value}"
    return "check.do.code"
