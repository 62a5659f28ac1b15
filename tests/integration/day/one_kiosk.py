"""One kiosk and its registry with a proxy between them: what people do there in a day, and what must have come of it."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random

from kiosk.events import PutBackChosen
from kiosk.refusal import Refusal
from kiosk.view import Borrow
from registry.server import listen
from sync.enrol import enrol
from sync.plan import Pace
from tests.answer_proxy import AnswerProxy, let_through
from tests.integration.day.looks import loans, overlay_rows, registry_look, replica_look
from tests.integration.day.place import Place
from tests.integration.day.tally import Tally
from tests.integration.day.town import WITH_A_SECOND_CARD, DayClock, easycard, found, second_card
from tests.integration.day.visits import Visits
from tests.integration.registry.homes import Home

BRANCH = "C01"


def _let_through(port: int) -> AnswerProxy:
    return AnswerProxy(port, let_through)


class ImpatientPlace(Place):
    """A kiosk that tries again at once, as a test of every byte must."""

    pace = Pace(first=0.001, cap=0.004)


class DayBehindAProxy:
    """One kiosk of a branch, and between it and the registry what cuts answers."""

    def __init__(self, home: Home, folder: Path, service: ExitStack, *, between: Callable[[int], AnswerProxy] = _let_through) -> None:
        self.clock = DayClock()
        self.tally = Tally.of_the_morning()
        self.visits = Visits(self.tally, Random(114))
        self.registry = found(home, self.clock)
        service.callback(self.registry.close)
        server = service.enter_context(self.registry.server(listen()))
        self.proxy = service.enter_context(between(int(server.url.rpartition(":")[2])))
        self.folder, self.memory = folder / "kiosk", folder / "memory"
        self.folder.mkdir()
        self.memory.mkdir()
        self.identity = enrol(self.folder, registry=self.proxy.url, code=self.registry.issue_code(BRANCH).code, name="櫃台")
        self.place = self.begin()
        service.callback(self._stop)

    def begin(self) -> Place:
        """Start the kiosk's program on what its folder holds."""
        place = ImpatientPlace(BRANCH, self.folder, self.identity, self.clock, self.memory)
        place.start()
        return place

    def restart(self) -> None:
        self.place.stop()
        self.place = self.begin()

    def put_back(self, pupil: int) -> None:
        """A pupil borrows a book and does not want it after all."""
        place, book = self.place, self.tally.on_shelf[BRANCH][0]
        card = self.tally.card_of(pupil)
        assert card is not None
        place.tap(card)
        screen = place.scan(book.barcode)
        assert isinstance(screen, Borrow)
        loan = screen.lines[0].loan
        assert loan is not None
        place.say(PutBackChosen(loan))
        place.finish()
        self.tally.facts[BRANCH] += 2

    def everything(self, number: int) -> None:
        """All that people do at a kiosk, by pupils who have not been here today."""
        visits, place = self.visits, self.place
        pupil, reports = 300 + 10 * number, WITH_A_SECOND_CARD[60 + number]
        visits.borrow(place, pupil, books=3)
        visits.bring_back(place, *[book for book, held in self.tally.held.items() if held.pupil == pupil][:2])
        visits.renew(place, 2 * number)
        self.put_back(pupil + 1)
        visits.report(place, second_card(reports), easycard(reports))
        visits.turned_away(place, easycard(reports), Refusal.LOST)

    def settle(self) -> None:
        self.place.be_answered()
        ((last,),) = registry_look(self.registry)("SELECT max(seq) FROM feed WHERE branch IS NULL OR branch = 'C01'")
        self.place.settle(last)

    def _stop(self) -> None:
        self.place.stop()


def assert_all_is_told_once(day: DayBehindAProxy, facts: int) -> None:
    look = registry_look(day.registry)
    assert look("SELECT count(*), count(DISTINCT fact_key), count(DISTINCT kiosk) FROM fact") == [(facts, facts, 1)]
    on_loan = day.tally.open_loans()
    assert loans(look, closed_too=True) == on_loan
    day.place.stop()
    try:
        with replica_look(day.place) as replica:
            assert {row[0]: row for row in loans(replica, closed_too=False)}.items() <= {row[0]: row for row in on_loan}.items()
        assert overlay_rows(day.place) == (0, 0, 0)
    finally:
        day.place = day.begin()
