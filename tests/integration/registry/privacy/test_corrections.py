"""Corrections: mended, told to whoever had the wrong data, and never a name that no librarian has confirmed."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.questions import ByName
from registry.privacy.corrections import CorrectedField, CorrectionMade, CorrectionOrder, Recipient
from registry.privacy.refusals import PrivacyRefusedError
from registry.privacy.store_forgetting import forget
from registry.privacy.terms import RequestKind
from replica.rows import PatronRow
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.privacy.people import an_order, ming_of_the_bureau

NEW_ID = "W234567893"


def corrected(city: City, **written: str) -> CorrectionMade:
    """Corrected by a librarian who has seen papers."""
    return city.registry.privacy.corrections.correct(CorrectionOrder(PatronId(city.ming), by_field(written), confirmed=True), by="lin")


def asked_for(city: City, **written: str) -> CorrectionMade:
    """Corrected without papers."""
    return city.registry.privacy.corrections.correct(CorrectionOrder(PatronId(city.ming), by_field(written)), by="lin")


def by_field(written: dict[str, str]) -> dict[CorrectedField, str]:
    return {CorrectedField(one): value for one, value in written.items()}


def names_heard(city: City, kiosk: Kiosk) -> list[str]:
    page = kiosk.changes(city.feed, 0, 5)
    return [
        msgspec.json.decode(one.row, type=PatronRow).masked_name for one in page.changes if one.table == "patron" and one.row is not None
    ]


def test_r16_the_librarys_own_name_stays_until_a_librarian_confirms_the_change(city: City, kiosk: Kiosk) -> None:
    made = asked_for(city, name="林小明")
    assert (made.fields, made.waits, made.untold) == ((CorrectedField.NAME,), True, ())
    assert city.sql("SELECT name, masked_name, folded_name FROM patron WHERE national_id = 'A123456789'") == [("王小明", "王○○", "王小明")]
    assert kiosk.changes(city.feed, 0).changes == ()
    city.registry.privacy.corrections.confirm_name(made.id, by="chen")
    assert city.sql("SELECT name, masked_name, folded_name FROM patron WHERE national_id = 'A123456789'") == [("林小明", "林○○", "林小明")]
    assert names_heard(city, kiosk) == ["林○○"]
    assert city.sql("SELECT waiting_name, settled_by FROM correction") == [(None, "chen")]
    assert city.registry.desk.cards.find(ByName("王小明"), by="lin") == []
    with pytest.raises(PrivacyRefusedError, match="correction_unknown"):
        city.registry.privacy.corrections.confirm_name(made.id, by="chen")


def test_r16_a_name_that_a_librarian_does_not_take_is_forgotten_and_the_own_one_stays(city: City) -> None:
    made = asked_for(city, name="林小明", birth_date="2014-05-07")
    city.registry.privacy.corrections.reject_name(made.id, by="chen")
    assert city.sql("SELECT name, birth_date FROM patron WHERE national_id = 'A123456789'") == [("王小明", "2014-05-07")]
    assert city.sql("SELECT waiting_name, settled_by FROM correction") == [(None, "chen")]


def test_everybody_who_had_the_wrong_data_is_told_and_ticked_off(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    ming_of_the_bureau(city, tmp_path)
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("UPDATE pupil SET school = '313301'")
        work.commit()
    made = corrected(city, name="林小明", national_id=" ｗ234567893", mobile="0987654321")
    assert made.untold == (Recipient.BUREAU, Recipient.SCHOOL, Recipient.BRANCH)
    assert names_heard(city, kiosk)[-1] == "林○○"
    assert city.sql("SELECT national_id FROM patron WHERE name = '林小明'") == [(NEW_ID,)]
    assert city.sql("SELECT address, mobile FROM contact") == [("臺北市虛構路2號", "0987654321")]
    assert city.sql("SELECT told_by FROM correction_told WHERE recipient = 'kiosks'") == [("feed",)]
    desk = city.registry.privacy.corrections
    for recipient in made.untold:
        assert [one.id for one in desk.unfinished(by="lin")] == [made.id]
        desk.tell(made.id, recipient, by="lin")
    assert desk.unfinished(by="lin") == []
    for recipient in (Recipient.BUREAU, Recipient.APPS):
        with pytest.raises(PrivacyRefusedError, match="recipient_unknown"):
            desk.tell(made.id, recipient, by="lin")


def test_the_trail_says_which_data_and_no_value(city: City) -> None:
    made = corrected(city, name="林小明", birth_date="103.5.7", address="臺北市新路3號")
    entry = city.registry.audit(limit=1)[0]
    assert (entry.action, list(entry.patrons)) == ("data corrected", [city.ming])
    assert entry.detail["fields"] == "name,birth_date,address"
    assert not [value for value in ("林", "2014", "103", "新路") if value in repr(entry.detail)]
    assert city.sql("SELECT fields FROM correction") == [('["name", "birth_date", "address"]',)]
    assert city.registry.privacy.corrections.unfinished(by="lin")[0].id == made.id


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"name": "王小明"}, "nothing_changes"),
        ({"name": ""}, "value_unreadable"),
        ({"national_id": "A123456780"}, "value_unreadable"),
        ({"national_id": "F131234569"}, "national_id_taken"),
        ({"birth_date": "2030-01-01", "mobile": "912345678"}, "value_unreadable"),
        ({"mobile": "0912345678"}, "address_missing"),
    ],
)
def test_what_cannot_be_so_is_refused_and_changes_nothing(city: City, written: dict[str, str], code: str) -> None:
    before = city.sql("SELECT * FROM patron ORDER BY id")
    with pytest.raises(PrivacyRefusedError, match=code):
        corrected(city, **written)
    assert city.sql("SELECT * FROM patron ORDER BY id") == before
    assert city.sql("SELECT count(*) FROM correction") == [(0,)]


def test_r3_of_an_id_that_another_has_nobody_is_told_whose_it_is(city: City) -> None:
    with pytest.raises(PrivacyRefusedError) as refused:
        corrected(city, national_id="F131234569")
    assert "歐陽" not in str(refused.value)
    assert str(city.hua) not in repr(city.registry.audit())


def test_q3_3b_contact_data_by_hand_make_no_record_complete(city: City) -> None:
    with city.registry.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE patron SET contact_complete = false")
    corrected(city, address="臺北市新路3號", guardian="王大明")
    assert city.sql("SELECT address, guardian, phone FROM contact") == [("臺北市新路3號", "王大明", None)]
    assert {bool(row[0]) for row in city.sql("SELECT contact_complete FROM patron")} == {False}


def test_a_correction_answers_a_request_on_the_register_and_goes_with_the_account(city: City) -> None:
    request = city.registry.privacy.requests.take(an_order(city.ming, kind=RequestKind.CORRECTION), by="lin")
    desk = city.registry.privacy.corrections
    values = {CorrectedField.BIRTH_DATE: "2014-05-07"}
    made = desk.correct(CorrectionOrder(PatronId(city.ming), values, request=request.id), by="lin")
    assert city.sql("SELECT request FROM correction") == [(request.id.bytes,)]
    assert city.sql("SELECT birth_date FROM patron WHERE national_id = 'A123456789'") == [(date(2014, 5, 7).isoformat(),)]
    for patron, request_key in ((city.ming, uuid4()), (uuid4(), None)):
        with pytest.raises(PrivacyRefusedError):
            desk.correct(CorrectionOrder(PatronId(patron), {CorrectedField.BIRTH_DATE: "2014-05-08"}, request=request_key), by="lin")

    def end(work: UnitOfWork) -> None:
        forget(work, [made.patron])

    city.registry.database.write(end)
    assert city.sql("SELECT count(*) FROM correction") == city.sql("SELECT count(*) FROM correction_told") == [(0,)]
