"""One flipped bit anywhere in a kiosk's files: said in plain words, never a wrong answer, and the damaged ledger is kept as it is."""

import shutil
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from circulation.facts import CheckedOut, LedgerRestored
from kiosk.store.errors import LedgerDamagedError
from kiosk.store.inspection import InspectionError, inspect_ledger
from kiosk.store.opening import open_ledger
from kiosk.store.set_aside import open_or_begin, set_aside_in
from kiosk.store.watermark import MARK_SUFFIX, read_mark
from kiosk.view import OutOfService
from replica.encrypted import open_encrypted
from sync.identity import IdentityError, read_identity, write_identity
from tests.builders import a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, LIN, NOON, WANG, a_kiosk
from tests.unit.sync.values import an_identity

FLIPS = 30
PAGE = 4096


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


def hurt_in_any_way(sound: bytes, random: Random) -> list[bytes]:
    """A bit, the end, all but the beginning, a page of zeros."""
    cut = random.randrange(1, len(sound))
    page = random.randrange(len(sound) // PAGE) * PAGE
    return [
        *(flipped(sound, random) for _ in range(FLIPS)),
        *(sound[:length] for length in (15, 16, 1000, PAGE, cut, len(sound) - 1)),
        sound[:page] + bytes(PAGE) + sound[page + PAGE :],
        bytes(len(sound)),
    ]


def test_a_damaged_ledger_is_refused_in_words_and_its_bytes_stay(closed: Path) -> None:
    path, random = closed / "ledger.db", Random(1)
    for hurt in hurt_in_any_way(path.read_bytes(), random):
        path.write_bytes(hurt)
        with pytest.raises(LedgerDamagedError, match=r"^ledger\.db: "):
            open_ledger(path, LEDGER_KEY, new_epoch=uuid4, now=NOON)
        assert path.read_bytes() == hurt


def test_a_damaged_ledger_is_set_aside_whole_and_its_kiosk_lends_again_in_an_epoch_that_the_registry_hears_of(closed: Path) -> None:
    path, random = closed / "ledger.db", Random(4)
    mark = path.with_suffix(MARK_SUFFIX)
    sound, marked = path.read_bytes(), mark.read_bytes()
    former = read_mark(mark, LEDGER_KEY)
    assert former is not None
    for hurt in hurt_in_any_way(sound, random)[FLIPS - 4 :]:
        path.write_bytes(hurt)
        mark.write_bytes(marked)
        with capture_logs() as logs:
            world = a_kiosk(closed, cards={WANG: a_patron()}, items=[an_item(barcode="B7")])
        (aside,) = set_aside_in(closed)
        assert aside.read_bytes() == hurt
        assert {"ledger_set_aside", "ledger_lost_facts"} <= {log["event"] for log in logs}
        told = world.facts[0].fact
        assert told == LedgerRestored(former=former.epoch, shared_seq=0, moved=0)
        assert world.ledger.device().restored_at == NOON
        world.tap()
        world.scan("B7")
        assert isinstance(world.fact, CheckedOut)
        world.core.close()
        aside.unlink()


def test_another_key_sets_the_ledger_aside_and_the_old_key_still_opens_it(closed: Path) -> None:
    with capture_logs():
        open_or_begin(closed / "ledger.db", bytes(32), new_epoch=uuid4, now=NOON).close()
        (aside,) = set_aside_in(closed)
        kept = open_ledger(aside, LEDGER_KEY, new_epoch=uuid4, now=NOON)
    assert kept.last_seq() == 3
    kept.close()


def test_a_ledger_without_a_mark_that_is_set_aside_is_told_of_all_the_same(closed: Path) -> None:
    path = closed / "ledger.db"
    path.write_bytes(flipped(path.read_bytes(), Random(5)))
    path.with_suffix(MARK_SUFFIX).unlink()
    with capture_logs():
        world = a_kiosk(closed)
    assert isinstance(world.fact, LedgerRestored)
    world.core.close()


def test_a_power_cut_while_a_ledger_is_set_aside_keeps_log_and_ledger_under_one_name(closed: Path) -> None:
    path = closed / "ledger.db"
    path.write_bytes(flipped(path.read_bytes(), Random(6)))
    log = closed / "ledger-set-aside-20260101T000000Z.db-wal"
    log.write_bytes(b"what was renamed before the cut")
    with capture_logs():
        open_or_begin(path, LEDGER_KEY, new_epoch=uuid4, now=NOON).close()
    (aside,) = set_aside_in(closed)
    assert (aside.name, log.read_bytes()) == (log.name.removesuffix("-wal"), b"what was renamed before the cut")


def after_a_crash(folder: Path, *, answered: int) -> bytes:
    """A kiosk that lent six books and was killed: its facts are in the log; so many were answered. What the log holds."""
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}") for n in range(9)])
    world.tap()
    for number in range(6):
        world.scan(f"B{number}")
        if number < answered:
            world.answer()
    # Another folder gets what a killed process leaves: the ledger is open here.
    return (folder / "ledger.db-wal").read_bytes()


def missing_in(folder: Path) -> int | None:
    """What the doctor says of a ledger whose kiosk has not been started again; none of one that is empty without its log."""
    look = folder / "look"
    look.mkdir()
    for path in folder.glob("ledger.*"):
        shutil.copy(path, look)
    open_encrypted(look / "ledger.db", LEDGER_KEY).dispose()  # what reads only can't make the index of a log
    try:
        return inspect_ledger(look / "ledger.db", LEDGER_KEY).missing
    except InspectionError:
        return None


@pytest.mark.parametrize("answered", [0, 2, 6])
def test_a_flipped_bit_in_a_log_that_costs_facts_is_noticed_at_the_start_and_told_in_a_new_epoch(tmp_path: Path, answered: int) -> None:
    first, random = tmp_path / "first", Random(answered)
    first.mkdir()
    log = after_a_crash(first, answered=answered)
    former = read_mark(first / "ledger.mark", LEDGER_KEY)
    assert former is not None
    assert former.seq == 6
    noticed = 0
    for number in range(FLIPS):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in ("ledger.db", "ledger.mark"):
            shutil.copy(first / name, folder)
        (folder / "ledger.db-wal").write_bytes(flipped(log, random))
        missing = missing_in(folder)
        with capture_logs() as logs:
            world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode="B8")])
            left = world.ledger.last_seq() - any(isinstance(one.fact, LedgerRestored) for one in world.facts)
            for batch in world.outlet.batches:  # grows while the answers come
                world.answer(batch)
        if left < 6:
            noticed += 1
            assert missing == 6 - left or (missing is None and left == 0)
            assert "ledger_lost_facts" in {log["event"] for log in logs}
            told = [one.fact for one in world.facts if isinstance(one.fact, LedgerRestored)]
            assert [one.former for one in told] == [former.epoch]
            assert world.ledger.device().restored_at == NOON
        else:
            assert not any(isinstance(one.fact, LedgerRestored) for one in world.facts)
        world.restart()
        assert world.ledger.owes is None
        world.core.close()
    assert noticed > FLIPS / 4


def test_a_ledger_that_was_taken_away_is_noticed_by_the_mark_that_it_left(closed: Path) -> None:
    (closed / "ledger.db").unlink()
    with capture_logs():
        world = a_kiosk(closed)
    assert isinstance(world.fact, LedgerRestored)
    world.core.close()


def test_a_flipped_bit_in_a_mark_is_no_alarm_and_the_other_place_still_counts(closed: Path) -> None:
    mark, random = closed / "ledger.mark", Random(8)
    sound = mark.read_bytes()
    for _ in range(FLIPS):
        mark.write_bytes(flipped(sound, random))
        found = read_mark(mark, LEDGER_KEY)
        assert found is not None
        assert found.seq in {2, 3}
        world = a_kiosk(closed)
        assert world.ledger.owes is None
        world.core.close()
    mark.write_bytes(b"")
    assert read_mark(mark, LEDGER_KEY) is None


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


def test_a_flipped_bit_in_an_identity_is_refused_in_words_or_changes_no_value(tmp_path: Path) -> None:
    identity = an_identity()
    path = write_identity(tmp_path, identity)
    sound, refused = path.read_bytes(), list[str]()
    for place in range(len(sound)):
        for bit in (1, 4):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ bit]) + sound[place + 1 :])
            try:
                assert read_identity(tmp_path) == identity
            except IdentityError as error:
                refused.append(str(error))
    assert len(refused) > len(sound)
    assert all(said.startswith(f"{path}: ") for said in refused)
