"""Facts of an epoch that ended: as long as they are held they are sent again like all others, under the name and the numbers that they had."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from circulation.chain import along, anchor
from circulation.facts import CheckedOut, FactEnvelope, LedgerRestored
from kiosk.events import LedgerForked, SendFrom
from kiosk.view import LineState
from replica.tables import ReplicaTable
from tests.builders import an_item
from tests.integration.kiosk.test_epochs import DAY, answer_knowing, is_chained, numbers
from tests.integration.kiosk.test_laid_anew import CARDS, lend
from tests.integration.kiosk.test_laid_anew import restored as put_back
from tests.kiosk_world import LIN, World, a_change, a_kiosk, item_row

BOOKS = tuple(an_item(barcode=f"B{n}") for n in range(4))


def a_library(folder: Path) -> World:
    return a_kiosk(folder, cards=CARDS, items=BOOKS)


def restored(world: World) -> None:
    """The snapshot of a registry whose backup is older than all that was done here."""
    put_back(world, items=BOOKS, loans=())


def answer_and_show(world: World) -> None:
    """The registry answers all, and the replica gets past it."""
    shown = world.cursor + 1
    while world.ledger.first_to_send() is not None:
        world.answer(position=shown)
    world.receive(a_change(shown + 1, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))


def with_an_ended_epoch(folder: Path) -> World:
    """Two loans of an epoch that ended, then the fact that says so and one loan more; all of it answered and shown."""
    world = a_library(folder)
    lend(world, "B0")
    lend(world, "B1")
    answer_and_show(world)
    world.restart()
    answer_knowing(world, 6)
    lend(world, "B2")
    answer_and_show(world)
    world.finish()
    world.outlet.batches.clear()
    return world


def named(world: World) -> list[tuple[UUID, list[int]]]:
    """The batches since, by their epochs' names and the numbers in them."""
    return [(batch.epoch, numbers(batch)) for batch in world.outlet.batches]


def names(world: World) -> tuple[UUID, UUID]:
    former, present = world.ledger.epochs()
    return former.name, present.name


def shown(world: World, most: int = 9) -> list[tuple[UUID, list[int]]]:
    """Answer until nothing is sent any more."""
    for _ in range(most):
        if world.ledger.first_to_send() is None:
            break
        world.answer(position=2000)
    return named(world)


def test_they_come_first_when_another_feed_is_followed_and_each_epoch_in_batches_of_its_own(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    former, present = names(world)

    restored(world)

    assert shown(world) == [(former, [1, 2]), (present, [1, 2])]
    of_former, of_present = world.outlet.batches
    assert (of_former.first_seq, of_present.first_seq) == (1, 1)
    assert is_chained(of_former, anchor(former))
    assert is_chained(of_present, anchor(present))
    facts = [type(msgspec.json.decode(fact, type=FactEnvelope).fact) for batch in world.outlet.batches for fact in batch.facts]
    assert facts == [CheckedOut, CheckedOut, LedgerRestored, CheckedOut]


def test_what_they_did_lies_over_the_replica_until_they_are_answered_again(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    restored(world)
    assert world.overlay == 3
    world.finish()
    world.tap(LIN)
    world.scan("B0")
    assert (world.line.state, world.line.reasons) == (LineState.REFUSED, ("item_on_loan",))


def test_a_restart_in_between_goes_on_with_what_has_no_answer(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    former, present = names(world)
    restored(world)
    world.restart()
    assert shown(world)[:1] == [(former, [1, 2])]
    world.restart()
    assert named(world) == [(present, [2])]


def test_a_registry_that_lacks_facts_of_the_present_epoch_gets_the_ended_one_before_them(tmp_path: Path) -> None:
    """The other way round an epoch that is heard of after a younger one would look like a second ledger."""
    world = with_an_ended_epoch(tmp_path)
    former, present = names(world)
    lend(world, "B3")
    world.say(SendFrom(1))
    for known in (2, 3):
        answer_knowing(world, known)
    assert named(world) == [(present, [3]), (former, [1, 2]), (present, [1, 2, 3])]
    assert world.ledger.unanswered() == 0


def test_a_registry_that_knows_more_of_an_ended_epoch_ends_no_other(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    before = names(world)
    restored(world)
    answer_knowing(world, 6)
    answer_knowing(world, 2)
    assert names(world) == before
    assert [type(one.fact) for one in world.facts].count(LedgerRestored) == 1


def test_another_fact_under_a_number_of_an_ended_epoch_is_for_staff(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    before = names(world)
    restored(world)
    world.say(LedgerForked(2))
    assert world.view.needs_staff
    assert names(world) == before


def with_a_pruned_beginning(folder: Path) -> tuple[World, bytes]:
    """The first fact of the epoch that ended is gone; and its bytes."""
    world = a_library(folder)
    lend(world, "B0")
    answer_and_show(world)
    (first,) = world.ledger.bodies(1, 9)
    world.clock.pass_by(8 * DAY)
    world.wait(60)
    world.receive()
    lend(world, "B1")
    answer_and_show(world)
    world.restart()
    answer_knowing(world, 6)
    answer_and_show(world)
    world.finish()
    assert world.ledger.first_held() == 2
    world.outlet.batches.clear()
    return world, first


def test_they_are_sent_from_where_they_are_held_on_and_chained_to_what_was_pruned(tmp_path: Path) -> None:
    world, first = with_a_pruned_beginning(tmp_path)
    former, present = names(world)
    restored(world)
    assert shown(world) == [(former, [2]), (present, [1])]
    (before,) = along(anchor(former), [first])
    assert is_chained(world.outlet.batches[0], before)


def test_no_more_of_them_is_sent_than_is_held_when_the_present_epoch_is_lacking(tmp_path: Path) -> None:
    world, _ = with_a_pruned_beginning(tmp_path)
    former, present = names(world)
    lend(world, "B3")
    world.say(SendFrom(1))
    assert named(world) == [(present, [2]), (former, [2])]


def test_an_epoch_is_forgotten_with_its_last_fact(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    _, present = names(world)
    world.clock.pass_by(8 * DAY)
    world.wait(60)
    assert [one.name for one in world.ledger.epochs()] == [present]
    restored(world)
    assert world.outlet.batches == []


def test_an_epoch_of_which_nothing_stays_has_no_name_here(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    lend(world, "B0")
    former = world.ledger.device().epoch
    world.say(LedgerForked(1))
    assert [one.name for one in world.ledger.epochs()] == [world.ledger.device().epoch] != [former]


@pytest.mark.parametrize("ends", [1, 2])
def test_each_of_several_ended_epochs_goes_under_its_own_name(tmp_path: Path, ends: int) -> None:
    world = with_an_ended_epoch(tmp_path)
    for _ in range(ends):
        world.restart()
        answer_knowing(world, 60)
        answer_and_show(world)
    world.finish()
    world.outlet.batches.clear()
    restored(world)
    sent = shown(world)
    assert [name for name, _ in sent] == [one.name for one in world.ledger.epochs()]
    assert len(sent) == 2 + ends
    assert all(is_chained(batch, anchor(batch.epoch)) for batch in world.outlet.batches)


def test_what_a_program_without_their_names_ended_is_not_sent_under_another_name(tmp_path: Path) -> None:
    world = with_an_ended_epoch(tmp_path)
    _, present = names(world)
    world.ledger._connection.execute(text("DELETE FROM ended_epoch")).close()
    world.ledger._connection.commit()
    world.restart()
    answer_knowing(world, 2)
    world.outlet.batches.clear()
    restored(world)
    assert world.overlay == 1
    assert shown(world) == [(present, [1, 2])]
