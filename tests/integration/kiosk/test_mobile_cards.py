"""A mobile card at a kiosk: its code opens the patron's session by the kiosk's own replica, network or not (Q7-b, Q8-a, R14)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.blocks import BlockCode
from circulation.facts import CardReportedLost, CheckedOut, Renewed
from circulation.mobile_codes import PERIOD
from circulation.patrons import Patron
from circulation.wire import PinCheck
from kiosk.events import LossChosen, LossConfirmed, LostCardChosen, PinEntered, RegistryLost, RenewAllChosen, TitlesChosen
from kiosk.refusal import Refusal
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Borrow, CardRefused, Goodbye, Home, LineState, Loans, LossReported, PinPad, ReportLoss, Return
from replica.tables import ReplicaTable
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.kiosk_world import (
    LIN,
    WANG,
    World,
    a_change,
    a_kiosk,
    a_mobile_code,
    a_tombstone,
    card_row,
    key_of,
    mobile_key_row,
    patron_row,
)

WINDOWS = KioskSettings().code_skew + PERIOD
BOOK = an_item(barcode="30234000517861", title="小王子")
NEW_KEY = Ed25519PrivateKey.from_private_bytes(bytes([9] * 32))


@pytest.fixture
def wang() -> Patron:
    return a_patron(masked_name="王○○")


@pytest.fixture
def kiosk(tmp_path: Path, wang: Patron) -> World:
    return a_kiosk(
        tmp_path, cards={WANG: wang, LIN: a_patron(masked_name="林○○")}, items=[BOOK], loans=[a_loan(patron=wang.id, due=date(2026, 3, 14))]
    )


def code(kiosk: World, patron: Patron) -> str:
    """What the patron's phone shows now."""
    return a_mobile_code(patron.id, at=kiosk.clock.wall)


def refused(screen: object) -> Refusal:
    assert isinstance(screen, CardRefused)
    return screen.refusal


def test_q7_b_a_patron_who_handed_the_card_in_borrows_with_the_mobile_card(tmp_path: Path) -> None:
    pupil = a_patron(masked_name="陳○○")
    kiosk = a_kiosk(tmp_path, items=[BOOK])
    kiosk.receive(a_change(1, ReplicaTable.PATRON, patron_row(pupil)))
    home = kiosk.scan(code(kiosk, pupil))
    assert isinstance(home, Home)
    assert home.account.masked_name == "陳○○"
    kiosk.scan(BOOK.barcode)
    assert kiosk.line.state is LineState.BORROWED
    assert isinstance(kiosk.fact, CheckedOut)
    assert (kiosk.fact.patron, kiosk.fact.card, kiosk.fact.offline) == (pupil.id, None, False)
    assert isinstance(kiosk.finish(), Goodbye)


def test_q8_a_a_code_opens_the_session_while_the_network_is_down(kiosk: World, wang: Patron) -> None:
    kiosk.offline(seconds=3600)
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)
    kiosk.scan(BOOK.barcode)
    assert isinstance(kiosk.fact, CheckedOut)
    assert (kiosk.fact.card, kiosk.fact.offline) == (None, True)


def test_r21_a_bare_code_shows_what_a_bare_card_shows(kiosk: World, wang: Patron) -> None:
    by_card, loans_by_card = kiosk.tap(), kiosk.my_loans()
    kiosk.finish()
    kiosk.wait(20)
    assert kiosk.scan(code(kiosk, wang)) == by_card
    assert kiosk.my_loans() == loans_by_card
    assert loans_by_card.titles_hidden
    assert isinstance(kiosk.say(TitlesChosen()), PinPad)
    kiosk.say(PinEntered("2468"))
    assert kiosk.outlet.asks[-1][1] == PinCheck(patron=wang.id, pin="2468")


def test_r14_a_mobile_card_is_a_view_of_the_account_and_not_of_a_card(kiosk: World, wang: Patron) -> None:
    kiosk.receive(a_change(1, ReplicaTable.CARD, card_row(WANG, wang, lost=True)))
    assert refused(kiosk.tap()) is Refusal.LOST
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)
    kiosk.finish()
    kiosk.receive(a_tombstone(2, ReplicaTable.CARD, card_row(WANG, wang)))
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)


def test_r14_a_mobile_card_ends_with_the_account(kiosk: World, wang: Patron) -> None:
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)
    kiosk.receive(a_tombstone(1, ReplicaTable.PATRON, patron_row(wang)))
    assert refused(kiosk.screen) is Refusal.ACCOUNT_UNKNOWN
    assert refused(kiosk.scan(code(kiosk, wang))) is Refusal.ACCOUNT_UNKNOWN
    assert refused(kiosk.tap()) is Refusal.UNKNOWN


def test_an_expired_and_blocked_account_is_handled_as_with_a_card(tmp_path: Path) -> None:
    old = a_patron(expires=date(2026, 1, 1), blocks=(a_block(BlockCode.FEES),))
    kiosk = a_kiosk(tmp_path, cards={WANG: old}, items=[BOOK])
    kiosk.tap()
    kiosk.scan(BOOK.barcode)
    by_card = kiosk.line
    kiosk.finish()
    kiosk.wait(20)
    kiosk.scan(code(kiosk, old))
    kiosk.scan(BOOK.barcode)
    assert kiosk.line == by_card
    assert kiosk.line.state is LineState.REFUSED


def test_an_old_screenshot_opens_nothing(kiosk: World, wang: Patron) -> None:
    screenshot = code(kiosk, wang)
    assert isinstance(kiosk.scan(screenshot), Home)
    kiosk.finish()
    kiosk.clock.pass_by(WINDOWS.total_seconds())
    assert refused(kiosk.scan(screenshot)) is Refusal.CODE_EXPIRED
    for days in (1, 30, 400):
        kiosk.clock.pass_by(days * 86_400.0)
        assert refused(kiosk.scan(screenshot)) is Refusal.CODE_EXPIRED
    assert kiosk.facts == []


def test_every_other_bad_code_has_its_own_word(kiosk: World, wang: Patron) -> None:
    soon, false = kiosk.clock.wall + timedelta(minutes=2), a_mobile_code(wang.id, key=NEW_KEY)
    assert refused(kiosk.scan(a_mobile_code(wang.id, at=soon))) is Refusal.CODE_NOT_YET_VALID
    assert refused(kiosk.scan(false)) is Refusal.CODE_WRONG_SIGNATURE
    assert refused(kiosk.scan(a_mobile_code(wang.id, number=2))) is Refusal.CODE_UNKNOWN_KEY
    assert refused(kiosk.scan(code(kiosk, wang)[:-3])) is Refusal.CODE_MALFORMED
    assert refused(kiosk.scan(code(kiosk, a_patron()))) is Refusal.ACCOUNT_UNKNOWN
    assert isinstance(kiosk.wait(8), Attract)


def test_a_new_key_is_learnt_from_the_feed_and_an_old_one_forgotten(kiosk: World, wang: Patron) -> None:
    kiosk.receive(a_change(1, ReplicaTable.MOBILE_KEY, mobile_key_row(2, NEW_KEY)))
    kiosk.say(RegistryLost("no route"))
    assert isinstance(kiosk.scan(a_mobile_code(wang.id, number=2, key=NEW_KEY)), Home)
    kiosk.finish()
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)
    kiosk.finish()
    kiosk.restart()
    kiosk.receive(a_tombstone(2, ReplicaTable.MOBILE_KEY, mobile_key_row(1, NEW_KEY)))
    assert refused(kiosk.scan(code(kiosk, wang))) is Refusal.CODE_UNKNOWN_KEY
    assert isinstance(kiosk.scan(a_mobile_code(wang.id, number=2, key=NEW_KEY)), Home)


def test_a_key_without_the_registrys_word_for_it_is_none(kiosk: World, wang: Patron) -> None:
    forged = mobile_key_row(2, NEW_KEY, by=NEW_KEY)
    borrowed = mobile_key_row(1, NEW_KEY)
    kiosk.receive(
        a_change(1, ReplicaTable.MOBILE_KEY, forged),
        a_change(2, ReplicaTable.MOBILE_KEY, type(forged)(3, borrowed.public_key, borrowed.signature)),
    )
    for number in (2, 3):
        assert refused(kiosk.scan(a_mobile_code(wang.id, number=number, key=NEW_KEY))) is Refusal.CODE_UNKNOWN_KEY


def test_a_wall_clock_that_is_wrong_harms_no_code_while_the_registry_is_heard(kiosk: World, wang: Patron) -> None:
    good = code(kiosk, wang)
    kiosk.clock.wall += timedelta(hours=3)
    assert isinstance(kiosk.scan(good), Home)


def test_a_clock_in_doubt_takes_no_codes_and_goes_on_taking_cards(kiosk: World, wang: Patron) -> None:
    kiosk.offline(seconds=3600)
    kiosk.clock.wall -= timedelta(minutes=10)
    assert refused(kiosk.scan(code(kiosk, wang))) is Refusal.CODE_CLOCK
    assert isinstance(kiosk.tap(), Home)


def test_a_clock_set_back_over_a_restart_revives_no_screenshot(kiosk: World, wang: Patron) -> None:
    screenshot = code(kiosk, wang)
    kiosk.clock.pass_by(86_400)
    kiosk.receive()
    kiosk.clock.wall -= timedelta(seconds=86_400)
    kiosk.restart()
    assert refused(kiosk.scan(screenshot)) is Refusal.CODE_CLOCK


def test_a_code_is_never_an_item_and_another_card_never_joins(kiosk: World, wang: Patron) -> None:
    kiosk.tap()
    kiosk.scan(BOOK.barcode)
    before = kiosk.screen
    assert kiosk.scan(code(kiosk, wang)) == before
    assert kiosk.view.other_card
    assert isinstance(before, Borrow)
    assert len(kiosk.facts) == 1
    kiosk.finish()
    kiosk.wait(20)
    kiosk.scan(code(kiosk, wang))
    kiosk.tap(LIN)
    assert kiosk.view.other_card
    assert isinstance(kiosk.screen, Home)
    assert kiosk.screen.account.masked_name == "王○○"


def test_a_code_shown_beside_items_that_come_back_opens_the_return_screen_of_its_patron(kiosk: World, wang: Patron) -> None:
    kiosk.give_back(BOOK.barcode)
    kiosk.scan(code(kiosk, wang))
    assert isinstance(kiosk.screen, Return)
    assert kiosk.screen.account is not None
    assert kiosk.screen.account.masked_name == "王○○"
    kiosk.finish()
    kiosk.wait(20)
    kiosk.give_back(BOOK.barcode)
    facts = len(kiosk.facts)
    assert refused(kiosk.scan(code(kiosk, wang)[:-1])) is Refusal.CODE_MALFORMED
    assert len(kiosk.facts) == facts


def test_renewals_and_losses_by_a_mobile_card_name_no_card(kiosk: World, wang: Patron) -> None:
    kiosk.scan(code(kiosk, wang))
    assert isinstance(kiosk.my_loans(), Loans)
    kiosk.say(RenewAllChosen())
    renewal = next(one.fact for one in kiosk.facts if isinstance(one.fact, Renewed))
    assert renewal.card is None
    screen = kiosk.say(LossChosen())
    assert isinstance(screen, ReportLoss)
    assert len(screen.cards) == 1
    assert isinstance(kiosk.say(LostCardChosen(1), LossConfirmed()), LossReported)
    assert kiosk.fact == CardReportedLost(key_of(WANG), wang.id, None)
    kiosk.finish()
    assert refused(kiosk.tap()) is Refusal.LOST
    assert isinstance(kiosk.scan(code(kiosk, wang)), Home)


def test_a_patron_row_that_this_version_can_not_read_opens_nothing(kiosk: World, wang: Patron) -> None:
    # Damaged past the feed's own checks.
    assert kiosk.core._feed.in_use is not None
    connection = kiosk.core._feed.in_use.replica.read._connection
    connection.exec_driver_sql("UPDATE patron SET patron_class = 'visitor'")
    connection.commit()
    assert refused(kiosk.scan(code(kiosk, wang))) is Refusal.ACCOUNT_UNKNOWN
    assert refused(kiosk.tap()) is Refusal.UNKNOWN


def test_what_is_logged_of_a_code_names_nobody(
    kiosk: World, wang: Patron, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = code(kiosk, wang)
    kiosk.scan(shown)
    said = caplog.text + "".join(capsys.readouterr())
    assert "mobile_code" in said
    assert shown not in said
    assert str(wang.id) not in said
