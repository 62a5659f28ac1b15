"""Every rule of the programme has its row, its place in the code, and tests that carry its id."""

import pytest

from tests.rules.breaks import BREAKS
from tests.rules.carriers import IDS, TREE, carriers, carries, on_both_engines, table

_WITHOUT_A_DATABASE = {"Q2-c", "Q4-a", "Q5-c", "Q8-a"}
"""Pure decisions, what no table has, and what a kiosk does by itself."""


def test_every_id_has_one_row_in_the_order_of_the_programme() -> None:
    assert tuple(row.id for row in table()) == IDS


def test_every_place_that_a_rule_lives_in_is_there() -> None:
    def is_there(place: str) -> bool:
        path, _, name = place.partition(":")
        return (TREE / path).is_file() and name in (TREE / path).read_text("utf-8")

    assert [(row.id, place) for row in table() for place in row.places or ("",) if not is_there(place)] == []


def test_every_rule_has_a_test_that_carries_its_id() -> None:
    assert [rule for rule in IDS if not carriers()[rule]] == []


def test_every_rule_that_lives_in_a_database_is_tested_on_both_engines() -> None:
    assert {rule for rule in IDS if not on_both_engines(rule)} == _WITHOUT_A_DATABASE


def test_every_rule_is_broken_once_to_see_its_tests_fail() -> None:
    assert {one.id for one in BREAKS} == set(IDS)
    assert [one.id for one in BREAKS if (TREE / one.path).read_text("utf-8").count(one.find) != 1 or one.find == one.instead] == []


@pytest.mark.parametrize(
    ("name", "rule", "found"),
    [
        ("test_q3_4b_and_r15_the_card", "Q3-4b", True),
        ("test_q3_4b_and_r15_the_card", "R15", True),
        ("test_q3_4b_and_r15_the_card", "R1", False),
        ("test_q3_4b_and_r15_the_card", "Q3-4a", False),
    ],
)
def test_an_id_is_found_in_a_name_and_no_other(*, name: str, rule: str, found: bool) -> None:
    assert carries(name, rule) is found
