"""Which kinds of card an account may have (Q9-b, R13, R20). Pure: every door that binds a card asks here."""

from circulation.cards import CardKind
from circulation.patrons import PatronClass

_KINDS = {
    PatronClass.PERSONAL: frozenset(CardKind),
    PatronClass.FAMILY: frozenset({CardKind.BARCODE}),
}


def kinds_of(patron_class: PatronClass) -> frozenset[CardKind]:
    """One card of each of these at most. A family has a barcode card: an EasyCard is always one person's (R20)."""
    return _KINDS[patron_class]
