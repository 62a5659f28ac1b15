"""The chain in the ledger, and the end of an epoch: a ledger that is an old image, or has a twin, goes on in a new one."""

from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from circulation.chain import along, anchor
from circulation.facts import CheckedOut, FactEnvelope, LedgerRestored
from circulation.wire import ChainSpan, FactResult, FactStatus, HeardTime, PushAnswer, PushBatch
from kiosk.events import BatchAnswered, ChangesReceived, LedgerForked, SendFrom
from kiosk.store.inspection import inspect_ledger
from tests.builders import a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, WANG, World, a_kiosk
from tests.replica_world import a_page

DAY = 86_400.0


def a_lending_kiosk(folder: Path, books: int) -> World:
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(9)])
    world.tap()
    world.scan(*(f"B{n}" for n in range(books)))
    return world


def numbers(batch: PushBatch) -> list[int]:
    return [msgspec.json.decode(fact, type=FactEnvelope).seq for fact in batch.facts]


def is_chained(batch: PushBatch, before: bytes) -> bool:
    return batch.chain == ChainSpan(before=before, after=list(along(before, map(bytes, batch.facts)))[-1])


def answer_knowing(world: World, last: int) -> None:
    """The registry's answer to the batch under way, when it knows facts up to this number."""
    batch = world.outlet.batches[-1]
    seqs = range(batch.first_seq, batch.first_seq + len(batch.facts))
    results = tuple(FactResult(seq=seq, status=FactStatus.ACCEPTED, position=seq) for seq in seqs)
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=last + 1, results=results), world.clock.seconds))


def test_every_batch_goes_on_from_the_one_before_from_the_name_of_the_epoch_on(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 4)
    world.answer()
    one, rest = world.outlet.batches
    assert is_chained(one, anchor(one.epoch))
    assert is_chained(rest, one.chain.after if isinstance(one.chain, ChainSpan) else b"")


def test_the_chain_goes_on_over_what_was_pruned_and_over_a_restart(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 2)
    world.answer()
    world.answer()
    before = list(along(anchor(world.ledger.device().epoch), world.ledger.bodies(1, 9)))[-1]
    world.clock.pass_by(8 * DAY)
    world.wait(60)
    assert world.ledger.first_held() == 3
    world.restart()
    world.receive()
    world.tap()
    world.scan("B5")
    assert numbers(world.outlet.batches[-1]) == [3]
    assert is_chained(world.outlet.batches[-1], before)


def test_a_kiosk_that_starts_with_nothing_to_send_asks_about_its_last_fact(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    world.answer()
    world.restart()
    (batch,) = world.outlet.batches
    assert numbers(batch) == [3]
    answer_knowing(world, 3)
    assert len(world.outlet.batches) == 1
    assert world.ledger.device().restored_at is None


def test_a_registry_that_knows_more_facts_ends_the_epoch_and_the_ledger_says_so_in_a_fact(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    former = world.ledger.device().epoch
    with capture_logs() as logs:
        answer_knowing(world, 6)
    batch = world.outlet.batches[-1]
    assert batch.epoch == world.ledger.device().epoch != former
    assert (batch.first_seq, numbers(batch)) == (1, [1])
    assert is_chained(batch, anchor(batch.epoch))
    assert world.fact == LedgerRestored(former=former, shared_seq=1, moved=0)
    assert "ledger_restored" in {log["event"] for log in logs}
    answer_knowing(world, 1)
    assert world.ledger.unanswered() == 0
    world.scan("B7")
    assert numbers(world.outlet.batches[-1]) == [2]


def test_what_the_registry_has_already_is_asked_for_first_and_only_the_rest_goes_over_with_its_keys(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 4)
    world.answer()
    keys = [envelope.key for envelope in world.facts]
    world.say(LedgerForked(3))
    assert numbers(world.outlet.batches[-1]) == [2]
    answer_knowing(world, 6)
    moved = world.outlet.batches[-1]
    assert (moved.first_seq, numbers(moved)) == (1, [1, 2, 3])
    facts = [msgspec.json.decode(fact, type=FactEnvelope) for fact in moved.facts]
    assert [fact.key for fact in facts[:2]] == keys[2:]
    assert [type(fact.fact) for fact in facts] == [CheckedOut, CheckedOut, LedgerRestored]
    assert is_chained(moved, anchor(moved.epoch))
    answer_knowing(world, 3)
    assert world.ledger.unanswered() == 0
    found = inspect_ledger(tmp_path / "ledger.db", LEDGER_KEY)
    assert (found.restored_at, found.moved) == (world.clock.wall, 2)


def test_the_loans_that_went_over_are_shown_until_the_feed_has_passed_their_new_answers(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 2)
    world.say(LedgerForked(1))
    assert world.overlay == 2
    answer_knowing(world, 3)
    world.receive(head=0)
    assert world.overlay == 2


def test_the_new_epoch_stays_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.say(LedgerForked(1))
    sent = world.outlet.batches[-1]
    world.restart()
    (again,) = world.outlet.batches
    assert (again.epoch, again.first_seq, numbers(again), again.chain) == (sent.epoch, 1, [1, 2, 3, 4], sent.chain)
    assert [bytes(fact) for fact in again.facts] == [bytes(fact) for fact in sent.facts]


def test_facts_that_are_missing_are_sent_again_from_a_number_of_the_new_epoch(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    world.say(LedgerForked(1))
    answer_knowing(world, 2)
    world.scan("B7")
    world.say(SendFrom(2))
    assert numbers(world.outlet.batches[-1]) == [2, 3]


@pytest.mark.parametrize("seq", [1, 9])
def test_a_registry_that_holds_facts_of_an_epoch_that_has_only_just_begun_is_for_staff(tmp_path: Path, seq: int) -> None:
    world = a_lending_kiosk(tmp_path, 2)
    world.say(LedgerForked(1))
    epoch, batches = world.ledger.device().epoch, len(world.outlet.batches)
    world.say(LedgerForked(seq))
    assert world.view.needs_staff
    assert (world.ledger.device().epoch, len(world.outlet.batches)) == (epoch, batches)


def test_the_registry_s_time_goes_with_a_batch_once_it_was_heard(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    heard = world.outlet.batches[-1].heard
    assert msgspec.to_builtins(heard) == {
        "server_time": world.clock.wall.isoformat().replace("+00:00", "Z"),
        "monotonic": int(world.clock.seconds * 1e9),
        "boot": "boot-1",
    }


@pytest.mark.parametrize("by", ["an answer", "a page"])
def test_the_registry_s_time_belongs_to_the_instant_in_which_it_came_however_late_the_core_takes_it_up(tmp_path: Path, by: str) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    came, told = world.clock.seconds, world.clock.wall
    world.clock.pass_by(40)
    answer = PushAnswer(server_time=told, next_seq=2, results=(FactResult(seq=1, status=FactStatus.ACCEPTED, position=0),))
    page = a_page(start=world.cursor, end=world.cursor, at=told)
    world.answer()
    world.say(BatchAnswered(answer, came) if by == "an answer" else ChangesReceived(page, came))
    world.finish()
    world.tap()
    world.scan("B7")
    (_, batch) = world.outlet.batches
    heard = batch.heard
    assert isinstance(heard, HeardTime)
    assert (heard.server_time, heard.monotonic) == (told, int(came * 1e9))
