"""A case carries a whole row, and gives it back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardUid
from registry.rosters.asks import ROW_OF, AsksError, asks_of, row_of
from registry.rosters.headings import RosterKind
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow

CARD = CardUid.from_hex("04000001")
BORN = date(2014, 5, 6)
TEXTS = st.text(min_size=1, max_size=5)
MAYBE = st.none() | TEXTS
DATES = st.dates(date(1912, 1, 1), date(2099, 12, 31))
CARDS = st.binary(min_size=7, max_size=7).map(CardUid)
ROWS: st.SearchStrategy[RosterRow] = st.one_of(
    st.builds(BureauRow, st.just(7), TEXTS, TEXTS, DATES, CARDS, MAYBE, MAYBE, MAYBE, MAYBE, st.none() | DATES),
    st.builds(ContactRow, st.just(7), TEXTS, TEXTS, DATES, TEXTS, MAYBE, MAYBE, MAYBE, MAYBE),
    st.builds(ReissueRow, st.just(7), TEXTS, DATES, CARDS, DATES, st.none() | CARDS, MAYBE),
    st.builds(LeavingRow, st.just(7), TEXTS, DATES, st.booleans(), DATES, st.none() | CARDS),
    st.builds(LossRow, st.just(7), TEXTS, DATES, DATES, st.none() | CARDS),
)


@given(ROWS)
def test_a_row_in_a_case_is_the_row_again(row: RosterRow) -> None:
    asked = row_of(asks_of(row, 114), number=7)
    assert (asked.row, asked.school_year, ROW_OF[asked.kind]) == (row, 114, type(row))


def test_the_names_in_a_case_are_stable() -> None:
    row = BureauRow(2, "王小明", "A123456789", BORN, CARD, "戶籍路1號", "02-2345-6789", "400001", "7", date(2025, 9, 2))
    assert asks_of(row, 114) == {
        "roster_kind": "bureau-students",
        "school_year": "114",
        "name": "王小明",
        "national_id": "A123456789",
        "birth_date": "2014-05-06",
        "card": "04000001",
        "household_address": "戶籍路1號",
        "school_phone": "02-2345-6789",
        "school_code": "400001",
        "student_number": "7",
        "issued_at": "2025-09-02",
    }


def test_staff_may_put_another_word_in_its_place() -> None:
    asks = asks_of(ContactRow(5, "王", "A123456789", BORN, "路", None, "0912345678", None, None), 114)
    asked = row_of({**asks, "birth_date": "2014-05-07"}, number=5)
    assert asked.row == ContactRow(5, "王", "A123456789", date(2014, 5, 7), "路", None, "0912345678", None, None)


@pytest.mark.parametrize(
    "asks",
    [
        {},
        {"card": "04000001", "kind": "easycard"},
        {"roster_kind": "something", "school_year": "114"},
        {"roster_kind": "losses", "school_year": "114", "national_id": "A123456789", "birth_date": "2014-15-06"},
        {"roster_kind": "losses", "school_year": "114", "birth_date": "2014-05-06"},
        {"roster_kind": "losses", "school_year": "114", "national_id": "A123456789", "birth_date": "2014-05-06", "card": "zz"},
    ],
)
def test_what_is_no_whole_row_is_not_run(asks: dict[str, str]) -> None:
    with pytest.raises(AsksError):
        row_of(asks)


def test_every_kind_of_roster_has_its_row() -> None:
    assert set(ROW_OF) == set(RosterKind)
