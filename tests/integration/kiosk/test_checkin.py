"""Taking back, over the real encrypted files: never refused, with a card or without, known items and strangers."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from circulation.checkins import CheckinNote, Destination
from circulation.facts import CheckedIn, CheckedOut
from circulation.items import ItemStatus
from circulation.offline import OfflineLimits
from circulation.reasons import Reason
from kiosk.events import BackChosen, BatchRefused, BorrowChosen, ReturnChosen
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Borrow, Goodbye, Home, LineState, Return, ReturnLine, Sound
from replica.tables import ReplicaTable
from tests.builders import TODAY, a_loan, a_patron, an_item
from tests.kiosk_world import LIN, OTHER_BRANCH, WANG, World, a_change, a_kiosk, a_tombstone, item_row, loan_row

TITLE = "小王子"
SHELF = (Destination.SHELF, "", ())


def of(line: ReturnLine) -> tuple[Destination, str, tuple[CheckinNote, ...]]:
    assert line.taken
    return line.destination, line.send_to, line.notes


def came_back(world: World) -> CheckedIn:
    assert isinstance(world.fact, CheckedIn)
    return world.fact


def test_a_return_needs_no_card_and_is_in_the_ledger_when_the_screen_says_so(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    loan = a_loan(item=book.id, barcode="B1")
    world = a_kiosk(tmp_path, items=[book], loans=[loan])
    assert world.say(ReturnChosen()) == Return()
    assert world.scan("B1") == Return((ReturnLine(1, TITLE, "B1", Destination.SHELF),), 1)
    (envelope,) = world.facts
    assert envelope.fact == CheckedIn("B1", book.id, loan.id)
    assert envelope.correlation
    assert world.outlet.sounds == [Sound.GOOD]
    assert world.finish() == Goodbye((), world.clock.seconds + 8, returned=(ReturnLine(1, TITLE, "B1", Destination.SHELF),))
    assert world.wait(8) == Attract()


def test_in_a_visit_the_patrons_own_loan_is_over_at_once(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book], loans=[a_loan(patron=wang.id, item=book.id), a_loan(patron=wang.id)])
    world.tap()
    world.give_back("B1")
    screen = world.screen
    assert isinstance(screen, Return)
    assert screen.account is not None
    assert (screen.returned, screen.account.on_loan) == (1, 1)
    home = world.say(BackChosen())
    assert isinstance(home, Home)
    assert home.account.on_loan == 1
    assert len(world.my_loans().loans) == 1
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert [line.barcode for line in goodbye.returned] == ["B1"]


def test_what_came_back_here_is_free_for_the_next_patron_before_the_registry_has_heard_of_it(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: a_patron()}, items=[book], loans=[a_loan(patron=wang.id, item=book.id)])
    world.give_back("B1")
    world.restart()
    screen = world.tap(WANG)
    assert isinstance(screen, Home)
    assert screen.account.on_loan == 0
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


@pytest.mark.parametrize(
    ("item", "loan", "expected"),
    [
        ({}, {}, SHELF),
        ({}, {"due": TODAY - timedelta(days=3)}, (Destination.SHELF, "", (CheckinNote.OVERDUE,))),
        ({}, {"wanted": True}, (Destination.STAFF, "", (CheckinNote.WANTED,))),
        ({}, None, (Destination.SHELF, "", (CheckinNote.NOT_ON_LOAN,))),
        ({"status": ItemStatus.MISSING}, None, (Destination.SHELF, "", (CheckinNote.NOT_ON_LOAN, CheckinNote.WAS_MISSING))),
        ({"status": ItemStatus.CLAIMED_RETURNED}, {}, (Destination.SHELF, "", (CheckinNote.WAS_MISSING,))),
        ({"status": ItemStatus.ON_HOLD_SHELF}, None, (Destination.HOLD_SHELF, "", (CheckinNote.NOT_ON_LOAN,))),
        ({"status": ItemStatus.DAMAGED}, {}, (Destination.STAFF, "", (CheckinNote.NEEDS_STAFF,))),
        ({"status": ItemStatus.IN_LIBRARY_ONLY}, {}, SHELF),
    ],
)
def test_where_an_item_of_this_branch_is_to_be_put(
    tmp_path: Path,
    item: dict[str, ItemStatus],
    loan: dict[str, date | bool] | None,
    expected: tuple[Destination, str, tuple[CheckinNote, ...]],
) -> None:
    book = replace(an_item(barcode="B1"), **item)  # type: ignore[arg-type] # a column of the table
    loans = [] if loan is None else [replace(a_loan(item=book.id, barcode="B1"), **loan)]  # type: ignore[arg-type] # a column of the table
    world = a_kiosk(tmp_path, items=[book], loans=loans)
    line = world.give_back("B1")
    assert of(line) == expected
    assert line.days_late == (3 if CheckinNote.OVERDUE in line.notes else 0)
    assert came_back(world).loan == (loans[0].id if loans else None)
    assert world.outlet.sounds[-1] is (Sound.REFUSED if line.destination is Destination.STAFF else Sound.GOOD)


def test_an_item_of_another_branch_is_known_by_its_loan_and_gets_a_routing_slip(tmp_path: Path) -> None:
    wang = a_patron()
    loan = a_loan(patron=wang.id, barcode="L1", branch=OTHER_BRANCH, title="手斧男孩")
    world = a_kiosk(tmp_path, cards={WANG: wang}, loans=[loan])
    world.tap()
    line = world.give_back("L1")
    assert (line.title, *of(line)) == ("手斧男孩", Destination.OTHER_BRANCH, "天母分館", ())
    assert world.fact == CheckedIn("L1", loan.item, loan.id, OTHER_BRANCH)
    assert world.my_loans().loans == ()


def test_a_branch_that_is_not_known_by_name_is_named_by_its_code(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, loans=[a_loan(barcode="L1", branch="N99")])
    assert of(world.give_back("L1")) == (Destination.OTHER_BRANCH, "N99", ())


def test_an_item_of_another_branch_that_came_back_here_is_on_its_way_home_and_lent_to_nobody(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, loans=[a_loan(barcode="L1", branch=OTHER_BRANCH)])
    world.give_back("L1")
    world.finish()
    world.tap()
    world.scan("L1")
    assert (world.line.title, world.line.reasons) == (TITLE, (Reason.ITEM_IN_TRANSIT,))


def test_who_has_an_item_of_another_branch_is_told_so_on_the_borrow_screen(tmp_path: Path) -> None:
    wang = a_patron()
    loans = [a_loan(patron=wang.id, barcode="L1", branch=OTHER_BRANCH), a_loan(barcode="L2", branch=OTHER_BRANCH)]
    world = a_kiosk(tmp_path, cards={WANG: wang}, loans=loans)
    world.tap()
    world.scan("L1")
    assert (world.line.reasons, world.line.due) == ((Reason.ITEM_ALREADY_YOURS,), date(2026, 4, 10))
    world.scan("L2")
    assert world.line.reasons == (Reason.ITEM_ON_LOAN,)


def test_an_item_that_nobody_knows_is_taken_back_and_goes_to_a_librarian(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    line = world.give_back("<img src='http://x'>")
    assert (line.title, *of(line)) == ("", Destination.STAFF, "", (CheckinNote.ITEM_UNKNOWN,))
    assert world.fact == CheckedIn("<img src='http://x'>")
    assert isinstance(world.screen, Return)
    assert world.screen.returned == 1


def test_a_code_too_long_to_be_an_items_goes_to_a_librarian_and_into_no_fact(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    line = world.give_back("9" * 65)
    assert (line.taken, line.destination) == (False, Destination.STAFF)
    assert line.notes == (CheckinNote.ITEM_UNKNOWN, CheckinNote.NEEDS_STAFF)
    assert world.facts == []
    assert world.finish() == Attract()


@pytest.mark.parametrize("with_card", [True, False])
def test_the_same_item_twice_is_one_return_and_says_so(tmp_path: Path, with_card: bool) -> None:  # noqa: FBT001 - a parameter of the test
    book = an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[book], loans=[a_loan(item=book.id)])
    if with_card:
        world.tap()
    line = world.give_back("B1", "X9", "B1")
    assert (line.again, line.taken, line.number, line.notes) == (True, True, 3, ())
    assert isinstance(world.screen, Return)
    assert [one.barcode for one in world.screen.lines] == ["B1", "X9"]
    assert (world.screen.returned, len(world.facts)) == (2, 2)
    assert world.give_back("X9").again
    assert len(world.facts) == 2


def test_an_item_that_came_back_was_lent_and_comes_back_again_is_a_return_of_its_own(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.scan("B1")
    world.give_back("B1")
    world.say(BorrowChosen())
    world.scan("B1")
    line = world.give_back("B1")
    assert not line.again
    assert [type(envelope.fact) for envelope in world.facts] == [CheckedOut, CheckedIn, CheckedOut, CheckedIn]
    assert came_back(world).loan == getattr(world.facts[2].fact, "loan", None)


def test_what_was_borrowed_and_came_back_in_one_visit_stands_on_the_slip_as_returned_only(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    world.tap()
    world.scan("B1", "B2")
    world.give_back("B1")
    borrow = world.say(BorrowChosen())
    assert isinstance(borrow, Borrow)
    assert [(line.barcode, line.state) for line in borrow.lines] == [("B2", LineState.BORROWED), ("B1", LineState.PUT_BACK)]
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert ([line.barcode for line in goodbye.lines], [line.barcode for line in goodbye.returned]) == (["B2"], ["B1"])


def test_of_two_loans_of_one_copy_the_visitors_own_ends_and_nobody_has_it_any_more(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    mine, later = a_loan(patron=wang.id, item=book.id), a_loan(item=book.id)
    later = replace(later, lent_at=mine.lent_at + timedelta(days=1))
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: a_patron()}, items=[book], loans=[mine, later])
    world.tap()
    world.give_back("B1")
    assert came_back(world).loan == mine.id
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


def test_of_two_loans_of_one_copy_the_later_ends_when_nobody_says_whose_it_is(tmp_path: Path) -> None:
    book = an_item(barcode="B1")
    first = a_loan(item=book.id)
    later = replace(a_loan(item=book.id), lent_at=first.lent_at + timedelta(days=1))
    world = a_kiosk(tmp_path, items=[book], loans=[later, first])
    world.give_back("B1")
    assert came_back(world).loan == later.id


def test_somebody_elses_book_may_come_back_in_a_visit(tmp_path: Path) -> None:
    wang, lin, book = a_patron(), a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin}, items=[book], loans=[a_loan(patron=lin.id, item=book.id)])
    world.tap(WANG)
    world.give_back("B1")
    world.finish()
    screen = world.tap(LIN)
    assert isinstance(screen, Home)
    assert screen.account.on_loan == 0


def test_books_laid_down_before_the_button_come_back_with_it(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    world.scan("B1", "B2")
    screen = world.say(ReturnChosen())
    assert isinstance(screen, Return)
    assert [line.barcode for line in screen.lines] == ["B2", "B1"]


def test_a_card_on_the_return_screen_opens_its_own_session_and_takes_no_lines_along(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1", title="別人的書")])
    world.give_back("B1")
    screen = world.tap()
    assert isinstance(screen, Return)
    assert screen.account is not None
    assert screen == Return(account=screen.account)
    assert "別人的書" not in repr(world.view)


def test_returns_are_taken_after_months_without_the_registry(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book], loans=[a_loan(patron=wang.id, item=book.id)])
    world.offline(100 * 24 * 3600)
    world.tap()
    line = world.give_back("B1")
    assert (line.taken, line.notes) == (True, (CheckinNote.OVERDUE,))
    assert line.days_late == 70


def test_a_full_outbox_takes_nothing_more_and_sends_it_to_a_librarian(tmp_path: Path) -> None:
    settings = replace(KioskSettings(), offline=OfflineLimits(most_unsent_returns=2))
    book = an_item(barcode="B1")
    world = a_kiosk(tmp_path, items=[book], loans=[a_loan(item=book.id)], settings=settings)
    world.say(BatchRefused("revoked"))
    line = world.give_back("X1", "X2", "B1")
    assert (line.taken, line.destination, line.notes) == (False, Destination.STAFF, (CheckinNote.NEEDS_STAFF,))
    assert isinstance(world.screen, Return)
    assert (world.screen.returned, len(world.facts), world.outlet.sounds[-1]) == (2, 2, Sound.REFUSED)
    goodbye = world.finish()
    assert isinstance(goodbye, Goodbye)
    assert [one.barcode for one in goodbye.returned] == ["X2", "X1"]


def test_a_return_frees_nothing_offline_while_putting_back_does(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(6)])
    world.offline()
    world.tap()
    world.scan(*(f"B{n}" for n in range(5)))
    world.give_back("B0")
    borrow = world.say(BorrowChosen())
    assert isinstance(borrow, Borrow)
    assert (borrow.account.on_loan, borrow.account.left) == (4, 0)
    world.scan("B5")
    assert world.line.reasons == (Reason.OFFLINE_LIMIT_REACHED,)


def test_an_item_that_is_returned_elsewhere_meanwhile_leaves_the_open_screens(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    loan = a_loan(patron=wang.id, item=book.id)
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book], loans=[loan])
    world.tap()
    world.say(ReturnChosen())
    world.receive(a_tombstone(1, ReplicaTable.LOAN, loan_row(loan)), a_change(2, ReplicaTable.ITEM, item_row(book)))
    assert isinstance(world.screen, Return)
    assert world.screen.account is not None
    assert world.screen.account.on_loan == 0
    assert of(world.give_back("B1")) == (Destination.SHELF, "", (CheckinNote.NOT_ON_LOAN,))
