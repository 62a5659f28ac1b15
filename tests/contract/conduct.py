"""How a card behaves, whatever it lies on: what it gives for its UID, and what happens before it does."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Answer(StrEnum):
    """What a card gives when it is asked who it is."""

    UID = "its UID"
    REFUSAL = "a refusal"
    TOO_SHORT = "too few bytes"
    TOO_LONG = "too many bytes"


def _nothing() -> None:
    """Answer at once."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """``before_answering`` runs in the card's own thread when it is asked: it may take its time, or lift the card."""

    answer: Answer = Answer.UID
    before_answering: Callable[[], None] = _nothing


WELL_BEHAVED = Conduct()
