"""Whole files: the report is exactly the expected list."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardUid, NumberForm
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.card_numbers import NumberFormError
from registry.rosters.headings import RosterKind
from registry.rosters.loading import load_roster
from registry.rosters.rows import BureauRow
from tests.unit.registry.rosters.roster_files import (
    HEADINGS,
    TODAY,
    a_contact,
    a_pupil,
    an_order,
    bad_rows,
    bureau_file,
    contact_file,
    csv_bytes,
    loaded,
    warnings,
)

EUDC = "■"
"""Stands in the file's text where an own character is written as its two bytes."""


def test_a_file_as_schools_send_them_gives_exactly_this_report(tmp_path: Path) -> None:
    pupils = [
        a_pupil(name="碁恒裏粧", born="99/3/5"),
        a_pupil(name=f"王{EUDC}明", national_id="F131234569", card="04000001"),
        a_pupil(name="林大雙", national_id="W234567893", born="1030506", card="04000002"),
        a_pupil(name="林小雙", national_id="O200000015", born="1030506", card="04000003"),
        a_pupil(name="林小雙", national_id="O200000015", born="1030506", card="04000003"),
        a_pupil(name="陳一", national_id="Z199999990", born="2014/15/06", card="04000004"),
        a_pupil(name="陳二", national_id="A800123450", card="4000005"),
        a_pupil(name="陳三", national_id="F900123457", card="4.00001E+12"),
        a_pupil(name="陳四", national_id="AC01234567", card="1234567890123450"),
        a_pupil(name="陳五", national_id="A123456780", card="04000007"),
        a_pupil(name="陳六", national_id="FD12345676", born="15/06/2014", card="04000008"),
        a_pupil(name="陳七", national_id="B100000002", card="04000009", consent="不同意"),
        a_pupil(name="陳八", national_id="B100000002", card="04000010", consent=""),
        a_pupil(name="大人", national_id="H100000008", born="070/01/31", card="04000011"),
    ]
    path = tmp_path / "bureau.csv"
    path.write_bytes(csv_bytes([HEADINGS, *pupils], encoding="cp950").replace(EUDC.encode("cp950"), b"\xfa\x41"))

    roster = loaded(path)

    assert str(roster.sheet.encoding) == "cp950+eudc"
    assert bad_rows(roster) == [
        (7, "出生年月日", "date_swapped"),
        (8, "悠遊卡號", "excel_leading_zero"),
        (9, "悠遊卡號", "excel_scientific"),
        (10, "悠遊卡號", "excel_rounded"),
        (11, "身分證字號", "national_id_check_digit"),
        (12, "出生年月日", "date_year_last"),
        (14, "同意", "consent_unclear"),
    ]
    assert warnings(roster) == [(3, "姓名", "eudc"), (15, "出生年月日", "age_unusual")]
    assert roster.repeated == (6,)
    assert [one.number for one in roster.not_consented] == [13]
    assert [(row.number, row.name, row.born) for row in roster.rows if isinstance(row, BureauRow)] == [
        (2, "碁恒裏粧", date(2010, 3, 5)),
        (3, "王\ue001明", date(2010, 3, 15)),
        (4, "林大雙", date(2014, 5, 6)),
        (5, "林小雙", date(2014, 5, 6)),
        (15, "大人", date(1981, 1, 31)),
    ]
    assert roster.count == len(pupils)


def test_every_problem_of_a_row_is_reported_not_only_the_first(tmp_path: Path) -> None:
    path = bureau_file(tmp_path, a_pupil(name="", national_id="x", born="", card="zz", phone="912345678"))
    assert bad_rows(loaded(path)) == [
        (2, "姓名", "value_missing"),
        (2, "身分證字號", "national_id_format"),
        (2, "出生年月日", "value_missing"),
        (2, "悠遊卡號", "card_format"),
    ]


def test_a_ruined_school_phone_is_a_warning_and_is_not_stored(tmp_path: Path) -> None:
    roster = loaded(bureau_file(tmp_path, a_pupil(phone="223456789")))
    assert warnings(roster) == [(2, "學校電話", "excel_leading_zero")]
    row = roster.rows[0]
    assert isinstance(row, BureauRow)
    assert row.school_phone is None


@pytest.mark.parametrize(
    ("contact", "problem"),
    [
        (a_contact(mobile="912345678"), "excel_leading_zero"),
        (a_contact(phone="", mobile=""), "phone_missing"),
        (a_contact(phone="無"), "phone_format"),
        (a_contact(address=""), "value_missing"),
        (a_contact(address="虛構路\x01號"), "text_unreadable"),
    ],
)
def test_contact_data_that_cannot_reach_anybody_is_refused(contact: tuple[str, ...], problem: str, tmp_path: Path) -> None:
    assert [code for _, _, code in bad_rows(loaded(contact_file(tmp_path, contact), RosterKind.SCHOOL_CONTACTS))] == [problem]


@pytest.mark.parametrize(
    "name", ["<img src=x>", "=cmd|'/c calc'!A1", "谷辣斯·尤達卡", "Sayun·Taru Pawan Nokan", "𡟀喆", "O'Brien", "王　小明"]
)
def test_r16_a_name_is_text_and_stays_as_received(name: str, tmp_path: Path) -> None:
    assert [row.name for row in loaded(bureau_file(tmp_path, a_pupil(name=name))).rows if isinstance(row, BureauRow)] == [name]


@pytest.mark.parametrize("name", ["王\x1b[2J", "王\n明", "長" * 101])
def test_a_name_that_is_no_text_for_people_is_refused(name: str, tmp_path: Path) -> None:
    assert bad_rows(loaded(bureau_file(tmp_path, a_pupil(name=name)))) == [(2, "姓名", "text_unreadable")]


def test_rows_that_contradict_each_other_are_all_refused(tmp_path: Path) -> None:
    path = bureau_file(
        tmp_path,
        a_pupil(),
        a_pupil(card="04000001"),
        a_pupil(national_id="F131234569", card="04000002"),
        a_pupil(name="林", national_id="W234567893", card="04000002"),
        a_pupil(national_id="O200000015", card="04000003"),
    )
    roster = loaded(path)
    assert bad_rows(roster) == [
        (2, "身分證字號", "row_contradicts"),
        (3, "身分證字號", "row_contradicts"),
        (4, "悠遊卡號", "row_contradicts"),
        (5, "悠遊卡號", "row_contradicts"),
    ]
    assert [bad.problems[0].other_row for bad in roster.bad] == [3, 2, 5, 4]
    assert [row.number for row in roster.rows] == [6]


def test_q4_b_a_no_outweighs_a_yes_for_the_same_person(tmp_path: Path) -> None:
    roster = loaded(bureau_file(tmp_path, a_pupil(), a_pupil(consent="否")))
    assert roster.rows == ()
    assert bad_rows(roster) == [(2, "身分證字號", "row_contradicts")]


@pytest.mark.parametrize("word", ["是", "同意", "Y", "v", "✓", "1", "ＹＥＳ", "TRUE"])
def test_a_yes_in_many_words(word: str, tmp_path: Path) -> None:
    assert len(loaded(bureau_file(tmp_path, a_pupil(consent=word))).rows) == 1


@pytest.mark.parametrize("word", ["否", "不同意", "N", "x", "0", "FALSE"])
def test_q3_2b_of_a_row_with_a_no_only_its_number_is_kept(word: str, tmp_path: Path) -> None:
    roster = loaded(bureau_file(tmp_path, a_pupil(name="", born="x", consent=word)))
    assert (roster.rows, roster.bad, roster.warnings) == ((), (), ())
    assert [one.number for one in roster.not_consented] == [2]
    assert "A123456789" not in repr(roster.not_consented)


@pytest.mark.parametrize("word", ["", "?", "部分同意", "maybe"])
def test_q4_c_anything_else_is_neither_and_is_refused(word: str, tmp_path: Path) -> None:
    assert bad_rows(loaded(bureau_file(tmp_path, a_pupil(consent=word)))) == [(2, "同意", "consent_unclear")]


def test_q3_2b_consent_is_a_column_or_a_declaration(tmp_path: Path) -> None:
    path = bureau_file(tmp_path, a_pupil()[:-1], headings=HEADINGS[:-1])
    declared = load_roster(an_order(path, declaration=ConsentDeclaration("114-1", "新生")), today=TODAY, schools=())
    assert (loaded(path).names_consent, declared.names_consent) == (False, True)


def test_more_cells_than_headings_are_a_shifted_row(tmp_path: Path) -> None:
    assert bad_rows(loaded(bureau_file(tmp_path, (*a_pupil(), "多")))) == [(2, "同意", "too_many_cells")]
    assert len(loaded(bureau_file(tmp_path, (*a_pupil(), "", " "))).rows) == 1


def test_a_school_that_nobody_knows_is_refused_once_schools_are_known(tmp_path: Path) -> None:
    path = bureau_file(tmp_path, (*a_pupil(), "400001"), headings=(*HEADINGS, "學校代碼"))
    assert bad_rows(loaded(path, schools=["400002"])) == [(2, "學校代碼", "school_unknown")]
    assert [len(loaded(path, schools=schools).rows) for schools in ((), ("400001",))] == [1, 1]


def test_numbers_in_the_form_of_the_source_are_the_same_card(tmp_path: Path) -> None:
    path = bureau_file(tmp_path, a_pupil(card="0077802268"))
    roster = load_roster(an_order(path, number_form=NumberForm.DECIMAL_BIG), today=TODAY, schools=())
    assert [row.card for row in roster.rows if isinstance(row, BureauRow)] == [CardUid.from_hex("04A32B1C")]


def test_a_source_with_24_bit_numbers_is_refused_before_the_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(NumberFormError):
        load_roster(an_order(tmp_path / "none.csv", number_form=NumberForm.WIEGAND_LITTLE), today=TODAY, schools=())


def test_nothing_of_a_pupil_stands_in_a_row_that_is_printed(tmp_path: Path) -> None:
    roster = loaded(bureau_file(tmp_path, a_pupil()))
    assert repr(roster.rows[0]) == "BureauRow(2)"


@given(st.lists(st.sampled_from(["A123456789", "F131234569", "W234567893"]), max_size=6), st.data())
def test_every_row_stands_in_exactly_one_place(ids: list[str], data: st.DataObject) -> None:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - a folder for each example

    cards, words = st.sampled_from(["04000001", "04000002", "bad"]), st.sampled_from(["是", "否", ""])
    rows = [a_pupil(national_id=national_id, card=data.draw(cards), consent=data.draw(words)) for national_id in ids]
    if not rows:
        return
    with TemporaryDirectory() as folder:
        roster = loaded(bureau_file(Path(folder), *rows))
    places = [row.number for row in roster.rows] + [bad.number for bad in roster.bad] + [one.number for one in roster.not_consented]
    assert sorted([*places, *roster.repeated]) == list(range(2, len(rows) + 2))
