"""What can be printed again: one visit's slip for minutes, slips of items until they are printed, and never more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ports import DeviceFault
from tests.printers import a_slip
from ui.paper.kept import MOST_STAFF_SLIPS, KeptSlip, KeptSlips, SlipFate, SlipKind

NOW = datetime(2026, 11, 24, 6, 32, tzinfo=UTC)
MINUTES = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def kept_of(*slips: KeptSlip, patrons_kept: timedelta = MINUTES) -> KeptSlips:
    kept = KeptSlips(patrons_kept)
    for slip in slips:
        kept.add(slip)
    return kept


def made(ticket: int, kind: SlipKind = SlipKind.LOANS, at: datetime = NOW) -> KeptSlip:
    return KeptSlip(ticket, kind, at, a_slip())


def tickets(kept: KeptSlips, now: datetime = NOW) -> list[int]:
    return [slip.ticket for slip in kept.all(now)]


def test_the_next_visit_takes_the_place_of_the_last() -> None:
    assert tickets(kept_of(made(1), made(2, SlipKind.ROUTING), made(3))) == [2, 3]


@pytest.mark.parametrize("fault", [None, DeviceFault.PAPER_OUT])
def test_a_visits_slip_is_forgotten_after_some_minutes_printed_or_not(fault: DeviceFault | None) -> None:
    kept = kept_of(made(1))
    kept.settle(1, fault)
    assert tickets(kept, NOW + MINUTES - SECOND) == [1]
    assert tickets(kept, NOW + MINUTES) == []
    assert kept.again(None, NOW) is None


def test_where_nothing_is_to_be_kept_a_slip_is_gone_as_soon_as_its_fate_is_known() -> None:
    kept = kept_of(made(1), patrons_kept=timedelta(0))
    assert tickets(kept) == [1]
    kept.settle(1, DeviceFault.PAPER_OUT)
    assert tickets(kept) == []


def test_a_clock_that_was_set_back_keeps_no_slip_for_longer() -> None:
    kept = kept_of(made(1))
    kept.settle(1, None)
    assert tickets(kept, NOW - SECOND) == []


def test_slips_of_items_wait_for_the_printer_and_a_patrons_never_does() -> None:
    kept = kept_of(made(1), made(2, SlipKind.ROUTING), made(3, SlipKind.HOLD), made(4, SlipKind.ROUTING))
    for ticket in (1, 2, 3):
        kept.settle(ticket, DeviceFault.PAPER_OUT)
    assert [slip.ticket for slip in kept.waits_for_the_printer(NOW + MINUTES)] == [2, 3]
    assert kept.waits_for_the_printer(NOW + timedelta(hours=24)) == ()


def test_of_printed_slips_of_items_only_the_last_is_kept() -> None:
    kept = kept_of(made(1, SlipKind.ROUTING), made(2, SlipKind.HOLD))
    kept.settle(1, None)
    kept.settle(2, None)
    assert tickets(kept) == [2]


def test_the_newest_or_a_numbered_slip_comes_again() -> None:
    kept = kept_of(made(1, SlipKind.ROUTING), made(2, at=NOW + SECOND))
    newest, first = kept.again(None, NOW + SECOND), kept.again(1, NOW + SECOND)
    assert newest is not None
    assert first is not None
    assert (newest.ticket, first.ticket, kept.again(9, NOW + SECOND)) == (2, 1, None)


def test_a_slip_that_is_printed_again_waits_again() -> None:
    kept = kept_of(made(1))
    kept.settle(1, DeviceFault.COVER_OPEN)
    kept.put_back(1)
    kept.put_back(9)
    [slip] = kept.all(NOW)
    assert (slip.fate, slip.fault) == (SlipFate.WAITING, None)


def test_news_of_a_slip_that_is_forgotten_is_no_news() -> None:
    assert kept_of().settle(1, None) is None


@given(st.lists(st.tuples(st.sampled_from(SlipKind), st.sampled_from([None, DeviceFault.PAPER_OUT]), st.booleans()), max_size=60))
def test_however_many_come_there_is_one_visit_and_a_bounded_number_of_items(slips: list[tuple[SlipKind, DeviceFault | None, bool]]) -> None:
    kept = KeptSlips(MINUTES)
    for ticket, (kind, fault, settled) in enumerate(slips):
        kept.add(made(ticket, kind))
        if settled:
            kept.settle(ticket, fault)
        kinds = [slip.kind is SlipKind.LOANS for slip in kept.all(NOW)]
        assert kinds.count(True) <= 1
        assert kinds.count(False) <= MOST_STAFF_SLIPS
