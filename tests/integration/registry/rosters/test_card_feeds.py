"""Reissues, losses, leavings and new cards in a real database: what kiosks and desks find afterwards."""

from datetime import date
from uuid import UUID

import pytest

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord
from registry.cards.store_events import history_of_card
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from tests.integration.registry.city import Kiosk, a_checkout
from tests.integration.registry.rosters.counter import Counter
from tests.integration.registry.rosters.feeds import (
    BEFORE,
    HUA,
    LIN,
    MING,
    SINCE,
    cancelled,
    easycards,
    handed_in,
    loss,
    outcomes,
    pupil,
    reissue,
    tell,
    uid,
)

SEPTEMBER, OCTOBER, NOVEMBER, JUNE = date(2025, 9, 1), date(2025, 10, 3), date(2025, 11, 5), date(2026, 3, 1)


def events(counter: Counter, number: str) -> list[str]:
    with counter.city.registry.database.reading() as connection:
        return [str(one.event) for one in history_of_card(connection, counter.city.key_of(uid(number)))]


def test_q1_a_and_q2_a_a_pupil_applies_for_nothing_the_number_in_the_registry_is_the_binding(counter: Counter) -> None:
    assert outcomes(tell(counter, pupil(LIN, "04000002"))) == ["created"]
    assert easycards(counter)[LIN] == "04000002 active"
    assert events(counter, "04000002") == ["bound"]


def test_q6_3a_r6_and_q6_4_a_reissue_ends_the_old_number_without_a_loss_report_and_kiosks_hear_of_both(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    heard = len(counter.heard())
    assert outcomes(tell(counter, reissue(LIN, "04000003", OCTOBER))) == ["replaced"]
    assert easycards(counter)[LIN] == "04000003 active"
    assert counter.heard()[heard:] == counter.keys_of(["04000002", "04000003"])
    assert counter.city.registry.desk.cards.find(ByNumber(uid("04000002")), by="lin") == []
    assert events(counter, "04000002") == ["bound", "replaced"]


def test_q6_3a_a_reissue_after_a_loss_report_gives_a_card_that_works(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    assert outcomes(tell(counter, loss(LIN, SEPTEMBER))) == ["stopped"]
    assert easycards(counter)[LIN] == "04000002 lost"
    tell(counter, reissue(LIN, "04000003", OCTOBER))
    assert easycards(counter)[LIN] == "04000003 active"
    assert outcomes(tell(counter, loss(LIN, SEPTEMBER))) == ["older"]


def test_q6_3b_of_a_reissue_for_a_non_participant_nothing_is_stored(counter: Counter) -> None:
    before = counter.dump()
    assert outcomes(tell(counter, reissue(MING, "04000003", OCTOBER), reissue(LIN, "04000004", OCTOBER, number=3))) == [
        "not_participating",
        "not_participating",
    ]
    assert counter.dump() == before


def test_r15_an_older_reissue_is_laid_before_staff_and_the_newer_card_stays(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    tell(counter, reissue(LIN, "04000004", NOVEMBER))
    assert outcomes(tell(counter, reissue(LIN, "04000003", OCTOBER))) == ["held"]
    assert easycards(counter)[LIN] == "04000004 active"
    assert counter.sql("SELECT kind FROM staff_case") == [("reissue_older",)]


def test_q7_a_and_r10_a_cancelled_student_id_goes_on_as_a_library_card(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    assert outcomes(tell(counter, cancelled(LIN, JUNE))) == ["noted"]
    assert easycards(counter)[LIN] == "04000002 active"
    assert events(counter, "04000002") == ["bound", "cancelled"]
    before = counter.dump()
    assert outcomes(tell(counter, cancelled(LIN, JUNE))) == ["unchanged"]
    assert counter.dump() == before


def test_q7_b_and_r8_a_card_handed_in_ends_its_number_account_loans_and_other_cards_stay(counter: Counter, kiosk: Kiosk) -> None:
    city = counter.city
    tell(counter, pupil(MING, "04000002"))
    ipass = CardRecord(CardId(UUID(int=5)), PatronId(city.ming), CardKind.IPASS, CardUid.from_hex("04000101"))
    city.registry.add_cards([ipass])
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert outcomes(tell(counter, handed_in(MING, JUNE))) == ["ended"]
    assert easycards(counter) == {HUA: "04A1B2C3D4E580 active"}
    assert counter.sql("SELECT uid, state FROM card WHERE kind = 'ipass'") == [("04000101", "active")]
    assert counter.sql("SELECT count(*) FROM loan WHERE closed_at IS NULL AND patron IS NOT NULL") == [(1,)]
    assert events(counter, "04000002") == ["bound", "handed_in"]
    assert counter.heard()[-1:] == counter.keys_of(["04000002"])
    assert outcomes(tell(counter, handed_in(MING, JUNE))) == ["unchanged"]
    assert outcomes(tell(counter, pupil(MING, "04000002"))) == ["older"]


def test_q7_c_q9_c_q9_d_and_q9_e_the_next_schools_card_replaces_at_once_and_other_kinds_go_on(counter: Counter) -> None:
    tell(counter, pupil(MING, "04000002"))
    city = counter.city
    city.registry.add_cards([CardRecord(CardId(UUID(int=5)), PatronId(city.ming), CardKind.CHIP, CardUid.from_hex("04000103"))])
    assert outcomes(tell(counter, pupil(MING, "04000007"), year=115)) == ["replaced"]
    assert easycards(counter)[MING] == "04000007 active"
    assert counter.sql("SELECT uid, state FROM card WHERE kind = 'chip'") == [("04000103", "active")]
    assert counter.sql("SELECT school_year FROM consent ORDER BY school_year") == [(114,), (115,)]


def test_q7_d_without_new_consent_nothing_happens(counter: Counter) -> None:
    tell(counter, pupil(MING, "04000002"))
    before = counter.dump()
    counter.bureau(("王小明", MING, "2014-05-06", "新路", "", "04000007", "不同意"), school_year=115)
    assert counter.dump() == before


def test_q7_d_who_is_not_in_the_next_school_years_file_keeps_card_and_consent(counter: Counter) -> None:
    tell(counter, pupil(MING, "04000002"), pupil(LIN, "04000003", number=3))
    assert outcomes(tell(counter, pupil(LIN, "04000004"), year=115)) == ["replaced"]
    assert easycards(counter)[MING] == "04000002 active"
    assert counter.sql(
        "SELECT p.national_id, c.school_year FROM consent c JOIN patron p ON p.id = c.patron ORDER BY c.school_year, p.national_id"
    ) == [(MING, 114), (LIN, 114), (LIN, 115)]
    assert outcomes(tell(counter, reissue(MING, "04000005", NOVEMBER), year=115)) == ["replaced"]


def test_r19_a_card_of_a_cohort_long_gone_works_until_an_event_ends_it(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"), year=100)
    counter.city.clock.pass_(days=16 * 365)
    counter.batches.expire()
    tell(counter, pupil(MING, "04000007"), year=115)
    assert easycards(counter)[LIN] == "04000002 active"
    assert counter.sql("SELECT expires FROM patron WHERE national_id = 'W234567893'") == [(None,)]


def test_r18_a_loss_from_the_bureau_is_not_undone_at_a_desk(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    tell(counter, loss(LIN, OCTOBER, card="04000002"))
    with pytest.raises(DeskRefusedError) as caught:
        counter.city.registry.desk.losses.restore(uid("04000002"), because="found again", by="staff:lin")
    assert caught.value.code is DeskRefusal.FROM_BUREAU
    assert easycards(counter)[LIN] == "04000002 lost"


def test_a_number_that_is_somebodys_card_in_the_other_byte_order_is_a_case(counter: Counter) -> None:
    """A sender that has changed its number form would bind cards that nobody has."""
    assert outcomes(tell(counter, pupil(LIN, "1C2BA304"), pupil(MING, "1C2BA305", number=3))) == ["held", "replaced"]
    assert counter.sql("SELECT kind FROM staff_case") == [("number_forms_match",)]
    tell(counter, pupil(MING, "04000002"), year=115)
    assert outcomes(tell(counter, pupil(LIN, "05A32B1C"))) == ["held"]


def test_old_and_new_resident_number_of_one_person_open_a_case_and_two_accounts_stay_two(counter: Counter) -> None:
    assert outcomes(tell(counter, pupil(BEFORE, "04000011"))) == ["created"]
    assert outcomes(tell(counter, pupil(SINCE, "04000012"))) == ["created"]
    assert counter.sql(
        "SELECT c.kind, p.national_id, o.national_id FROM staff_case c JOIN patron p ON p.id = c.patron JOIN patron o ON o.id = c.other_patron"
    ) == [("possible_duplicate", SINCE, BEFORE)]
    assert easycards(counter)[BEFORE] == "04000011 active"
