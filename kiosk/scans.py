"""What a scanned code is: an item's barcode, a library card's, a mobile card's, or nothing that can be told. Decided here and nowhere else. Pure."""

from dataclasses import dataclass
from enum import StrEnum, unique

from circulation.barcodes import CodeForms, is_publisher_code
from circulation.cards import CardUid
from circulation.mobile_codes import is_mobile_code
from drivers.ports import BarcodeScanned, CardPresented, ScanUnreadable
from kiosk.opener import BarcodeCard, MobileCard, Opener


@unique
class ScanFault(StrEnum):
    """Why a scan is nothing: stable codes, the sentences stand in the catalogue as ``scan.<code>``."""

    UNREADABLE = "unreadable"
    """The scanner sent no whole code."""
    PUBLISHER_CODE = "publisher_code"
    """The ISBN or ISSN that the publisher printed: every copy has the same."""
    CHECK_DIGIT = "check_digit"
    """It looks like a code of the library with one wrong character."""
    UNKNOWN_FORM = "unknown_form"
    """No code of this library looks like it."""


@dataclass(frozen=True, slots=True)
class ItemScanned:
    """An item's barcode."""

    barcode: str


@dataclass(frozen=True, slots=True)
class CardScanned:
    """A card before the scanner, good or bad."""

    opener: MobileCard | BarcodeCard


@dataclass(frozen=True, slots=True)
class ScanRefused:
    """Nothing that can be told. Of the code itself nothing is kept."""

    fault: ScanFault


Scan = ItemScanned | CardScanned | ScanRefused


def sort_scan(scan: BarcodeScanned | ScanUnreadable, forms: CodeForms) -> Scan:
    """Tell what a scan is. What means to be a mobile card is never anything else, and no form is a card's and an item's (``CodeForms``)."""
    if isinstance(scan, ScanUnreadable):
        return ScanRefused(ScanFault.UNREADABLE)
    code = scan.text
    if is_mobile_code(code):
        return CardScanned(MobileCard.shown(code))
    if any(form.fits(code) for form in forms.cards):
        return CardScanned(BarcodeCard(CardUid.from_hex(code)))
    if is_publisher_code(code):
        return ScanRefused(ScanFault.PUBLISHER_CODE)
    if any(form.fits(code) for form in forms.items):
        return ItemScanned(code)
    if any(form.has_shape(code) for form in (*forms.cards, *forms.items)):
        return ScanRefused(ScanFault.CHECK_DIGIT)
    return ScanRefused(ScanFault.UNKNOWN_FORM) if forms.items else ItemScanned(code)


def opener_in(event: object) -> Opener | None:
    """What an event lays down to be looked up."""
    match event:
        case CardPresented(uid):
            return uid
        case CardScanned(opener):
            return opener
        case _:
            return None
