"""What a scanned code is taken for, and how long it is said that it was nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.barcodes import CodeForms
from circulation.cards import CardUid
from circulation.ids import PatronId
from circulation.mobile_codes import MobileCode
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, ScanUnreadable
from kiosk.events import Touched
from kiosk.opener import BarcodeCard, MobileCard
from kiosk.scan_desk import ScanDesk
from kiosk.scans import CardScanned, ItemScanned, ScanFault, ScanRefused, opener_in, sort_scan
from kiosk.settings import KioskSettings
from tests.unit.kiosk.session_values import MINE, VISIT

OF_THE_CITY = CodeForms.read("3#{12}% TPL#{5}", "2#{12}%")
ANY = CodeForms()
ITEM, CARD, ISBN = "30234000517861", "21234000517862", "9789573317241"
CODE = MobileCode(1, 0, VISIT.patron.id, bytes(64)).text


def sorted_as(code: str, forms: CodeForms = OF_THE_CITY) -> object:
    return sort_scan(BarcodeScanned(code, "s", 0), forms)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (ITEM, ItemScanned(ITEM)),
        ("TPL12345", ItemScanned("TPL12345")),
        (CARD, CardScanned(BarcodeCard(CardUid.from_hex(CARD)))),
        (CODE, CardScanned(MobileCard(PatronId(VISIT.patron.id), CODE))),
        ("YOUYUE.rubbish", CardScanned(MobileCard(None, "YOUYUE.rubbish"))),
        (ISBN, ScanRefused(ScanFault.PUBLISHER_CODE)),
        (ISBN + "52495", ScanRefused(ScanFault.PUBLISHER_CODE)),
        ("30234000517860", ScanRefused(ScanFault.CHECK_DIGIT)),
        ("21234000517860", ScanRefused(ScanFault.CHECK_DIGIT)),
        ("tpl12345", ScanRefused(ScanFault.UNKNOWN_FORM)),
        ("https://example.org", ScanRefused(ScanFault.UNKNOWN_FORM)),
        ("４", ScanRefused(ScanFault.UNKNOWN_FORM)),
    ],
)
def test_a_code_is_what_the_librarys_forms_say(code: str, what: object) -> None:
    assert sorted_as(code) == what


@pytest.mark.parametrize("code", [ITEM, CARD, "tpl12345", "B1", "https://example.org"])
def test_without_forms_any_code_may_be_an_items(code: str) -> None:
    assert sorted_as(code, ANY) == ItemScanned(code)


def test_without_forms_a_publishers_code_and_a_mobile_card_are_no_items_either() -> None:
    assert sorted_as(ISBN, ANY) == ScanRefused(ScanFault.PUBLISHER_CODE)
    assert isinstance(sorted_as(CODE, ANY), CardScanned)


def test_with_forms_of_cards_alone_every_other_code_may_be_an_items_but_for_a_misread_card() -> None:
    cards = CodeForms.read("", "2#{12}%")
    assert sorted_as(ITEM, cards) == ItemScanned(ITEM)
    assert sorted_as("21234000517860", cards) == ScanRefused(ScanFault.CHECK_DIGIT)


def test_a_publishers_code_is_no_item_even_where_thirteen_digits_are_the_rule() -> None:
    assert sorted_as(ISBN, CodeForms.read("#{13}", "")) == ScanRefused(ScanFault.PUBLISHER_CODE)


def test_what_the_scanner_could_not_read_is_nothing() -> None:
    assert sort_scan(ScanUnreadable("s", 0, "a line"), OF_THE_CITY) == ScanRefused(ScanFault.UNREADABLE)


@given(st.text(min_size=1, max_size=256), st.sampled_from([ANY, OF_THE_CITY]))
def test_every_text_is_one_thing_and_one_that_was_not_understood_is_kept_nowhere(code: str, forms: CodeForms) -> None:
    what = sorted_as(code, forms)
    assert isinstance(what, ItemScanned | CardScanned | ScanRefused)
    assert isinstance(what, ItemScanned) == (what == ItemScanned(code))
    if isinstance(what, CardScanned):
        assert len(code) < 3 or code not in repr(what)


def test_an_opener_is_a_card_that_was_laid_down_or_shown_and_nothing_else() -> None:
    card = BarcodeCard(CardUid.from_hex(CARD))
    assert opener_in(CardPresented(MINE, "r", 0)) == MINE
    assert opener_in(CardScanned(card)) == card
    assert [opener_in(one) for one in (ItemScanned(CARD), ScanRefused(ScanFault.CHECK_DIGIT), BarcodeScanned(CODE, "s", 0))] == [None] * 3


class TestTheDeskWhereScansComeIn:
    settings = KioskSettings(codes=OF_THE_CITY, scan_notice=5)

    def desk(self) -> ScanDesk:
        """After a scan that was nothing, at second 100."""
        desk = ScanDesk(self.settings)
        assert desk.sort(BarcodeScanned(ISBN, "s", 0), now=100) == ScanRefused(ScanFault.PUBLISHER_CODE)
        return desk

    def test_says_for_a_while_what_was_wrong(self) -> None:
        desk = self.desk()
        assert (desk.fault(now=104.9), desk.deadline(now=104.9)) == (ScanFault.PUBLISHER_CODE, 105)
        assert (desk.fault(now=105), desk.deadline(now=105)) == (None, None)

    def test_says_the_latest(self) -> None:
        desk = self.desk()
        desk.sort(ScanUnreadable("s", 0), now=103)
        assert (desk.fault(now=107), desk.deadline(now=107)) == (ScanFault.UNREADABLE, 108)

    @pytest.mark.parametrize("event", [BarcodeScanned(ITEM, "s", 0), BarcodeScanned(CARD, "s", 0), CardPresented(MINE, "r", 0)])
    def test_says_nothing_any_more_when_something_was_understood(self, event: BarcodeScanned | CardPresented) -> None:
        desk = self.desk()
        desk.sort(event, now=101)
        assert (desk.fault(now=101), desk.deadline(now=101)) == (None, None)

    @pytest.mark.parametrize("event", [Touched(), CardRemoved("r", 0)])
    def test_hands_on_what_is_no_scan_and_goes_on_saying_it(self, event: Touched | CardRemoved) -> None:
        desk = self.desk()
        assert desk.sort(event, now=101) is event
        assert desk.fault(now=101) is ScanFault.PUBLISHER_CODE
