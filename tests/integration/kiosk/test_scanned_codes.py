"""What a scanned code does at a kiosk: an item's, a library card's, a publisher's, one that nobody can tell."""

from dataclasses import replace
from pathlib import Path

import pytest

from circulation.barcodes import CodeForms
from circulation.cards import CardKind
from circulation.facts import CheckedOut, LostCardShown
from circulation.patrons import Patron
from drivers.ports import ScanUnreadable
from kiosk.events import FinishChosen, StillHereChosen, Tick
from kiosk.scans import ScanFault
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Borrow, CardRefused, Home, LineState, Refusal, Return, Sound, StillHere
from replica.tables import ReplicaTable
from tests.builders import a_patron, an_item
from tests.kiosk_world import WANG, World, a_change, a_kiosk, card_row, key_of, patron_row

ITEM, ISBN, NOBODYS = "30234000517861", "9789573317241", "ABC-123"
CARD, LOST_CARD, SHORT_CARD = "21234000517862", "21234000517870", "08123456"
CHIP = "12345678"
"""An EasyCard whose UID could be a library card's number."""
FORMS = CodeForms.read("3#{12}%", "2#{13} #{8}")
BOOK = an_item(barcode=ITEM, title="小王子")


@pytest.fixture
def wang() -> Patron:
    return a_patron(masked_name="王○○")


@pytest.fixture
def kiosk(tmp_path: Path, wang: Patron) -> World:
    return a_kiosk(
        tmp_path,
        settings=KioskSettings(codes=FORMS),
        cards={WANG: wang, CARD: wang, CHIP: a_patron(masked_name="林○○"), LOST_CARD: a_patron(masked_name="陳○○"), SHORT_CARD: wang},
        kinds=dict.fromkeys((CARD, LOST_CARD, SHORT_CARD), CardKind.BARCODE),
        lost=[LOST_CARD],
        items=[BOOK],
    )


def said(kiosk: World) -> ScanFault | None:
    return kiosk.view.scan_fault


def test_q3_4c_a_library_cards_barcode_opens_its_patrons_session_and_lends(kiosk: World) -> None:
    screen = kiosk.scan(CARD)
    assert isinstance(screen, Home)
    assert screen.account.masked_name == "王○○"
    kiosk.scan(ITEM)
    assert kiosk.line.state is LineState.BORROWED
    assert isinstance(kiosk.fact, CheckedOut)
    assert kiosk.fact.card == key_of(CARD)


def test_the_same_card_again_keeps_the_session_and_another_one_does_not_join_it(kiosk: World) -> None:
    kiosk.scan(CARD)
    kiosk.clock.pass_by(25)
    assert isinstance(kiosk.say(Tick()), StillHere)
    assert isinstance(kiosk.scan(CARD), Home)
    kiosk.scan(LOST_CARD)
    assert isinstance(kiosk.screen, Home)
    assert kiosk.view.other_card
    kiosk.tap(WANG)
    assert kiosk.view.other_card


def test_items_that_were_scanned_first_wait_for_the_librarys_card(kiosk: World) -> None:
    kiosk.scan(ITEM)
    assert isinstance(kiosk.scan(CARD), Borrow)
    assert kiosk.line.title == "小王子"


def test_a_chips_number_before_the_scanner_opens_nothing_and_on_the_reader_its_session(kiosk: World) -> None:
    screen = kiosk.scan(CHIP)
    assert isinstance(screen, CardRefused)
    assert screen.refusal is Refusal.UNKNOWN
    assert isinstance(kiosk.tap(CHIP), Home)


def test_a_library_cards_number_is_no_telephones_though_it_begin_like_one(kiosk: World) -> None:
    opened = kiosk.scan(SHORT_CARD)
    assert isinstance(opened, Home)
    kiosk.finish()
    tapped = kiosk.tap(SHORT_CARD)
    assert isinstance(tapped, CardRefused)
    assert tapped.refusal is Refusal.PHONE


def test_news_of_the_feed_reaches_the_session_of_a_library_cards_barcode(kiosk: World, wang: Patron) -> None:
    kiosk.scan(CARD)
    kiosk.receive(a_change(1, ReplicaTable.PATRON, patron_row(replace(wang, masked_name="汪○○"))))
    home = kiosk.screen
    assert isinstance(home, Home)
    assert home.account.masked_name == "汪○○"
    kiosk.receive(a_change(2, ReplicaTable.CARD, card_row(CARD, wang, lost=True, kind=CardKind.BARCODE)))
    refused = kiosk.screen
    assert isinstance(refused, CardRefused)
    assert refused.refusal is Refusal.LOST


def test_a_lost_card_is_not_opened_by_its_barcode_and_the_branch_is_told(kiosk: World) -> None:
    screen = kiosk.scan(LOST_CARD)
    assert isinstance(screen, CardRefused)
    assert screen.refusal is Refusal.LOST
    assert kiosk.fact == LostCardShown(key_of(LOST_CARD))


def test_a_number_that_nobody_has_is_an_unknown_card_and_no_item(kiosk: World) -> None:
    screen = kiosk.scan("21234000500000")
    assert isinstance(screen, CardRefused)
    assert screen.refusal is Refusal.UNKNOWN
    assert kiosk.facts == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [(ISBN, ScanFault.PUBLISHER_CODE), ("30234000517860", ScanFault.CHECK_DIGIT), (NOBODYS, ScanFault.UNKNOWN_FORM)],
)
def test_a_code_that_can_not_be_told_is_said_and_does_nothing(kiosk: World, code: str, fault: ScanFault) -> None:
    kiosk.tap(WANG)
    kiosk.outlet.sounds.clear()
    assert isinstance(kiosk.scan(code), Home)
    assert (said(kiosk), kiosk.outlet.sounds, kiosk.facts) == (fault, [Sound.REFUSED], [])


def test_a_scan_that_could_not_be_read_is_said_to_whoever_stands_there(kiosk: World) -> None:
    assert isinstance(kiosk.say(ScanUnreadable("scanner", 0, "a line that did not end")), Attract)
    assert said(kiosk) is ScanFault.UNREADABLE


def test_what_is_said_of_a_scan_goes_after_five_seconds_by_itself(kiosk: World) -> None:
    kiosk.scan(ISBN)
    assert kiosk.core.next_deadline() <= kiosk.clock.seconds + 5
    kiosk.clock.pass_by(4.9)
    kiosk.say(Tick())
    assert said(kiosk) is ScanFault.PUBLISHER_CODE
    kiosk.clock.pass_by(0.1)
    kiosk.say(Tick())
    assert said(kiosk) is None


def test_what_is_said_of_a_scan_goes_with_the_next_good_one(kiosk: World) -> None:
    kiosk.tap(WANG)
    kiosk.scan(ISBN)
    kiosk.scan(ITEM)
    assert (said(kiosk), kiosk.line.state) == (None, LineState.BORROWED)


def test_a_scan_of_nothing_keeps_a_session_open_but_does_not_answer_the_countdown(kiosk: World) -> None:
    kiosk.tap(WANG)
    kiosk.clock.pass_by(19)
    kiosk.scan(ISBN)
    kiosk.clock.pass_by(19)
    assert isinstance(kiosk.say(Tick()), Home)
    kiosk.clock.pass_by(2)
    assert isinstance(kiosk.say(Tick()), StillHere)
    assert isinstance(kiosk.scan(ISBN), StillHere)
    assert isinstance(kiosk.say(StillHereChosen()), Home)


def test_on_the_return_screen_a_publishers_code_takes_nothing_back(kiosk: World) -> None:
    kiosk.give_back(ITEM)
    assert isinstance(kiosk.scan(ISBN), Return)
    assert kiosk.returned.title == "小王子"
    assert said(kiosk) is ScanFault.PUBLISHER_CODE
    kiosk.say(FinishChosen())


def test_no_code_that_was_scanned_stands_in_the_log(kiosk: World, capsys: pytest.CaptureFixture[str]) -> None:
    kiosk.scan(CARD)
    kiosk.scan(ISBN)
    kiosk.scan(NOBODYS)
    written = capsys.readouterr()
    assert not [code for code in (CARD, ISBN, NOBODYS) if code in written.out + written.err]
