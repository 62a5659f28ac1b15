"""What an account stands on when the programme is taken away (R11). Pure."""

from enum import StrEnum, unique


@unique
class Basis(StrEnum):
    """Why there is an account. Whether its patron takes part in the programme is another question: the consents say that."""

    PROGRAMME = "programme"
    """The Bureau's word alone: without consent nothing is left."""
    DESK = "desk"
    """Applied for with ID papers at a branch (Q8-b), or given a card of its own there."""
    BEFORE = "before"
    """Had an account of the library's own before anybody noted why."""
    FAMILY = "family"
    """A family's (R20)."""

    @property
    def outlives_the_programme(self) -> bool:
        """Whether the account stays when the consent is withdrawn."""
        return self is not Basis.PROGRAMME


def stronger(one: Basis, other: Basis) -> Basis:
    """What two accounts stand on together: one that outlives the programme, the first of two that do."""
    return one if one.outlives_the_programme else other
