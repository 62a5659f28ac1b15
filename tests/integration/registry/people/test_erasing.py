"""The end of an account: refused while something is open; else nothing is left that says who it was."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from circulation.cards import CardKind
from circulation.holds import HoldState
from circulation.ids import CardId, PatronId
from circulation.reasons import Reason
from registry.cards.replacement import BindingRefusal
from registry.cards.store import CardRecord, WrongAccountError
from registry.cards.store_losses import LossChannel
from registry.database import UnitOfWork
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByName
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.exchange.store_feed import FeedEntry
from registry.exchange.store_projection import rows_for
from registry.people.ages import Signer
from registry.people.application import FirstCard
from registry.people.erasing import ErasureForm
from registry.people.family_desk import NewFamily
from registry.people.refusals import PeopleRefusal, PeopleRefusedError
from registry.people.room import Neighbours, People
from registry.people.store_erasure import DELETED
from registry.people.withdrawing import WithdrawalForm
from registry.tables import metadata
from replica.tables import ReplicaTable
from tests.integration.registry.city import City, Kiosk, a_checkout, a_hold, a_return
from tests.integration.registry.desk.counter import BARCODE, IPASS, NEW, an_order
from tests.integration.registry.homes import Homes, SqliteHomes
from tests.integration.registry.people.elsewhere import ALIAS, DEVICE, STUDENT_NUMBER, TITLE, known_elsewhere
from tests.integration.registry.people.office import (
    STAFF,
    audited,
    enrolled,
    fined,
    heard_since,
    is_on_record,
    last_heard,
    people_of,
    places_of,
    refusals,
    rosters_of,
)
from tests.integration.registry.test_retention import raw
from tests.unit.registry.people.forms import AUNT, CONTACT, MOTHER, an_application
from tests.unit.registry.rosters.roster_files import a_pupil

LEFT = {"account_end.patron", "card_event.patron", "former_card.patron", "withdrawal.patron"}
"""Keys alone: nothing beside them says whose they were."""
CANARIES = {
    *("金絲雀一", "Z199999990", "臺北市金絲雀路5號", "0955666777", "02-8888-7777", "10699"),
    *("金絲雀代辦", "金絲雀監護", "0944333222"),
    *(ALIAS, TITLE, DEVICE, STUDENT_NUMBER),
}


def erased(city: City, patron: UUID, signed_by: Signer = Signer.GUARDIAN, guardian: UUID | None = None) -> None:
    people_of(city).erasures.erase(ErasureForm(PatronId(patron), signed_by, guardian), by=STAFF)


def refused(city: City, patron: UUID, signed_by: Signer = Signer.GUARDIAN) -> list[str]:
    with pytest.raises(PeopleRefusedError) as error:
        erased(city, patron, signed_by)
    return refusals(error.value)


def a_canary(city: City) -> PatronId:
    """Somebody of whom every room knows something."""
    contact = type(CONTACT)("臺北市金絲雀路5號", "02-8888-7777", "0955666777", "10699")
    proxy = type(AUNT)("金絲雀代辦", AUNT.relation, AUNT.papers)
    guardian = type(MOTHER)(MOTHER.relation, MOTHER.papers, name="金絲雀監護", phone="0944333222")
    given = an_application(
        name="金絲雀一",
        born=date(2016, 7, 8),
        signed_by=Signer.GUARDIAN,
        contact=contact,
        proxy=proxy,
        guardian=guardian,
        card=FirstCard(CardKind.EASYCARD, NEW),
    )
    people = people_of(city)
    patron = people.applications.apply(given, by=STAFF).patron
    city.registry.desk.cards.replace(NewCardOrder(patron, CardKind.IPASS, IPASS), by=STAFF)
    call = LossCall(IPASS, LossChannel.DESK, frozenset({IdentityItem.NAME, IdentityItem.PAPERS}), "C01")
    city.registry.desk.losses.lose(call, by=STAFF)
    pins = city.registry.desk.pins
    pins.set_by_code(pins.issue_code(patron, by=STAFF).code, "729401", by=STAFF)
    pins.issue_code(patron, by=STAFF)
    people.codes.message(patron, by=STAFF)
    people.families.open(NewFamily("金絲雀家", CONTACT, "C01", BARCODE, (patron,)), by=STAFF)
    city.registry.add_holds([a_hold(patron)])
    known_elsewhere(city, patron)
    return patron


def asked_about(city: City, folder: Path) -> None:
    """A roster that knows the canary by another birth date: a case with both sides."""
    counter = rosters_of(city, folder)
    counter.bureau(a_pupil(name="金絲雀一", national_id="Z199999990", born="2011-01-02", card="04000055"))


def settle_cases(city: City) -> None:
    with city.registry.database.unit_of_work() as work:
        cases = metadata.tables["staff_case"]
        work.connection.execute(cases.update().values(settled_at=city.clock()))
        work.commit()


def test_r8_an_account_with_something_open_does_not_end_and_every_reason_is_said(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])), kiosk.envelope(a_checkout(city.hua, city.books[0])))
    fined(city, city.ming)
    city.registry.add_holds([a_hold(city.ming, title="別的書", state=HoldState.READY, item=city.books[2], shelf="1")])
    before = city.sql("SELECT * FROM patron ORDER BY id")
    assert refused(city, city.ming, Signer.SELF) == ["signer_wrong", "loans_open", "debts_open", "hold_ready", "questions_open"]
    assert city.sql("SELECT * FROM patron ORDER BY id") == before
    assert audited(city, "account erased")[0]["code"] == "signer_wrong,loans_open,debts_open,hold_ready,questions_open"
    obstacles = people_of(city).erasures.obstacles(PatronId(city.ming))
    assert obstacles == (PeopleRefusal.LOANS_OPEN, PeopleRefusal.DEBTS_OPEN, PeopleRefusal.HOLD_READY, PeopleRefusal.QUESTIONS_OPEN)


def test_what_another_room_has_still_to_answer_keeps_the_account_and_it_forgets_with_the_rest(city: City) -> None:
    forgotten: list[PatronId] = []
    open_requests = [1]

    def forget(_work: UnitOfWork, keys: Collection[PatronId]) -> list[FeedEntry]:
        forgotten.extend(keys)
        return []

    beside = Neighbours(forget=[forget], requests=[lambda _connection, _patron: open_requests[0]])
    registry = city.registry
    people = People.of(registry, registry.desk.pins, registry.outside, publish=registry._publish, neighbours=beside)
    form = ErasureForm(PatronId(city.hua), Signer.GUARDIAN)
    with pytest.raises(PeopleRefusedError) as waits:
        people.erasures.erase(form, by=STAFF)
    assert refusals(waits.value) == ["questions_open"]
    open_requests[0] = 0
    people.erasures.erase(form, by=STAFF)
    assert forgotten == [city.hua]


def test_of_an_account_that_ended_no_row_but_keys_is_left_in_any_table(city: City, tmp_path: Path) -> None:
    patron = a_canary(city)
    asked_about(city, tmp_path)
    settle_cases(city)
    named = places_of(city, patron)
    assert named >= {f"{column.table.name}.{column.name}" for column in DELETED} - {"guardian.adult", "family_member.family"}
    before = last_heard(city)
    ((guardian,),) = city.sql("SELECT id FROM guardian")
    erased(city, patron, guardian=UUID(bytes=guardian))
    assert places_of(city, patron) <= LEFT
    shown = repr({name: rows for name, rows in everything(city).items() if name != "feed"})
    assert not [canary for canary in CANARIES if canary in shown]
    assert {("card", city.key_of(NEW).hex()), ("card", city.key_of(IPASS).hex()), ("patron", str(patron))} <= set(heard_since(city, before))
    assert city.sql("SELECT cause, actor FROM account_end") == [("asked_for", STAFF)]
    assert city.registry.desk.cards.find(ByName.written(""), by=STAFF) == []


def everything(city: City) -> dict[str, list[object]]:
    with city.registry.database.reading() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables}


def test_kiosks_forget_whose_account_ended_and_new_ones_never_hear_of_it(city: City, kiosk: Kiosk) -> None:
    after = last_heard(city)
    erased(city, city.hua)
    page = kiosk.changes(city.feed, after, 5)
    assert [(str(one.table), bytes(one.row or b"null")) for one in page.changes] == [("card", b"null"), ("patron", b"null")]
    with city.registry.database.reading() as connection:
        assert [row.id for row in connection.execute(rows_for(ReplicaTable.PATRON, "C01"))] == [city.ming]


def test_r9_and_r15_a_number_of_an_ended_account_comes_back_for_nobody_and_binds_nothing_to_it(city: City) -> None:
    erased(city, city.hua)
    cards = city.registry.desk.cards
    with pytest.raises(DeskRefusedError) as taken:
        cards.replace(an_order(city, city.hua_card), by=STAFF)
    assert taken.value.code is BindingRefusal.BOUND_ELSEWHERE
    with pytest.raises(DeskRefusedError) as nobody:
        cards.replace(NewCardOrder(PatronId(city.hua), CardKind.EASYCARD, NEW), by=STAFF)
    assert nobody.value.code is DeskRefusal.NOBODY_FOUND
    with pytest.raises(WrongAccountError):
        city.registry.add_cards([CardRecord(CardId(uuid7()), PatronId(city.hua), CardKind.EASYCARD, NEW)])
    with pytest.raises(DeskRefusedError):
        city.registry.desk.pins.issue_code(PatronId(city.hua), by=STAFF)


def test_a_fact_that_comes_late_for_an_ended_account_is_flagged_and_lends_nobody_anything(city: City, kiosk: Kiosk) -> None:
    erased(city, city.hua)
    (late,) = kiosk.push(1, kiosk.envelope(a_checkout(city.hua, city.books[0])))
    assert Reason.PATRON_UNKNOWN in late.reasons
    assert city.registry.counts()["loan"] == 0


def test_who_had_what_is_cut_with_the_account_and_not_when_the_window_is_over(city: City, kiosk: Kiosk) -> None:
    loan = a_checkout(city.hua, city.books[0])
    kiosk.push(1, kiosk.envelope(loan), kiosk.envelope(a_return(loan=loan.loan, item=city.books[0])))
    erased(city, city.hua)
    assert city.sql("SELECT count(*), count(patron) FROM loan") == [(1, 0)]
    assert city.sql("SELECT max(length(body)) FROM fact") == [(0,)]


def test_who_comes_back_is_somebody_new(city: City) -> None:
    erased(city, city.hua)
    again = an_application(name="歐陽小華", national_id="F131234569", born=date(2013, 1, 2), signed_by=Signer.GUARDIAN)
    assert people_of(city).applications.apply(again, by=STAFF).patron != city.hua


def test_r20_a_family_ends_by_itself_and_its_members_stay(city: City) -> None:
    people = people_of(city)
    family = people.families.open(NewFamily("王家", CONTACT, "C01", BARCODE, (PatronId(city.ming),)), by=STAFF)
    people.erasures.erase(ErasureForm(family, Signer.SELF), by=STAFF)
    assert not is_on_record(city, BARCODE)
    assert is_on_record(city, city.ming_card)
    assert city.registry.counts()["family_member"] == 0


def test_r11_who_asks_for_the_end_while_a_withdrawal_waits_ends_both(city: City, tmp_path: Path) -> None:
    pupil = enrolled(city, tmp_path)
    fine = fined(city, pupil)
    people_of(city).withdrawals.withdraw(WithdrawalForm(pupil, Signer.GUARDIAN), by=STAFF)
    assert refused(city, pupil) == ["debts_open"], "the withdrawal's own block is none"
    city.registry.lift_block(fine)
    erased(city, pupil)
    assert city.sql("SELECT outcome FROM withdrawal") == [("ended",)]


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_after_the_nights_work_no_file_holds_who_it_was(city: City, kiosk: Kiosk, homes: Homes, tmp_path: Path) -> None:
    assert isinstance(homes, SqliteHomes)
    patron = a_canary(city)
    asked_about(city, tmp_path)
    settle_cases(city)
    kiosk.request("GET", "/v1/snapshots/latest")
    city.clock.pass_(seconds=1)
    folder = city.registry.folder / "snapshots"
    assert list(folder.glob("*.zst"))
    held = raw(homes, city)
    assert all(canary.encode() in held for canary in CANARIES)
    erased(city, patron)
    city.registry.retention().once()
    held = raw(homes, city)
    assert not [canary for canary in CANARIES if canary.encode() in held]
    assert not list(folder.glob("*.zst")), "a snapshot from before holds the masked name"
    assert city.sql("SELECT count(*), count(overwritten_at) FROM account_end") == [(1, 1)]
    assert city.registry.retention().once() == 0
