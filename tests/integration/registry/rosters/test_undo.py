"""A wrong batch is undone: as it was before, but for what has changed since."""

from datetime import date
from uuid import UUID

import pytest

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, PatronId
from registry.cards.store import CardRecord
from registry.cards.store_events import history_of_card
from registry.cards.store_losses import LossChannel
from registry.cases.store import waiting
from registry.database import UnitOfWork
from registry.desk.losing import IdentityItem, LossCall
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.rosters.batches import Brought
from registry.rosters.given import GivenRows
from registry.rosters.headings import RosterKind
from registry.rosters.rows import RosterRow
from registry.schools.store import School
from tests.integration.registry.city import Kiosk, a_checkout
from tests.integration.registry.rosters.counter import Counter
from tests.integration.registry.rosters.feeds import (
    HUA,
    LIN,
    MING,
    arrival,
    contact,
    easycards,
    handed_in,
    loss,
    outcomes,
    pupil,
    reissue,
    tell,
    uid,
)

OCTOBER = date(2025, 10, 3)
STAFF = "staff:chen"
KEPT = (
    "audit",
    "roster_batch",
    "contact_batch",
    "contact_batch_school",
    "feed",
    "feed_head",
    "card_event",
    "staff_case",
    "card_loss_report",
)
"""What tells of an undoing and is not what was undone."""


def undo(counter: Counter, brought: Brought) -> dict[str, int]:
    assert brought.batch is not None
    preview = counter.rosters.undo.preview(brought.batch)
    counts = counter.rosters.undo.undo(brought.batch, by=STAFF, seen=preview).counts
    assert counts == preview.counts
    return {name: count for name, count in counts.items() if count}


def what_stands(counter: Counter) -> dict[str, list[str]]:
    return {name: rows for name, rows in counter.dump().items() if name not in KEPT}


def a_wrong_file() -> list[RosterRow]:
    return [pupil(MING, "04000001", number=2, school="400001"), pupil(LIN, "04000002", number=3), pupil(HUA, "04A1B2C3D4E580", number=4)]


def test_an_undone_batch_leaves_everything_as_it_was_before(counter: Counter) -> None:
    counter.desk.set_schools([School("400001", "虛構國小", BranchCode("L12"))])
    tell(counter, contact(LIN))
    before = what_stands(counter)
    brought = tell(counter, *a_wrong_file())
    assert outcomes(brought) == ["replaced", "created", "changed"]
    assert undo(counter, brought) == {
        "removed": 1,
        "unbound": 2,
        "bound_again": 1,
        "pupils": 2,
        "consents": 2,
        "waits_again": 1,
    }
    assert what_stands(counter) == before
    assert counter.sql("SELECT state, closed_by, undo_key FROM roster_batch WHERE kind = 'bureau-students'") == [("undone", STAFF, None)]


def test_r18_kiosks_hear_of_it_and_the_number_is_free_for_its_rightful_owner(counter: Counter) -> None:
    brought = tell(counter, *a_wrong_file())
    heard = len(counter.heard())
    undo(counter, brought)
    assert sorted(counter.heard()[heard:]) == sorted(
        [
            *counter.keys_of(["04000001", "04000002", "04A32B1C"]),
            *((table, key) for table, key in counter.heard()[heard:] if table == "patron"),
        ]
    )
    with counter.city.registry.database.reading() as connection:
        history = history_of_card(connection, counter.city.key_of(uid("04000001")))
    assert [str(one.event) for one in history] == ["bound", "binding_undone"]
    assert outcomes(tell(counter, pupil(LIN, "04000001"))) == ["created"]


def test_an_undone_file_can_be_loaded_again_and_asks_its_questions_again(counter: Counter) -> None:
    rows = (pupil(MING, "04000001", school="400001"), pupil(LIN, "04A32B1C", number=5))
    first = tell(counter, *rows)
    assert outcomes(first) == ["replaced", "held"]
    assert undo(counter, first) == {"unbound": 1, "bound_again": 1, "pupils": 1, "consents": 1, "cases": 1}
    with counter.city.registry.database.reading() as connection:
        assert waiting(connection) == []
    again = tell(counter, *rows)
    assert outcomes(again) == ["replaced", "held"]
    with counter.city.registry.database.reading() as connection:
        assert [str(case.kind) for case in waiting(connection)] == ["number_bound_elsewhere"]


def test_undoing_twice_changes_nothing_more(counter: Counter) -> None:
    brought = tell(counter, *a_wrong_file())
    undo(counter, brought)
    before = counter.dump()
    assert brought.batch is not None
    assert counter.rosters.undo.undo(brought.batch, by=STAFF).counts == {}
    assert counter.dump() == before


def test_whom_somebody_has_met_since_stays_and_becomes_a_question(counter: Counter, kiosk: Kiosk) -> None:
    brought = tell(counter, *a_wrong_file())
    ((lin,),) = counter.sql("SELECT id FROM patron WHERE national_id = 'W234567893'")
    kiosk.push(1, kiosk.envelope(a_checkout(UUID(bytes=lin), counter.city.books[0])))
    assert undo(counter, brought)["changed"] == 1
    assert easycards(counter) == {MING: "04A32B1C active", LIN: "04000002 active", HUA: "04A1B2C3D4E580 active"}
    with counter.city.registry.database.reading() as connection:
        (case,) = waiting(connection)
    assert (str(case.kind), case.patron, case.batch, case.row_number, case.asks) == (
        "changed_since",
        UUID(bytes=lin),
        brought.batch,
        3,
        {"changed": "patron"},
    )


def test_a_card_that_was_reported_lost_or_replaced_since_stays_as_it_is(counter: Counter) -> None:
    brought = tell(counter, *a_wrong_file())
    call = LossCall(uid("04000001"), LossChannel.DESK, frozenset({IdentityItem.NATIONAL_ID, IdentityItem.BIRTH_DATE}), "C01")
    counter.city.registry.desk.losses.lose(call, by=STAFF)
    tell(counter, reissue(HUA, "04000009", OCTOBER))
    done = undo(counter, brought)
    assert (done["changed"], done["unbound"]) == (1, 1)
    assert easycards(counter) == {MING: "04000001 lost", HUA: "04000009 active"}
    with counter.city.registry.database.reading() as connection:
        assert [case.asks for case in waiting(connection)] == [{"changed": "card"}]


def test_contact_data_that_a_school_sent_since_stays(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    first = tell(counter, contact(LIN, "錯路1號"))
    second = tell(counter, contact(LIN, "對路1號"))
    assert undo(counter, first)["changed"] == 1
    assert counter.sql("SELECT address FROM contact") == [("對路1號",)]
    assert undo(counter, second) == {"contacts": 1}
    assert counter.sql("SELECT address FROM contact") == [("錯路1號",)]


def test_contact_data_and_completion_are_taken_back(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    before = what_stands(counter)
    undo(counter, tell(counter, contact(LIN)))
    assert what_stands(counter) == before


def test_rows_that_a_wrong_batch_let_wait_wait_no_more(counter: Counter) -> None:
    tell(counter, contact(LIN, "舊路1號"), year=113)
    before = counter.dump()["roster_waiting"]
    counter.city.clock.pass_(minutes=1)
    undo(counter, tell(counter, contact(LIN, "新路1號")))
    assert counter.dump()["roster_waiting"] == before


def test_r18_and_q7_b_losses_and_returns_of_a_wrong_batch_are_taken_back(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"), pupil(MING, "04000001", number=3))
    cards = easycards(counter)
    lost = tell(counter, loss(LIN, OCTOBER))
    ended = tell(counter, handed_in(MING, OCTOBER))
    assert easycards(counter) == {LIN: "04000002 lost", HUA: "04A1B2C3D4E580 active"}
    assert undo(counter, lost) == {"lifted": 1}
    assert undo(counter, ended) == {"bound_again": 1}
    assert easycards(counter) == cards
    assert outcomes(tell(counter, loss(LIN, OCTOBER))) == ["stopped"]


def test_a_reissue_of_a_wrong_batch_gives_the_old_card_back_as_it_was_and_r15_forgets_it(counter: Counter) -> None:
    tell(counter, pupil(LIN, "04000002"))
    tell(counter, loss(LIN, date(2025, 9, 9)))
    before = what_stands(counter)
    undo(counter, tell(counter, reissue(LIN, "04000003", OCTOBER)))
    assert what_stands(counter) == before
    assert easycards(counter)[LIN] == "04000002 lost"
    assert outcomes(tell(counter, reissue(LIN, "04000004", date(2025, 9, 20)))) == ["replaced"]


def test_an_old_number_that_is_somebody_elses_by_now_comes_back_to_nobody(counter: Counter) -> None:
    brought = tell(counter, pupil(MING, "04000001"))

    def give_away(work: UnitOfWork) -> None:
        work.connection.exec_driver_sql("DELETE FROM former_card")

    counter.city.registry.database.write(give_away)
    other = CardRecord(CardId(UUID(int=9)), PatronId(counter.city.hua), CardKind.CHIP, CardUid.from_hex("04A32B1C"))
    counter.city.registry.add_cards([other])
    assert undo(counter, brought)["changed"] == 1
    assert easycards(counter)[MING] == "04000001 active"


def test_what_a_decided_case_did_for_a_row_is_undone_with_its_batch(counter: Counter) -> None:
    held = tell(counter, pupil(LIN, "04A32B1C"), pupil(HUA, "04000005", number=3))
    before_all = easycards(counter)[MING]
    row = pupil(LIN, "04000008")

    def decide(work: UnitOfWork) -> None:
        assert held.batch is not None
        counter.pipeline.run(work, GivenRows(RosterKind.BUREAU_STUDENTS, 114, (row,)), batch=held.batch, by=STAFF)

    counter.city.registry.database.write(decide)
    assert easycards(counter)[LIN] == "04000008 active"
    done = undo(counter, held)
    assert (done["removed"], done["bound_again"]) == (1, 1)
    assert easycards(counter) == {MING: before_all, HUA: "04A1B2C3D4E580 active"}


@pytest.mark.parametrize("state", ["staged", "over", "unknown"])
def test_what_cannot_be_undone_says_why(counter: Counter, state: str) -> None:
    if state == "staged":
        key = counter.batches.bring(arrival(pupil(LIN, "04000002")), by=STAFF, at_once=False).batch
    elif state == "over":
        key = tell(counter, pupil(LIN, "04000002")).batch
        counter.city.clock.pass_(days=31)
        counter.batches.expire()
    else:
        key = UUID(int=1)
    assert key is not None
    with pytest.raises(BatchRefusedError) as caught:
        counter.rosters.undo.undo(key, by=STAFF)
    assert (
        caught.value.code is {"staged": BatchRefusal.NOT_COMMITTED, "over": BatchRefusal.UNDO_OVER, "unknown": BatchRefusal.UNKNOWN}[state]
    )
