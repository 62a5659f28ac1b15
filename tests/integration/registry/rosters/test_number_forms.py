"""The number form of a sender, found by comparing cards: kept, used for its files, shown by the doctor, on both engines."""

from pathlib import Path

import pytest

from circulation.cards import NumberForm
from registry.rosters.card_numbers import NumberFormError
from registry.rosters.desk import RosterDesk
from registry.rosters.headings import RosterKind
from registry.rosters.loading import RosterOrder
from registry.store_inspection import Looked
from tests.integration.registry.city import City
from tests.unit.registry.rosters.roster_files import a_pupil, bureau_file
from youyue.cli.roster_senders import as_before
from youyue.doctor.findings import Level
from youyue.doctor.judge_number_forms import judge_number_forms
from youyue.doctor.probe_registry import see_database

CARD = "0472621828"
"""04A32B1C as a decimal number, last byte first."""


def desk_of(city: City) -> RosterDesk:
    return city.registry.rosters.desk


def an_order(folder: Path) -> RosterOrder:
    return RosterOrder(RosterKind.BUREAU_STUDENTS, bureau_file(folder, a_pupil(card=CARD)), 115, sender="bureau")


def load_and_commit(city: City, order: RosterOrder) -> None:
    desk = desk_of(city)
    roster = desk.load(order)
    desk.commit(roster, desk.preview(roster, by="lin"), by="lin")


def told(city: City) -> list[tuple[Level, str, object]]:
    found = see_database(city.home.folder, city.home.url or "")
    assert isinstance(found, Looked)
    assert found.holds is not None
    return [(one.level, one.code, one.values["form"]) for one in judge_number_forms(found.holds.number_forms)]


def test_a_form_that_was_found_is_used_for_the_senders_next_file(city: City, tmp_path: Path) -> None:
    assert desk_of(city).keep_form("bureau", NumberForm.DECIMAL_LITTLE, cards=2, by="lin") is None
    order = as_before(desk_of(city), an_order(tmp_path), None, (), accept=False)
    load_and_commit(city, order)
    assert city.sql("SELECT c.uid FROM card c JOIN patron p ON p.id = c.patron WHERE p.national_id = 'A123456789'") == [("04A32B1C",)]
    assert told(city) == [(Level.OK, "number_form", "decimal_little")]


def test_another_senders_files_are_read_as_before(city: City, tmp_path: Path) -> None:
    desk_of(city).keep_form("400001", NumberForm.DECIMAL_LITTLE, cards=2, by="lin")
    assert as_before(desk_of(city), an_order(tmp_path), None, (), accept=False).number_form is NumberForm.HEX


def test_a_later_finding_takes_the_place_of_an_earlier_one_which_is_given_back(city: City) -> None:
    desk_of(city).keep_form("bureau", NumberForm.HEX, cards=1, by="lin")
    before = desk_of(city).keep_form("bureau", NumberForm.DECIMAL_LITTLE, cards=3, by="lin")
    now = desk_of(city).calibrated_form_of("bureau")
    assert before is not None
    assert now is not None
    assert (before.form, now.form, now.cards) == (NumberForm.HEX, NumberForm.DECIMAL_LITTLE, 3)


def test_files_that_were_read_by_another_form_before_are_told(city: City, tmp_path: Path) -> None:
    load_and_commit(city, as_before(desk_of(city), an_order(tmp_path), "decimal_big", (), accept=False))
    desk_of(city).keep_form("bureau", NumberForm.DECIMAL_LITTLE, cards=2, by="lin")
    assert told(city) == [(Level.OK, "number_form", "decimal_little"), (Level.WARNING, "number_form_differs", "decimal_little")]


@pytest.mark.parametrize("form", [NumberForm.LOW24_LITTLE, NumberForm.WIEGAND_LITTLE, NumberForm.WIEGAND_BIG])
def test_a_form_of_three_bytes_is_never_kept(city: City, form: NumberForm) -> None:
    with pytest.raises(NumberFormError):
        desk_of(city).keep_form("bureau", form, cards=9, by="lin")
    assert desk_of(city).calibrated_form_of("bureau") is None


def test_who_has_compared_the_cards_is_in_the_audit_trail_and_no_number_is(city: City) -> None:
    desk_of(city).keep_form("bureau", NumberForm.DECIMAL_LITTLE, cards=2, by="lin")
    actor, detail = city.sql("SELECT actor, detail FROM audit WHERE action = 'number form calibrated'")[0]
    assert actor == "lin"
    assert "decimal_little" in str(detail)
