"""Two kiosks of one branch hear nothing of the registry and of each other for three days. What is on record in the end was written by hand.

Every figure under "what must be" was worked out with a calendar and the library's rules (30 days, one renewal offline), from the
story alone; nothing of it is asked of the code.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, ItemId, LoanId, PatronId
from circulation.items import Item, ItemKind, ItemStatus
from circulation.loans import Loan
from kiosk.events import BackChosen, FinishChosen, LoansChosen, LossChosen, LossConfirmed, LostCardChosen, RenewAllChosen, ReturnChosen
from kiosk.refusal import Refusal
from kiosk.view import Borrow, CardRefused, Home, LineState, Loans, LossReported, ReportLoss, Return
from registry.cards.store import CardRecord
from registry.desk.replacing import NewCardOrder
from registry.enrolment.store import PatronRecord
from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from registry.server import listen
from registry.settings import RegistrySettings
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from tests.builders import a_rule_set, opening_days
from tests.integration.day.looks import loans, overlay_rows, registry_look, replica_look
from tests.integration.day.place import Place
from tests.integration.day.town import DayClock
from tests.integration.registry.homes import SqliteHomes

ANN, BEN, CAT, DAN, EVE, FAY = (UUID(int=n) for n in range(1, 7))
NAMES = {ANN: "安安", BEN: "小本", CAT: "小貓", DAN: "阿丹", EVE: "小夏", FAY: "小飛"}
IDS = ("A123456789", "B123456780", "C123456781", "D123456782", "E123456783", "F123456784")
CARDS = {who: CardUid.from_hex(f"04A3000{n}") for n, who in enumerate(NAMES)}
CATS_NEW, FAYS_IPASS = CardUid.from_hex("04A300A2"), CardUid.from_hex("04C30005")
BOOKS = {name: UUID(int=100 + n) for n, name in enumerate(("ant", "bee", "cow", "dog", "elk", "fox"))}
BARCODES = {name: f"3023400000010{n}" for n, name in enumerate(BOOKS)}
BEFORE, DUE_BEFORE = datetime.fromisoformat("2026-02-18T03:00:00+00:00"), date(2026, 3, 20)


class ThreeDays:
    """The branch: the registry with a service for each kiosk, so that one may hear again before the other."""

    def __init__(self, memory: Path) -> None:
        self.clock = DayClock()
        home = SqliteHomes().empty(memory / "registry")
        quick = RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(milliseconds=200))
        self.registry = Registry.open(home.folder, Outside(self.clock.now, uuid7, os.urandom), quick)
        self._fill()
        self._ports = [0, 0]
        self._services = [ExitStack(), ExitStack()]
        self.places: list[Place] = []
        for number in (0, 1):
            self.network_up(number)
        (memory / "memory").mkdir()
        for number in (0, 1):
            folder = memory / f"kiosk-{number}"
            folder.mkdir()
            address = f"http://127.0.0.1:{self._ports[number]}"
            identity = enrol(folder, registry=address, code=self.registry.issue_code("C01").code, name=f"櫃台 {number + 1}")
            self.places.append(Place("C01", folder, identity, self.clock, memory / "memory"))
            self.places[-1].start()

    def network_up(self, number: int) -> None:
        listening = listen(port=self._ports[number])
        self._ports[number] = listening.getsockname()[1]
        self._services[number].enter_context(self.registry.server(listening))
        for place in self.places[number : number + 1]:
            place.hurry()

    def network_down(self) -> None:
        for service in self._services:
            service.close()
        for place in self.places:
            place.hurry()  # a poll that was answered early rests for up to 20 s
            place.notice_the_loss()

    def at(self, text: str) -> None:
        """Let time pass until this time of the library."""
        self.clock.pass_by((datetime.fromisoformat(f"{text}:00+08:00") - self.clock.now()).total_seconds())

    def heard(self, place: Place) -> None:
        """Wait until a kiosk's facts are answered and it knows everything."""
        place.be_answered()
        ((last,),) = registry_look(self.registry)("SELECT max(seq) FROM feed WHERE branch IS NULL OR branch = 'C01'")
        place.settle(last)

    def close(self) -> None:
        for place in self.places:
            place.stop()
        for service in self._services:
            service.close()
        self.registry.close()

    def _fill(self) -> None:
        registry = self.registry
        registry.add_branches([Branch(BranchCode("C01"), "總館")], tell_feed=False)
        registry.add_rule_sets([a_rule_set()], tell_feed=False)
        registry.add_calendars({BranchCode("C01"): opening_days()}, tell_feed=False)
        people = zip(NAMES.items(), IDS, strict=True)
        registry.add_patrons(
            [PatronRecord(PatronId(who), name, number, date(2014, 5, 6), regular_at="C01") for (who, name), number in people],
            tell_feed=False,
        )
        cards = [*((who, CardKind.EASYCARD, uid) for who, uid in CARDS.items()), (FAY, CardKind.IPASS, FAYS_IPASS)]
        registry.add_cards([CardRecord(CardId(uuid7()), PatronId(who), kind, uid) for who, kind, uid in cards], tell_feed=False)
        copies = ((ItemId(key), BARCODES[name], name) for name, key in BOOKS.items())
        registry.add_items(
            [Item(key, code, name, ItemKind.BOOK, ItemStatus.AVAILABLE, BranchCode("C01")) for key, code, name in copies], tell_feed=False
        )
        had = ((ANN, "ant"), (BEN, "bee"))
        registry.add_loans(
            [Loan(LoanId(uuid7()), PatronId(who), ItemId(BOOKS[b]), b, ItemKind.BOOK, DUE_BEFORE, BEFORE) for who, b in had],
            tell_feed=False,
        )


@pytest.fixture
def days() -> Iterator[ThreeDays]:
    memory = Path(mkdtemp(dir=USUAL_MEMORY))
    made = ThreeDays(memory)
    yield made
    made.close()
    shutil.rmtree(memory)


def borrow(place: Place, uid: CardUid, book: str, due: date) -> None:
    assert isinstance(place.tap(uid), Home)
    screen = place.scan(BARCODES[book])
    assert isinstance(screen, Borrow)
    assert (screen.lines[0].state, screen.lines[0].due) == (LineState.BORROWED, due), screen.lines[0]
    place.finish()


def bring_back(place: Place, book: str) -> None:
    place.say(ReturnChosen())
    assert isinstance(place.scan(BARCODES[book]), Return)
    place.finish()


def renew(place: Place, uid: CardUid, due: date) -> None:
    assert isinstance(place.tap(uid), Home)
    place.say(LoansChosen())
    screen = place.say(RenewAllChosen())
    assert isinstance(screen, Loans)
    assert [line.due for line in screen.loans] == [due]
    place.finish()


def report_lost(place: Place, by: CardUid) -> None:
    place.tap(by)
    screen = place.say(LossChosen())
    assert isinstance(screen, ReportLoss)
    (card,) = [one for one in screen.cards if one.kind is CardKind.EASYCARD]
    place.say(LostCardChosen(card.number))
    assert isinstance(place.say(LossConfirmed()), LossReported)
    place.say(BackChosen())
    place.finish()


def shown_in_vain(place: Place, uid: CardUid) -> None:
    screen = place.tap(uid)
    assert isinstance(screen, CardRefused)
    assert screen.refusal is Refusal.LOST
    place.say(FinishChosen())


def the_story(days: ThreeDays) -> None:
    """Wednesday to Friday. The second kiosk hears the registry again first, the first one an hour later."""
    one, two = days.places
    days.network_down()
    days.at("2026-03-11T09:30")
    renew(one, CARDS[ANN], date(2026, 4, 10))
    borrow(one, CARDS[DAN], "cow", date(2026, 4, 10))
    borrow(two, CARDS[EVE], "dog", date(2026, 4, 10))
    bring_back(one, "bee")
    days.at("2026-03-11T15:00")
    order = NewCardOrder(PatronId(CAT), CardKind.EASYCARD, CATS_NEW, seen=CARDS[CAT])
    days.registry.desk.cards.replace(order, by="the desk")

    days.at("2026-03-12T09:30")
    borrow(one, CARDS[CAT], "elk", date(2026, 4, 11))  # by the card that was replaced yesterday
    report_lost(two, FAYS_IPASS)
    shown_in_vain(two, CARDS[FAY])
    borrow(one, CARDS[FAY], "fox", date(2026, 4, 11))  # whoever found it: this kiosk has not heard

    days.at("2026-03-13T17:00")
    borrow(two, CARDS[EVE], "cow", date(2026, 4, 12))  # Dan left it on a table: this kiosk does not know that he has it
    bring_back(one, "dog")  # that kiosk does not know that it was lent

    days.at("2026-03-14T09:00")
    days.network_up(1)
    days.heard(two)
    days.at("2026-03-14T10:00")
    days.network_up(0)
    for place in (one, two):
        days.heard(place)


def test_after_three_days_registry_kiosks_and_cases_are_what_the_story_says(days: ThreeDays) -> None:
    the_story(days)
    look = registry_look(days.registry)

    # What must be on loan: whose promised day, how often renewed.
    on_loan = sorted(
        (BOOKS[book].bytes, who.bytes, due, renewals)
        for book, who, due, renewals in (
            ("ant", ANN, "2026-04-10", 1),
            ("cow", DAN, "2026-04-10", 0),
            ("cow", EVE, "2026-04-12", 0),
            ("elk", CAT, "2026-04-11", 0),
            ("fox", FAY, "2026-04-11", 0),
        )
    )
    assert loans(look, closed_too=True) == on_loan
    back = look("SELECT item, patron FROM loan WHERE returned_at IS NOT NULL ORDER BY item")
    assert back == [(BOOKS["bee"].bytes, BEN.bytes), (BOOKS["dog"].bytes, EVE.bytes)]

    # What must wait for staff, and nothing else.
    cases = look("SELECT c.kind, c.patron, c.other_patron, f.reasons, f.item FROM staff_case c JOIN flagged_fact f ON f.fact_key = c.id")
    assert sorted(cases) == sorted(
        [
            ("lent_by_card_in_doubt", CAT.bytes, None, '["card_unknown"]', BOOKS["elk"].bytes),
            ("lent_by_card_in_doubt", FAY.bytes, None, '["card_lost"]', BOOKS["fox"].bytes),
            ("lent_twice", DAN.bytes, EVE.bytes, '["item_on_loan"]', BOOKS["cow"].bytes),
        ]
    )
    assert look("SELECT count(*) FROM staff_case") == [(3,)]

    # What must be of the cards, and of money and punishment: nothing.
    states: dict[object, object] = dict(look("SELECT uid, state FROM card"))
    assert states == {uid.hex: "active" for who, uid in CARDS.items() if who not in {CAT, FAY}} | {
        CATS_NEW.hex: "active",
        FAYS_IPASS.hex: "active",
        CARDS[FAY].hex: "lost",
    }
    assert look("SELECT (SELECT count(*) FROM late_return), (SELECT count(*) FROM suspension), (SELECT count(*) FROM block)") == [(0, 0, 0)]

    # Each kiosk told each thing once: 6 by the first (renewed, lent, back, lent, lent, back), 4 by the second (lent, lost, shown, lent).
    told = look(
        "SELECT k.name, count(*), count(DISTINCT f.fact_key), max(f.seq) FROM fact f JOIN kiosk k ON k.id = f.kiosk GROUP BY 1 ORDER BY 1"
    )
    assert told == [("櫃台 1", 6, 6, 6), ("櫃台 2", 4, 4, 4)]

    # Both kiosks know what the registry knows, and hold nothing over it any more.
    for place in days.places:
        with replica_look(place) as replica:
            assert loans(replica, closed_too=False) == on_loan
        assert overlay_rows(place) == (0, 0, 0)
