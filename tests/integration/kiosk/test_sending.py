"""Sending facts: from the ledger, in order, exactly as written, whatever the registry says."""

from pathlib import Path

import msgspec

from circulation.facts import FactEnvelope
from circulation.wire import FactResult, FactStatus, PushAnswer, PushBatch
from kiosk.events import BatchAnswered, BatchRefused, RegistryLost, SendFrom
from kiosk.view import LineState, OutOfService
from tests.builders import a_patron, an_item
from tests.kiosk_world import WANG, World, a_kiosk


def a_lending_kiosk(folder: Path, books: int = 1) -> World:
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(30)])
    world.tap()
    world.scan(*(f"B{n}" for n in range(books)))
    return world


def numbers(batch: PushBatch) -> list[int]:
    return [msgspec.json.decode(fact, type=FactEnvelope).seq for fact in batch.facts]


def test_a_loan_is_sent_at_once_with_the_bytes_of_the_ledger(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    (batch,) = world.outlet.batches
    assert (batch.epoch, batch.first_seq) == (world.ledger.device().epoch, 1)
    assert [bytes(fact) for fact in batch.facts] == world.ledger.bodies(1, 10)


def test_one_batch_is_under_way_and_the_rest_follows_the_answer_together(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 4)
    assert [numbers(batch) for batch in world.outlet.batches] == [[1]]
    world.answer()
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [2, 3, 4]]
    world.answer()
    assert len(world.outlet.batches) == 2
    assert world.ledger.unanswered() == 0


def test_what_was_not_answered_is_sent_again_after_a_restart_byte_for_byte(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    sent = [bytes(fact) for fact in world.outlet.batches[-1].facts]
    world.restart()
    (batch,) = world.outlet.batches
    assert batch.first_seq == 2
    assert [bytes(fact) for fact in batch.facts] == sent


def test_the_epoch_stays_with_the_ledger(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    epoch = world.ledger.device().epoch
    world.restart()
    assert world.ledger.device().epoch == epoch == world.outlet.batches[0].epoch


def test_the_first_result_of_a_fact_is_the_one_that_stays(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    batch = world.outlet.batches[0]
    world.answer(batch, status=FactStatus.FLAGGED)
    world.answer(batch, status=FactStatus.ACCEPTED)
    assert [fact.status for fact in world.ledger.flagged()] == [FactStatus.FLAGGED]


def test_flagged_and_malformed_facts_are_kept_for_staff_with_their_reasons(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    results = (
        FactResult(seq=2, status=FactStatus.FLAGGED, position=9, reasons=("item_on_loan", "card_lost")),
        FactResult(seq=3, status=FactStatus.MALFORMED, place="facts[1].fact.due", problem="no date"),
    )
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=4, results=results), world.clock.seconds))
    flagged, malformed = world.ledger.flagged()
    assert (flagged.seq, flagged.reasons) == (2, ("item_on_loan", "card_lost"))
    assert (malformed.place, malformed.problem) == ("facts[1].fact.due", "no date")
    assert world.ledger.unanswered() == 0


def test_facts_that_the_registry_lacks_are_sent_again_from_its_number(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    world.answer()
    world.scan("B9")
    assert numbers(world.outlet.batches[-1]) == [4]
    world.say(SendFrom(2))
    assert numbers(world.outlet.batches[-1]) == [2, 3, 4]
    world.answer()
    assert world.ledger.unanswered() == 0


def test_an_endless_send_from_is_not_answered_endlessly(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    world.say(SendFrom(1))
    assert len(world.outlet.batches) == 1
    world.finish()
    world.wait(61)
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [1]]


def test_an_answer_without_results_is_not_followed_by_the_same_batch_at_once(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=1, results=()), world.clock.seconds))
    assert len(world.outlet.batches) == 1
    world.wait(61)
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [1]]


def test_results_for_facts_that_never_were_are_left_alone(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    results = tuple(FactResult(seq=seq, status=FactStatus.ACCEPTED) for seq in (-1, 0, 7, 1))
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=2, results=results), world.clock.seconds))
    assert world.ledger.unanswered() == 0


def test_a_refused_batch_stops_the_sending_and_not_the_lending(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    world.say(BatchRefused("key reused at 1"))
    world.scan("B7")
    assert world.line.state is LineState.BORROWED
    assert len(world.outlet.batches) == 1
    world.wait(3600)
    assert len(world.outlet.batches) == 1
    device = world.ledger.device()
    assert (device.problem, device.problem_at) == ("key reused at 1", world.outlet.views[0].place.local_time)


def test_a_lost_registry_changes_nothing_about_the_batch_under_way(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 2)
    world.say(RegistryLost("no route"))
    world.scan("B8")
    assert [numbers(batch) for batch in world.outlet.batches] == [[1]]
    world.answer()
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [2, 3]]


def test_five_hundred_facts_go_in_one_batch_and_the_others_after_it(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    body = world.ledger.bodies(1, 1)[0]
    envelope = msgspec.json.decode(body, type=FactEnvelope)
    with world.ledger.unit_of_work() as work:
        for seq in range(2, 602):
            work.append(msgspec.structs.replace(envelope, seq=seq, key=world.keys.new_key()))
        work.commit()
    world.restart()
    assert len(world.outlet.batches[0].facts) == 500
    world.answer()
    assert numbers(world.outlet.batches[1]) == list(range(501, 602))


def test_a_ledger_that_can_not_be_read_when_facts_are_asked_for_again_leaves_the_batch_to_be_sent_later(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    world.ledger._connection.exec_driver_sql("ALTER TABLE device RENAME TO away").close()
    assert world.say(SendFrom(1)) == OutOfService("ledger_unwritable")
    world.ledger._connection.exec_driver_sql("ALTER TABLE away RENAME TO device").close()
    world.wait(120)
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [1]]


def test_results_that_can_not_be_kept_are_asked_for_again(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path)
    world.ledger._connection.exec_driver_sql("PRAGMA query_only=ON").close()
    world.answer()
    assert world.screen == OutOfService("ledger_unwritable")
    world.ledger._connection.exec_driver_sql("PRAGMA query_only=OFF").close()
    world.wait(120)
    assert [numbers(batch) for batch in world.outlet.batches] == [[1], [1]]
