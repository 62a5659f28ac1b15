"""One flipped bit anywhere in a kiosk's files: said in plain words, never a wrong answer, and the damaged ledger stays as it is."""

from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from kiosk.store.errors import LedgerError
from kiosk.store.ledger import open_ledger
from kiosk.view import OutOfService
from sync.identity import IdentityError, read_identity, write_identity
from tests.builders import a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, LIN, NOON, WANG, a_kiosk
from tests.unit.sync.values import an_identity

FLIPS = 30


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A kiosk's folder with three loans, its program ended in order."""
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron()}, items=[an_item(barcode=f"B{number}") for number in range(9)])
    world.tap()
    world.scan("B0", "B1", "B2")
    world.core.close()
    return tmp_path


def flipped(octets: bytes, random: Random) -> bytes:
    changed = bytearray(octets)
    place = random.randrange(len(changed))
    changed[place] ^= 1 << random.randrange(8)
    return bytes(changed)


def test_a_flipped_bit_in_a_ledger_is_refused_in_words_and_its_bytes_stay(closed: Path) -> None:
    path, random = closed / "ledger.db", Random(1)
    sound = path.read_bytes()
    for _ in range(FLIPS):
        hurt = flipped(sound, random)
        path.write_bytes(hurt)
        with pytest.raises(LedgerError, match=r"^ledger\.db: "):
            open_ledger(path, LEDGER_KEY, new_epoch=uuid4, now=NOON)
        assert path.read_bytes() == hurt


def test_a_flipped_bit_in_a_replica_brings_a_fresh_one_and_never_ends_the_kiosk(closed: Path) -> None:
    path, random = closed / "replica-1.db", Random(2)
    sound = path.read_bytes()
    asked = 0
    for _ in range(FLIPS):
        for log in closed.glob("replica-1.db-*"):
            log.unlink()
        path.write_bytes(flipped(sound, random))
        with capture_logs():
            world = a_kiosk(closed, replica=False)
            world.tap()
            world.scan("B5")
            world.finish()
            world.tap(LIN)
            if world.core._feed.in_use is None:
                asked += 1
                assert world.screen == OutOfService("no_replica")
                assert world.outlet.pulls[-1] == (None, 0)
            world.core.close()
        if not path.exists():
            path.write_bytes(sound)
    assert asked > FLIPS / 4


def test_a_flipped_bit_in_an_identity_gives_an_identity_or_a_refusal_in_words_and_nothing_else(tmp_path: Path) -> None:
    path, random = write_identity(tmp_path, an_identity()), Random(3)
    sound, refused = path.read_bytes(), list[str]()
    for _ in range(FLIPS):
        path.write_bytes(flipped(sound, random))
        try:
            read_identity(tmp_path)
        except IdentityError as error:
            refused.append(str(error))
    assert refused
    assert all(said.startswith(f"{path}: ") for said in refused)
