"""By which way a code may go, and what stands on a slip."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from circulation.patrons import PatronClass
from registry.people.code_rules import CodeOwner, CodeWay, decide_code
from registry.people.slips import Slip, as_csv, as_text
from tests.unit.registry.people.forms import ADULT, CHILD, RULES, TODAY, YOUTH
from texts.catalogue import open_catalogue

OWNER = CodeOwner(PatronClass.PERSONAL, ADULT, contact_complete=True, has_mobile=True, school="400001")
CATALOGUES = (open_catalogue("zh_TW"), open_catalogue("en"))
SLIPS = [Slip("王○○", "1140001", "7K3M-Q0ZD-41XW", date(2026, 3, 25)), Slip("=○○", "", "0000-1111-2222", date(2026, 3, 25))]


def ways_for(owner: CodeOwner) -> set[str]:
    return {str(way) for way in CodeWay if not decide_code(owner, way, RULES, today=TODAY, school="400001")}


@pytest.mark.parametrize(
    ("owner", "ways"),
    [
        (OWNER, {"desk_self", "school_slip", "message"}),
        (replace(OWNER, guardian=True), {"desk_self", "school_slip", "message"}),
        (replace(OWNER, born=YOUTH, guardian=True), {"desk_self", "school_slip", "message"}),
        (replace(OWNER, born=CHILD), {"school_slip", "message"}),
        (replace(OWNER, born=CHILD, guardian=True), {"desk_guardian", "school_slip", "message"}),
        (replace(OWNER, born=None), {"school_slip", "message"}),
        (replace(OWNER, school="400002"), {"desk_self", "message"}),
        (replace(OWNER, school=None), {"desk_self", "message"}),
        (replace(OWNER, patron_class=PatronClass.FAMILY), {"desk_self"}),
    ],
)
def test_a_code_goes_to_its_owner_to_a_childs_guardian_or_through_the_school(owner: CodeOwner, ways: set[str]) -> None:
    assert ways_for(owner) == ways


@pytest.mark.parametrize("owner", [replace(OWNER, contact_complete=False), replace(OWNER, has_mobile=False)])
def test_a_text_message_needs_complete_contact_data_with_a_mobile(owner: CodeOwner) -> None:
    assert "message" not in ways_for(owner)


def test_without_rules_no_code_goes_anywhere() -> None:
    assert all(decide_code(OWNER, way, None, today=TODAY) for way in CodeWay)


def test_a_slip_names_the_masked_name_the_student_number_and_the_code_in_every_language() -> None:
    text = as_text(SLIPS, CATALOGUES)
    assert text.count("7K3M-Q0ZD-41XW") == 1
    assert text.count("王○○") == 2
    assert "學號 1140001" in text
    assert "student number 1140001" in text
    assert text.count("2026-03-25") == 4


def test_rows_of_slips_can_be_read_again_and_are_no_formulas() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SLIPS, CATALOGUES))))
    assert rows[0] == ["姓名（遮蔽） / Name (masked)", "學號 / Student number", "單次密碼 / One-time code", "有效期限 / Good until"]
    assert rows[1:] == [["王○○", "1140001", "7K3M-Q0ZD-41XW", "2026-03-25"], ["'=○○", "", "0000-1111-2222", "2026-03-25"]]
