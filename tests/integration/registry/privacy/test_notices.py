"""Data that did not come from a person: from whom, when, with which batch, and the person is told at the first contact."""

import csv
from pathlib import Path

import pytest

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.privacy.notices import NoticeChannel
from registry.privacy.refusals import PrivacyRefusedError
from registry.privacy.store_forgetting import forget
from registry.privacy.store_notices import DataSource
from tests.integration.registry.city import City
from tests.integration.registry.privacy.people import MING_ID, counter_of, ming_of_the_bureau
from tests.unit.registry.rosters.roster_files import a_contact, a_pupil
from texts.catalogue import open_catalogue


def test_whom_the_bureau_and_the_school_have_sent_is_owed_a_notice_of_each(city: City, tmp_path: Path) -> None:
    ming_of_the_bureau(city, tmp_path)
    batches = dict(city.sql("SELECT kind, id FROM roster_batch"))
    owed = {one.source: one for one in city.registry.privacy.notices.owed(by="lin")}
    assert {source: one.batch.bytes for source, one in owed.items()} == {
        DataSource.BUREAU: batches["bureau-students"],
        DataSource.SCHOOL: batches["school-contacts"],
    }
    assert {(one.patron, one.school_year, one.received_at) for one in owed.values()} == {(city.ming, 114, city.clock())}
    assert list(city.registry.audit(limit=1)[0].patrons) == [city.ming]


def test_contact_data_that_waited_for_the_bureau_came_from_the_school_all_the_same(city: City, tmp_path: Path) -> None:
    counter = counter_of(city, tmp_path)
    counter.contacts(a_contact(national_id=MING_ID, born="2014-05-06"))
    assert city.registry.privacy.notices.owed(by="lin") == []
    counter.bureau(a_pupil(national_id=MING_ID, born="2014-05-06", card=city.ming_card.hex))
    assert {one.source for one in city.registry.privacy.notices.owed(by="lin")} == {DataSource.BUREAU, DataSource.SCHOOL}


def test_a_notice_is_owed_once_until_it_is_given_and_again_when_new_data_come(city: City, tmp_path: Path) -> None:
    notices = city.registry.privacy.notices
    ming_of_the_bureau(city, tmp_path)
    counter = counter_of(city, tmp_path)

    def moved(phone: str) -> None:
        counter.bureau(a_pupil(national_id=MING_ID, born="2014-05-06", card=city.ming_card.hex, phone=phone))

    moved("02-2999-0000")
    assert len(notices.owed(by="lin")) == 2
    assert notices.give([PatronId(city.ming)], NoticeChannel.DESK, by="chen") == 2
    assert notices.owed(by="lin") == []
    assert set(city.sql("SELECT given_by, channel FROM source_notice")) == {("chen", "desk")}
    with pytest.raises(PrivacyRefusedError, match="notice_not_owed"):
        notices.give([PatronId(city.ming)], NoticeChannel.DESK, by="chen")
    moved("02-2999-0001")
    assert [one.source for one in notices.owed(by="lin")] == [DataSource.BUREAU]


def test_q3_2b_whoever_did_not_consent_is_owed_nothing_because_nothing_of_theirs_came_in(city: City, tmp_path: Path) -> None:
    of_hua = a_pupil(name="歐陽小華", national_id="F131234569", born="2013-01-02", card="04C0C0C0", consent="不同意")
    counter_of(city, tmp_path).bureau(a_pupil(national_id=MING_ID, born="2014-05-06", card=city.ming_card.hex), of_hua)
    assert {one.patron for one in city.registry.privacy.notices.owed(by="lin")} == {city.ming}


def test_notices_of_a_branch_are_printed_with_their_text_and_no_formula(city: City, tmp_path: Path) -> None:
    counter_of(city, tmp_path).bureau(a_pupil(name="=cmd|'/c calc'!A1", national_id="W234567893", born="2014-05-06", card="04C0C0C0"))
    ming_of_the_bureau(city, tmp_path)
    notices = city.registry.privacy.notices
    assert len(notices.owed(branch="C01", by="lin")) == 2
    assert notices.owed(branch="L12", by="lin") == []
    path = tmp_path / "notices.csv"
    notices.write_csv(path, notices.owed(by="lin"), open_catalogue("zh_TW"))
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["姓名", "分館", "學校", "資料來源", "取得日期", "告知內容"]
    assert {row[0] for row in rows[1:]} == {"'=cmd|'/c calc'!A1", "王小明"}
    assert all("2026-03-11" in row[5] and "114" in row[5] and row[3] in row[5] for row in rows[1:])


def test_notices_go_with_the_account(city: City, tmp_path: Path) -> None:
    ming_of_the_bureau(city, tmp_path)

    def end(work: UnitOfWork) -> None:
        forget(work, [PatronId(city.ming)])

    city.registry.database.write(end)
    assert city.sql("SELECT count(*) FROM source_notice") == [(0,)]
