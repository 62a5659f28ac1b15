"""Renewing at the kiosk, over the real encrypted files: every reason, one transaction, and what holds without the registry."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from circulation.facts import Renewed
from circulation.holds import HoldState
from circulation.items import ItemKind
from circulation.loans import Loan
from circulation.offline import OfflineLimits
from circulation.patrons import PatronClass
from circulation.reasons import Reason
from kiosk.events import RenewAllChosen, RenewChosen
from kiosk.settings import KioskSettings
from kiosk.view import Goodbye, Home, LoanLine, Loans, OutOfService, RenewalState, Sound
from replica.tables import ReplicaTable
from tests.builders import TODAY, a_block, a_hold, a_loan, a_patron, a_rule_set, an_item, opening_days, rules
from tests.kiosk_world import OTHER_BRANCH, WANG, World, a_change, a_kiosk, a_tombstone, hold_row, key_of, loan_row

WANGS = a_patron()
DUE = date(2026, 3, 20)
RENEWED = date(2026, 4, 10)
DAY = 24 * 3600


def a_book(**of: object) -> Loan:
    return replace(a_loan(patron=WANGS.id, due=DUE), **of)  # type: ignore[arg-type] # names of fields


def a_visit(folder: Path, *loans: Loan, settings: KioskSettings | None = None) -> World:
    world = a_kiosk(folder, cards={WANG: WANGS}, loans=loans, settings=settings)
    world.tap()
    return world


def the_line(world: World, number: int = 0) -> LoanLine:
    return world.my_loans().loans[number]


def test_a_loan_is_renewed_from_today_and_is_in_the_ledger_when_the_screen_says_so(tmp_path: Path) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    before = the_line(world)
    assert (before.due, before.renewal, before.renewals_left, before.reasons) == (DUE, RenewalState.POSSIBLE, 2, ())
    assert world.my_loans().can_renew == 1
    screen = world.say(RenewChosen(loan.id))
    assert isinstance(screen, Loans)
    (line,) = screen.loans
    assert (line.due, line.renewal, line.renewals_left, screen.can_renew) == (RENEWED, RenewalState.RENEWED, 1, 0)
    assert world.fact == Renewed(loan.id, WANGS.id, RENEWED, 1, key_of(WANG))
    assert world.outlet.sounds[-1] is Sound.GOOD


def test_the_new_due_date_is_there_after_a_restart_and_in_the_next_visit(tmp_path: Path) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    world.my_loans()
    world.say(RenewChosen(loan.id))
    world.restart()
    screen = world.tap()
    assert isinstance(screen, Home)
    assert screen.account.next_due == RENEWED
    line = the_line(world)
    assert (line.due, line.renewals_left) == (RENEWED, 1)


def test_two_taps_on_the_button_are_one_renewal(tmp_path: Path) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    world.my_loans()
    world.say(RenewChosen(loan.id), RenewChosen(loan.id), RenewAllChosen())
    assert len(world.facts) == 1


@pytest.mark.parametrize(
    ("loan", "reasons"),
    [
        ({"due": TODAY - timedelta(days=1)}, (Reason.LOAN_OVERDUE,)),
        ({"wanted": True}, (Reason.HELD_FOR_ANOTHER,)),
        ({"renewals": 2}, (Reason.RENEWALS_USED_UP,)),
        ({"kind": ItemKind.AUDIO_VISUAL}, (Reason.KIND_NOT_RENEWABLE,)),
        (
            {"due": TODAY - timedelta(days=1), "wanted": True, "renewals": 2},
            (Reason.LOAN_OVERDUE, Reason.HELD_FOR_ANOTHER, Reason.RENEWALS_USED_UP),
        ),
    ],
)
def test_every_reason_is_told_before_and_after_the_button(tmp_path: Path, loan: dict[str, object], reasons: tuple[Reason, ...]) -> None:
    book = a_book(**loan)
    world = a_visit(tmp_path, book)
    before = the_line(world)
    assert (before.renewal, before.reasons) == (RenewalState.NOT_POSSIBLE, reasons)
    screen = world.say(RenewChosen(book.id))
    assert isinstance(screen, Loans)
    (line,) = screen.loans
    assert (line.renewal, line.reasons, line.due) == (RenewalState.REFUSED, reasons, book.due)
    assert (line.renewals_left is None) == (book.kind is ItemKind.AUDIO_VISUAL)
    assert (world.facts, world.outlet.sounds[-1]) == ([], Sound.REFUSED)


@pytest.mark.parametrize(
    ("patron", "reasons"),
    [
        (replace(WANGS, expires=TODAY - timedelta(days=1)), (Reason.PATRON_EXPIRED,)),
        (replace(WANGS, blocks=(a_block(),)), (Reason.PATRON_BLOCKED,)),
        (replace(WANGS, patron_class=PatronClass.FAMILY), (Reason.NO_RULES,)),
    ],
)
def test_what_stands_against_the_patron_stands_against_every_renewal(tmp_path: Path, patron: object, reasons: tuple[Reason, ...]) -> None:
    assert isinstance(patron, type(WANGS))
    sets = [a_rule_set(by_class={PatronClass.PERSONAL: rules()})]
    world = a_kiosk(tmp_path, cards={WANG: patron}, loans=[a_book()], rule_sets=sets)
    world.tap()
    assert the_line(world).reasons == reasons


def test_where_the_calendar_has_no_open_day_nothing_is_renewed(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: WANGS}, loans=[a_book()], calendar=opening_days(weekly={}))
    world.tap()
    assert the_line(world).reasons == (Reason.NO_RULES,)


def test_a_new_due_date_on_a_closed_day_moves_to_the_next_open_one(tmp_path: Path) -> None:
    loan = a_book()
    world = a_kiosk(tmp_path, cards={WANG: WANGS}, loans=[loan], calendar=opening_days(closed=frozenset({RENEWED})))
    world.tap()
    world.my_loans()
    world.say(RenewChosen(loan.id))
    assert the_line(world).due == RENEWED + timedelta(days=1)


def test_at_half_past_eleven_at_night_in_utc_it_is_tomorrow_at_the_library(tmp_path: Path) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    world.clock.wall = datetime(2026, 3, 11, 16, 30, tzinfo=UTC)
    world.my_loans()
    world.say(RenewChosen(loan.id))
    assert the_line(world).due == RENEWED + timedelta(days=1)


def test_all_that_may_be_renewed_is_renewed_at_once_and_nothing_is_said_against_the_others(tmp_path: Path) -> None:
    free, other, wanted = a_book(), a_book(due=DUE + timedelta(days=1)), a_book(due=DUE + timedelta(days=2), wanted=True)
    world = a_visit(tmp_path, free, other, wanted)
    assert world.my_loans().can_renew == 2
    screen = world.say(RenewAllChosen())
    assert isinstance(screen, Loans)
    assert [(line.loan, line.due, line.renewal) for line in screen.loans if line.loan != wanted.id] == [
        (loan.id, RENEWED, RenewalState.RENEWED) for loan in sorted((free, other), key=lambda loan: loan.id)
    ]
    assert [(line.number, line.renewal) for line in screen.loans if line.loan == wanted.id] == [(1, RenewalState.NOT_POSSIBLE)]
    assert (len(world.facts), world.outlet.sounds[-1]) == (2, Sound.GOOD)
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert {line.loan for line in goodbye.renewed} == {free.id, other.id}
    assert {line.title for line in goodbye.renewed} == {""}


def test_an_item_of_another_branch_is_renewed_like_any_other(tmp_path: Path) -> None:
    loan = a_book(branch=OTHER_BRANCH, barcode="L1")
    world = a_visit(tmp_path, loan)
    world.my_loans()
    world.say(RenewChosen(loan.id))
    world.receive()
    assert (the_line(world).due, the_line(world).renewal) == (RENEWED, RenewalState.RENEWED)


def test_what_was_renewed_and_came_back_in_one_visit_is_on_the_slip_as_returned_only(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    loan = a_book(item=book.id)
    world = a_kiosk(tmp_path, cards={WANG: WANGS}, items=[book], loans=[loan])
    world.tap()
    world.my_loans()
    world.say(RenewChosen(loan.id))
    world.give_back("B1")
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert (goodbye.renewed, [line.barcode for line in goodbye.returned]) == ((), ["B1"])


def test_the_loan_of_another_patron_is_not_renewed(tmp_path: Path) -> None:
    theirs = a_loan(due=DUE)
    world = a_visit(tmp_path, theirs)
    world.my_loans()
    world.say(RenewChosen(theirs.id))
    assert world.facts == []


# -- without the registry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "first", "second"),
    [
        (15 * 60, (), (Reason.NO_DAYS_GAINED,)),
        (15 * 60 + 1, (), (Reason.NO_DAYS_GAINED, Reason.OFFLINE_LIMIT_REACHED)),
        (DAY, (), (Reason.NO_DAYS_GAINED, Reason.OFFLINE_LIMIT_REACHED)),
        (DAY + 1, (Reason.OFFLINE_TOO_LONG,), (Reason.OFFLINE_TOO_LONG,)),
        (6 * DAY, (Reason.OFFLINE_TOO_LONG,), (Reason.OFFLINE_TOO_LONG,)),
    ],
)
def test_without_the_registry_once_and_not_after_a_day(
    tmp_path: Path, away: float, first: tuple[Reason, ...], second: tuple[Reason, ...]
) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    world.offline(away)
    world.tap()
    assert the_line(world).reasons == first
    world.say(RenewChosen(loan.id))
    facts = [envelope.fact for envelope in world.facts]
    assert [fact.offline for fact in facts if isinstance(fact, Renewed)] == ([away > 15 * 60] if not first else [])
    world.finish()
    world.tap()
    assert the_line(world).reasons == second


def test_offline_each_loan_has_its_own_turn_and_a_new_period_gives_another(tmp_path: Path) -> None:
    first, second = a_book(), a_book(due=DUE + timedelta(days=1))
    world = a_visit(tmp_path, first, second)
    world.offline()
    world.tap()
    world.my_loans()
    world.say(RenewChosen(first.id))
    screen = world.say(RenewChosen(second.id))
    assert isinstance(screen, Loans)
    assert [line.renewal for line in screen.loans] == [RenewalState.RENEWED] * 2
    world.clock.pass_by(DAY)
    world.receive()
    world.offline()
    world.tap()
    assert world.my_loans().can_renew == 2


def test_offline_what_another_waits_for_is_not_renewed(tmp_path: Path) -> None:
    world = a_visit(tmp_path, a_book(wanted=True))
    world.offline()
    world.tap()
    assert the_line(world).reasons == (Reason.HELD_FOR_ANOTHER,)


def test_a_clock_far_behind_renews_nothing(tmp_path: Path) -> None:
    world = a_visit(tmp_path, a_book())
    world.clock.wall -= timedelta(days=1)
    world.restart()
    world.tap()
    assert the_line(world).reasons == (Reason.OFFLINE_TOO_LONG,)


def test_a_full_outbox_renews_nothing(tmp_path: Path) -> None:
    settings = replace(KioskSettings(), offline=OfflineLimits(most_unsent=1))
    first, second = a_book(), a_book(due=DUE + timedelta(days=1))
    world = a_visit(tmp_path, first, second, settings=settings)
    world.my_loans()
    screen = world.say(RenewAllChosen())
    assert isinstance(screen, Loans)
    assert len(world.facts) == 1
    assert [line.reasons for line in screen.loans if line.loan == second.id] == [(Reason.KIOSK_OUTBOX_FULL,)]


def test_while_one_looks_at_the_loans_the_feed_grows_too_old(tmp_path: Path) -> None:
    settings = replace(KioskSettings(), idle=3 * DAY)
    world = a_visit(tmp_path, a_book(), settings=settings)
    assert world.my_loans().can_renew == 1
    screen = world.wait(DAY + 60)
    assert isinstance(screen, Loans)
    assert (screen.can_renew, screen.loans[0].reasons) == (0, (Reason.OFFLINE_TOO_LONG,))


# -- the overlay of renewals, and news ------------------------------------------------------------------------------


def renewed_kiosk(folder: Path, loan: Loan) -> World:
    world = a_visit(folder, loan)
    world.my_loans()
    world.say(RenewChosen(loan.id))
    return world


def test_the_promised_date_holds_until_the_cursor_has_passed_and_then_the_registrys(tmp_path: Path) -> None:
    loan = a_book()
    world = renewed_kiosk(tmp_path, loan)
    world.answer(position=5)
    world.receive(a_change(4, ReplicaTable.LOAN, loan_row(replace(loan, title="新書名"))))
    assert (world.overlay, the_line(world).due) == (1, RENEWED)
    corrected = replace(loan, due=RENEWED - timedelta(days=1), renewals=1)
    world.receive(a_change(5, ReplicaTable.LOAN, loan_row(corrected)))
    assert (world.overlay, the_line(world).due, the_line(world).renewals_left) == (0, corrected.due, 1)


def test_a_renewed_loan_that_came_back_elsewhere_is_no_loan_any_more(tmp_path: Path) -> None:
    loan = a_book()
    world = renewed_kiosk(tmp_path, loan)
    world.receive(a_tombstone(5, ReplicaTable.LOAN, loan_row(loan)))
    assert world.my_loans().loans == ()


def test_a_book_lent_here_and_renewed_here_waits_for_the_answer_to_the_renewal(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: WANGS}, items=[book])
    world.tap()
    world.scan("B1")
    lent = world.line.loan
    assert lent is not None
    world.clock.pass_by(DAY)
    world.receive()
    world.tap()
    world.my_loans()
    world.say(RenewChosen(lent))
    world.answer(world.outlet.batches[0], position=5)
    world.receive(a_change(5, ReplicaTable.LOAN, loan_row(a_book(id=lent, item=book.id, due=RENEWED))))
    assert (world.overlay, the_line(world).due) == (1, RENEWED + timedelta(days=1))


def test_news_about_loans_and_holds_reach_the_open_screen(tmp_path: Path) -> None:
    loan, hold = a_book(), a_hold(patron=WANGS.id, pickup=OTHER_BRANCH, queue=3)
    world = a_kiosk(tmp_path, cards={WANG: WANGS}, loans=[loan], holds=[hold])
    world.tap()
    assert len(world.my_loans().waiting) == 1
    ready = replace(hold, state=HoldState.READY, shelf="A3", until=DUE)
    elsewhere = replace(loan, due=DUE + timedelta(days=9), renewals=2)
    world.receive(a_change(1, ReplicaTable.LOAN, loan_row(elsewhere)), a_change(2, ReplicaTable.HOLD, hold_row(ready)))
    screen = world.screen
    assert isinstance(screen, Loans)
    assert [(line.due, line.reasons) for line in screen.loans] == [(elsewhere.due, (Reason.RENEWALS_USED_UP,))]
    assert [(line.pickup, line.here, line.shelf, line.until) for line in screen.ready] == [("天母分館", False, "A3", DUE)]
    assert screen.waiting == ()
    world.receive(a_tombstone(3, ReplicaTable.HOLD, hold_row(ready)))
    assert isinstance(world.screen, Loans)
    assert world.screen.ready == ()


def test_an_unwritable_ledger_shows_no_renewal(tmp_path: Path) -> None:
    loan = a_book()
    world = a_visit(tmp_path, loan)
    world.my_loans()
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    assert world.say(RenewChosen(loan.id)) == OutOfService("ledger_unwritable")
    assert "renewed" not in repr([view.screen for view in world.outlet.views]).replace("renewed=()", "")
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    world.wait(31)
    world.tap()
    assert the_line(world).due == DUE
    assert world.facts == []
