"""What opens a visit: a card on the reader, or a mobile card before the scanner. The session treats both alike (R14). Pure."""

from dataclasses import dataclass, field
from typing import Self

from circulation.cards import CardUid
from circulation.ids import PatronId
from circulation.mobile_codes import is_mobile_code, read_mobile_code
from drivers.ports import BarcodeScanned, CardPresented


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


Opener = CardUid | MobileCard


def opener_in(event: object) -> Opener | None:
    """What an event lays down to be looked up: a card, or a code that means to be a mobile card and so is never an item's."""
    match event:
        case CardPresented(uid):
            return uid
        case BarcodeScanned(text) if is_mobile_code(text):
            return MobileCard.shown(text)
        case _:
            return None
