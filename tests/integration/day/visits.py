"""What the people of the day do at a kiosk, and what its screens must say to them."""

from datetime import date
from random import Random

from circulation.cards import CardKind, CardUid
from circulation.checkins import Destination
from circulation.reasons import Reason
from kiosk.events import (
    BackChosen,
    FinishChosen,
    LoansChosen,
    LossChosen,
    LossConfirmed,
    LostCardChosen,
    RenewAllChosen,
    ReturnChosen,
)
from kiosk.refusal import Refusal
from kiosk.view import (
    Borrow,
    CardRefused,
    Home,
    LineState,
    Loans,
    LossReported,
    RenewalState,
    ReportLoss,
    Return,
    ReturnLine,
)
from tests.integration.day.place import Place
from tests.integration.day.tally import Tally
from tests.integration.day.town import BRANCHES, Copy

TODAY = date(2026, 3, 11)
DUE = date(2026, 4, 10)
"""Thirty days from the day of the day: a Friday on which the library is open."""
MOST_RENEWALS = 2


class Visits:
    """The visits of one day. Every one asserts what it was shown and counts it."""

    def __init__(self, tally: Tally, chance: Random) -> None:
        self.tally = tally
        self.chance = chance

    def borrow(self, place: Place, pupil: int, *, books: int, uid: CardUid | None = None) -> None:
        """A pupil taps and borrows so many books from the shelf; a book scanned twice is said to be the pupil's already."""
        self._open(place, pupil, uid)
        for book in self.chance.sample(self.tally.on_shelf[place.branch], books):
            place.scan(book.barcode)
            line = _borrow(place).lines[0]
            assert (line.state, line.due) == (LineState.BORROWED, DUE), line
            self.tally.lent(place.branch, book, pupil, DUE)
        if books > 1:
            place.scan(book.barcode)
            assert Reason.ITEM_ALREADY_YOURS in _borrow(place).lines[0].reasons
            self.tally.refused()
        place.finish()

    def borrow_in_vain(self, place: Place, pupil: int, reason: Reason) -> None:
        """A pupil is refused a book that stands on the shelf."""
        self._open(place, pupil, None)
        place.scan(self.tally.on_shelf[place.branch][0].barcode)
        line = _borrow(place).lines[0]
        assert (line.state, line.reasons) == (LineState.REFUSED, (reason,))
        self.tally.refused()
        place.finish()

    def borrow_anothers(self, place: Place, pupil: int, book: Copy) -> None:
        """A pupil finds a book that is on loan to somebody else."""
        self._open(place, pupil, None)
        place.scan(book.barcode)
        line = _borrow(place).lines[0]
        assert (line.state, line.reasons) == (LineState.REFUSED, (Reason.ITEM_ON_LOAN,))
        self.tally.refused()
        place.finish()

    def bring_back(self, place: Place, *books: Copy, uid: CardUid | None = None) -> None:
        """Somebody brings books back, with a card or without one: every one says where it is to be put."""
        if uid is not None:
            place.tap(uid)
        place.say(ReturnChosen())
        for book in books:
            place.scan(book.barcode)
            self._told_where(place, book)
            self.tally.came_back(place.branch, book)
        place.finish()

    def courier(self, place: Place) -> None:
        """The books that were on their way to this branch are taken in."""
        place.say(ReturnChosen())
        for book in [book for book in self.tally.in_transit if book.home == place.branch]:
            place.scan(book.barcode)
            assert _return(place).destination is Destination.SHELF
            self.tally.arrived(place.branch, book)
        place.finish()

    def renew(self, place: Place, pupil: int) -> None:
        """A pupil keeps everything longer that may be kept."""
        self._open(place, pupil, None)
        may = {book: held for book, held in self.tally.books_of(pupil).items() if held.renewals < MOST_RENEWALS and TODAY <= held.due < DUE}
        screen = place.say(LoansChosen())
        assert isinstance(screen, Loans)
        assert screen.can_renew == len(may)
        assert not any(line.title for line in screen.loans), "a bare card shows no titles"
        if may:
            screen = place.say(RenewAllChosen())
            assert isinstance(screen, Loans)
            assert [line.due for line in screen.loans if line.renewal is RenewalState.RENEWED] == [DUE] * len(may)
        for book in may:
            self.tally.renewed(place.branch, book, DUE)
        place.finish()

    def look(self, place: Place, pupil: int) -> None:
        """A pupil looks at the own screen."""
        screen = self._open(place, pupil, None)
        books = self.tally.books_of(pupil)
        assert screen.account.on_loan == len(books)
        assert screen.account.overdue == sum(held.due < TODAY for held in books.values())
        place.finish()

    def report(self, place: Place, by: CardUid, lost: CardUid) -> None:
        """A pupil reports the EasyCard lost by another card."""
        place.tap(by)
        screen = place.say(LossChosen())
        assert isinstance(screen, ReportLoss)
        (card,) = [one for one in screen.cards if one.kind is CardKind.EASYCARD]
        place.say(LostCardChosen(card.number))
        screen = place.say(LossConfirmed())
        assert isinstance(screen, LossReported)
        self.tally.reported(place.branch, lost)
        place.say(BackChosen())
        place.finish()

    def turned_away(self, place: Place, uid: CardUid, refusal: Refusal) -> None:
        """A card opens nothing. That a lost one was found is written down."""
        screen = place.tap(uid)
        assert isinstance(screen, CardRefused)
        assert screen.refusal is refusal
        self.tally.refused()
        if refusal is Refusal.LOST:
            self.tally.found(place.branch)
        place.say(FinishChosen())

    def _open(self, place: Place, pupil: int, uid: CardUid | None) -> Home:
        card = uid or self.tally.card_of(pupil)
        assert card is not None
        screen = place.tap(card)
        assert isinstance(screen, Home), screen
        return screen

    def _told_where(self, place: Place, book: Copy) -> None:
        line = _return(place)
        if book.home == place.branch:
            assert line.destination is Destination.SHELF
        else:
            assert (line.destination, line.send_to) == (Destination.OTHER_BRANCH, BRANCHES[book.home])


def _borrow(place: Place) -> Borrow:
    assert isinstance(place.screen, Borrow)
    return place.screen


def _return(place: Place) -> ReturnLine:
    assert isinstance(place.screen, Return)
    return place.screen.lines[0]
