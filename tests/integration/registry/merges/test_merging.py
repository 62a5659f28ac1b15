"""Two accounts of one person become one, and two again."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from circulation.wire import FactStatus
from registry.belongings.footprint import Effect, EffectKind
from registry.cards.store import CardRecord, CardSource
from registry.cards.store_replacements import Origin
from registry.cases.acts import CaseOrder
from registry.cases.decisions import Decision
from registry.cases.store_decisions import Viewer
from registry.database import UnitOfWork
from registry.desk.questions import ByNationalId, ByNumber
from registry.enrolment.store import PatronRecord
from registry.enrolment.tables import patron
from registry.merges.desk import MergePolicy, MergeRefusedError
from registry.merges.rules import MergeOrder, MergeRefusal
from registry.people.ages import Signer
from registry.people.leaving import WithdrawalOutcome
from registry.people.store_erasure import Ending, end_accounts
from registry.people.store_withdrawals import Withdrawal, finish, record
from tests.integration.registry.city import START, City, Kiosk, a_checkout
from tests.integration.registry.merges.pair import IPASS, OTHER, STAFF, WHY, Pair, a_pair
from tests.unit.registry.rosters.roster_files import a_pupil, an_order, bureau_file


@pytest.fixture
def pair(city: City) -> Pair:
    return a_pair(city)


def a_withdrawal(whose: PatronId, day: int) -> Withdrawal:
    return Withdrawal(uuid7(), whose, START + timedelta(days=day), Signer.GUARDIAN, None, STAFF, "C01")


def take_back(pair: Pair, *withdrawals: Withdrawal) -> None:
    def keep(work: UnitOfWork) -> None:
        for one in withdrawals:
            record(work, one)

    pair.city.registry.database.write(keep)


def refusals(error: pytest.ExceptionInfo[MergeRefusedError]) -> set[MergeRefusal]:
    return set(error.value.codes)


def test_r8_loans_holds_blocks_and_cards_go_to_the_account_that_stays(pair: Pair) -> None:
    city = pair.city
    before = pair.last()
    key = city.registry.casework.merges.merge(pair.order(), by=STAFF)
    moved = "SELECT DISTINCT patron FROM (SELECT patron FROM loan UNION SELECT patron FROM hold UNION SELECT patron FROM block) AS moved"
    assert city.sql(moved) == [(city.ming.bytes,)]
    assert sorted(city.sql("SELECT kind, patron FROM card")) == [("easycard", city.ming.bytes), ("ipass", city.ming.bytes)]
    assert city.sql("SELECT id FROM patron") == [(city.ming.bytes,)]
    heard = pair.heard(before)
    assert {("patron", str(city.hua)), ("loan", str(pair.loan)), ("hold", str(pair.hold)), ("block", str(pair.block))} <= set(heard)
    assert {("card", city.key_of(city.hua_card).hex()), ("card", city.key_of(IPASS).hex())} <= set(heard)
    [entry] = [one for one in city.registry.audit() if one.action == "accounts merged"]
    assert (entry.actor, entry.detail["merge"], entry.detail["patron"]) == (STAFF, str(key), str(city.ming))
    assert WHY not in repr(entry)


def test_r13_q9_b_of_two_cards_of_one_kind_the_chosen_one_stays_and_the_other_is_no_such_record(pair: Pair) -> None:
    city = pair.city
    desk = city.registry.casework.merges
    with pytest.raises(MergeRefusedError) as error:
        desk.merge(pair.order(keep={}), by=STAFF)
    assert refusals(error) == {MergeRefusal.CARD_CHOICE_MISSING}
    desk.merge(pair.order(keep={CardKind.EASYCARD: city.hua}), by=STAFF)
    assert city.registry.desk.cards.find(ByNumber(city.ming_card), by="lin") == []
    assert [one.id for one in city.registry.desk.cards.find(ByNumber(city.hua_card), by="lin")] == [city.ming]
    assert city.sql("SELECT count(*) FROM card WHERE kind = 'easycard'") == [(1,)]
    assert city.sql("SELECT card_key, patron FROM former_card") == [(city.key_of(city.ming_card), city.ming.bytes)]


@pytest.mark.parametrize("keep", ["ming", "hua"])
def test_r11_what_either_account_took_back_stays_taken_back(pair: Pair, keep: str) -> None:
    """Else a list from before would bring the programme back to whom the family took out of it."""
    city = pair.city
    withdrawals = [a_withdrawal(whose, day) for whose, day in ((pair.stays, 1), (pair.goes, 2))]
    take_back(pair, *withdrawals)
    city.registry.database.write(lambda work: finish(work, {one.id: WithdrawalOutcome.STAYED for one in withdrawals}, at=city.clock()))
    before = pair.rows()
    order = pair.order()
    if keep == "hua":
        order = replace(order, survivor=pair.goes, vanished=pair.stays)
    key = city.registry.casework.merges.merge(order, by=STAFF)
    assert set(city.sql("SELECT patron, outcome FROM withdrawal")) == {(order.survivor.bytes, "stayed")}
    assert city.sql("SELECT count(*) FROM withdrawal") == [(2,)]
    city.registry.casework.merges.undo(key, because=WHY, by=OTHER)
    assert pair.rows() == before


def test_r11_two_accounts_that_both_leave_are_settled_before_they_become_one(pair: Pair) -> None:
    city = pair.city
    take_back(pair, a_withdrawal(pair.stays, 1), a_withdrawal(pair.goes, 1))
    before = pair.rows()
    with pytest.raises(MergeRefusedError) as error:
        city.registry.casework.merges.merge(pair.order(), by=STAFF)
    assert refusals(error) == {MergeRefusal.BOTH_LEAVING}
    assert pair.rows() == before


def test_the_old_resident_number_still_finds_the_patron(pair: Pair) -> None:
    city = pair.city
    city.registry.casework.merges.merge(pair.order(), by=STAFF)
    for number in ("A123456789", "F131234569"):
        assert [one.id for one in city.registry.desk.cards.find(ByNationalId.written(number), by="lin")] == [city.ming]


def test_the_preview_is_what_then_happens_and_changes_nothing(pair: Pair) -> None:
    desk = pair.city.registry.casework.merges
    before, last = pair.rows(), pair.last()
    preview = desk.preview(pair.order())
    assert (pair.rows(), pair.last()) == (before, last)
    assert set(preview) == {
        Effect(EffectKind.RECORD_VANISHES),
        Effect(EffectKind.CARD_ENDS, "easycard"),
        Effect(EffectKind.CARD_MOVES, "ipass"),
        Effect(EffectKind.ROWS_MOVE, "loan"),
        Effect(EffectKind.ROWS_MOVE, "hold"),
        Effect(EffectKind.ROWS_MOVE, "block"),
        Effect(EffectKind.ALIAS_KEPT),
    }
    key = desk.merge(pair.order(), by=STAFF)
    undoing = desk.preview_undo(key)
    assert undoing.since == {}
    assert desk.undo(key, because="看錯了", by=STAFF) == undoing


@pytest.mark.parametrize("keep", ["ming", "hua"])
def test_undone_within_its_term_both_accounts_are_exactly_as_they_were(pair: Pair, keep: str) -> None:
    city = pair.city
    desk = city.registry.casework.merges
    before = pair.rows()
    key = desk.merge(pair.order(keep={CardKind.EASYCARD: getattr(city, keep)}), by=STAFF)
    assert pair.rows() != before
    last = pair.last()
    city.clock.pass_(days=30)
    desk.undo(key, because="兩個人", by=OTHER)
    assert pair.rows() == before
    assert {("patron", str(city.hua)), ("loan", str(pair.loan)), ("card", city.key_of(city.hua_card).hex())} <= set(pair.heard(last))
    with pytest.raises(MergeRefusedError) as error:
        desk.undo(key, because="再一次", by=OTHER)
    assert refusals(error) == {MergeRefusal.ALREADY_UNDONE}


def test_what_happened_since_stays_with_the_survivor_and_is_shown_before(pair: Pair) -> None:
    city = pair.city
    desk = city.registry.casework.merges
    key = desk.merge(pair.order(), by=STAFF)
    city.registry.lift_block(pair.block)
    chip = CardUid.from_hex("04000103")
    city.registry.add_cards([CardRecord(CardId(uuid7()), pair.stays, CardKind.CHIP, chip)])
    assert desk.preview_undo(key).since == {"block": 1, "card": 1}
    desk.undo(key, because="兩個人", by=STAFF)
    assert [one.id for one in city.registry.desk.cards.find(ByNumber(chip), by="lin")] == [city.ming]
    assert [one.id for one in city.registry.desk.cards.find(ByNumber(city.hua_card), by="lin")] == [city.hua]
    assert city.sql("SELECT patron FROM loan") == [(city.hua.bytes,)]


def test_r11_of_an_account_that_has_ended_since_nothing_comes_back(pair: Pair) -> None:
    """The family of the account that stayed took everything back; the other one is two again for its own sake."""
    city = pair.city
    key = city.registry.casework.merges.merge(pair.order(keep={CardKind.EASYCARD: city.hua}), by=STAFF)
    ending = Ending(Origin(city.clock(), STAFF, CardSource.DESK), "asked_for", lambda number: number.encode(), uuid7)
    city.registry.database.write(lambda work: end_accounts(work, [pair.stays], ending))
    city.registry.casework.merges.undo(key, because=WHY, by=OTHER)
    assert city.sql("SELECT count(*) FROM card") == [(0,)], "both cards had ended: one with the merge, one with the account"
    assert city.sql("SELECT id FROM patron WHERE name = '' AND national_id IS NULL") == [(city.ming.bytes,)]
    assert city.sql("SELECT id FROM patron WHERE name <> ''") == [(city.hua.bytes,)]


def test_a_merge_can_no_longer_be_undone_when_its_term_is_over_and_then_nothing_is_left_of_the_account(pair: Pair) -> None:
    city = pair.city
    desk = city.registry.casework.merges
    key = desk.merge(pair.order(), by=STAFF)
    city.clock.pass_(days=30, seconds=1)
    with pytest.raises(MergeRefusedError) as error:
        desk.preview_undo(key)
    assert refusals(error) == {MergeRefusal.TERM_OVER}
    assert desk.forget() == 1
    assert desk.forget() == 0
    assert city.sql("SELECT sealed IS NULL, key IS NULL, because IS NULL FROM merge") in ([(1, 1, 1)], [(True, True, True)])
    assert "歐陽小華" not in repr(pair.rows())


def test_what_undoing_needs_cannot_be_read_in_the_database(pair: Pair) -> None:
    pair.city.registry.casework.merges.merge(pair.order(), by=STAFF)
    with pair.city.registry.database.reading() as connection:
        [(sealed,)] = connection.exec_driver_sql("SELECT sealed FROM merge").all()
    assert "歐陽小華".encode() not in bytes(sealed)
    assert b"F131234569" not in bytes(sealed)


def test_r20_a_family_account_becomes_nobodys(pair: Pair) -> None:
    city = pair.city
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(update(patron).where(patron.c.id == city.hua).values(patron_class=PatronClass.FAMILY.value))
        work.commit()
    before = pair.rows()
    with pytest.raises(MergeRefusedError) as error:
        city.registry.casework.merges.merge(pair.order(), by=STAFF)
    assert refusals(error) == {MergeRefusal.FAMILY_ACCOUNT}
    assert pair.rows() == before


def test_of_three_accounts_the_later_merge_is_undone_first(pair: Pair) -> None:
    city = pair.city
    desk = city.registry.casework.merges
    third = PatronId(uuid7())
    city.registry.add_patrons([PatronRecord(third, "王小明", "A800123450", date(2014, 5, 6))])
    before = pair.rows()
    first = desk.merge(pair.order(), by=STAFF)
    second = desk.merge(MergeOrder(third, pair.stays, WHY), by=STAFF)
    for number in ("A123456789", "F131234569", "A800123450"):
        assert [one.id for one in city.registry.desk.cards.find(ByNationalId.written(number), by="lin")] == [third]
    with pytest.raises(MergeRefusedError) as error:
        desk.undo(first, because="兩個人", by=STAFF)
    assert refusals(error) == {MergeRefusal.MERGED_ON}
    desk.undo(second, because="兩個人", by=STAFF)
    desk.undo(first, because="兩個人", by=STAFF)
    assert pair.rows() == before


def test_a_fact_that_names_the_account_that_is_gone_counts_for_the_survivor_and_is_flagged(pair: Pair, kiosk: Kiosk) -> None:
    city = pair.city
    city.registry.lift_block(pair.block)
    city.registry.casework.merges.merge(pair.order(), by=STAFF)
    fact = a_checkout(city.hua, city.books[1], card=city.key_of(IPASS))
    [result] = kiosk.push(1, kiosk.envelope(fact))
    assert (result.status, result.reasons) == (FactStatus.FLAGGED, ("patron_merged",))
    assert city.sql("SELECT patron FROM loan WHERE closed_at IS NULL ORDER BY lent_at, id") == [(city.ming.bytes,)] * 2
    assert city.sql("SELECT patron FROM flagged_fact") == [(city.ming.bytes,)]


def test_r13_two_rows_under_two_numbers_of_one_person_bind_one_card_and_ask_about_the_other(pair: Pair, tmp_path: Path) -> None:
    city = pair.city
    city.registry.casework.merges.merge(pair.order(), by=STAFF)
    rows = [a_pupil(born="2014-05-06", card="04000001"), a_pupil(national_id="F131234569", born="2014-05-06", card="04000002")]
    desk = city.registry.rosters.desk
    loaded = desk.load(an_order(bureau_file(tmp_path, *rows)))
    desk.commit(loaded, desk.preview(loaded, by="bureau"), by="bureau")
    assert city.sql("SELECT uid, patron FROM card WHERE kind = 'easycard'") == [("04000001", city.ming.bytes)]
    assert city.sql("SELECT kind, patron FROM staff_case") == [("possible_duplicate", city.ming.bytes)]
    [case] = city.registry.casework.cases.listed(Viewer(STAFF))
    city.registry.casework.cases.decide(case.id, CaseOrder(Decision.MERGE, WHY), Viewer(STAFF))
    assert city.sql("SELECT uid, patron FROM card WHERE kind = 'easycard'") == [("04000002", city.ming.bytes)]


def test_when_the_library_wants_two_persons_the_first_one_only_opens_a_case(pair: Pair, city: City) -> None:
    desk = city.registry.casework.merges
    desk._policy = MergePolicy(timedelta(days=30), two_persons=True)
    before = pair.rows(but=["staff_case"])
    with pytest.raises(MergeRefusedError) as error:
        desk.merge(pair.order(), by=STAFF)
    assert refusals(error) == {MergeRefusal.NEEDS_SECOND}
    assert pair.rows(but=["staff_case"]) == before
    assert city.sql("SELECT kind, patron, other_patron, opened_by FROM staff_case") == [
        ("possible_duplicate", city.ming.bytes, city.hua.bytes, STAFF)
    ]


@pytest.mark.parametrize("missing", [uuid7(), None])
def test_nobody_becomes_one_with_nobody_or_with_oneself(pair: Pair, missing: UUID | None) -> None:
    order = MergeOrder(pair.stays, PatronId(missing or pair.stays), WHY)
    with pytest.raises(MergeRefusedError) as error:
        pair.city.registry.casework.merges.merge(order, by=STAFF)
    assert refusals(error) == {MergeRefusal.PATRON_UNKNOWN if missing else MergeRefusal.SAME_PATRON}
