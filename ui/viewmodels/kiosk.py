"""The root: a view of the core comes in, the words of every screen go out, choices go back."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.events import (
    AnimalsWanted,
    BackChosen,
    BorrowChosen,
    Event,
    FinishChosen,
    LoansChosen,
    LossChosen,
    ReturnChosen,
    StillHereChosen,
    Touched,
)
from kiosk.view import View
from texts.catalogue import Catalogue
from ui.viewmodels.animals import AnimalsViewModel
from ui.viewmodels.attract import AttractViewModel
from ui.viewmodels.borrow import SlipViewModel
from ui.viewmodels.check import CheckViewModel
from ui.viewmodels.comfort import ComfortViewModel
from ui.viewmodels.devices import DevicesViewModel
from ui.viewmodels.farewell import FarewellViewModel
from ui.viewmodels.home import HomeViewModel
from ui.viewmodels.loans import LoansViewModel
from ui.viewmodels.loss import LossViewModel
from ui.viewmodels.loss_form import LossFormViewModel
from ui.viewmodels.message import MessageViewModel
from ui.viewmodels.notices import NoticesViewModel, notices
from ui.viewmodels.pages import Pages
from ui.viewmodels.pin import PinViewModel
from ui.viewmodels.place import PlaceViewModel, place_shown
from ui.viewmodels.printing import PrintingViewModel, StaffPrintingViewModel
from ui.viewmodels.returning import ReturnsViewModel
from ui.viewmodels.time_left import Stretch, TimeLeftViewModel
from ui.viewmodels.visit import INVITING, PAGES, is_over, stretch_of

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_BEAT_MS = 100
_IDLE_BEAT_MS = 1000
_FORGOTTEN_AFTER = 60.0
"""Seconds without a touch after which the attract screen goes back to the kiosk's own language and size."""


@QmlElement
class KioskViewModel(QObject):
    """All that QML sees of a kiosk.

    ``post`` takes the patron's choices and returns at once; ``monotonic`` is the core's clock, in
    seconds; ``main`` and ``second`` are the kiosk's languages, ``further`` the others that are offered. Lives in the GUI thread; ``show``
    alone may be called from any thread.
    """

    page_changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""
    ticked = Signal()
    """A second of the countdown is over and another one begins."""
    _arrived = Signal(object)

    def __init__(
        self,
        post: Callable[[Event], None],
        monotonic: Callable[[], float],
        main: Catalogue,
        second: Catalogue,
        further: Sequence[Catalogue] = (),
    ) -> None:
        super().__init__()
        self._post = post
        self._monotonic = monotonic
        self._view: View | None = None
        self._page = ""
        self._told_at = self._touched_at = monotonic()
        self._stretch: Stretch | None = None
        self._counted = 0
        self._comfort = ComfortViewModel(main, second, further, self)
        self._place = PlaceViewModel(self)
        self._notices = NoticesViewModel(self)
        self._time_left = TimeLeftViewModel(self)
        self._printing = PrintingViewModel(self)
        self._staff_printing = StaffPrintingViewModel(self)
        self._pages = Pages(post, self)
        self._comfort.changed.connect(self._say_again)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._beat = QTimer(self)
        self._beat.setInterval(_IDLE_BEAT_MS)
        self._beat.timeout.connect(self.beat)
        self._beat.start()

    @property
    def comfort_choices(self) -> ComfortViewModel:
        """Language, contrast, size of the letters, for Python."""
        return self._comfort

    @property
    def slip_printing(self) -> PrintingViewModel:
        """Whether slips can be printed, and the wish for one, for Python."""
        return self._printing

    @property
    def staff_printing_wishes(self) -> StaffPrintingViewModel:
        """The wishes of staff at the printer, for Python."""
        return self._staff_printing

    @property
    def losses_without_card(self) -> LossFormViewModel:
        """The report without a card, for Python."""
        return self._pages.loss_form

    def show(self, view: View) -> None:
        """Let this be shown. Any thread; returns at once, the GUI thread takes it over."""
        self._arrived.emit(view)

    def touch(self) -> None:
        """Report a finger or a key, anywhere. On the countdown only its answers count: elsewhere they would be lost."""
        self._touched_at = self._monotonic()
        if self._page != "still_here":
            self._post(Touched())

    @Slot(object)
    def _take(self, view: View) -> None:
        now = self._monotonic()
        self._stretch = stretch_of(view, now, self._stretch)
        leaving = is_over(self._view, view)
        self._view, self._told_at = view, now
        self._beat.setInterval(_IDLE_BEAT_MS if self._stretch is None else _BEAT_MS)
        if leaving:
            self._touched_at = now
            self._comfort.reset()
            self._printing.forget()
        self._say_again()

    @Slot()
    def _say_again(self) -> None:
        if self._view is None:
            return
        self._pages.show(self._view, self._comfort.speech)
        page = PAGES[type(self._view.screen)]
        if page != self._page:
            self._page = page
            self._printing.forget()
            self._staff_printing.forget()
            self.page_changed.emit()
        self._pages.forget_others(self._view.screen)
        self._notices.show(notices(self._view, self._comfort.speech))
        self.beat()

    @Slot()
    def beat(self) -> None:
        """Look at the clock: move the rings, the countdown and the time of day."""
        if self._view is None:
            return
        now = self._monotonic()
        if self._page in INVITING and now - self._touched_at > _FORGOTTEN_AFTER:
            self._touched_at = now
            self._comfort.reset()
        speech = self._comfort.speech
        self._time_left.show(self._stretch, now, speech)
        self._count_down(now)
        self._place.show(place_shown(self._view.place, timedelta(seconds=now - self._told_at), speech))

    def _count_down(self, now: float) -> None:
        before, self._counted = self._counted, self._stretch.seconds_left(now) if self._stretch and self._page == "still_here" else 0
        if 0 < self._counted < before:
            self.ticked.emit()

    @Slot()
    def borrow(self) -> None:
        """To the borrow screen."""
        self._post(BorrowChosen())

    @Slot()
    def take_back(self) -> None:
        """To the return screen."""
        self._post(ReturnChosen())

    @Slot()
    def my_loans(self) -> None:
        """To the patron's own loans and holds."""
        self._post(LoansChosen())

    @Slot()
    def report_loss(self) -> None:
        """To the loss report."""
        self._post(LossChosen())

    @Slot()
    def choose_animal(self) -> None:
        """To the animals."""
        self._post(AnimalsWanted())

    @Slot()
    def back(self) -> None:
        """Back."""
        self._post(BackChosen())

    @Slot()
    def finish(self) -> None:
        """Done, or log out."""
        self._post(FinishChosen())

    @Slot()
    def still_here(self) -> None:
        """The answer to the countdown."""
        self._post(StillHereChosen())

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """Which screen stands there: a value of ``PAGES``, empty before the first view."""
        return self._page

    @Property(bool, notify=page_changed)
    def inviting(self) -> bool:
        """Whether nobody is here and a card is waited for."""
        return self._page in INVITING

    @Property(ComfortViewModel, notify=fixed)
    def comfort(self) -> ComfortViewModel:
        """Language, contrast, size of the letters."""
        return self._comfort

    @Property(PlaceViewModel, notify=fixed)
    def place(self) -> PlaceViewModel:
        """Where and when."""
        return self._place

    @Property(NoticesViewModel, notify=fixed)
    def notices(self) -> NoticesViewModel:
        """The banners."""
        return self._notices

    @Property(TimeLeftViewModel, notify=fixed)
    def time_left(self) -> TimeLeftViewModel:
        """The ring."""
        return self._time_left

    @Property(PrintingViewModel, notify=fixed)
    def printing(self) -> PrintingViewModel:
        """Whether the slip can be printed."""
        return self._printing

    @Property(StaffPrintingViewModel, notify=fixed)
    def staff_printing(self) -> StaffPrintingViewModel:
        """What staff may want of the printer."""
        return self._staff_printing

    @Property(DevicesViewModel, notify=fixed)
    def devices(self) -> DevicesViewModel:
        """The page of devices."""
        return self._pages.devices

    @Property(AttractViewModel, notify=fixed)
    def attract(self) -> AttractViewModel:
        """Nobody is here."""
        return self._pages.attract

    @Property(AnimalsViewModel, notify=fixed)
    def animals(self) -> AnimalsViewModel:
        """Which animal are you?"""
        return self._pages.animals

    @Property(CheckViewModel, notify=fixed)
    def check(self) -> CheckViewModel:
        """Cards are checked."""
        return self._pages.check

    @Property(HomeViewModel, notify=fixed)
    def home(self) -> HomeViewModel:
        """The patron's own screen."""
        return self._pages.home

    @Property(SlipViewModel, notify=fixed)
    def slip(self) -> SlipViewModel:
        """This visit's slip."""
        return self._pages.slip

    @Property(ReturnsViewModel, notify=fixed)
    def returns(self) -> ReturnsViewModel:
        """What comes back."""
        return self._pages.returns

    @Property(LoansViewModel, notify=fixed)
    def loans(self) -> LoansViewModel:
        """My loans and my holds."""
        return self._pages.loans

    @Property(PinViewModel, notify=fixed)
    def pin(self) -> PinViewModel:
        """The PIN pad."""
        return self._pages.pin

    @Property(LossViewModel, notify=fixed)
    def loss(self) -> LossViewModel:
        """A card to be reported lost, and what became of it."""
        return self._pages.loss

    @Property(LossFormViewModel, notify=fixed)
    def loss_form(self) -> LossFormViewModel:
        """The report without a card."""
        return self._pages.loss_form

    @Property(FarewellViewModel, notify=fixed)
    def farewell(self) -> FarewellViewModel:
        """The goodbye slip."""
        return self._pages.farewell

    @Property(MessageViewModel, notify=fixed)
    def message(self) -> MessageViewModel:
        """A refused card, or why the kiosk is out of service."""
        return self._pages.message
