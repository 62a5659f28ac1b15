"""Loss reports: a patron stops a card of his own, once, and nothing else."""

import pytest

from circulation.cards import CardState
from circulation.losses import decide_loss_report
from circulation.reasons import Reason


@pytest.mark.parametrize(
    ("state", "of_this_patron", "expected"),
    [
        (CardState.ACTIVE, True, ()),
        (CardState.LOST, True, (Reason.CARD_ALREADY_LOST,)),
        (CardState.ACTIVE, False, (Reason.CARD_UNKNOWN,)),
        (CardState.LOST, False, (Reason.CARD_UNKNOWN,)),
        (None, True, (Reason.CARD_UNKNOWN,)),
        (None, False, (Reason.CARD_UNKNOWN,)),
    ],
)
def test_only_a_card_of_one_s_own_that_still_works_is_reported_lost(
    state: CardState | None,
    of_this_patron: bool,  # noqa: FBT001 - a column of the table
    expected: tuple[Reason, ...],
) -> None:
    assert decide_loss_report(state, of_this_patron=of_this_patron).reasons == expected


def test_whether_another_s_card_is_lost_is_not_told() -> None:
    answers = {decide_loss_report(state, of_this_patron=False) for state in (*CardState, None)}
    assert len(answers) == 1
