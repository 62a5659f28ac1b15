"""The city that the measures read: who is in it, and where its files are. Made by ``benchmarks.city_files``; nobody in it exists."""

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from circulation.barcodes import with_codabar_check_digit
from circulation.cards import CardState, CardUid
from replica.card_keys import card_key
from replica.files import ReplicaFiles

HOUSE = Path(__file__).parent.parent
SEED = 114
BRANCH = "C01"
NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
"""Wednesday noon in Taipei: the city's files are of this instant, whenever they are measured."""
DATABASE_KEY = hashlib.sha256(b"youyue benchmarks").digest()
_GENERATION = 3
"""Raised when the same seed would give other rows."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the city is. ``items`` are the branch's own; loans are the whole city's."""

    name: str
    patrons: int
    cards: int
    loans: int
    items: int
    blocks: int

    @property
    def borrowers(self) -> int:
        """Patrons with something on loan: the first ones."""
        return max(1, min(self.patrons, self.loans * 7 // 20))

    @property
    def lent_here(self) -> int:
        """Items of the branch that are on loan: the first ones."""
        return min(self.items // 10, self.loans)


SCALES = {
    "demo": Scale("demo", patrons=600, cards=830, loans=400, items=3_240, blocks=12),
    "city": Scale("city", patrons=2_600_000, cards=3_600_000, loans=1_000_000, items=110_000, blocks=26_000),
}


@dataclass(frozen=True)
class City:
    """The files of one scale, ready to be read."""

    scale: Scale
    folder: Path

    @property
    def plain(self) -> Path:
        """The replica as the registry would build it, not encrypted."""
        return self.folder / "plain.db"

    @property
    def registry(self) -> Path:
        """A registry's folder whose newest snapshot is ``plain``, packed and signed."""
        return self.folder / "registry"

    @property
    def files(self) -> ReplicaFiles:
        """A kiosk's folder with the replica in place, encrypted with ``DATABASE_KEY``."""
        return ReplicaFiles(self.folder / "kiosk")

    @property
    def encrypted(self) -> Path:
        found = self.files.current()
        if found is None:
            message = f"{self.files.folder} holds no replica"
            raise FileNotFoundError(message)
        return found

    def tapped(self, chance: random.Random) -> CardUid:
        """A card to tap that opens something: half of the time a borrower's, else anybody's."""
        while True:
            number = chance.randrange(self.scale.borrowers if chance.getrandbits(1) else self.scale.cards)
            if state_of(number) is CardState.ACTIVE:
                return uid_of(number)

    def key_of(self, uid: CardUid) -> bytes:
        return card_key(uid, secret=self.card_secret)

    @cached_property
    def card_secret(self) -> bytes:
        """The registry's secret that cards are named with."""
        return (self.registry / "keys" / "card-key-1.key").read_bytes()


def uid_of(number: int) -> CardUid:
    """The UID of a card, counted from 0: every fifth has seven bytes. Card n is patron n's as long as there are patrons."""
    if number % 5 == 4:
        return CardUid(b"\x04" + number.to_bytes(3, "big") + (number * 2_654_435_761 % 2**24).to_bytes(3, "big"))
    return CardUid(b"\x51" + number.to_bytes(3, "big"))


def state_of(number: int) -> CardState:
    """Whether a card may be used."""
    return CardState.LOST if number % 400 == 399 else CardState.ACTIVE


def barcode_of(number: int) -> str:
    """The barcode of an item of the branch, counted from 0."""
    return with_codabar_check_digit(f"30201{number:08d}")


def folder_of(build: Path, scale: Scale) -> Path:
    """Where the files of a scale are kept from run to run: another place as soon as the tables have changed."""
    tables = [HOUSE / "replica" / "tables.py", *sorted((HOUSE / "registry" / "migrations" / "versions").glob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in tables)).hexdigest()
    return build / f"{scale.name}-{SEED}-{_GENERATION}-{digest[:8]}"
