"""Items that were scanned and are nobody's yet. Pure."""

from dataclasses import replace

from kiosk.settings import KioskSettings
from kiosk.states import Borrowing, Lend, Open, Returning, TakeBack, Waiting


def scanned(waiting: Waiting, barcode: str, now: float, settings: KioskSettings) -> Waiting:
    """The pile with one more item; all of it waits as long as the last one."""
    kept = waiting.barcodes if now < waiting.until else ()
    if barcode not in kept and len(kept) < settings.most_waiting:
        kept = (*kept, barcode)
    return Waiting(kept, now + settings.waiting)


def with_waiting(state: Open, waiting: Waiting, now: float) -> Open:
    """The visit with the pile: on the return screen it comes back, anywhere else it is lent. One that grew old is left."""
    if now >= waiting.until or not waiting.barcodes:
        return replace(state, since=now)
    if isinstance(state, Returning):
        return replace(state, since=now, todo=(*state.todo, *(TakeBack(barcode) for barcode in waiting.barcodes)))
    todo = state.todo if isinstance(state, Borrowing) else ()
    return Borrowing(state.visit, now, (*todo, *(Lend(barcode) for barcode in waiting.barcodes)), state.other_card_until)
