"""The rules of holds, by themselves: who may place one, how long a ready one is kept, which place it has."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from circulation.blocks import BlockCode
from circulation.patrons import Patron
from registry.holds.rules import HoldRefusal, Standing, decide_hold, free_place, is_over, last_day_to_collect
from tests.builders import HOLDS, TODAY, a_block, a_patron, opening_days

FINE = Standing(holds=0, holds_this_title=False, has_on_loan=False, copies=1, branch_is_known=True)
YESTERDAY = TODAY - timedelta(days=1)


def against(patron: Patron | None = None, standing: Standing = FINE) -> tuple[HoldRefusal, ...]:
    return decide_hold(patron or a_patron(), standing, HOLDS, today=TODAY)


def test_rule_holds_a_patron_in_good_standing_places_one() -> None:
    assert against() == ()
    assert against(a_patron(expires=TODAY, blocks=(a_block(until=YESTERDAY),))) == ()


@pytest.mark.parametrize(("holds", "reasons"), [(6, ()), (7, (HoldRefusal.LIMIT_REACHED,)), (8, (HoldRefusal.LIMIT_REACHED,))])
def test_rule_holds_seven_at_once(holds: int, reasons: tuple[HoldRefusal, ...]) -> None:
    assert against(standing=replace(FINE, holds=holds)) == reasons


@pytest.mark.parametrize(("until", "stopped"), [(YESTERDAY, False), (TODAY, True)])
def test_rule_holds_a_stop_holds_through_its_last_day(*, until: date, stopped: bool) -> None:
    assert against(standing=replace(FINE, stopped_until=until)) == ((HoldRefusal.STOPPED,) if stopped else ())


@pytest.mark.parametrize("code", BlockCode)
def test_rule_holds_whoever_is_blocked_places_none(code: BlockCode) -> None:
    assert against(a_patron(blocks=(a_block(code),))) == (HoldRefusal.PATRON_BLOCKED,)


def test_rule_holds_every_reason_is_told_not_only_the_first() -> None:
    worst = Standing(9, holds_this_title=True, has_on_loan=True, copies=0, branch_is_known=False, stopped_until=TODAY)
    patron = a_patron(expires=YESTERDAY, blocks=(a_block(), a_block(BlockCode.FEES)))
    assert against(patron, worst) == (
        HoldRefusal.PATRON_EXPIRED,
        HoldRefusal.PATRON_BLOCKED,
        HoldRefusal.STOPPED,
        HoldRefusal.LIMIT_REACHED,
        HoldRefusal.ALREADY_HELD,
        HoldRefusal.ON_LOAN_TO_PATRON,
        HoldRefusal.NO_COPY,
        HoldRefusal.BRANCH_UNKNOWN,
    )


def test_without_rules_of_the_library_nobody_places_one() -> None:
    assert decide_hold(a_patron(), FINE, None, today=TODAY) == (HoldRefusal.NO_RULES,)


@pytest.mark.parametrize(
    ("ready_on", "closed", "last"),
    [
        (date(2026, 3, 11), (), date(2026, 3, 16)),
        (date(2026, 3, 11), (date(2026, 3, 12),), date(2026, 3, 17)),
        (date(2026, 3, 11), (date(2026, 3, 16),), date(2026, 3, 17)),
        (date(2026, 4, 1), (), date(2026, 4, 7)),  # the first Thursday of April is closed
    ],
)
def test_rule_holds_a_ready_item_is_kept_five_open_days_from_the_day_after(ready_on: date, closed: tuple[date, ...], last: date) -> None:
    assert last_day_to_collect(opening_days(closed=frozenset(closed)), HOLDS, ready_on=ready_on) == last


def test_where_nobody_says_how_long_it_is_kept_it_has_no_last_day() -> None:
    assert last_day_to_collect(None, HOLDS, ready_on=TODAY) is None
    assert last_day_to_collect(opening_days(), None, ready_on=TODAY) is None
    assert not is_over(None, opening_days(), today=TODAY)


def test_rule_holds_nothing_ends_on_its_last_day_or_on_a_closed_day() -> None:
    closed = opening_days(closed=frozenset({TODAY}))
    assert not is_over(TODAY, opening_days(), today=TODAY)
    assert is_over(YESTERDAY, opening_days(), today=TODAY)
    assert not is_over(YESTERDAY, closed, today=TODAY)
    assert is_over(YESTERDAY, None, today=TODAY)


@pytest.mark.parametrize(("taken", "place"), [((), "1"), (("1", "2", "A7"), "3"), (("2",), "1")])
def test_a_ready_item_stands_at_the_lowest_free_number(taken: tuple[str, ...], place: str) -> None:
    assert free_place(taken) == place
