"""What must hold in every world."""

from enum import StrEnum, unique


@unique
class Law(StrEnum):
    """The invariants of the synchronisation, and rules of it that show in none of them."""

    I1 = "I1"
    I2 = "I2"
    I3 = "I3"
    I4 = "I4"
    I5 = "I5"
    I6 = "I6"
    I7 = "I7"
    I8 = "I8"
    I9 = "I9"
    I10 = "I10"
    PACE = "rule 12"
    CLOCK = "rule 10"
    STRANGER = "rule 16"
    COVER = "rule 17"


class BrokenLawError(AssertionError):
    """An invariant does not hold. ``name`` says which."""

    def __init__(self, name: Law, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
