"""What opens a visit: a card on the reader, or a mobile card or a library card's barcode before the scanner. The session treats all alike (R14)."""

from dataclasses import dataclass, field
from typing import Self

from circulation.cards import CardUid
from circulation.ids import PatronId
from circulation.mobile_codes import read_mobile_code


@dataclass(frozen=True, slots=True)
class MobileCard:
    """A mobile card as it was shown. Two are the same when they say to be the same patron's: the code is another every half minute.

    ``patron`` is none when it can't be read. Nothing of it is proven before the core has looked at ``scanned``.
    """

    patron: PatronId | None
    scanned: str = field(compare=False, repr=False)

    @classmethod
    def shown(cls, scanned: str) -> Self:
        """What the scanner read."""
        code = read_mobile_code(scanned)
        return cls(None if code is None else code.patron, scanned)


@dataclass(frozen=True, slots=True)
class BarcodeCard:
    """A library card by its barcode: the number that the desk bound, in its bytes."""

    number: CardUid = field(repr=False)


Opener = CardUid | MobileCard | BarcodeCard
