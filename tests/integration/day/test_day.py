"""A day of two branches: 500 pupils, 2,000 taps, an hour without a network, a registry restart. Nothing is lost, nothing is twice."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from circulation.reasons import Reason
from kiosk.refusal import Refusal
from registry.desk.replacing import NewCardOrder
from registry.server import listen
from replica.card_keys import card_key
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from tests.integration.day.looks import loans, overlay_rows, registry_look, replica_look
from tests.integration.day.place import Place
from tests.integration.day.tally import Tally
from tests.integration.day.town import (
    BRANCHES,
    OVERDUE,
    PUPILS,
    WITH_A_SECOND_CARD,
    Copy,
    DayClock,
    easycard,
    found,
    opened,
    pupil,
    second_card,
)
from tests.integration.day.visits import Visits
from tests.integration.registry.homes import ENGINES, Home, Homes, PostgresHomes, SqliteHomes

TAPS = 2000
_BETWEEN_S = (6, 22)
_SETTLE_EVERY = 40
_MIX = {"borrow": 40, "return": 34, "renew": 9, "look": 9, "anothers": 4, "report": 3, "reissue": 3, "away": 3}


class Day:
    """The two kiosks, the registry and the network between them. People who were at one kiosk go to the other one only after the news."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.chance = Random(114)
        self.clock = DayClock()
        self.tally = Tally.of_the_morning()
        self.visits = Visits(self.tally, self.chance)
        self._home = home
        self._seen_at: dict[object, str] = {}
        self._visits = 0
        self.registry = found(home, self.clock)
        self._port = 0
        self.places: dict[str, Place] = {}
        self._service = ExitStack()
        self.network_up()
        (folder / "memory").mkdir()
        self.places = {branch: self._place(branch, folder / branch, folder / "memory") for branch in BRANCHES}

    @property
    def taps(self) -> int:
        return sum(place.taps for place in self.places.values())

    def network_up(self) -> None:
        listening = listen(port=self._port)
        self._port = listening.getsockname()[1]
        self._service.enter_context(self.registry.server(listening))
        for place in self.places.values():
            place.hurry()  # a kiosk whose poll was answered early rests for up to 20 s

    def network_down(self) -> None:
        self._service.close()

    def restart_registry(self) -> None:
        """The service ends and another process of it begins on the same database; what was under way is asked again."""
        self.network_down()
        self.registry.close()
        self.registry = opened(self._home, self.clock)
        self.network_up()

    def settle(self) -> None:
        """Wait until everybody knows everything."""
        for place in self.places.values():
            place.be_answered()
        look = registry_look(self.registry)
        for branch, place in self.places.items():
            ((last,),) = look(f"SELECT coalesce(max(seq), 0) FROM feed WHERE branch IS NULL OR branch = '{branch}'")  # noqa: S608 - of this file
            place.settle(last)
        self._seen_at.clear()

    def run(self, taps: int, *, online: bool = True) -> None:
        """Let people come until there were so many taps more."""
        until = self.taps + taps
        while self.taps < until:
            self.clock.pass_by(self.chance.uniform(*_BETWEEN_S))
            (what,) = self.chance.choices(list(_MIX), weights=list(_MIX.values()))
            place = self.places[self.chance.choice(list(BRANCHES))]
            self._visit(what, place, online=online)
            self._visits += 1
            if online and self._visits % _SETTLE_EVERY == 0:
                self.settle()

    def free(self, place: Place, *, wanted: Callable[[int], bool] = lambda _: True) -> int:
        """A pupil with a card who was not seen at another kiosk since the last news."""
        numbers = (self.chance.randrange(PUPILS) for _ in range(100 * PUPILS))
        number = next(n for n in numbers if self._may_be_at(n, place) and self.tally.card_of(n) and n not in OVERDUE and wanted(n))
        self._seen_at[number] = place.branch
        return number

    def close(self) -> None:
        for place in self.places.values():
            place.stop()
        self._service.close()
        self.registry.close()

    def _visit(self, what: str, place: Place, *, online: bool) -> None:
        match what:
            case "borrow":
                books = self.chance.choice((1, 2, 3)) if online else 1
                room = 25 if online else 3
                lender = self.free(place, wanted=lambda n: len(self.tally.books_of(n)) + books <= room)
                before = set(self.tally.held)
                self.visits.borrow(place, lender, books=books)
                self._seen_at |= dict.fromkeys(set(self.tally.held) - before, place.branch)
            case "return":
                book = self._out_book(place)
                holder = self.tally.held[book].pupil
                self._seen_at |= {book: place.branch, holder: place.branch}
                self.visits.bring_back(place, book, uid=self.tally.card_of(holder) if self.chance.random() < 0.5 else None)
            case "renew":
                self.visits.renew(place, self.free(place, wanted=self._renews))
            case "look":
                self.visits.look(place, self.free(place))
            case "anothers":
                book = self._out_book(place, home=place.branch)
                self.visits.borrow_anothers(place, self.free(place, wanted=lambda n: n != self.tally.held[book].pupil), book)
            case "report":
                self._report(place)
            case "reissue" if online:
                self._reissue(place)
            case _:
                self.visits.turned_away(place, CardUid.from_hex(f"04FF{self._visits:04X}"), Refusal.UNKNOWN)

    def _renews(self, number: int) -> bool:
        return all(held.renewals == 0 for held in self.tally.books_of(number).values())

    def _report(self, place: Place) -> None:
        second = {number: second_card(number) for number in WITH_A_SECOND_CARD}
        with_both = [n for n in second if easycard(n) in self.tally.active and self._may_be_at(n, place)]
        if not with_both:
            return
        number = self.chance.choice(with_both)
        self._seen_at[number] = place.branch
        self.visits.report(place, by=second[number], lost=easycard(number))
        self.visits.turned_away(place, easycard(number), Refusal.LOST)

    def _reissue(self, place: Place) -> None:
        """The old card is lost or not; the new one comes from the Bureau, and both kiosks know it at once."""
        number = self.free(place, wanted=lambda n: easycard(n) in {*self.tally.active, *self.tally.lost})
        self.settle()  # what the old card opened must have arrived: a registry that is slow would flag it
        self.replace(number)
        self.settle()
        for kiosk in self.places.values():
            self.visits.turned_away(kiosk, easycard(number), Refusal.UNKNOWN)
        self.visits.look(place, number)

    def replace(self, number: int) -> None:
        old, new = easycard(number), easycard(number, reissue=1)
        order = NewCardOrder(PatronId(pupil(number)), CardKind.EASYCARD, new, seen=old)
        self.registry.desk.cards.replace(order, by="the Bureau")
        self.tally.replaced(old, new)

    def _out_book(self, place: Place, *, home: str | None = None) -> Copy:
        out = [
            book
            for book, held in self.tally.held.items()
            if self._may_be_at(book, place) and self._may_be_at(held.pupil, place) and home in {None, book.home}
        ]
        return self.chance.choice(out)

    def _may_be_at(self, who: object, place: Place) -> bool:
        return self._seen_at.get(who, place.branch) == place.branch

    def _place(self, branch: str, folder: Path, memory: Path) -> Place:
        folder.mkdir()
        identity = enrol(folder, registry=f"http://127.0.0.1:{self._port}", code=self.registry.issue_code(branch).code, name="櫃台")
        place = Place(branch, folder, identity, self.clock, memory)
        place.start()
        return place


@pytest.fixture(params=ENGINES)
def homes(request: pytest.FixtureRequest) -> Homes:
    return SqliteHomes() if request.param == "sqlite" else PostgresHomes(request.getfixturevalue("postgres"))


@pytest.fixture
def day(homes: Homes) -> Iterator[Day]:
    """Everything in memory: the day is about what is written, not about power cuts."""
    memory = Path(mkdtemp(dir=USUAL_MEMORY))
    home = homes.empty(memory / "registry")
    made = Day(home, memory)
    yield made
    made.close()
    homes.remove(home)
    shutil.rmtree(memory)


def test_at_the_end_of_the_day_registry_both_replicas_and_an_independent_count_agree(day: Day) -> None:
    one, two = day.places.values()
    day.settle()
    day.visits.borrow_in_vain(one, OVERDUE[0], Reason.PATRON_HAS_OVERDUE)
    day.visits.bring_back(one, *day.tally.books_of(OVERDUE[0]))
    day.visits.borrow(one, OVERDUE[0], books=2)
    day.run(700)
    day.settle()

    day.network_down()
    began = day.clock.seconds
    for place in day.places.values():
        place.notice_the_loss()
    replaced = day.free(two, wanted=lambda n: easycard(n) in day.tally.active)
    old_card = easycard(replaced)
    day.replace(replaced)
    day.visits.borrow(two, replaced, books=1, uid=old_card)
    day.run(300, online=False)
    day.clock.pass_by(max(0, 3600 - (day.clock.seconds - began)))
    eager = day.free(one, wanted=lambda n: not day.tally.books_of(n))
    day.visits.borrow(one, eager, books=5)
    day.visits.borrow_in_vain(one, eager, Reason.OFFLINE_LIMIT_REACHED)
    assert one.ledger.unanswered() > 0 < two.ledger.unanswered()

    day.network_up()
    day.settle()
    for place in day.places.values():
        day.visits.courier(place)
    day.run(500)
    day.restart_registry()
    day.run(TAPS - day.taps)
    day.settle()
    # Who brings back late and borrows before the kiosk has heard of the suspension is not stopped: staff are told.
    check(day, flagged=['["card_unknown"]', '["patron_suspended"]', '["patron_suspended"]'])
    assert day.taps >= TAPS
    assert all(count > 20 for count in day.tally.done.values()), day.tally.told()
    print(f"\n{day.taps} taps: {day.tally.told()}")


def check(day: Day, *, flagged: list[str]) -> None:
    tally, look = day.tally, registry_look(day.registry)
    secret = day.registry.keys.card_secret
    assert loans(look, closed_too=True) == tally.open_loans()
    assert sorted(look("SELECT uid, state FROM card")) == tally.cards()
    assert dict(look("SELECT id, status FROM item")) == tally.statuses(BRANCHES)
    assert sorted(reasons for (reasons,) in look("SELECT reasons FROM flagged_fact")) == flagged
    told = look(
        "SELECT k.branch, count(*), count(DISTINCT f.fact_key), min(f.seq), max(f.seq) FROM fact f JOIN kiosk k ON k.id = f.kiosk GROUP BY 1"
    )
    assert sorted(told) == [(branch, n, n, 1, n) for branch, n in sorted(tally.facts.items())]
    for place in day.places.values():
        with replica_look(place) as replica:
            assert loans(replica, closed_too=False) == tally.open_loans()
            cards = sorted((card_key(CardUid.from_hex(uid), secret=secret), state) for uid, state in tally.cards())
            assert sorted(replica("SELECT key, state FROM card")) == cards
            assert dict(replica("SELECT id, status FROM item")) == tally.statuses([place.branch])
        assert overlay_rows(place) == (0, 0, 0), "the overlay has let go of everything"
