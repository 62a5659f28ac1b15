"""By which form a sender's file is read."""

from datetime import UTC, datetime

import pytest

from circulation.cards import NumberForm
from registry.rosters.number_forms import CalibratedForm, FormContradictedError, form_of

LITTLE = CalibratedForm("bureau", NumberForm.DECIMAL_LITTLE, 2, datetime(2026, 3, 11, tzinfo=UTC))


@pytest.mark.parametrize(
    ("calibrated", "given", "saved", "form"),
    [
        (None, None, None, NumberForm.HEX),
        (None, None, NumberForm.HEX_REVERSED, NumberForm.HEX_REVERSED),
        (None, NumberForm.DECIMAL_BIG, NumberForm.HEX_REVERSED, NumberForm.DECIMAL_BIG),
        (LITTLE, None, NumberForm.HEX_REVERSED, NumberForm.DECIMAL_LITTLE),
        (LITTLE, NumberForm.DECIMAL_LITTLE, None, NumberForm.DECIMAL_LITTLE),
    ],
)
def test_cards_that_were_compared_count_more_than_the_command_and_that_more_than_the_last_file(
    calibrated: CalibratedForm | None, given: NumberForm | None, saved: NumberForm | None, form: NumberForm
) -> None:
    assert form_of(calibrated, given=given, saved=saved) is form


def test_a_command_that_contradicts_the_compared_cards_is_refused() -> None:
    with pytest.raises(FormContradictedError) as refused:
        form_of(LITTLE, given=NumberForm.HEX, saved=NumberForm.HEX)
    assert (refused.value.calibrated, refused.value.wanted) == (LITTLE, NumberForm.HEX)
