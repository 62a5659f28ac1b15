"""Consent taken back: what stops at once, what is waited for, what goes, what stays."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests

from circulation.blocks import BlockCode
from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.reasons import Reason
from registry.cards.store_events import CardEventKind, history_of_patron
from registry.cases.acts import CaseOrder
from registry.cases.store_decisions import Viewer
from registry.desk.replacing import NewCardOrder
from registry.people.ages import Signer
from registry.people.consent import OF_A_PERSON, Proof
from registry.people.leaving import WithdrawalOutcome
from registry.people.refusals import PeopleRefusedError
from registry.people.withdrawing import WithdrawalForm, Withdrawn
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk, a_checkout, a_hold, a_renewal, a_return
from tests.integration.registry.desk.counter import BARCODE, CHIP, IPASS, cards_heard, give_other_cards, key
from tests.integration.registry.people.office import (
    CONTACT,
    NEW_CARD,
    PUPIL,
    PUPIL_CARD,
    STAFF,
    audited,
    enrolled,
    fined,
    heard_since,
    holder_of,
    is_on_record,
    last_heard,
    people_of,
    places_of,
    refusals,
    rosters_of,
)
from tests.unit.registry.people.forms import MOTHER
from tests.unit.registry.rosters.roster_files import HEADINGS, SCHOOL_YEAR, a_contact, a_pupil, an_order, bureau_file

LEFT_OF_AN_ENDED_ACCOUNT = {"account_end.patron", "card_event.patron", "former_card.patron", "withdrawal.patron"}


def withdrawn(city: City, patron: UUID, signed_by: Signer = Signer.GUARDIAN, guardian: UUID | None = None) -> Withdrawn:
    return people_of(city).withdrawals.withdraw(WithdrawalForm(PatronId(patron), signed_by, guardian, "C01"), by=STAFF)


def ming_takes_part(city: City, folder: Path) -> None:
    """Ming had cards of every kind before; the student ID replaced the EasyCard, the school sent contact data."""
    give_other_cards(city)
    counter = rosters_of(city, folder)
    counter.bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=NEW_CARD.hex))
    counter.contacts(a_contact(name="王小明", national_id="A123456789", born="2014-05-06"))


def test_q4_b_and_r11_a_pupil_whom_only_the_programme_brought_is_gone_when_nothing_is_open(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    before = last_heard(city)
    done = withdrawn(city, pupil)
    assert (done.closing, done.outcome) == (True, WithdrawalOutcome.ENDED)
    assert not is_on_record(city, PUPIL_CARD)
    assert places_of(city, pupil) == LEFT_OF_AN_ENDED_ACCOUNT
    assert {("card", city.key_of(PUPIL_CARD).hex()), ("patron", str(pupil))} <= set(heard_since(city, before))
    assert city.sql("SELECT patron, signed_by, outcome, block FROM withdrawal") == [(pupil.bytes, "guardian", "ended", None)]
    with pytest.raises(PeopleRefusedError) as nobody:
        people_of(city).persons.show(pupil, by=STAFF)
    assert refusals(nobody.value) == ["nobody_found"]


def test_r11_the_student_card_stops_at_once_and_the_account_when_the_last_book_is_back(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    loan = a_checkout(pupil, city.books[0], card=city.key_of(PUPIL_CARD))
    kiosk.push(1, kiosk.envelope(loan))
    done = withdrawn(city, pupil)
    assert (done.closing, done.outcome, done.left.loans) == (True, None, 1)
    assert cards_heard(city, kiosk)[-1] == (key(city, PUPIL_CARD), None)
    page = people_of(city).persons.show(pupil, by=STAFF)
    assert (page.closing, page.left.loans, page.consents) == (True, 1, ())
    assert not page.services
    renewed, borrowed = kiosk.push(2, kiosk.envelope(a_renewal(loan.loan, pupil)), kiosk.envelope(a_checkout(pupil, city.books[1])))
    assert Reason.PATRON_BLOCKED in renewed.reasons, "it may be returned and renewed no more"
    assert Reason.PATRON_BLOCKED in borrowed.reasons
    settle_flags(city)
    (returned,) = kiosk.push(4, kiosk.envelope(a_return(loan=loan.loan, item=city.books[0])))
    assert returned.reasons == ()
    assert city.sql("SELECT outcome FROM withdrawal") == [(None,)], "the other book is still out"
    before = last_heard(city)
    kiosk.push(5, kiosk.envelope(a_return(item=city.books[1])))
    assert city.sql("SELECT outcome FROM withdrawal") == [("ended",)]
    assert places_of(city, pupil) == LEFT_OF_AN_ENDED_ACCOUNT
    assert ("patron", str(pupil)) in heard_since(city, before)


def settle_flags(city: City) -> None:
    cases = city.registry.casework.cases
    for one in cases.listed(Viewer(STAFF)):
        cases.decide(one.id, CaseOrder(one.allowed[0], "seen"), Viewer(STAFF))


def test_r11_and_q3_4c_a_patron_with_own_cards_stays_with_them_and_the_programmes_data_go(city: City, tmp_path: Path) -> None:
    ming_takes_part(city, tmp_path)
    done = withdrawn(city, city.ming)
    assert (done.closing, done.outcome) == (False, WithdrawalOutcome.STAYED)
    assert [is_on_record(city, card) for card in (NEW_CARD, city.ming_card, IPASS, BARCODE, CHIP)] == [False, False, True, True, True]
    assert not {"pupil.patron", "consent.patron", "contact.patron"} & places_of(city, city.ming)
    assert city.sql("SELECT name, national_id, contact_complete, basis FROM patron WHERE basis = 'before' AND name = '王小明'") == [
        ("王小明", "A123456789", 0, "before")
    ]
    page = people_of(city).persons.show(PatronId(city.ming), by=STAFF)
    assert (page.services, page.pending, page.is_pupil) == (OF_A_PERSON, None, False)
    with city.registry.database.reading() as connection:
        assert history_of_patron(connection, PatronId(city.ming))[-1].event is CardEventKind.WITHDRAWN


def test_r11_who_was_complete_without_the_schools_word_stays_so_when_the_consent_is_taken_back(city: City, tmp_path: Path) -> None:
    """The Bureau's row came and the school's never did: nothing that made the record complete goes with the programme."""
    rosters_of(city, tmp_path).bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=NEW_CARD.hex))
    assert withdrawn(city, city.ming).outcome is WithdrawalOutcome.STAYED
    assert city.sql("SELECT contact_complete FROM patron WHERE national_id = 'A123456789'") == [(1,)]


def test_r8_and_r11_what_was_open_is_settled_first_and_what_came_later_is_not_waited_for(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    ming_takes_part(city, tmp_path)
    first = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(first))
    fine = fined(city, city.ming)
    assert withdrawn(city, city.ming).outcome is None
    city.clock.pass_(hours=1)
    later = a_checkout(city.ming, city.books[1], card=city.key_of(IPASS))
    kiosk.push(2, kiosk.envelope(later), kiosk.envelope(a_return(loan=first.loan, item=city.books[0])))
    assert "pupil.patron" in places_of(city, city.ming), "a debt is open"
    city.registry.lift_block(fine)
    assert people_of(city).withdrawals.complete_all() == 1
    assert people_of(city).withdrawals.complete_all() == 0
    assert "pupil.patron" not in places_of(city, city.ming)
    assert city.sql("SELECT id FROM loan WHERE closed_at IS NULL") == [(later.loan.bytes,)]
    assert audited(city, "withdrawal completed") == [{"patron": str(city.ming), "outcome": "stayed"}]


def test_r11_a_suspension_must_be_served_before_an_account_ends(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    served = fined(city, pupil, BlockCode.SUSPENDED)
    assert withdrawn(city, pupil).left.debts == 1
    assert people_of(city).withdrawals.complete_all() == 0
    city.registry.lift_block(served)
    assert people_of(city).withdrawals.complete_all() == 1


def test_r11_a_hold_cannot_be_collected_any_more_and_ends_with_the_consent(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    kiosk.push(1, kiosk.envelope(a_checkout(pupil, city.books[0])))
    city.registry.add_holds([a_hold(pupil, title="小王子")])
    withdrawn(city, pupil)
    assert city.registry.counts()["hold"] == 0


def test_r11_a_new_consent_before_the_end_keeps_everything(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    loan = a_checkout(pupil, city.books[0])
    kiosk.push(1, kiosk.envelope(loan))
    assert withdrawn(city, pupil).outcome is None
    city.clock.pass_(days=1)
    signed_again = (*PUPIL[:5], NEW_CARD.hex, "是", f"{city.clock.at:%Y%m%d}")
    rosters_of(city, tmp_path).bureau(signed_again, headings=(*HEADINGS, "發卡日期"))
    assert holder_of(city, NEW_CARD) == pupil
    before = last_heard(city)
    assert people_of(city).withdrawals.complete_all() == 1
    assert city.sql("SELECT outcome FROM withdrawal") == [("superseded",)]
    assert city.registry.counts()["block"] == 0
    assert [table for table, _ in heard_since(city, before)] == ["block"]
    assert people_of(city).persons.show(pupil, by=STAFF).consents[0].school_year == 114


def test_r11_an_own_card_that_comes_meanwhile_keeps_the_account(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    loan = a_checkout(pupil, city.books[0])
    kiosk.push(1, kiosk.envelope(loan))
    assert withdrawn(city, pupil).closing
    city.registry.desk.cards.replace(NewCardOrder(pupil, CardKind.IPASS, IPASS), by=STAFF)
    kiosk.push(2, kiosk.envelope(a_return(loan=loan.loan, item=city.books[0])))
    assert city.sql("SELECT outcome FROM withdrawal") == [("stayed",)]
    assert is_on_record(city, IPASS)
    assert city.registry.counts()["block"] == 0


def test_r15_a_file_from_before_the_withdrawal_binds_nothing_again(city: City, tmp_path: Path) -> None:
    counter = rosters_of(city, tmp_path)
    enrolled(city, tmp_path)
    ming_takes_part(city, tmp_path)
    for patron in (holder_of(city, PUPIL_CARD), city.ming):
        withdrawn(city, patron)
    again = counter.bureau(PUPIL, a_pupil(national_id="A123456789", born="2014-05-06", card=NEW_CARD.hex))
    assert counter.outcomes(again) == {"held": 1, "older": 1}
    assert city.sql("SELECT count(*) FROM consent") == [(0,)]
    assert not is_on_record(city, PUPIL_CARD)
    assert not is_on_record(city, NEW_CARD)
    assert city.sql("SELECT count(*) FROM pupil") == [(0,)]


def test_r11_and_r15_a_card_never_heard_of_in_a_file_without_dates_is_no_newer_consent_of_that_year(city: City, tmp_path: Path) -> None:
    """A list of the school year that comes late may be older than the family's word; the next year's is not."""
    ming_takes_part(city, tmp_path)
    withdrawn(city, city.ming)
    counter = rosters_of(city, tmp_path)
    late = counter.bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=PUPIL_CARD.hex))
    assert counter.outcomes(late) == {"older": 1}
    assert not is_on_record(city, PUPIL_CARD)
    counter.bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=PUPIL_CARD.hex), school_year=SCHOOL_YEAR + 1)
    assert holder_of(city, PUPIL_CARD) == city.ming


def test_r4_and_r11_what_the_school_sends_meanwhile_waits_and_goes_with_the_rest(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    loan = a_checkout(pupil, city.books[0])
    kiosk.push(1, kiosk.envelope(loan))
    withdrawn(city, pupil)
    rosters_of(city, tmp_path).contacts((*CONTACT[:3], "臺北市新地址3號", *CONTACT[4:]))
    assert city.sql("SELECT count(*) FROM roster_waiting") == [(1,)]
    kiosk.push(2, kiosk.envelope(a_return(loan=loan.loan, item=city.books[0])))
    assert city.sql("SELECT count(*) FROM roster_waiting") == [(0,)]


def test_r12_who_signs_is_recorded_and_must_be_the_right_person(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    people = people_of(city)
    link = people.guardians.link(pupil, MOTHER, by=STAFF)
    others = people.guardians.link(PatronId(city.hua), MOTHER, by=STAFF)
    for signed_by, guardian, reasons in (
        (Signer.SELF, None, ["signer_wrong"]),
        (Signer.GUARDIAN, others, ["guardian_not_linked"]),
    ):
        with pytest.raises(PeopleRefusedError) as wrong:
            withdrawn(city, pupil, signed_by, guardian)
        assert refusals(wrong.value) == reasons
    city.clock.pass_(days=4 * 366)
    with pytest.raises(PeopleRefusedError) as grown:
        withdrawn(city, pupil, Signer.GUARDIAN, link)
    assert refusals(grown.value) == ["guardian_not_linked", "signer_wrong"]
    city.clock.pass_(days=-4 * 366)
    withdrawn(city, pupil, Signer.GUARDIAN, link)
    assert city.sql("SELECT signed_by, guardian, actor, branch FROM withdrawal") == [("guardian", link.bytes, STAFF, "C01")]


def test_q4_d_an_earlier_cohort_is_bound_under_older_rules_and_may_withdraw(city: City, tmp_path: Path) -> None:
    counter = rosters_of(city, tmp_path)
    counter.store(counter.desk.load(an_order(bureau_file(tmp_path, PUPIL), school_year=113)))
    pupil = holder_of(city, PUPIL_CARD)
    (consent,) = people_of(city).persons.show(pupil, by=STAFF).consents
    assert (consent.school_year, consent.proof) == (113, Proof.OLDER_RULES)
    assert withdrawn(city, pupil).outcome is WithdrawalOutcome.ENDED


def test_q4_c_a_tick_against_it_gives_nothing_and_leaves_an_own_account_as_it_is(city: City, tmp_path: Path) -> None:
    before = city.sql("SELECT * FROM patron ORDER BY id"), city.sql("SELECT * FROM card ORDER BY id")
    counter = rosters_of(city, tmp_path)
    own = a_pupil(national_id="A123456789", born="2014-05-06", card=NEW_CARD.hex, consent="否")
    assert counter.outcomes(counter.bureau((*PUPIL[:6], "否"), own)) == {"not_consented": 2}
    assert (city.sql("SELECT * FROM patron ORDER BY id"), city.sql("SELECT * FROM card ORDER BY id")) == before
    assert people_of(city).persons.show(PatronId(city.ming), by=STAFF).services == OF_A_PERSON


def test_q7_b_a_card_that_is_handed_in_takes_no_service_and_no_loan_with_it(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    kiosk.push(1, kiosk.envelope(a_checkout(pupil, city.books[0])))
    people = people_of(city)
    before = people.persons.show(pupil, by=STAFF)
    city.registry.desk.life.hand_in(PUPIL_CARD, by=STAFF)
    after = people.persons.show(pupil, by=STAFF)
    assert (after.account.cards, after.account.open_loans) == ((), 1)
    assert after.services == before.services >= OF_A_PERSON


def test_only_who_takes_part_can_take_it_back_and_only_once(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    with pytest.raises(PeopleRefusedError) as never:
        withdrawn(city, city.hua)
    assert refusals(never.value) == ["not_in_programme"]
    pupil = enrolled(city, tmp_path)
    kiosk.push(1, kiosk.envelope(a_checkout(pupil, city.books[0])))
    withdrawn(city, pupil)
    with pytest.raises(PeopleRefusedError) as twice:
        withdrawn(city, pupil)
    assert refusals(twice.value) == ["withdrawal_pending"]
    assert audited(city, "consent withdrawn")[0] == {"patron": str(pupil), "code": "withdrawal_pending"}


class TestBesideAService:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), upkeep=timedelta(milliseconds=20))

    def test_r11_a_running_service_completes_what_waits_once_a_day(self, city: City, url: str, tmp_path: Path) -> None:
        pupil = enrolled(city, tmp_path)
        fine = fined(city, pupil)
        assert withdrawn(city, pupil).outcome is None
        city.registry.lift_block(fine)
        city.clock.pass_(days=1)
        looks = ((requests.get(f"{url}/health/live", timeout=30), city.sql("SELECT outcome FROM withdrawal"))[1] for _ in range(1000))
        assert next(rows for rows in looks if rows != [(None,)]) == [("ended",)]
