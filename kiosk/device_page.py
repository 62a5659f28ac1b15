"""The page of devices, for staff: how a card and a code are read, and in which form a source has its numbers. Pure.

It lies over the session and is no part of it: while it is open, cards, codes and choices are its own. Nobody's visit is opened, nothing
is written down.
"""

from dataclasses import dataclass, field, replace

from circulation.barcodes import CodeForms
from circulation.calibration import FormSearch, NumberedCard
from circulation.cards import CardUid
from drivers.ports import BarcodeScanned, CardPresented, CardUnreadable, ScanUnreadable
from kiosk.events import BackChosen, Choice, Event, FinishChosen, FormSearchChosen, NumberEntered, StaffChoice, Touched
from kiosk.opener import MobileCard
from kiosk.scans import CardScanned, ItemScanned, ScanRefused, sort_scan
from kiosk.view_devices import CardFault, CardTried, CodeKind, CodeTried, Compared, Devices, FormSought, fault_of, last_digits

ITS_OWN = CardPresented | CardUnreadable | BarcodeScanned | ScanUnreadable | Choice | StaffChoice
"""What never reaches the session while the page is open."""


@dataclass(frozen=True, slots=True)
class Seeking:
    """The search with what a screen must not know: whole numbers. ``laid``: the card whose number is to be typed."""

    search: FormSearch = field(default_factory=FormSearch)
    laid: CardUid | None = None
    shown: FormSought = field(default_factory=FormSought)


@dataclass(frozen=True, slots=True)
class DevicePage:
    """The open page, untouched since an instant (monotonic seconds)."""

    since: float
    tried: int = 0
    card: CardTried | None = None
    code: CodeTried | None = None
    seeking: Seeking | None = None

    @property
    def shown(self) -> Devices:
        """What the screen gets of it."""
        return Devices(self.card, self.code, None if self.seeking is None else self.seeking.shown)


def on_page(page: DevicePage, event: Event, *, now: float, known: bool | None, codes: CodeForms) -> DevicePage | None:
    """What an event of its own makes of the page; none: it is closed.

    ``known``: whether the replica has the card of the event, none without a replica; ``codes``: what the library's codes look like.
    """
    match event:
        case FinishChosen():
            return None
        case BackChosen():
            return replace(page, since=now, seeking=None)
        case FormSearchChosen():
            return replace(page, since=now, seeking=Seeking(shown=FormSought(laid=page.tried)))
        case Touched():
            return replace(page, since=now)
        case _:
            pass
    if page.seeking is not None:
        return replace(page, since=now, tried=page.tried + 1, seeking=_sought(page.seeking, event, laid=page.tried + 1))
    match event:
        case CardPresented() | CardUnreadable():
            return replace(page, since=now, tried=page.tried + 1, card=_card(event, page.tried + 1, known=known))
        case BarcodeScanned() | ScanUnreadable():
            return replace(page, since=now, tried=page.tried + 1, code=_code(event, page.tried + 1, codes))
        case _:
            return replace(page, since=now)


def _card(event: CardPresented | CardUnreadable, tried: int, *, known: bool | None) -> CardTried:
    if isinstance(event, CardUnreadable):
        return CardTried(tried, event.reader, fault=CardFault.UNREADABLE)
    uid, fault = event.uid, fault_of(event.uid)
    return CardTried(tried, event.reader, last_digits(uid), len(uid.octets), event.kind_hint, fault, None if fault else known)


def _code(event: BarcodeScanned | ScanUnreadable, tried: int, codes: CodeForms) -> CodeTried:
    match sort_scan(event, codes):
        case ItemScanned(barcode):
            return CodeTried(tried, event.scanner, CodeKind.ITEM, barcode)
        case CardScanned(opener):
            return CodeTried(tried, event.scanner, CodeKind.MOBILE if isinstance(opener, MobileCard) else CodeKind.CARD)
        case ScanRefused(fault):  # pragma: no branch - the last there is, mypy sees to it
            return CodeTried(tried, event.scanner, fault=fault)


def _sought(seeking: Seeking, event: Event, *, laid: int) -> Seeking:
    shown = seeking.shown
    if shown.is_over:
        return seeking
    match event:
        case CardUnreadable():
            return replace(seeking, shown=replace(shown, fault=CardFault.UNREADABLE))
        case CardPresented(uid) if uid == seeking.laid:
            return replace(seeking, shown=replace(shown, fault=None))  # it slipped, and what was typed for it stands
        case CardPresented(uid):
            fault = CardFault.COMPARED if seeking.search.knows(uid) else fault_of(uid)
            if fault is not None:
                return replace(seeking, shown=replace(shown, fault=fault))
            return replace(seeking, laid=uid, shown=replace(shown, asked=last_digits(uid), fault=None, last=None, laid=laid))
        case NumberEntered(written) if seeking.laid is not None:
            search, found = seeking.search.compare(NumberedCard(seeking.laid, written))
            compared = tuple(last_digits(card.uid) for card in search.cards)
            return Seeking(search, None, FormSought(None, compared, Compared(last_digits(seeking.laid), found), None, shown.laid))
        case _:
            return seeking
