"""The ledger: together or not at all, durable by its settings, never thrown away, and clear about what is wrong."""

from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import kiosk.store
from circulation.facts import CheckedOut, FactEnvelope
from kiosk.events import ChangesReceived, Tick
from kiosk.overlay import LocalLoan
from kiosk.store.errors import LedgerError, LedgerUnwritableError
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_schema import HEAD
from kiosk.store.ledger_tables import metadata
from kiosk.store.opening import open_ledger
from kiosk.view import Attract, Borrow, OutOfService
from replica.encrypted import open_encrypted
from replica.tables import ReplicaTable
from tests.builders import TODAY, a_loan, a_patron, an_item
from tests.kiosk_world import LEDGER_KEY, NOON, WANG, SeededKeys, World, a_change, a_kiosk, a_page, item_row

GOLDEN = Path(__file__).parents[2] / "golden" / "ledger"


def a_ledger(folder: Path, *, key: bytes = LEDGER_KEY) -> Ledger:
    return open_ledger(folder / "ledger.db", key, new_epoch=SeededKeys().new_epoch, now=NOON)


def an_envelope(seq: int) -> FactEnvelope:
    loan = a_loan()
    fact = CheckedOut(loan.id, loan.patron, loan.item, TODAY, 1)
    return FactEnvelope(UUID(int=seq), seq, NOON, 1, "boot-1", "c1", fact)


def test_a_page_that_breaks_while_the_ledger_is_open_is_told_and_does_not_crash(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    with ledger.unit_of_work() as work:
        for seq in range(1, 400):
            work.append(an_envelope(seq))
        work.commit()
    for pragma in ("wal_checkpoint(TRUNCATE)", "cache_size=1", "shrink_memory"):
        ledger._connection.exec_driver_sql(f"PRAGMA {pragma}").close()
    path = tmp_path / "ledger.db"
    octets = bytearray(path.read_bytes())
    for page in range(len(octets) // 4096 // 2, len(octets) // 4096):
        octets[page * 4096 + 100] ^= 1
    path.write_bytes(octets)
    assert len(ledger.bodies(1, 3)) == 3
    with pytest.raises(LedgerUnwritableError, match="can't be read"):
        ledger.bodies(1, 400)
    ledger.close()


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_commit_survives_a_power_cut_by_these_settings(tmp_path: Path, pragma: str, value: object) -> None:
    world = a_kiosk(tmp_path)
    assert world.ledger._connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    used = world.core._feed.in_use
    assert used is not None
    assert used.replica._connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_what_is_deleted_from_the_ledger_is_overwritten(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    assert ledger._connection.execute(text("PRAGMA secure_delete")).scalar_one() == 1
    ledger.close()


def test_what_is_not_committed_never_happened(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    with ledger.unit_of_work() as work:
        work.add_loan(a_loan(), seq=work.next_seq(), period=None)
        work.append(an_envelope(1))
    assert ledger.last_seq() == 0
    ledger.close()


def test_a_failure_between_loan_and_fact_leaves_neither(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    loan = a_loan()

    def write_the_loan_twice() -> None:
        with ledger.unit_of_work() as work:
            work.append(an_envelope(1))
            work.add_loan(loan, seq=1, period=None)
            work.add_loan(loan, seq=1, period=None)
            work.commit()

    with pytest.raises(LedgerUnwritableError):
        write_the_loan_twice()
    assert (ledger.last_seq(), ledger.local_loans_of_patron(loan.patron)) == (0, ())
    ledger.close()


def test_an_idempotency_key_is_never_used_twice(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    with ledger.unit_of_work() as work:
        work.append(an_envelope(1))
        work.commit()
    with pytest.raises(LedgerUnwritableError, match="UNIQUE"), ledger.unit_of_work() as work:
        work.append(FactEnvelope(UUID(int=1), 2, NOON, 1, "boot-1", "c1", an_envelope(1).fact))
    ledger.close()


def test_a_local_loan_is_read_back_as_it_was(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    loan = a_loan(title="<img src='http://x'> 碁恒裏粧", renewals=1, barcode="B1", branch="L12", wanted=True)
    with ledger.unit_of_work() as work:
        work.add_loan(loan, seq=1, period=NOON)
        work.commit()
    assert ledger.local_loans_of_patron(loan.patron) == ledger.local_loans_of_item(loan.item) == (LocalLoan(loan),)
    assert (ledger.lent_in_period(loan.patron, NOON), ledger.lent_in_period(loan.patron, None)) == (1, 0)
    ledger.close()


def test_nothing_of_a_patron_is_readable_in_the_files(tmp_path: Path) -> None:
    wang = a_patron(masked_name="CANARY-NAME")
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[an_item(barcode="CANARY-CODE", title="CANARY-TITLE")])
    world.tap()
    world.scan("CANARY-CODE")
    assert isinstance(world.screen, Borrow)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert {"ledger.db", "ledger.db-wal", "replica-1.db"} <= set(files)
    for canary in (b"CANARY", wang.id.bytes, str(wang.id).encode(), bytes.fromhex(WANG), b"checked_out"):
        assert not [name for name, octets in files.items() if canary in octets]
    world.core.close()


def test_another_key_is_refused_and_the_file_stays_as_it_was(tmp_path: Path) -> None:
    a_ledger(tmp_path).close()
    before = (tmp_path / "ledger.db").read_bytes()
    with pytest.raises(LedgerError, match=r"^ledger\.db: is no database, or one with another key$"):
        a_ledger(tmp_path, key=bytes(32))
    assert (tmp_path / "ledger.db").read_bytes() == before


def test_a_folder_in_the_place_of_the_ledger_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(LedgerError, match=r"^ledger\.db: "):
        a_ledger(tmp_path)
    assert (tmp_path / "ledger.db").is_dir()


def test_a_ledger_that_can_not_be_written_at_the_start_is_refused_and_stays(tmp_path: Path) -> None:
    a_ledger(tmp_path).close()
    damaged = open_encrypted(tmp_path / "ledger.db", LEDGER_KEY)
    with damaged.connect().execution_options(write=True) as connection:
        connection.execute(text("DROP TABLE device"))
        connection.commit()
    damaged.dispose()
    with pytest.raises(LedgerError, match=r"^ledger\.db: can't be used: no such table: device$"):
        a_ledger(tmp_path)


def test_a_damaged_ledger_is_refused_at_the_start(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    with ledger.unit_of_work() as work:
        for seq in range(1, 200):
            work.append(an_envelope(seq))
        work.commit()
    ledger.close()
    path = tmp_path / "ledger.db"
    octets = bytearray(path.read_bytes())
    octets[len(octets) // 2] ^= 1
    path.write_bytes(octets)
    with pytest.raises(LedgerError, match=r"^ledger\.db"):
        a_ledger(tmp_path)


def test_a_newer_programs_ledger_is_refused_with_what_to_do(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    with ledger.unit_of_work() as work:
        ledger._connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
        work.commit()
    ledger.close()
    with pytest.raises(LedgerError, match=rf"newer program .revision v9999.; this one reads {HEAD}. Update the program"):
        a_ledger(tmp_path)


def test_the_migrations_end_where_the_program_expects_them_and_give_its_tables(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(kiosk.store.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    ledger = a_ledger(tmp_path)
    context = MigrationContext.configure(ledger._connection, opts={"compare_type": False})
    assert compare_metadata(context, metadata) == []
    ledger.close()


# -- a ledger that can't be written ---------------------------------------------------------------------------------


def fill_up(world: World) -> None:
    """As on a full disk: the file may not grow by a page."""
    pages = world.ledger._connection.execute(text("PRAGMA page_count")).scalar_one()
    world.ledger._connection.execute(text(f"PRAGMA max_page_count={pages}"))


def make_room(world: World) -> None:
    world.ledger._connection.execute(text("PRAGMA max_page_count=1000000"))


def lend_until_full(world: World) -> int:
    for n in range(200):
        world.tap()
        world.scan(f"B{n}")
        if isinstance(world.screen, OutOfService):
            return n
        assert isinstance(world.screen, Borrow)
        assert world.screen.borrowed == 1
        world.finish()
    message = "the disk never became full"
    raise AssertionError(message)


def test_a_full_disk_shows_nothing_as_done_that_is_not_in_the_ledger(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}", title="長" * 200) for n in range(200)])
    fill_up(world)
    lent = lend_until_full(world)
    assert world.screen == OutOfService("ledger_unwritable")
    assert world.ledger.last_seq() == lent
    assert world.tap() == OutOfService("ledger_unwritable")


def test_when_there_is_room_again_lending_goes_on_by_itself(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode=f"B{n}", title="長" * 200) for n in range(200)])
    fill_up(world)
    n = lend_until_full(world)
    before = world.ledger.last_seq()
    make_room(world)
    assert world.wait(31) == Attract()
    world.tap()
    world.scan(f"B{n}")
    assert isinstance(world.screen, Borrow)
    assert world.ledger.last_seq() == before + 1


def test_a_read_only_ledger_takes_the_kiosk_out_of_service_and_is_not_tried_without_pause(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    world.tap()
    assert world.scan("B1") == OutOfService("ledger_unwritable")
    assert world.core.next_deadline() >= world.clock.seconds + 29
    world.receive()
    assert world.wait(31) == OutOfService("ledger_unwritable")
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    assert world.wait(31) == Attract()
    assert world.ledger.last_seq() == 0


def test_news_that_comes_meanwhile_does_not_put_off_the_next_try(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    world.tap()
    world.scan("B1")
    world.wait(20)
    world.receive(a_change(1, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    assert world.wait(11) == Attract()


def test_a_long_page_waits_with_the_ledger_and_is_finished_after_it(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    rows = [item_row(an_item(barcode=f"N{n}")) for n in range(150)]
    world.ledger._connection.execute(text("PRAGMA query_only=ON"))
    slow = iter(n * 0.02 for n in range(50_000, 10**6))
    used = world.core._feed.in_use
    assert used is not None
    used.replica.write._monotonic = lambda: next(slow)
    changes = (a_change(n, ReplicaTable.ITEM, row) for n, row in enumerate(rows, start=1))
    world.say(ChangesReceived(a_page(*changes, start=0, end=150), world.clock.seconds), Tick())
    assert world.screen == OutOfService("ledger_unwritable")
    assert world.core.next_deadline() >= world.clock.seconds + 29
    world.ledger._connection.execute(text("PRAGMA query_only=OFF"))
    assert world.wait(31) == Attract()
    assert world.cursor == 150
