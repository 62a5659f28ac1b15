"""Lending, over the real encrypted files: every reason, one transaction, its own writes read back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from circulation.blocks import BlockCode
from circulation.facts import CheckedOut
from circulation.items import ItemKind, ItemStatus
from circulation.opening_days import Weekday
from circulation.patrons import PatronClass
from circulation.reasons import Reason
from kiosk.view import Attract, Borrow, Home, LineState, Sound
from tests.builders import TODAY, a_block, a_loan, a_patron, a_rule_set, an_item, opening_days, rules
from tests.kiosk_world import LIN, NOON, WANG, World, a_kiosk


def reasons(world: World) -> tuple[Reason, ...]:
    line = world.line
    assert line.state is LineState.REFUSED
    assert world.facts == []
    return line.reasons


def test_a_book_is_lent_with_its_due_date_and_is_in_the_ledger_when_the_screen_says_so(tmp_path: Path) -> None:
    wang, book = a_patron(), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[book])
    world.tap()
    world.scan("B1")
    line = world.line
    assert (line.state, line.title, line.due) == (LineState.BORROWED, "小王子", date(2026, 4, 10))
    (envelope,) = world.facts
    fact = envelope.fact
    assert isinstance(fact, CheckedOut)
    assert (fact.patron, fact.item, fact.due, fact.rules, fact.offline) == (wang.id, book.id, line.due, 1, False)
    assert fact.loan == line.loan
    assert (envelope.seq, envelope.at, envelope.boot) == (1, NOON, "boot-1")
    assert envelope.monotonic == 1000 * 10**9
    assert world.outlet.sounds[-1] is Sound.GOOD


def test_the_fact_names_the_card_that_opened_the_session_by_its_key(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.scan("B1")
    fact = world.facts[0].fact
    assert isinstance(fact, CheckedOut)
    assert fact.card is not None
    assert len(fact.card) == 16
    assert bytes.fromhex(WANG) not in fact.card


def test_a_loan_is_still_there_after_a_restart(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.scan("B1")
    world.restart()
    screen = world.tap()
    assert isinstance(screen, Home)
    assert (screen.account.on_loan, screen.account.left) == (1, 24)
    world.scan("B1")
    assert world.line.reasons == (Reason.ITEM_ALREADY_YOURS,)


def test_the_same_item_twice_in_a_session_is_already_yours_and_lent_once(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.scan("B1", "B1")
    line = world.line
    assert (line.state, line.reasons, line.due) == (LineState.REFUSED, (Reason.ITEM_ALREADY_YOURS,), date(2026, 4, 10))
    assert len(world.facts) == 1


def test_an_item_lent_here_a_moment_ago_is_not_lent_to_the_next_patron(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron(masked_name="林○○")}, items=[an_item(barcode="B1")])
    world.tap(WANG)
    world.scan("B1")
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.reasons == (Reason.ITEM_ON_LOAN,)


def test_a_barcode_the_branch_does_not_know_is_a_line_of_its_own(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.tap()
    world.scan("<img src='http://x'>")
    line = world.line
    assert (line.title, line.barcode, line.reasons) == ("", "<img src='http://x'>", (Reason.ITEM_UNKNOWN,))
    assert world.outlet.sounds[-1] is Sound.REFUSED


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    wang = a_patron(expires=date(2026, 3, 10), blocks=(a_block(), a_block(BlockCode.SUSPENDED, until=TODAY)))
    book = an_item(barcode="B1", status=ItemStatus.IN_TRANSIT)
    world = a_kiosk(
        tmp_path,
        cards={WANG: wang},
        items=[book],
        loans=[a_loan(patron=wang.id, due=date(2026, 3, 10)), a_loan(item=book.id)],
        rule_sets=[a_rule_set(by_class={PatronClass.PERSONAL: rules(total=1)})],
    )
    world.tap()
    world.scan("B1")
    assert set(reasons(world)) == {
        Reason.PATRON_EXPIRED,
        Reason.PATRON_BLOCKED,
        Reason.PATRON_SUSPENDED,
        Reason.PATRON_HAS_OVERDUE,
        Reason.LOAN_LIMIT_REACHED,
        Reason.ITEM_ON_LOAN,
        Reason.ITEM_IN_TRANSIT,
    }


def test_loans_made_here_count_towards_the_limit(tmp_path: Path) -> None:
    world = a_kiosk(
        tmp_path,
        cards={WANG: a_patron()},
        items=[an_item(barcode=f"B{n}") for n in range(3)],
        rule_sets=[a_rule_set(by_class={PatronClass.PERSONAL: rules(total=2)})],
    )
    world.tap()
    world.scan("B0", "B1", "B2")
    assert world.line.reasons == (Reason.LOAN_LIMIT_REACHED,)
    assert len(world.facts) == 2


def test_an_item_on_the_hold_shelf_goes_to_its_holder_only(tmp_path: Path) -> None:
    wang, lin = a_patron(), a_patron()
    held = an_item(barcode="B1", status=ItemStatus.ON_HOLD_SHELF, held_for=lin.id)
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin}, items=[held])
    world.tap(WANG)
    world.scan("B1")
    assert reasons(world) == (Reason.ITEM_ON_HOLD,)
    world.finish()
    world.tap(LIN)
    world.scan("B1")
    assert world.line.state is LineState.BORROWED


@pytest.mark.parametrize("missing", ["rules", "rules of the class", "days of the kind", "open days"])
def test_where_the_library_promises_no_due_date_nothing_is_lent(tmp_path: Path, missing: str) -> None:
    rule_sets = {
        "rules": [],
        "rules of the class": [a_rule_set(by_class={PatronClass.FAMILY: rules()})],
        "days of the kind": [a_rule_set(by_class={PatronClass.PERSONAL: rules(days={ItemKind.HOT_TITLE: 14})})],
    }.get(missing)
    calendar = opening_days(weekly={}) if missing == "open days" else None
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")], rule_sets=rule_sets, calendar=calendar)
    world.tap()
    world.scan("B1")
    assert reasons(world) == (Reason.NO_RULES,)


def test_a_due_date_on_a_closed_day_moves_to_the_next_open_one(tmp_path: Path) -> None:
    calendar = opening_days(closed=frozenset({date(2026, 4, 10)}))
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")], calendar=calendar)
    world.tap()
    world.scan("B1")
    assert world.line.due == date(2026, 4, 11)


def test_today_is_the_librarys_date_and_not_that_of_utc(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.clock.wall = datetime(2026, 3, 11, 16, 30, tzinfo=UTC)
    world.tap()
    world.scan("B1")
    assert world.line.due == date(2026, 4, 11)


def test_the_rules_in_force_today_decide_and_their_version_travels(tmp_path: Path) -> None:
    days = {ItemKind.BOOK: 7}
    sets = [
        a_rule_set(version=1),
        a_rule_set(version=2, effective_from=TODAY, by_class={PatronClass.PERSONAL: rules(days=days)}),
        a_rule_set(version=3, effective_from=TODAY + timedelta(days=1)),
    ]
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")], rule_sets=sets)
    world.tap()
    world.scan("B1")
    fact = world.facts[0].fact
    assert isinstance(fact, CheckedOut)
    assert (fact.rules, fact.due) == (2, date(2026, 3, 18))


def test_books_laid_down_before_the_card_are_lent_with_the_tap(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    assert world.scan("B1", "B2") == Attract(waiting=2)
    assert world.facts == []
    screen = world.tap()
    assert isinstance(screen, Borrow)
    assert [(line.barcode, line.state) for line in screen.lines] == [("B2", LineState.BORROWED), ("B1", LineState.BORROWED)]
    assert screen.borrowed == 2


def test_books_laid_down_too_long_ago_are_not_lent_to_whoever_comes(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.scan("B1")
    assert world.wait(30) == Attract(waiting=0)
    assert isinstance(world.tap(), Home)


def test_home_says_what_a_bare_card_may_know(tmp_path: Path) -> None:
    wang = a_patron(contact_complete=False, blocks=(a_block(), a_block(BlockCode.SUSPENDED, until=date(2026, 3, 10))))
    loans = [a_loan(patron=wang.id, title="秘密的書", due=due) for due in (date(2026, 3, 10), TODAY, date(2026, 3, 14), date(2026, 3, 15))]
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: a_patron()}, loans=[*loans, a_loan()])
    screen = world.tap()
    assert isinstance(screen, Home)
    account = screen.account
    assert (account.masked_name, account.on_loan, account.limit, account.left) == ("王○○", 4, 25, 21)
    assert (account.overdue, account.due_soon, account.next_due) == (1, 2, date(2026, 3, 10))
    assert account.blocks == (a_block(),)
    assert not account.contact_complete
    assert "秘密的書" not in repr(world.outlet.views)
    assert world.view.place.hours == opening_days().weekly[Weekday.WEDNESDAY]
    assert world.view.place.branch == "總館"
