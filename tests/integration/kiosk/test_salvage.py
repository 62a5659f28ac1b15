"""What can still be read of a damaged ledger: every fact whose page is whole, and nothing that was not written there."""

from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from circulation.chain import along, anchor
from circulation.wire import ChainSpan
from kiosk.store.salvage import salvage
from tests.builders import a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, World, a_kiosk

PAGE = 4096
BOOKS = 40
ANSWERED = 3


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A kiosk with more facts than a page holds, the first three answered."""
    world = a_kiosk(
        tmp_path, cards={f"04A3{n:04X}": a_patron() for n in range(BOOKS)}, items=[an_item(barcode=f"B{n}") for n in range(BOOKS)]
    )
    with capture_logs():
        for number in range(BOOKS):
            world.tap(f"04A3{number:04X}")
            world.scan(f"B{number}")
            world.finish()
            world.finish()
            if number < ANSWERED:
                world.answer()
    return world


def test_all_of_a_sound_ledger_is_read_from_its_file_and_from_its_log(world: World) -> None:
    bodies, epoch = world.ledger.bodies(1, 99), world.ledger.device().epoch
    for closed in (False, True):
        if closed:
            world.core.close()
        found = salvage(world.folder / "ledger.db", LEDGER_KEY)
        assert found.readable == found.pages > 0
        assert [one.body for _, one in sorted(found.facts.items())] == bodies
        assert [one.seq for one in found.waiting] == list(range(ANSWERED + 1, len(bodies) + 1))
        (batch,) = found.batches()
        assert (batch.epoch, batch.first_seq, [bytes(fact) for fact in batch.facts]) == (epoch, ANSWERED + 1, bodies[ANSWERED:])
        values = [anchor(epoch), *along(anchor(epoch), bodies)]
        assert batch.chain == ChainSpan(before=values[ANSWERED], after=values[-1])


def test_a_damaged_page_costs_its_own_facts_only_and_what_is_left_goes_in_runs(world: World) -> None:
    bodies = world.ledger.bodies(1, 99)
    world.core.close()
    path, random = world.folder / "ledger.db", Random(3)
    sound = path.read_bytes()
    gaps = 0
    for page in range(1, len(sound) // PAGE):
        hurt = bytearray(sound)
        hurt[page * PAGE + random.randrange(PAGE)] ^= 1 << random.randrange(8)
        path.write_bytes(hurt)
        found = salvage(path, LEDGER_KEY)
        assert found.readable == found.pages - 1
        assert all(one.body == bodies[one.seq - 1] for one in found.facts.values())
        batches = list(found.batches())
        gaps += len(found.facts) < len(bodies)
        if found.epoch is not None:
            told = [bytes(fact) for batch in batches for fact in batch.facts]
            assert told == [one.body for one in found.waiting]
            assert [batch.first_seq for batch in batches] == [
                one.seq for one in found.waiting if one.seq - 1 not in {other.seq for other in found.waiting}
            ]
        else:
            assert batches == []
    assert gaps > 3


@pytest.mark.parametrize("length", [0, 1, 15, 100, PAGE - 1, PAGE, 3 * PAGE + 5])
def test_a_file_that_was_cut_off_gives_what_is_left_of_it(world: World, length: int) -> None:
    world.core.close()
    path = world.folder / "ledger.db"
    path.write_bytes(path.read_bytes()[:length])
    assert salvage(path, LEDGER_KEY).readable == length // PAGE


def test_with_another_key_nothing_is_read(world: World) -> None:
    world.core.close()
    found = salvage(world.folder / "ledger.db", bytes(32))
    assert (found.readable, found.facts, list(found.batches())) == (0, {}, [])
