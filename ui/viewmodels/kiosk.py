"""The root: a view of the core comes in, the words of every screen go out, choices go back."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.events import BackChosen, BorrowChosen, Event, FinishChosen, PutBackChosen, StillHereChosen, Touched
from kiosk.view import Attract, Borrow, CardRefused, Goodbye, Home, OutOfService, Screen, StillHere, View
from texts.catalogue import Catalogue
from ui.viewmodels.attract import AttractViewModel
from ui.viewmodels.borrow import SlipViewModel
from ui.viewmodels.comfort import ComfortViewModel
from ui.viewmodels.home import NOBODY, HomeViewModel, home_shown
from ui.viewmodels.message import NO_MESSAGE, MessageViewModel, message_of
from ui.viewmodels.notices import NoticesViewModel, notices, scanner_works
from ui.viewmodels.place import PlaceViewModel, place_shown
from ui.viewmodels.time_left import Stretch, TimeLeftViewModel

QML_IMPORT_NAME = "Youyue.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_BEAT_MS = 100
_IDLE_BEAT_MS = 1000
_FORGOTTEN_AFTER = 60.0
"""Seconds without a touch after which the attract screen goes back to the kiosk's own language and size."""

PAGES: dict[type[Screen], str] = {
    Attract: "attract",
    Home: "home",
    Borrow: "borrow",
    Goodbye: "goodbye",
    CardRefused: "card_refused",
    StillHere: "still_here",
    OutOfService: "out_of_service",
}


@QmlElement
class KioskViewModel(QObject):
    """All that QML sees of a kiosk.

    ``post`` takes the patron's choices and returns at once; ``monotonic`` is the core's clock, in
    seconds; ``main`` and ``second`` are the kiosk's languages. Lives in the GUI thread; ``show``
    alone may be called from any thread.
    """

    page_changed = Signal()
    fixed = Signal()
    """Never emitted: the notifier of what never changes, since the description for qmllint knows no constants."""
    _arrived = Signal(object)

    def __init__(
        self,
        post: Callable[[Event], None],
        monotonic: Callable[[], float],
        main: Catalogue,
        second: Catalogue,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._post = post
        self._monotonic = monotonic
        self._view: View | None = None
        self._page = ""
        self._told_at = self._touched_at = monotonic()
        self._stretch: Stretch | None = None
        self._comfort = ComfortViewModel(main, second, self)
        self._place = PlaceViewModel(self)
        self._notices = NoticesViewModel(self)
        self._time_left = TimeLeftViewModel(self)
        self._attract = AttractViewModel(self)
        self._home = HomeViewModel(self)
        self._slip = SlipViewModel(self)
        self._message = MessageViewModel(self)
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
        self._stretch = _stretch(view, now, self._stretch)
        leaving = _is_over(self._page, view.screen)
        self._view, self._told_at = view, now
        self._beat.setInterval(_IDLE_BEAT_MS if self._stretch is None else _BEAT_MS)
        if leaving:
            self._touched_at = now
            self._comfort.reset()
        self._say_again()

    @Slot()
    def _say_again(self) -> None:
        if self._view is None:
            return
        self._show_screen(self._view)
        page = PAGES[type(self._view.screen)]
        if page != self._page:
            self._page = page
            self.page_changed.emit()
        self._forget_others(self._view.screen)
        self._notices.show(notices(self._view, self._comfort.speech))
        self.beat()

    def _show_screen(self, view: View) -> None:
        speech, scanner = self._comfort.speech, scanner_works(view)
        match screen := view.screen:
            case Attract():
                self._attract.show(screen, speech)
            case Home():
                self._home.show(home_shown(screen.account, speech, scanner=scanner))
            case Borrow():
                self._slip.show_borrow(screen, speech, scanner=scanner)
            case Goodbye():
                self._slip.show_goodbye(screen, speech)
            case CardRefused() | OutOfService():
                self._message.show(message_of(screen, speech))
            case StillHere():
                pass

    def _forget_others(self, screen: Screen) -> None:
        """What a screen does not show is not kept: nothing of one patron waits behind another's page."""
        if not isinstance(screen, Attract):
            self._attract.forget()
        if not isinstance(screen, Home):
            self._home.show(NOBODY)
        if not isinstance(screen, Borrow | Goodbye):
            self._slip.forget()
        if not isinstance(screen, CardRefused | OutOfService):
            self._message.show(NO_MESSAGE)

    @Slot()
    def beat(self) -> None:
        """Look at the clock: move the rings, the countdown and the time of day."""
        if self._view is None:
            return
        now = self._monotonic()
        if self._page == "attract" and now - self._touched_at > _FORGOTTEN_AFTER:
            self._touched_at = now
            self._comfort.reset()
        speech = self._comfort.speech
        self._time_left.show(self._stretch, now, speech)
        self._place.show(place_shown(self._view.place, timedelta(seconds=now - self._told_at), speech))

    @Slot()
    def borrow(self) -> None:
        """To the borrow screen."""
        self._post(BorrowChosen())

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

    @Slot(int)
    def put_back(self, number: int) -> None:
        """The patron does not want the item of this line after all."""
        loan = self._slip.model.loan_of(number)
        if loan is not None:
            self._post(PutBackChosen(loan))

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """Which screen stands there: a value of ``PAGES``, empty before the first view."""
        return self._page

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

    @Property(AttractViewModel, notify=fixed)
    def attract(self) -> AttractViewModel:
        """Nobody is here."""
        return self._attract

    @Property(HomeViewModel, notify=fixed)
    def home(self) -> HomeViewModel:
        """The patron's own screen."""
        return self._home

    @Property(SlipViewModel, notify=fixed)
    def slip(self) -> SlipViewModel:
        """This visit's slip."""
        return self._slip

    @Property(MessageViewModel, notify=fixed)
    def message(self) -> MessageViewModel:
        """A refused card, or why the kiosk is out of service."""
        return self._message


def _is_over(page: str, screen: Screen) -> bool:
    """Whether a visit is over with this screen: nobody is here, or the next one is, on a page that was the last one's."""
    if isinstance(screen, Attract):
        return page not in {"", "attract"}
    return page in {"goodbye", "card_refused"} and isinstance(screen, Home | Borrow)


def _stretch(view: View, now: float, last: Stretch | None) -> Stretch | None:
    """The time that runs on a screen. A screen that tells only its end began when it was first shown."""
    match view.screen:
        case StillHere(ends_at, seconds):
            return Stretch(ends_at - seconds, ends_at)
        case Goodbye(_, ends_at) | CardRefused(_, ends_at):
            return last if last is not None and last.ends == ends_at else Stretch(now, ends_at)
        case Home() | Borrow() if view.idle_from is not None and view.idle_until is not None:
            return Stretch(view.idle_from, view.idle_until)
        case _:
            return None
