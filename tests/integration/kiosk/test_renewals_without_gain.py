"""A renewal that would not move the due date is none, and neither is one of a loan that is gone or has just been renewed."""

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from circulation.ids import LoanId
from circulation.offline import OfflineLimits
from circulation.reasons import Reason
from kiosk.events import RenewAllChosen
from kiosk.offline import Standing
from kiosk.recorder import Recorder
from kiosk.renew import renew
from kiosk.states import visit_in
from kiosk.terms import Terms
from kiosk.view import RenewalState
from tests.builders import TODAY, a_loan, a_patron
from tests.kiosk_world import WANG, World, a_kiosk

RENEWED = date(2026, 4, 10)
"""Thirty days from the day of the test, an open day."""


def a_visit(folder: Path, *due: date) -> World:
    patron = a_patron()
    world = a_kiosk(folder, cards={WANG: patron}, loans=[a_loan(patron=patron.id, due=day) for day in due])
    world.tap()
    return world


def test_a_renewal_that_adds_no_day_is_not_offered_and_uses_up_none(tmp_path: Path) -> None:
    world = a_visit(tmp_path, RENEWED, RENEWED - timedelta(days=21))
    loans = world.my_loans()
    assert [(line.renewal, line.reasons) for line in loans.loans] == [
        (RenewalState.POSSIBLE, ()),
        (RenewalState.NOT_POSSIBLE, (Reason.NO_DAYS_GAINED,)),
    ]
    assert loans.can_renew == 1
    world.say(RenewAllChosen())
    assert len(world.facts) == 1


@pytest.mark.parametrize(("before", "can_renew"), [(1, 1), (0, 0), (-1, 0)])
def test_one_day_is_enough(tmp_path: Path, before: int, can_renew: int) -> None:
    assert a_visit(tmp_path, RENEWED - timedelta(days=before)).my_loans().can_renew == can_renew


def test_a_loan_that_is_gone_or_was_renewed_in_this_visit_is_left_alone(tmp_path: Path) -> None:
    world = a_visit(tmp_path, RENEWED - timedelta(days=21))
    world.my_loans()
    world.say(RenewAllChosen())
    visit = visit_in(world.core._state)
    assert visit is not None
    assert world.core._feed.in_use is not None
    terms = Terms(world.core._feed.in_use.library, TODAY, OfflineLimits(), Standing(timedelta(0)), None)
    recorder = Recorder(world.ledger, world.clock, world.keys)
    for loan in (visit.loans[0].id, LoanId(uuid4())):
        assert renew(visit, loan, terms, recorder=recorder) == visit
    assert len(world.facts) == 1
