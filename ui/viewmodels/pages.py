"""The pages: each shows its screen, and forgets it as soon as another one stands there."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from kiosk.events import Choice, StaffChoice
from kiosk.view import (
    Animals,
    Attract,
    Borrow,
    CardRefused,
    Goodbye,
    Home,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    ReportLoss,
    ReportLossById,
    Return,
    Screen,
    StillHere,
    View,
)
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked
from ui.speech import Speech
from ui.viewmodels.animals import AnimalsViewModel
from ui.viewmodels.attract import NOTHING, AttractShown, AttractViewModel, attract_shown
from ui.viewmodels.borrow import SlipViewModel
from ui.viewmodels.check import NO_CHECK, CheckViewModel, check_shown
from ui.viewmodels.devices import DevicesViewModel, devices_shown
from ui.viewmodels.farewell import FarewellViewModel
from ui.viewmodels.home import NOBODY, HomeViewModel, home_shown
from ui.viewmodels.loans import LoansViewModel
from ui.viewmodels.loss import NO_LOSS, LossViewModel, cards_shown, reported_shown
from ui.viewmodels.loss_form import LossFormViewModel
from ui.viewmodels.message import NO_MESSAGE, MessageViewModel, message_of
from ui.viewmodels.notices import reader_works, scanner_works
from ui.viewmodels.pin import PinViewModel
from ui.viewmodels.returning import ReturnsViewModel


class Pages:
    """The view models of all pages; ``post`` takes what is chosen on them, ``parent`` owns them."""

    def __init__(self, post: Callable[[Choice | StaffChoice], None], parent: QObject) -> None:
        self.attract = AttractViewModel(parent)
        self.animals = AnimalsViewModel(post, parent)
        self.check = CheckViewModel(parent)
        self.home = HomeViewModel(parent)
        self.slip = SlipViewModel(post, parent)
        self.returns = ReturnsViewModel(parent)
        self.loans = LoansViewModel(post, parent)
        self.pin = PinViewModel(post, parent)
        self.loss = LossViewModel(post, parent)
        self.loss_form = LossFormViewModel(post, parent)
        self.farewell = FarewellViewModel(parent)
        self.message = MessageViewModel(parent)
        self.devices = DevicesViewModel(post, parent)

    def show(self, view: View, speech: Speech) -> None:
        """Let the page of this screen take it over."""
        scanner = scanner_works(view)
        match screen := view.screen:
            case Attract() | CardCheck() | CardChecked():
                self._show_card_place(screen, view, speech)
            case Home() | Animals():
                self._show_patron(screen, speech, scanner=scanner)
            case Borrow():
                self.slip.show(screen, speech, scanner=scanner)
            case Return():
                self.returns.show(screen, speech, scanner=scanner)
            case Loans():
                self.loans.show(screen, speech)
            case PinPad():
                self.pin.show(screen, view.place, speech)
            case ReportLoss() | LossReported() | ReportLossById():
                self._show_loss(screen, view, speech)
            case Goodbye():
                self.farewell.show(screen, speech)
            case _:
                self._show_of_kiosk(screen, view, speech)

    def _show_of_kiosk(self, screen: CardRefused | OutOfService | StillHere | Devices, view: View, speech: Speech) -> None:
        match screen:
            case Devices():
                self.devices.show(devices_shown(screen, view, speech.main))
            case StillHere():
                self.message.show(NO_MESSAGE)
            case CardRefused() | OutOfService():
                self.message.show(message_of(screen, speech))

    def _show_card_place(self, screen: Attract | CardCheck | CardChecked, view: View, speech: Speech) -> None:
        reads = reader_works(view)
        if isinstance(screen, Attract):
            lends = view.limited is None or view.limited.outlook.stopped is None
            self.attract.show(attract_shown(screen, speech, lends=lends, reads=reads, progress=view.class_visit))
        else:
            self.attract.show(AttractShown(reads=reads))
            self.check.show(check_shown(screen, speech))

    def _show_patron(self, screen: Home | Animals, speech: Speech, *, scanner: bool) -> None:
        if isinstance(screen, Home):
            self.home.show(home_shown(screen.account, speech, scanner=scanner))
        else:
            self.animals.show(screen, speech)

    def _show_loss(self, screen: ReportLoss | LossReported | ReportLossById, view: View, speech: Speech) -> None:
        match screen:
            case ReportLoss():
                self.loss.show(cards_shown(screen, speech))
            case LossReported():
                self.loss.show(reported_shown(screen, speech))
            case ReportLossById():
                self.loss_form.show(screen, speech, today=view.place.local_time.date())

    def forget_others(self, screen: Screen) -> None:
        """What a screen does not show is not kept: nothing of one patron waits behind another's page, and nothing typed."""
        kept = {
            self._no_attract: Attract | CardCheck,
            self._no_check: CardCheck | CardChecked,
            self.animals.forget: Animals,
            self._nobody: Home,
            self.slip.forget: Borrow,
            self.returns.forget: Return,
            self.loans.forget: Loans,
            self.pin.forget: PinPad,
            self._no_loss: ReportLoss | LossReported,
            self.loss_form.forget: ReportLossById,
            self.farewell.forget: Goodbye,
            self._no_message: CardRefused | OutOfService,
            self.devices.forget: Devices,
        }
        for forget, shows in kept.items():
            if not isinstance(screen, shows):
                forget()

    def _nobody(self) -> None:
        self.home.show(NOBODY)

    def _no_attract(self) -> None:
        self.attract.show(NOTHING)

    def _no_check(self) -> None:
        self.check.show(NO_CHECK)

    def _no_loss(self) -> None:
        self.loss.show(NO_LOSS)

    def _no_message(self) -> None:
        self.message.show(NO_MESSAGE)
