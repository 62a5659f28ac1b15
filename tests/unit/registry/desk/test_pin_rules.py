"""Which PINs may be set, and how long a lock lasts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.desk.pin_rules import FIRST_LOCK, LONGEST_LOCK, TRIES, birthdays, fault_of, lock_after, read_pin
from registry.desk.refusals import DeskRefusal

BORN = date(2014, 5, 6)


@pytest.mark.parametrize("pin", ["7294", "40718", "918273", "5830146", "20915837"])
def test_four_to_eight_digits_that_nobody_guesses_are_taken(pin: str) -> None:
    assert fault_of(pin, birth_date=BORN) is None


@pytest.mark.parametrize("pin", ["", "729", "729401853", "72a4", "72 4", "-729", "٧٢٩٤", "7294\n"])
def test_anything_but_four_to_eight_digits_is_refused(pin: str) -> None:
    assert fault_of(pin, birth_date=None) is DeskRefusal.PIN_FORMAT


@pytest.mark.parametrize(
    "pin",
    ["20140506", "140506", "0506", "0605", "060514", "06052014", "1030506", "030506", "10356", "2014", "201405", "10305", "05062014"],
)
def test_a_birthday_is_refused_however_it_is_written(pin: str) -> None:
    assert fault_of(pin, birth_date=BORN) is DeskRefusal.PIN_BIRTHDAY


@given(st.dates(date(1912, 1, 1), date(2040, 12, 31)))
def test_no_day_of_birth_can_be_a_pin(born: date) -> None:
    written = {f"{born:%Y%m%d}", f"{born:%y%m%d}", f"{born:%m%d}", f"{born:%d%m}", f"{born.year - 1911}{born:%m%d}"}
    assert all(fault_of(pin, birth_date=born) is not None for pin in written)
    assert {pin for pin in written if 4 <= len(pin) <= 8} <= birthdays(born)


@pytest.mark.parametrize(
    "pin",
    [
        "0000",
        "99999999",
        "1234",
        "7890",
        "8901",
        "4321",
        "1098",
        "87654321",
        "1212",
        "123123",
        "1122",
        "11223344",
        "1221",
        "12344321",
        "2580",
    ],
)
def test_a_pin_that_everybody_tries_first_is_refused(pin: str) -> None:
    assert fault_of(pin, birth_date=None) is DeskRefusal.PIN_TRIVIAL


def test_most_pins_of_four_digits_may_be_chosen() -> None:
    assert sum(fault_of(f"{n:04}", birth_date=BORN) is None for n in range(10_000)) > 9_600


def test_full_width_digits_are_digits() -> None:
    assert read_pin(" ７２９４ ") == "7294"


def test_five_failures_lock_for_fifteen_minutes_and_each_one_more_doubles_it() -> None:
    assert [lock_after(failures) for failures in range(TRIES)] == [None] * TRIES
    minutes = [(lock_after(failures) or timedelta()) // timedelta(minutes=1) for failures in range(TRIES, TRIES + 5)]
    assert minutes == [15, 30, 60, 120, 240]


@given(st.integers(min_value=TRIES, max_value=10**9))
def test_a_lock_never_gets_shorter_and_never_longer_than_a_day(failures: int) -> None:
    lock, longer = lock_after(failures), lock_after(failures + 1)
    assert lock is not None
    assert longer is not None
    assert FIRST_LOCK <= lock <= longer <= LONGEST_LOCK
