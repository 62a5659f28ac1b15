"""Which offline terms a kiosk takes in and goes by."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms
from circulation.wire import SignedTerms
from kiosk.offline_book import HeldTerms, OfflineBook

DAY = date(2026, 12, 1)
DEFAULTS = OfflineLimits()


def a_version(version: int, *, days: int = 0, items: int = 0) -> HeldTerms:
    terms = OfflineTerms(version, DAY + timedelta(days=days), "who", OfflineLimits(patron_per_hour=items or version))
    return HeldTerms(SignedTerms(statement=bytes([version]), signature=b""), terms)


def in_force(book: OfflineBook) -> int:
    return 0 if book.in_force is None else book.in_force.version


def test_before_any_version_has_begun_the_defaults_hold() -> None:
    book = OfflineBook().with_told([a_version(1, days=1)]).on(DAY)
    assert (in_force(book), book.limits("C01", DEFAULTS)) == (0, DEFAULTS)
    assert book.on(DAY + timedelta(days=1)).limits("C01", DEFAULTS).patron_per_hour == 1


def test_an_older_version_never_replaces_a_newer_one() -> None:
    book = OfflineBook().with_told([a_version(2)]).on(DAY)
    again = book.with_told([a_version(1), a_version(1, days=3), a_version(2, items=99)]).on(DAY)
    assert again == book


def test_of_two_from_one_day_the_higher_holds_and_one_to_come_waits() -> None:
    book = OfflineBook().with_told([a_version(3), a_version(2), a_version(4, days=7)]).on(DAY)
    assert (in_force(book), [one.terms.version for one in book.held]) == (3, [3, 4])
    assert in_force(book.on(DAY + timedelta(days=7))) == 4


def test_a_clock_that_goes_back_brings_nothing_back() -> None:
    book = OfflineBook().with_told([a_version(1), a_version(2, days=7)]).on(DAY + timedelta(days=7))
    assert in_force(book.on(DAY - timedelta(days=400))) == 2


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), max_size=8), st.lists(st.integers(-3, 8), max_size=8))
def test_in_whatever_order_versions_and_days_come_what_is_in_force_never_goes_back(told: list[tuple[int, int]], days: list[int]) -> None:
    book, before = OfflineBook(), (date.min, 0)
    for i in range(max(len(told), len(days))):
        if i < len(told):
            book = book.with_told([a_version(told[i][0], days=told[i][1])])
        if i < len(days):
            book = book.on(DAY + timedelta(days=days[i]))
        terms = book.in_force
        now = (date.min, 0) if terms is None else (terms.effective_from, terms.version)
        assert now >= before
        before = now
