"""Own headings of a sender: mapped once, refused when they have changed, never in the place of what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from registry.rosters.headings import Field, RosterKind
from registry.rosters.loading import LoadedRoster, load_roster
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.rows import ContactRow
from registry.rosters.senders import SenderFormat, own_headings
from tests.unit.registry.rosters.roster_files import TODAY, a_contact, an_order, contact_file

OWN = ("姓名", "身分證字號", "生日", "居住處所", "緊急聯絡", "家長手機")


def read(
    folder: Path, headings: Sequence[str], own: Mapping[str, Field], saved: SenderFormat | None = None, row: Sequence[str] = a_contact()
) -> LoadedRoster:
    order = an_order(contact_file(folder, row, headings=headings), RosterKind.SCHOOL_CONTACTS)
    return load_roster(replace(order, sender="400001", own_headings=own, saved=saved), today=TODAY, schools=())


def fault(folder: Path, headings: Sequence[str], *words: str, saved: SenderFormat | None = None) -> tuple[FileFault, dict[str, str | int]]:
    with pytest.raises(RosterFileError) as caught:
        read(folder, headings, own_headings(words), saved)
    return caught.value.fault, caught.value.values


def test_own_headings_are_read_as_they_were_mapped(tmp_path: Path) -> None:
    roster = read(tmp_path, OWN, own_headings(["居住處所=通訊地址", " 緊急聯絡 = 電話"]))
    (row,) = roster.rows
    assert isinstance(row, ContactRow)
    assert (row.address, row.phone, row.mobile) == ("臺北市虛構路2號", "02-2345-1234", "0912345678")
    shown = roster.sender_format
    assert shown is not None
    assert shown.own == {"居住處所": Field.ADDRESS, "緊急聯絡": Field.PHONE}
    assert read(tmp_path, OWN, shown.own, shown).rows == roster.rows


def test_without_the_mapping_what_is_needed_is_missing(tmp_path: Path) -> None:
    assert fault(tmp_path, OWN) == (FileFault.COLUMNS_MISSING, {"columns": "通訊地址"})


@pytest.mark.parametrize("word", ["居住處所", "居住處所=星座", "=通訊地址", "別的=通訊地址", "居住處所=悠遊卡號"])
def test_a_mapping_that_fits_nothing_is_named(tmp_path: Path, word: str) -> None:
    found, values = fault(tmp_path, OWN, word)
    assert (found, set(values)) == (FileFault.MAPPING_WRONG, {"mapping"})


def test_a_mapping_never_takes_a_needed_column_away(tmp_path: Path) -> None:
    assert fault(tmp_path, OWN, "居住處所=通訊地址", "姓名=家長姓名") == (
        FileFault.MAPPING_OVERRIDES,
        {"heading": "姓名", "field": "家長姓名"},
    )


def test_a_mapping_beside_a_column_of_that_name_is_refused(tmp_path: Path) -> None:
    headings = ("姓名", "身分證字號", "生日", "通訊地址", "居住處所", "家長手機")
    assert fault(tmp_path, headings, "居住處所=通訊地址")[0] is FileFault.HEADING_TWICE


def test_headings_that_have_changed_are_refused_with_what_is_missing_and_what_is_new(tmp_path: Path) -> None:
    own = own_headings(["居住處所=通訊地址", "緊急聯絡=電話"])
    saved = read(tmp_path, OWN, own).sender_format
    changed = ("姓名", "身分證字號", "生日", "居住處所", "緊急聯絡", "導師")
    assert fault(tmp_path, changed, "居住處所=通訊地址", "緊急聯絡=電話", saved=saved) == (
        FileFault.HEADINGS_CHANGED,
        {"missing": "家長手機", "new": "導師"},
    )


def test_order_and_spelling_of_headings_are_no_change(tmp_path: Path) -> None:
    own = own_headings(["居住處所=通訊地址", "緊急聯絡=電話"])
    saved = read(tmp_path, OWN, own).sender_format
    other_order = ("身分證字號", "姓名 ", "生日", "居住處所", "緊急聯絡*", "家長手機")
    name, national_id, *rest = a_contact()
    assert len(read(tmp_path, other_order, own, saved, row=(national_id, name, *rest)).rows) == 1


def test_a_heading_that_is_not_read_is_kept_nowhere(tmp_path: Path) -> None:
    shown = read(tmp_path, (*OWN, "導師王小明"), own_headings(["居住處所=通訊地址"])).sender_format
    assert "王小明" not in repr(shown)
