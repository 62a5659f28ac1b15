"""The animal that a patron chose: "that's me", for those who can't read yet. Native animals of Taiwan, and nothing of the person."""

from collections.abc import Callable
from enum import StrEnum, unique
from typing import Protocol

from circulation.ids import PatronId


@unique
class Animal(StrEnum):
    """What there is to choose from; the value is also the name of its picture."""

    BEAR = "bear"
    MAGPIE = "magpie"
    LEOPARD_CAT = "leopard_cat"
    SIKA_DEER = "sika_deer"
    TREE_FROG = "tree_frog"
    PHEASANT = "pheasant"
    SALMON = "salmon"
    PANGOLIN = "pangolin"


class AnimalBook(Protocol):
    """Which patron of this kiosk chose which animal. It may be lost at any moment: then one chooses once more. Nothing here ever raises."""

    def of(self, patron: PatronId) -> Animal | None:
        """What this patron chose; none when nothing was chosen or it is not known any more."""

    def choose(self, patron: PatronId, animal: Animal) -> None:
        """Keep it from now on in place of what was chosen before."""

    def keep_only(self, known: Callable[[PatronId], bool]) -> None:
        """Forget every patron who is not known any more."""

    def forget_all(self) -> None:
        """Forget everybody."""

    def close(self) -> None:
        """The kiosk ends."""


class AnimalsInMemory:
    """Kept as long as the process lives."""

    def __init__(self) -> None:
        self._chosen: dict[PatronId, Animal] = {}

    def of(self, patron: PatronId) -> Animal | None:
        """What this patron chose."""
        return self._chosen.get(patron)

    def choose(self, patron: PatronId, animal: Animal) -> None:
        """Keep it."""
        self._chosen[patron] = animal

    def keep_only(self, known: Callable[[PatronId], bool]) -> None:
        """Forget the others."""
        self._chosen = {patron: animal for patron, animal in self._chosen.items() if known(patron)}

    def forget_all(self) -> None:
        """Forget everybody."""
        self._chosen.clear()

    def close(self) -> None:
        """Nothing is left open."""
