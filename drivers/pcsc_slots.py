"""What a reader's status word says has happened since the last one: pure, no PC/SC in it.

The high 16 bits of a status count the cards that came and went. Two different counts with a card
before and after are two cards: that is how a swap is seen that was faster than the wait.
Source: PC/SC part 5, ``SCARD_READERSTATE``; measured with pcsc-lite 1.9.9.
"""

from enum import StrEnum, unique

CHANGED = 0x0002
UNKNOWN = 0x0004
UNAVAILABLE = 0x0008
EMPTY = 0x0010
PRESENT = 0x0020
MUTE = 0x0200

UNAWARE = 0x0000
"""The state of a reader that was never looked at; the service then answers at once."""


@unique
class SlotStep(StrEnum):
    """One thing that happened on a reader, in the order in which it happened."""

    LIFTED = "lifted"
    PASSED_BY = "passed_by"
    LAID_ON = "laid_on"
    LAID_ON_MUTE = "laid_on_mute"
    READER_LOST = "reader_lost"


def acknowledged(state: int) -> int:
    """Take the state to wait from next: all that was seen, without the note that it was new."""
    return state & ~CHANGED


def steps_between(before: int, after: int) -> tuple[SlotStep, ...]:
    """Name what happened between two states of one reader, ``UNAWARE`` being the state before the first."""
    if after & (UNKNOWN | UNAVAILABLE):
        return () if before & (UNKNOWN | UNAVAILABLE) else (SlotStep.READER_LOST,)
    if before & (UNKNOWN | UNAVAILABLE):
        before = UNAWARE  # nothing lies on a reader that is gone, whatever else its state said
    occupied_before = bool(before & PRESENT)
    occupied = bool(after & PRESENT)
    first_look = not before & (PRESENT | EMPTY)
    card_moved = not first_look and before >> 16 != after >> 16
    if occupied_before and occupied and not card_moved:
        return ()
    steps = [SlotStep.LIFTED] if occupied_before else []
    if occupied:
        steps.append(SlotStep.LAID_ON_MUTE if after & MUTE else SlotStep.LAID_ON)
    elif card_moved and not occupied_before:
        steps.append(SlotStep.PASSED_BY)
    return tuple(steps)
