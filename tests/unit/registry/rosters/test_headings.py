"""Columns are found by their headings, however a sender writes them."""

import pytest

from registry.rosters.headings import LAYOUTS, Field, Layout, RosterKind, folded, map_headings, shown_heading
from registry.rosters.problems import FileFault, RosterFileError

BUREAU = LAYOUTS[RosterKind.BUREAU_STUDENTS]
CONTACTS = LAYOUTS[RosterKind.SCHOOL_CONTACTS]
NEEDED = ("姓名", "身分證字號", "出生年月日", "悠遊卡號")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("學生姓名", Field.NAME),
        (" 姓 名 ", Field.NAME),
        ("身份證字號", Field.NATIONAL_ID),
        ("身分證字號／統一證號", Field.NATIONAL_ID),
        ("統一證號", Field.NATIONAL_ID),
        ("生日", Field.BIRTH_DATE),
        ("出生年月日（民國）", Field.BIRTH_DATE),
        ("*出生日期", Field.BIRTH_DATE),
        ("學生證卡號", Field.CARD_NUMBER),
        ("卡號內碼", Field.CARD_NUMBER),
        ("是否同意", Field.CONSENT),
        ("學校代碼", Field.SCHOOL_CODE),
        ("School_Code", Field.SCHOOL_CODE),
        ("school code", Field.SCHOOL_CODE),
        ("學號", Field.STUDENT_NUMBER),
    ],
)
def test_a_heading_is_known_in_many_spellings(heading: str, field: Field) -> None:
    others = [other for other in NEEDED if folded(other) != folded(str(field))]
    assert map_headings([*others, heading], BUREAU).places[field] == len(others)


def test_every_missing_column_is_named_at_once() -> None:
    with pytest.raises(RosterFileError) as caught:
        map_headings(["姓名", "備註"], BUREAU)
    assert caught.value.fault is FileFault.COLUMNS_MISSING
    assert caught.value.values == {"columns": "身分證字號、出生年月日、悠遊卡號"}


def test_one_of_the_two_phone_columns_is_needed() -> None:
    with pytest.raises(RosterFileError) as caught:
        map_headings(["姓名", "身分證字號", "生日", "通訊地址"], CONTACTS)
    assert caught.value.values == {"columns": "通訊電話／行動電話"}


@pytest.mark.parametrize("twice", [("姓名", "姓名"), ("姓名", "學生姓名"), ("備註", "備 註")])
def test_a_heading_that_stands_twice_is_named(twice: tuple[str, str]) -> None:
    with pytest.raises(RosterFileError) as caught:
        map_headings([*NEEDED[1:], *twice], BUREAU)
    assert caught.value.fault is FileFault.HEADING_TWICE
    assert caught.value.values == {"first": twice[0], "second": twice[1]}


@pytest.mark.parametrize("layout", [BUREAU, CONTACTS])
def test_a_row_of_data_in_place_of_headings_is_not_quoted(layout: Layout) -> None:
    with pytest.raises(RosterFileError) as caught:
        map_headings(["王小明", "A123456789", "0990315", "02-2345-6789", "02-2345-6789"], layout)
    assert caught.value.fault is FileFault.COLUMNS_MISSING
    assert str(caught.value.values["columns"]).startswith("姓名、身分證字號、出生年月日、")


def test_q3_2d_the_household_address_is_no_contact_address_and_the_bureaus_contact_address_is_not_read() -> None:
    bureau = map_headings([*NEEDED, "通訊地址"], BUREAU)
    assert bureau.ignored == ("通訊地址",)
    contacts = map_headings(["姓名", "身分證字號", "生日", "通訊地址", "電話", "戶籍地址"], CONTACTS)
    assert contacts.ignored == ("戶籍地址",)


def test_columns_without_a_heading_are_left_alone() -> None:
    columns = map_headings([*NEEDED, "", "備註", ""], BUREAU)
    assert columns.ignored == ("備註",)


def test_a_heading_is_shown_without_what_a_terminal_would_obey() -> None:
    assert shown_heading("備\x1b[31m註\n" + "長" * 100) == "備[31m註" + "長" * 34
