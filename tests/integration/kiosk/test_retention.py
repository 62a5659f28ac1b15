"""Answered facts leave the kiosk after a while: who borrowed what is the registry's to know."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import text

from circulation.facts import CheckedOut, FactEnvelope
from circulation.wire import FactResult, FactStatus, PushAnswer, PushBatch
from kiosk.events import BatchAnswered, SendFrom, Tick
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Home
from tests.builders import a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, WANG, World, a_kiosk

DAY = 24 * 3600
PAGE, SALT, IV, TAIL = 4096, 16, 16, 80
"""Of a SQLCipher 4 file: its first page begins with the salt, each ends with IV and HMAC."""


def a_lending_kiosk(folder: Path, books: int, settings: KioskSettings | None = None) -> World:
    items = [an_item(barcode=f"B{n}") for n in range(books + 5)]
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=items, settings=settings)
    world.tap()
    world.scan(*(f"B{n}" for n in range(books)))
    world.finish()
    world.wait(60)
    return world


def answer_all(world: World) -> None:
    while world.ledger.unanswered():
        world.answer()


def held(world: World) -> list[int]:
    return [msgspec.json.decode(body, type=FactEnvelope).seq for body in world.ledger.bodies(0, 10_000)]


def with_many_facts(world: World, last: int) -> None:
    """As after a busy week without the registry."""
    envelope = world.facts[0]
    with world.ledger.unit_of_work() as work:
        for seq in range(2, last + 1):
            work.append(msgspec.structs.replace(envelope, seq=seq, key=world.keys.new_key()))
        work.commit()
    world.restart()


def test_a_clock_that_jumps_ahead_makes_no_fact_older(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    answer_all(world)
    world.clock.wall += timedelta(days=365)
    world.wait(2 * 3600)
    assert held(world) == [1, 2, 3]
    world.clock.wall -= timedelta(days=365)
    world.receive()
    world.wait(2 * 3600)
    assert held(world) == [1, 2, 3]
    world.clock.pass_by(7 * DAY)
    world.wait(2 * 3600)
    assert held(world) == []


def test_an_answer_that_came_while_the_clock_was_behind_is_no_older_than_the_registry_says(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    true_time = world.clock.wall
    world.clock.wall -= timedelta(days=365)
    seqs = range(1, 4)
    results = tuple(FactResult(seq=seq, status=FactStatus.ACCEPTED, position=world.cursor + 1) for seq in seqs)
    world.say(BatchAnswered(PushAnswer(server_time=true_time, next_seq=4, results=results), world.clock.seconds))
    world.clock.wall += timedelta(days=365)
    world.receive()
    world.wait(2 * 3600)
    assert held(world) == [1, 2, 3]


def test_answered_facts_go_after_a_week_and_no_others(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    assert held(world) == [1, 2, 3]
    world.clock.pass_by(7 * DAY - 600)
    world.wait(60)
    assert held(world) == [1, 2, 3]
    world.wait(3600 + 600)
    assert held(world) == [2, 3]
    world.wait(30 * DAY)
    assert held(world) == [2, 3]


def test_the_week_begins_with_the_answer_and_not_with_the_loan(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    world.clock.pass_by(10 * DAY)
    world.answer()
    world.wait(DAY)
    assert held(world) == [1]
    world.wait(7 * DAY)
    assert held(world) == []


def test_how_long_they_stay_is_a_setting(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1, replace(KioskSettings(), keep_answered=timedelta(days=1)))
    world.answer()
    world.wait(DAY + 7200)
    assert held(world) == []


def test_numbers_go_on_where_they_were_when_every_fact_has_gone(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    answer_all(world)
    world.wait(8 * DAY)
    assert (held(world), world.ledger.last_seq()) == ([], 3)
    world.restart()
    assert (world.ledger.last_seq(), world.outlet.batches) == (3, [])
    world.receive()
    world.tap()
    world.scan("B4")
    assert (world.outlet.batches[-1].first_seq, held(world)) == (4, [4])


def test_a_fact_answered_before_an_earlier_one_waits_for_it(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    world.answer()
    early = FactResult(seq=3, status=FactStatus.ACCEPTED, position=9)
    world.say(BatchAnswered(PushAnswer(server_time=world.clock.wall, next_seq=2, results=(early,)), world.clock.seconds))
    world.wait(9 * DAY)
    assert held(world) == [2, 3]
    assert numbers(world.outlet.batches[-1]) == [2, 3]


def numbers(batch: PushBatch) -> list[int]:
    return [msgspec.json.decode(fact, type=FactEnvelope).seq for fact in batch.facts]


def test_facts_that_are_being_sent_again_are_not_taken_away(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    answer_all(world)
    world.tap()
    world.scan("B4")
    world.say(SendFrom(2))
    world.wait(9 * DAY)
    assert held(world) == [2, 3, 4]


def test_facts_asked_for_after_they_have_gone_are_laid_before_staff_and_not_sent_under_wrong_numbers(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 3)
    answer_all(world)
    world.wait(8 * DAY)
    world.receive()
    world.tap()
    world.scan("B4")
    sent = len(world.outlet.batches)
    world.say(SendFrom(2))
    world.wait(3600)
    assert len(world.outlet.batches) == sent
    assert world.view.needs_staff
    assert world.ledger.device().problem == "the registry asks for facts from 2 on, the ledger holds them from 4 on"


def test_it_is_looked_for_old_facts_once_an_hour(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 2, replace(KioskSettings(), keep_answered=timedelta(minutes=10)))
    world.answer()
    world.wait(3600 + 60)
    assert held(world) == [2]
    world.answer()
    world.wait(1800)
    assert held(world) == [2]
    world.wait(1900)
    assert held(world) == []


def test_many_go_in_small_portions_with_room_for_a_tap_between_them(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    with_many_facts(world, 700)
    answer_all(world)
    world.clock.pass_by(8 * DAY)
    world.say(Tick())
    left = len(held(world))
    assert 600 <= left < 700
    assert world.core.next_deadline() <= world.clock.seconds
    assert isinstance(world.tap(), Home)
    assert len(held(world)) == left
    world.finish()
    assert world.wait(60) == Attract()
    assert held(world) == []
    assert world.core.next_deadline() > world.clock.seconds


@pytest.mark.parametrize("query", ["SELECT count(*) FROM outbox WHERE status IS NULL", "SELECT min(seq) FROM outbox WHERE status IS NULL"])
def test_what_is_unanswered_is_found_by_its_index(tmp_path: Path, query: str) -> None:
    world = a_kiosk(tmp_path)
    plan = world.ledger._connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert ["COVERING INDEX outbox_unanswered" in row.detail for row in plan] == [True]


def decrypted(path: Path) -> bytes:
    """Every page of the ledger as it stands in the file, free ones and free space within pages as well."""
    octets = path.read_bytes()
    plain = bytearray()
    for start in range(0, len(octets), PAGE):
        page = octets[start + (SALT if start == 0 else 0) : start + PAGE]
        decryptor = Cipher(algorithms.AES(LEDGER_KEY), modes.CBC(page[-TAIL : IV - TAIL])).decryptor()
        plain += decryptor.update(page[:-TAIL]) + decryptor.finalize()
    return bytes(plain)


def test_nothing_of_a_pruned_fact_is_left_in_the_pages_of_the_file(tmp_path: Path) -> None:
    world = a_lending_kiosk(tmp_path, 1)
    with_many_facts(world, 300)
    answer_all(world)
    fact = world.facts[0].fact
    assert isinstance(fact, CheckedOut)
    patron = str(fact.patron).encode()
    world.core.close()
    assert decrypted(tmp_path / "ledger.db").count(patron) == 300
    world.restart()
    world.answer()  # the last fact once more: what a kiosk begins with
    world.clock.pass_by(8 * DAY)
    world.wait(60)
    assert held(world) == []
    world.core.close()
    assert patron not in decrypted(tmp_path / "ledger.db")
