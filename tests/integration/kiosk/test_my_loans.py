"""My loans and holds, and the PIN before their titles (R21); reporting a loss without a card. What is asked is asked online only."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from circulation.cards import CardKind
from circulation.holds import HoldState
from circulation.wire import LossRequest, PinCheck, PinVerdict
from kiosk.events import (
    BackChosen,
    FinishChosen,
    LossByIdEntered,
    LossByIdTaken,
    LossChosen,
    PinAnswered,
    PinEntered,
    QuestionFailed,
    RegistryLost,
    RenewAllChosen,
    StillHereChosen,
    TitlesChosen,
)
from kiosk.settings import KioskSettings
from kiosk.view import (
    Attract,
    Borrow,
    Goodbye,
    HoldLine,
    Home,
    Loans,
    LossReported,
    PinPad,
    PinProblem,
    ReportLossById,
    Sound,
    StillHere,
)
from tests.builders import TODAY, a_hold, a_loan, a_patron, an_item
from tests.kiosk_world import LIN, OTHER_BRANCH, WANG, World, a_kiosk

ME = a_patron()
LOCKED_UNTIL = a_loan().lent_at + timedelta(hours=3)
FORM = LossByIdEntered("A123456789", date(2015, 5, 6), CardKind.EASYCARD)


def a_reader(folder: Path, settings: KioskSettings | None = None) -> World:
    loans = [
        a_loan(patron=ME.id, title="秘密一", due=TODAY + timedelta(days=9)),
        a_loan(patron=ME.id, title="秘密二", due=TODAY - timedelta(days=1)),
        a_loan(patron=ME.id, title="秘密三", due=TODAY + timedelta(days=2)),
        a_loan(title="秘密四"),
    ]
    holds = [
        a_hold(patron=ME.id, title="秘密五", queue=7),
        a_hold(patron=ME.id, title="秘密六", state=HoldState.READY, shelf="B2", until=TODAY + timedelta(days=3), queue=0),
        a_hold(patron=ME.id, title="秘密七", state=HoldState.READY, pickup=OTHER_BRANCH, until=TODAY + timedelta(days=1), queue=0),
        a_hold(patron=ME.id, title="秘密八", queue=2),
        a_hold(title="秘密九", state=HoldState.READY),
    ]
    lin = a_patron(masked_name="林○○")
    return a_kiosk(folder, cards={WANG: ME, LIN: lin}, loans=loans, holds=holds, settings=settings, items=[an_item(barcode="B1")])


def at_the_pad(world: World, pin: str = "2468") -> UUID:
    """Card, my loans, titles, PIN: the ticket of the question."""
    world.tap()
    world.my_loans()
    world.say(TitlesChosen(), PinEntered(pin))
    ticket, question = world.outlet.asks[-1]
    assert question == PinCheck(patron=ME.id, pin=pin)
    return ticket


def test_r21_home_counts_holds_and_names_none(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    screen = world.tap()
    assert isinstance(screen, Home)
    account = screen.account
    assert (account.holds_ready, account.holds_ready_here, account.holds_waiting) == (2, 1, 2)
    assert "秘密" not in repr(world.outlet.views)


def test_r21_my_loans_come_by_due_date_and_ready_holds_apart_from_those_that_wait_without_any_title(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.tap()
    screen = world.my_loans()
    assert [(line.number, line.due, line.overdue) for line in screen.loans] == [
        (1, TODAY - timedelta(days=1), True),
        (2, TODAY + timedelta(days=2), False),
        (3, TODAY + timedelta(days=9), False),
    ]
    assert screen.ready == (
        HoldLine("", "天母分館", here=False, until=TODAY + timedelta(days=1), state=HoldState.READY),
        HoldLine("", "總館", here=True, shelf="B2", until=TODAY + timedelta(days=3), state=HoldState.READY),
    )
    assert [line.queue for line in screen.waiting] == [2, 7]
    assert (screen.titles_hidden, screen.can_renew) == (True, 2)
    assert "秘密" not in repr(world.outlet.views)


def test_rule_holds_what_is_on_its_way_stands_before_the_queues_and_has_no_shelf_yet(tmp_path: Path) -> None:
    holds = [
        a_hold(patron=ME.id, title="秘密一", queue=1),
        a_hold(patron=ME.id, title="秘密二", state=HoldState.SET_ASIDE, shelf="7", queue=0),
    ]
    world = a_kiosk(tmp_path, cards={WANG: ME}, holds=holds, items=[an_item(barcode="B1")])
    world.tap()
    screen = world.my_loans()
    assert screen.ready == ()
    assert [(line.state, line.shelf, line.queue) for line in screen.waiting] == [(HoldState.SET_ASIDE, "", 0), (HoldState.WAITING, "", 1)]


def test_a_right_pin_shows_the_titles_for_this_visit_and_for_no_other(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    ticket = at_the_pad(world)
    assert world.screen == PinPad(checking=True, tries_left=3)
    screen = world.say(PinAnswered(ticket, PinVerdict.RIGHT))
    assert isinstance(screen, Loans)
    assert not screen.titles_hidden
    assert [line.title for line in screen.loans] == ["秘密二", "秘密三", "秘密一"]
    assert [line.title for line in (*screen.ready, *screen.waiting)] == ["秘密七", "秘密六", "秘密八", "秘密五"]
    assert world.outlet.sounds[-1] is Sound.GOOD
    world.say(BackChosen())
    assert not world.my_loans().titles_hidden
    world.receive()
    assert not world.my_loans().titles_hidden
    world.say(RenewAllChosen())
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert {line.title for line in goodbye.renewed} == {"秘密一", "秘密三"}
    shown = len(world.outlet.views)
    world.tap()
    assert world.my_loans().titles_hidden
    assert "秘密" not in repr(world.outlet.views[shown:])


def test_the_countdown_hides_titles_and_coming_back_shows_them_again(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.say(PinAnswered(at_the_pad(world), PinVerdict.RIGHT))
    world.wait(20)
    assert isinstance(world.screen, StillHere)
    assert "秘密" not in repr(world.view)
    screen = world.say(StillHereChosen())
    assert isinstance(screen, Loans)
    assert not screen.titles_hidden


def test_a_wrong_pin_leaves_two_more_and_the_third_ends_the_pad(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.say(PinAnswered(at_the_pad(world), PinVerdict.WRONG))
    assert world.screen == PinPad(problem=PinProblem.WRONG, tries_left=2)
    assert world.outlet.sounds[-1] is Sound.REFUSED
    world.say(PinEntered("1"))
    world.say(PinAnswered(world.outlet.asks[-1][0], PinVerdict.WRONG), PinEntered("2"))
    screen = world.say(PinAnswered(world.outlet.asks[-1][0], PinVerdict.WRONG))
    assert isinstance(screen, Loans)
    assert (screen.titles_hidden, world.outlet.sounds[-1]) == (True, Sound.REFUSED)
    assert world.say(TitlesChosen(), PinEntered("3")) == PinPad(problem=PinProblem.WRONG, tries_left=0)
    assert len(world.outlet.asks) == 3


@pytest.mark.parametrize(
    ("verdict", "until", "problem"),
    [(PinVerdict.LOCKED, LOCKED_UNTIL, PinProblem.LOCKED), (PinVerdict.NONE, None, PinProblem.NONE)],
)
def test_a_locked_pin_says_until_when_and_one_that_was_never_set_says_so(
    tmp_path: Path, verdict: PinVerdict, until: None, problem: PinProblem
) -> None:
    world = a_reader(tmp_path)
    screen = world.say(PinAnswered(at_the_pad(world), verdict, until))
    assert screen == PinPad(problem=problem, tries_left=3, locked_until=until)
    assert world.say(RegistryLost("no route")) == PinPad(problem=PinProblem.OFFLINE, tries_left=3)
    assert isinstance(world.say(BackChosen()), Loans)


def test_without_the_registry_the_pad_says_so_before_anybody_types_and_asks_nothing(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.tap()
    world.say(RegistryLost("no route"))
    world.my_loans()
    assert world.say(TitlesChosen()) == PinPad(problem=PinProblem.OFFLINE, tries_left=3)
    assert world.say(PinEntered("2468")) == PinPad(problem=PinProblem.OFFLINE, tries_left=3)
    assert world.outlet.asks == []
    assert world.outlet.sounds[-1] is Sound.REFUSED


def test_a_question_that_failed_says_so_and_may_be_asked_again(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    ticket = at_the_pad(world)
    assert world.say(QuestionFailed(ticket)) == PinPad(problem=PinProblem.OFFLINE, tries_left=3)
    world.say(PinEntered("2468"))
    assert world.outlet.asks[-1][0] != ticket
    screen = world.say(PinAnswered(world.outlet.asks[-1][0], PinVerdict.RIGHT))
    assert isinstance(screen, Loans)
    assert not screen.titles_hidden


def test_an_answer_that_comes_when_the_next_patron_is_there_opens_nothing(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    ticket = at_the_pad(world)
    world.finish()
    world.tap(LIN)
    world.my_loans()
    world.say(TitlesChosen())
    assert world.say(PinAnswered(ticket, PinVerdict.RIGHT)) == PinPad(tries_left=3)
    world.say(PinEntered("1357"))
    assert world.say(PinAnswered(ticket, PinVerdict.RIGHT)) == PinPad(checking=True, tries_left=3)
    assert world.say(PinAnswered(uuid4(), PinVerdict.RIGHT)) == PinPad(checking=True, tries_left=3)


def test_a_pin_is_asked_about_once_however_often_the_key_is_pressed(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    at_the_pad(world)
    world.say(PinEntered("2468"), PinEntered("1111"))
    assert len(world.outlet.asks) == 1


def test_r21_a_branch_that_wants_no_pin_shows_titles_at_once(tmp_path: Path) -> None:
    world = a_reader(tmp_path, KioskSettings(titles_need_pin=False))
    world.tap()
    assert world.my_loans().titles_hidden
    screen = world.say(TitlesChosen())
    assert isinstance(screen, Loans)
    assert (screen.titles_hidden, screen.loans[0].title) == (False, "秘密二")
    assert world.outlet.asks == []


def test_a_scan_at_the_pad_borrows(tmp_path: Path) -> None:
    world = a_reader(tmp_path, KioskSettings())
    at_the_pad(world)
    assert isinstance(world.scan("B1"), Borrow)


def test_neither_pin_nor_title_nor_name_is_logged_or_kept(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    with capture_logs() as logs:
        ticket = at_the_pad(world, "97531")
        assert "97531" not in repr(world.core._state)
        world.say(PinAnswered(ticket, PinVerdict.RIGHT), BackChosen(), FinishChosen())
        world.wait(60)
        world.say(LossChosen(), FORM)
    said = repr(logs)
    assert [log["event"] for log in logs].count("question") == 2
    for secret in ("97531", "秘密", "王", "A123456789", "2015"):
        assert secret not in said
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"97531" not in files


# -- a loss without a card ------------------------------------------------------------------------------------------


def test_a_loss_is_reported_without_a_card_and_the_answer_says_nothing_of_anybody(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    assert world.say(LossChosen()) == ReportLossById()
    assert world.say(FORM) == ReportLossById(sending=True)
    ((ticket, question),) = world.outlet.asks
    assert question == LossRequest(national_id="A123456789", birth_date=date(2015, 5, 6), kind=CardKind.EASYCARD)
    assert "A123456789" not in repr(world.core._state)
    screen = world.say(LossByIdTaken(ticket))
    assert screen == LossReported(CardKind.EASYCARD, told=True, ends_at=world.clock.seconds + 12, by_id=True)
    assert (world.facts, world.outlet.sounds[-1]) == ([], Sound.GOOD)
    assert world.wait(12) == Attract()


def test_without_the_registry_the_form_shows_telephone_and_address_and_sends_nothing(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.say(RegistryLost("no route"))
    assert world.say(LossChosen()) == ReportLossById(offline=True)
    assert world.say(FORM) == ReportLossById(offline=True)
    assert world.outlet.asks == []
    assert world.say(BackChosen()) == Attract()


def test_a_report_that_failed_shows_telephone_and_address(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.say(LossChosen(), FORM)
    assert world.say(QuestionFailed(world.outlet.asks[0][0])) == ReportLossById(offline=True)
    assert world.outlet.sounds[-1] is Sound.REFUSED


def test_a_form_that_was_left_hears_no_answer(tmp_path: Path) -> None:
    world = a_reader(tmp_path)
    world.say(LossChosen(), FORM)
    (ticket, _) = world.outlet.asks[0]
    assert world.wait(30) == Attract()
    assert world.say(LossByIdTaken(ticket)) == Attract()
    world.say(LossChosen())
    assert world.say(LossByIdTaken(ticket)) == ReportLossById()
