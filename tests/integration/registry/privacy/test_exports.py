"""Everything that the registry holds about a person, for that person: complete by construction, and nothing of anybody else."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import PatronId
from registry.cards.store_losses import LossChannel
from registry.columns import Key
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByNationalId, ByNumber
from registry.desk.replacing import NewCardOrder
from registry.privacy.exporting import AUDIT, WAITING
from registry.privacy.holdings import EXCLUDED
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.store_export import held
from registry.privacy.store_holdings import holdings, naming_columns
from registry.tables import metadata
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import NEW
from tests.integration.registry.privacy.people import IPASS, MING_ID, counter_of, lived_in
from tests.unit.registry.rosters.roster_files import a_contact
from texts.catalogue import languages, open_catalogue

CATALOGUES = tuple(map(open_catalogue, ("zh_TW", "en")))


def test_every_table_that_names_a_patron_is_exported_or_left_out_for_a_reason() -> None:
    naming = {table.name for table in metadata.tables.values() if naming_columns(table)}
    assert naming == {one.table for one in held()} | set(EXCLUDED)
    keyed = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name == "patron" for column in table.columns for key in column.foreign_keys)
    }
    assert keyed <= naming
    assert {"flagged_fact", "patron", "card", "consent", "source_notice"} <= naming


def test_a_table_that_is_added_belongs_to_the_export_without_anybody_doing_anything() -> None:
    others = MetaData()
    Table("patron", others, Column("id", Key, primary_key=True))
    Table("new_by_key", others, Column("whom", Key, ForeignKey("patron.id")), Column("said", String))
    Table("new_by_name", others, Column("other_patron", Key), Column("said", String))
    Table("new_of_nobody", others, Column("said", String))
    found = {one.table: (one.naming, one.told) for one in holdings(list(others.tables.values()))}
    assert found == {
        "patron": (("id",), ("id",)),
        "new_by_key": (("whom",), ("whom", "said")),
        "new_by_name": (("other_patron",), ("other_patron", "said")),
    }


@pytest.mark.parametrize("language", languages())
def test_every_part_of_an_export_has_its_heading(language: str) -> None:
    """A new table that names patrons needs ``privacy.table.<name>`` in every language."""
    catalogue = open_catalogue(language)
    parts = [one.table for one in held()] + [AUDIT, WAITING]
    assert [table for table in parts if f"privacy.table.{table}" not in catalogue] == []


def test_a_person_gets_their_own_data_in_full_and_who_has_seen_them(city: City, tmp_path: Path) -> None:
    ming = lived_in(city, tmp_path)
    city.registry.desk.cards.find(ByNationalId(MING_ID), by="wang")
    data = city.registry.privacy.exports.export(PatronId(city.ming), by="lin")
    first = {one.table: one.rows[0] for one in data.sections if one.rows}
    assert first["patron"]["name"] == "王小明"
    assert (first["patron"]["national_id"], first["patron"]["birth_date"].isoformat()) == (MING_ID, "2014-05-06")
    assert {row["uid"] for row in data.section("card").rows} == {city.ming_card.hex, IPASS.hex}
    assert first["contact"]["address"] == "臺北市虛構路2號"
    assert first["pupil"]["household_address"] == "臺北市虛構路1號"
    assert (first["consent"]["school_year"], first["consent"]["batch.kind"]) == (114, "bureau-students")
    assert (first["loan"]["item.title"], first["loan"]["due"].isoformat()) == ("小王子", "2026-04-01")
    assert (first["hold"]["title"], first["hold"]["pickup.name"]) == ("老人與海", "總館")
    assert first["block"]["code"] == "staff"
    assert set(first["pin"]) == {"patron", "set_at", "failures", "locked_until"}
    assert set(first["pin_code"]) == {"patron", "issued_at", "expires_at"}
    assert first["privacy_request"]["kind"] == "access"
    assert {row["source"] for row in data.section("source_notice").rows} == {"bureau", "school"}
    trail = [(row["actor"], row["action"]) for row in data.section(AUDIT).rows]
    assert trail[-2:] == [("wang", "patron looked up"), ("lin", "person exported")]
    assert ("test", "roster") in trail
    assert ming == data.patron


def test_former_cards_and_losses_are_told_and_a_case_tells_nothing_of_the_other(city: City, tmp_path: Path) -> None:
    registry = city.registry
    registry.desk.losses.lose(
        LossCall(city.ming_card, LossChannel.DESK, frozenset({IdentityItem.NAME, IdentityItem.PHONE}), "C01"), by="lin"
    )
    registry.desk.cards.replace(NewCardOrder(PatronId(city.ming), CardKind.EASYCARD, NEW, city.ming_card), by="lin")
    with pytest.raises(Exception, match="number_bound_elsewhere"):
        registry.desk.cards.replace(NewCardOrder(PatronId(city.ming), CardKind.EASYCARD, city.hua_card, NEW), by="lin")
    of_ming, of_hua = (registry.privacy.exports.export(PatronId(key), by="lin") for key in (city.ming, city.hua))
    (report,) = of_ming.section("card_loss_report").rows
    assert (report["channel"], sorted(report["identity"]), report["branch"]) == ("desk", ["name", "phone"], "C01")
    (former,) = of_ming.section("former_card").rows
    assert (former["ended_at"], former["kind"], "card_key" in former) == (city.clock(), "easycard", False)
    for data, other in ((of_ming, city.hua), (of_hua, city.ming)):
        (case,) = data.section("staff_case").rows
        assert case["kind"] == "number_bound_elsewhere"
        assert str(other) not in repr([one.rows for one in data.sections])
        assert "asks" not in case
        assert case["known"] == "…"
    assert "王" not in repr(of_hua.section("staff_case"))


def test_what_waits_for_the_consent_is_told_too(city: City, tmp_path: Path) -> None:
    counter_of(city, tmp_path).contacts(a_contact(national_id=MING_ID, name="王小明", born="2014-05-06", mobile="0987654321"))
    data = city.registry.privacy.exports.export(PatronId(city.ming), by="lin")
    assert [row["mobile"] for row in data.section(WAITING).rows] == ["0987654321"]


def test_the_files_are_the_owners_alone_and_readable_in_both_languages(city: City, tmp_path: Path) -> None:
    lived_in(city, tmp_path)
    with city.registry.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE patron SET name = '王小明\n偽造：是' WHERE name = '王小明'")
    exports = city.registry.privacy.exports
    data = exports.export(PatronId(city.ming), by="lin")
    as_json, as_text = tmp_path / "ming.json", tmp_path / "ming.txt"
    exports.write_json(as_json, data, CATALOGUES)
    exports.write_text(as_text, data, CATALOGUES)
    assert {path.stat().st_mode & 0o777 for path in (as_json, as_text)} == {0o600}
    document = json.loads(as_json.read_text("utf-8"))
    sections = {one["table"]: one for one in document["sections"]}
    assert sections["patron"]["rows"][0]["name"] == "王小明\n偽造：是"
    assert sections["loan"]["heading"] == {"zh_TW": "借閱", "en": "loans"}
    assert sections["pin"]["left_out"]["hash"]["en"].startswith("not told")
    assert sections["loan"]["rows"][0]["lent_at"] == "2026-03-11T10:00:00+08:00"
    said = as_text.read_text("utf-8")
    assert "== 借閱證 / cards ==" in said
    assert f"  卡號 / card number：{IPASS.hex}" in said
    assert "  書名 / title：小王子" in said
    assert "  沒有資料 / nothing" in said
    assert "\n偽造" not in said
    others = (str(city.hua), "歐陽", "F131234569", city.hua_card.hex, "$argon2id", "729401")
    assert not [secret for secret in others if secret in said + as_json.read_text("utf-8")]


def test_q6_2_a_number_that_is_unknown_replaced_or_lost_opens_nobodys_data(city: City) -> None:
    person = city.registry.privacy.person
    assert person(ByNumber(city.ming_card), by="lin") == city.ming
    city.registry.change_card(city.ming_card, CardState.LOST)
    with pytest.raises(PrivacyRefusedError) as lost:
        person(ByNumber(city.ming_card), by="lin")
    city.registry.desk.cards.replace(NewCardOrder(PatronId(city.ming), CardKind.EASYCARD, NEW, city.ming_card), by="lin")
    refused = []
    for uid in (city.ming_card, CardUid.from_hex("04FFFFFF")):
        with pytest.raises(PrivacyRefusedError) as unknown:
            person(ByNumber(uid), by="lin")
        refused.append(unknown.value.codes)
    assert (lost.value.codes, refused) == ((PrivacyRefusal.CARD_LOST,), [(PrivacyRefusal.NOBODY_FOUND,)] * 2)
    entries = [(one.outcome, list(one.patrons)) for one in city.registry.audit(limit=2)]
    assert entries == [("refused", []), ("refused", [])]
    assert person(ByNationalId(MING_ID), by="lin") == person(ByNumber(NEW), by="lin") == city.ming


def test_nobody_is_exported_who_is_not_on_record(city: City) -> None:
    with pytest.raises(PrivacyRefusedError, match="nobody_found"):
        city.registry.privacy.exports.export(PatronId(uuid7()), by="lin")
