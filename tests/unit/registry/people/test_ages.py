"""Ages, and what they mean under the rules of the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.people.ages import AgeBand, Signer, age_on, band_of, decide_signer, rules_on
from tests.unit.registry.people.forms import ADULT, CHILD, OLD_RULES, RULES, TODAY, YOUTH


@pytest.mark.parametrize(
    ("born", "signer"),
    [
        (date(2008, 3, 11), Signer.SELF),
        (date(2008, 3, 12), Signer.GUARDIAN),
        (CHILD, Signer.GUARDIAN),
        (ADULT, Signer.SELF),
    ],
)
def test_r12_adults_sign_for_themselves_from_their_birthday_on(born: date, signer: Signer) -> None:
    assert decide_signer(born, RULES, today=TODAY) is signer


def test_r12_without_a_birth_date_nobody_can_tell_who_signs() -> None:
    assert decide_signer(None, RULES, today=TODAY) is None


def test_r12_before_2023_adults_were_twenty() -> None:
    in_force = (RULES, OLD_RULES)
    nineteen = date(2003, 6, 1)
    assert [
        None if rules is None else decide_signer(nineteen, rules, today=day)
        for day in (date(1999, 12, 31), date(2022, 12, 31), date(2023, 1, 1))
        for rules in [rules_on(day, in_force)]
    ] == [None, Signer.GUARDIAN, Signer.SELF]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (CHILD, AgeBand.CHILD),
        (date(2014, 3, 12), AgeBand.CHILD),
        (date(2014, 3, 11), AgeBand.YOUTH),
        (YOUTH, AgeBand.YOUTH),
        (ADULT, AgeBand.ADULT),
    ],
)
def test_q8_b_a_child_is_one_below_twelve(born: date, band: AgeBand) -> None:
    assert band_of(born, RULES, today=TODAY) is band


def test_who_was_born_on_a_leap_day_is_older_from_march_on() -> None:
    born = date(2008, 2, 29)
    assert [age_on(day, born=born) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29))] == [
        17,
        18,
        19,
        20,
    ]


@given(born=st.dates(date(1900, 1, 1), date(2026, 1, 1)), days=st.integers(0, 40_000))
def test_nobody_ever_grows_younger(born: date, days: int) -> None:
    before, after = (age_on(born + timedelta(days=n), born=born) for n in (days, days + 1))
    assert 0 <= before <= after <= before + 1
