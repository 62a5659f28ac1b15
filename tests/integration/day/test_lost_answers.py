"""The registry commits and its answer does not come: never, or cut at any byte. Each fact is there once, and the kiosk comes to rest."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import msgspec
import pytest

from circulation.facts import Fact, FactEnvelope
from circulation.wire import PushBatch
from kiosk.events import PutBackChosen
from kiosk.refusal import Refusal
from kiosk.view import Borrow
from registry.server import listen
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from sync.plan import Pace
from tests.answer_proxy import AnswerProxy, drop, let_through
from tests.integration.day.looks import loans, overlay_rows, registry_look, replica_look
from tests.integration.day.place import Place
from tests.integration.day.tally import Tally
from tests.integration.day.town import WITH_A_SECOND_CARD, DayClock, easycard, found, second_card
from tests.integration.day.visits import Visits
from tests.integration.registry.homes import ENGINES, Home, PostgresHomes, SqliteHomes

BRANCH = "C01"
ROUNDS = 6


class ImpatientPlace(Place):
    """A kiosk that tries again at once, as a test of every byte must."""

    pace = Pace(first=0.001, cap=0.004)


class DayBehindAProxy:
    """One kiosk of a branch, and between it and the registry what cuts answers."""

    def __init__(self, home: Home, folder: Path, service: ExitStack) -> None:
        self.clock = DayClock()
        self.tally = Tally.of_the_morning()
        self.visits = Visits(self.tally, Random(114))
        self.registry = found(home, self.clock)
        service.callback(self.registry.close)
        server = service.enter_context(self.registry.server(listen()))
        self.proxy = service.enter_context(AnswerProxy(int(server.url.rpartition(":")[2]), let_through))
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


@pytest.fixture(params=ENGINES)
def day(request: pytest.FixtureRequest) -> Iterator[DayBehindAProxy]:
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    homes = SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))
    with ExitStack() as service:
        service.callback(shutil.rmtree, folder)
        home = homes.empty(folder / "home")
        yield DayBehindAProxy(home, folder, service)


def kinds_in(batches: list[bytes]) -> set[str]:
    """The kinds of facts that were in these batches."""
    facts = (
        msgspec.json.decode(fact, type=FactEnvelope).fact for sent in batches for fact in msgspec.json.decode(sent, type=PushBatch).facts
    )
    return {str(type(fact).__struct_config__.tag) for fact in facts}


EVERY_KIND = {str(kind.__struct_config__.tag) for kind in Fact.__args__}


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


def test_a_day_whose_every_answer_is_dropped_is_at_the_registry_once_and_settles_when_answers_pass(day: DayBehindAProxy) -> None:
    day.proxy.fate = drop
    for number in range(ROUNDS):
        day.everything(number)
        day.restart()  # what is under way stays the same until it is answered: after a start it is all that waits
        day.proxy.wait_for_cuts(len(day.proxy.cut) + 2)
    told = day.tally.facts[BRANCH]
    assert day.place.ledger.unanswered() == told > 40
    assert len(set(day.proxy.cut)) >= ROUNDS
    assert registry_look(day.registry)("SELECT count(*), count(DISTINCT fact_key) FROM fact") == [(told, told)]
    day.proxy.fate = let_through
    day.settle()
    assert_all_is_told_once(day, told)

    # The ledger of now comes back after one more round: its kiosk learns of it by answers that are dropped, too.
    day.place.stop()
    image = (day.folder / "ledger.db").read_bytes()
    day.place = day.begin()
    day.everything(ROUNDS)
    day.settle()
    day.place.stop()
    (day.folder / "ledger.db").write_bytes(image)
    day.proxy.fate = drop
    seen = len(day.proxy.cut)
    day.place = day.begin()
    day.proxy.wait_for_cuts(seen + 2)
    day.proxy.fate = let_through
    day.place.wait_until(lambda: day.place.ledger.device().restored_at is not None, "the new epoch")
    day.settle()
    told = day.tally.facts[BRANCH] + 1
    assert_all_is_told_once(day, told)
    assert kinds_in(day.proxy.cut) == EVERY_KIND - {"ledger_restored"}


def test_an_answer_that_is_cut_after_any_of_its_bytes_is_no_answer_and_the_facts_are_there_once(day: DayBehindAProxy) -> None:
    lengths: dict[bytes, list[int]] = {}

    def one_byte_more(sent: bytes, answer: bytes) -> int | None:
        so_far = lengths.setdefault(sent, [])
        so_far.append(len(answer))
        return len(so_far) - 1 if len(so_far) <= len(answer) else None

    day.proxy.fate = drop
    day.everything(0)
    day.restart()
    day.proxy.wait_for_cuts(len(day.proxy.cut) + 2)
    day.proxy.fate = one_byte_more
    day.settle()
    (tries,) = [tries for tries in lengths.values() if len(tries) > 1]
    assert tries == [tries[0]] * (tries[0] + 1)
    assert len(tries) > 500
    assert_all_is_told_once(day, day.tally.facts[BRANCH])
