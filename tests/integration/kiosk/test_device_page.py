"""A whole kiosk while staff look after its devices."""

from pathlib import Path

import pytest

from circulation.barcodes import CodeForms
from circulation.calibration import CalibrationOutcome
from circulation.cards import CardKind, CardUid, NumberForm
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, CardUnreadable, ScanUnreadable
from kiosk.events import BackChosen, BorrowChosen, DevicesChosen, FormSearchChosen, ModeChosen, NumberEntered, ReturnChosen, Touched
from kiosk.modes import Mode
from kiosk.scans import ScanFault
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Borrow, Goodbye, Home, OutOfService
from kiosk.view_devices import CardFault, CodeKind, Devices, FormSought
from kiosk.view_modes import CardCheck
from tests.builders import a_patron, an_item
from tests.kiosk_world import LIN, WANG, World, a_kiosk, a_mobile_code

WANG_IS = a_patron()
A_BOOK = an_item(barcode="B1")
PHONE, BLANK, STRANGER = "08A1B2C3", "00000000", "04A1B2C3D4E5F6"
MINUTES = KioskSettings().device_page


def a_branch(folder: Path, *, settings: KioskSettings | None = None) -> World:
    return a_kiosk(folder, cards={WANG: WANG_IS, LIN: a_patron()}, items=[A_BOOK], lost=[LIN], settings=settings)


def at_the_page(folder: Path, *, settings: KioskSettings | None = None) -> World:
    world = a_branch(folder, settings=settings)
    world.wait(17.5)  # at no full minute, when the core looks at its clock anyhow
    assert isinstance(world.say(DevicesChosen()), Devices)
    return world


def page(world: World) -> Devices:
    assert isinstance(world.screen, Devices)
    return world.screen


def sought(world: World) -> FormSought:
    shown = page(world).sought
    assert shown is not None
    return shown


def as_written(uid: str, form: NumberForm) -> str:
    return CardUid.from_hex(uid).written_as(form)


def compare(world: World, uid: str, form: NumberForm) -> FormSought:
    world.tap(uid)
    world.say(NumberEntered(as_written(uid, form)))
    return sought(world)


def test_a_card_says_how_it_was_read_and_opens_nothing(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)

    world.say(CardPresented(CardUid.from_hex(WANG), "reader 2", 0, kind_hint=CardKind.EASYCARD))

    tried = page(world).card
    assert tried is not None
    assert (tried.reader, tried.shown, tried.octets, tried.kind) == ("reader 2", WANG[-4:], len(WANG) // 2, CardKind.EASYCARD)
    assert (tried.known, tried.fault) == (True, None)
    assert WANG not in repr(world.outlet.views)
    assert "王" not in repr(world.outlet.views)


@pytest.mark.parametrize(
    ("uid", "known", "fault"), [(LIN, True, None), (STRANGER, False, None), (PHONE, None, CardFault.RANDOM), (BLANK, None, CardFault.BLANK)]
)
def test_of_a_card_it_is_said_whether_this_copy_knows_it_and_nothing_is_written_down(
    tmp_path: Path, *, uid: str, known: bool | None, fault: CardFault | None
) -> None:
    world = at_the_page(tmp_path)

    world.tap(uid)

    tried = page(world).card
    assert tried is not None
    assert (tried.known, tried.fault) == (known, fault)
    assert world.facts == []


def test_the_same_card_twice_is_another_try(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)
    world.tap(WANG)
    first = page(world).card
    world.say(CardRemoved("reader", 0))
    world.tap(WANG)

    assert page(world).card != first


def test_a_card_that_can_not_be_read_says_so(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)

    world.say(CardUnreadable("reader", 0, "no answer"))

    tried = page(world).card
    assert tried is not None
    assert tried.fault is CardFault.UNREADABLE


FORMS = KioskSettings(codes=CodeForms.read("30#{12}", "#{8}"))


def test_a_code_says_what_it_was_taken_for_and_nothing_is_lent(tmp_path: Path) -> None:
    world = at_the_page(tmp_path, settings=FORMS)

    def taken_for(*events: BarcodeScanned | ScanUnreadable) -> tuple[CodeKind | None, str, ScanFault | None]:
        world.say(*events)
        tried = page(world).code
        assert tried is not None
        return tried.kind, tried.text, tried.fault

    assert taken_for(BarcodeScanned("30234000517861", "scanner", 0)) == (CodeKind.ITEM, "30234000517861", None)
    assert taken_for(BarcodeScanned("30123456", "scanner", 0)) == (CodeKind.CARD, "", None)
    assert taken_for(BarcodeScanned(a_mobile_code(WANG_IS.id), "scanner", 0)) == (CodeKind.MOBILE, "", None)
    assert taken_for(BarcodeScanned("9789863426950", "scanner", 0)) == (None, "", ScanFault.PUBLISHER_CODE)
    assert taken_for(ScanUnreadable("scanner", 0)) == (None, "", ScanFault.UNREADABLE)
    assert world.view.scan_fault is None
    assert world.facts == []


def test_the_page_waits_until_nobody_is_here(tmp_path: Path) -> None:
    world = a_branch(tmp_path)
    world.tap(WANG)

    assert isinstance(world.say(DevicesChosen()), Home)
    world.scan("B1")
    assert isinstance(world.finish(), Goodbye)

    world.wait(60)

    page(world)


def test_books_that_wait_for_a_tap_are_somebodys(tmp_path: Path) -> None:
    world = a_branch(tmp_path)
    world.scan("B1")

    assert isinstance(world.say(DevicesChosen()), Attract)
    assert isinstance(world.tap(WANG), Borrow)


def test_it_closes_by_hand_and_the_next_card_is_a_patrons(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)

    assert isinstance(world.finish(), Attract)
    assert isinstance(world.tap(WANG), Home)


def test_it_closes_when_nobody_touches_it_and_every_touch_card_and_code_keeps_it_open(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)
    for event in (Touched(), CardPresented(CardUid.from_hex(WANG), "reader", 0), BarcodeScanned("B1", "scanner", 0), FormSearchChosen()):
        world.wait(MINUTES - 1)
        world.say(event)
    page(world)

    assert isinstance(world.wait(MINUTES - 1), Devices)
    assert world.core.next_deadline() == world.clock.seconds + 1
    assert isinstance(world.wait(1), Attract)
    assert isinstance(world.tap(WANG), Home)


def test_what_belongs_to_the_session_does_nothing_here(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)
    before = page(world)

    world.say(BorrowChosen(), ReturnChosen(), NumberEntered("1"))

    assert page(world) == before
    assert isinstance(world.finish(), Attract)


def test_what_belongs_to_the_page_does_nothing_while_it_is_closed(tmp_path: Path) -> None:
    world = a_branch(tmp_path)
    world.tap(WANG)

    assert isinstance(world.say(FormSearchChosen(), NumberEntered("1")), Home)


def test_a_kiosk_out_of_service_has_its_page_too_and_it_stays_while_the_kiosk_comes_back(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, replica=False)
    assert isinstance(world.screen, OutOfService)

    world.say(DevicesChosen())
    world.tap(WANG)

    tried = page(world).card
    assert tried is not None
    assert tried.known is None
    assert isinstance(world.finish(), OutOfService)


def test_it_closes_in_time_though_the_ledger_can_not_be_written(tmp_path: Path) -> None:
    world = at_the_page(tmp_path)
    world.core._ledger_again_at = world.clock.seconds + 10 * MINUTES
    world.wait(MINUTES - 1)

    assert world.core.next_deadline() == world.clock.seconds + 1
    assert isinstance(world.wait(1), OutOfService)


def test_a_check_of_cards_goes_on_afterwards_with_its_counters(tmp_path: Path) -> None:
    world = a_branch(tmp_path)
    world.say(ModeChosen(Mode.CARD_CHECK))
    world.tap(WANG)
    world.wait(10)

    world.say(DevicesChosen())
    world.tap(WANG)

    assert world.finish() == CardCheck(good=1)


class TestTheSearchForAForm:
    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        world = at_the_page(tmp_path)
        world.say(FormSearchChosen())
        return world

    def test_asks_for_a_card_then_for_its_number(self, world: World) -> None:
        assert sought(world).asked is None

        world.tap(WANG)

        assert sought(world).asked == WANG[-4:]

    def test_finds_the_form_that_alone_fits_and_keeps_no_number(self, world: World) -> None:
        last = compare(world, WANG, NumberForm.DECIMAL_LITTLE).last

        assert last is not None
        assert (last.found.outcome, last.found.forms) == (CalibrationOutcome.FOUND, (NumberForm.DECIMAL_LITTLE,))
        assert sought(world).is_over
        assert as_written(WANG, NumberForm.DECIMAL_LITTLE) not in repr(world.outlet.views)
        assert WANG not in repr(world.outlet.views)

    def test_a_number_that_is_not_of_the_card_does_not_count(self, world: World) -> None:
        world.tap(WANG)
        world.say(NumberEntered("12345"))

        last = sought(world).last
        assert last is not None
        assert last.found.outcome is CalibrationOutcome.NONE_FITS
        assert sought(world).compared == ()
        assert compare(world, WANG, NumberForm.HEX).compared == (WANG[-4:],)

    def test_a_card_that_was_compared_is_not_asked_for_again(self, world: World) -> None:
        both_ways = "AB1212AB"
        compare(world, both_ways, NumberForm.HEX)
        assert not sought(world).is_over

        world.tap(both_ways)

        assert (sought(world).asked, sought(world).fault) == (None, CardFault.COMPARED)

    @pytest.mark.parametrize(("uid", "fault"), [(PHONE, CardFault.RANDOM), (BLANK, CardFault.BLANK)])
    def test_a_card_without_a_number_of_its_own_is_refused_and_the_card_before_it_still_waits(
        self, world: World, uid: str, fault: CardFault
    ) -> None:
        world.tap(WANG)

        world.tap(uid)

        assert (sought(world).asked, sought(world).fault) == (WANG[-4:], fault)
        world.say(CardUnreadable("reader", 0))
        assert sought(world).fault is CardFault.UNREADABLE

    def test_a_card_that_slipped_is_the_same_and_another_one_takes_its_place(self, world: World) -> None:
        world.tap(WANG)
        laid = sought(world).laid
        world.tap(WANG)
        assert sought(world).laid == laid

        world.tap(LIN)

        assert sought(world).asked == LIN[-4:]
        assert sought(world).laid != laid

    def test_begins_again_from_nothing(self, world: World) -> None:
        compare(world, WANG, NumberForm.HEX)
        world.tap(LIN)
        assert sought(world).asked is None

        world.say(FormSearchChosen())

        assert (sought(world).compared, sought(world).last) == ((), None)
        world.tap(WANG)
        assert sought(world).asked == WANG[-4:]

    def test_a_number_without_a_card_and_a_code_change_nothing(self, world: World) -> None:
        before = sought(world)

        world.say(NumberEntered("12345"))
        world.scan("B1")

        assert sought(world) == before
        assert page(world).code is None

    def test_goes_back_to_the_list(self, world: World) -> None:
        world.tap(WANG)
        world.say(BackChosen())

        assert page(world).sought is None
        assert page(world).card is None
