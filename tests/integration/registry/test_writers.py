"""Several who write at the same time: nothing lost, no number twice, no hole, and no reader misses one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from msgspec import Raw
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from uuid_utils.compat import uuid7

from circulation.cards import CardState
from circulation.ids import KioskId
from circulation.reasons import Reason
from circulation.wire import FactStatus, PushAnswer, PushBatch
from registry.database import Database, UnitOfWork
from registry.database_errors import DatabaseAwayError
from registry.exchange import store_feed
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from registry.exchange.store_feed import FeedEntry
from registry.kiosks import store as kiosks
from registry.lending.tables import branch
from replica.tables import ReplicaTable
from tests.integration.registry.city import City, Kiosk, a_checkout, deaf
from tests.postgres import PostgresServer

AT = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
WRITERS, ROUNDS = 6, 15


def test_a_reader_that_polls_misses_no_number_and_meets_no_hole(city: City) -> None:
    database = city.registry.database
    done = threading.Event()
    seen: list[str] = []

    def write(writer: int) -> None:
        for n in range(ROUNDS):
            entries = [FeedEntry(ReplicaTable.ITEM, str(UUID(int=writer * 1_000_000 + n * 1000 + i))) for i in range(1 + n % 3)]
            database.write(partial(store_feed.publish, entries=entries, at=AT))

    def read() -> None:
        after, last_look = 0, False
        while True:
            last_look = done.is_set()
            with database.reading() as connection:
                head = store_feed.head(connection).n
                found = store_feed.entries_after(connection, after, "C01", limit=10_000)
            assert [seq for seq, _ in found] == list(range(after + 1, head + 1))
            seen.extend(entry.key for _, entry in found)
            after = head
            if last_look:
                return

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read)
        for writer in [pool.submit(write, writer) for writer in range(WRITERS)]:
            writer.result()
        done.set()
        reader.result()
    assert len(seen) == len(set(seen)) == WRITERS * sum(1 + n % 3 for n in range(ROUNDS))


def test_one_item_lent_by_two_kiosks_at_once_is_a_conflict_of_exactly_one(city: City) -> None:
    """I4: whoever decides second knows of the first."""
    intake = FactIntake(city.registry.database, now=city.clock, zone=city.registry.settings.zone, notify=deaf)
    senders = [_enrolled(city, n) for n in range(8)]

    def lend(sender: Sender) -> FactStatus:
        maker = Kiosk("", city.clock, None, None)  # type: ignore[arg-type] # it only writes envelopes
        body = maker.envelope(a_checkout(city.ming, city.books[0]))
        answer = intake.take(sender, PushBatch(epoch=uuid7(), first_seq=1, facts=[Raw(body)]))
        assert isinstance(answer, PushAnswer)
        return answer.results[0].status

    with ThreadPoolExecutor(len(senders)) as pool:
        statuses = sorted(pool.map(lend, senders))
    assert statuses == [FactStatus.ACCEPTED] + [FactStatus.FLAGGED] * 7
    assert city.sql("SELECT count(*), count(other_loan) FROM flagged_fact") == [(7, 7)]


def test_no_loan_on_a_lost_card_stands_after_the_loss_without_a_flag(city: City) -> None:
    """I3, with the report and the loans racing: what the feed tells after the loss was decided with it."""
    intake = FactIntake(city.registry.database, now=city.clock, zone=city.registry.settings.zone, notify=deaf)
    sender, epoch, card = _enrolled(city, 1), uuid7(), city.key_of(city.ming_card)
    maker = Kiosk("", city.clock, None, None)  # type: ignore[arg-type] # it only writes envelopes
    results: list[tuple[int, tuple[str, ...]]] = []

    def lend() -> None:
        for n in range(20):
            body = maker.envelope(a_checkout(city.ming, city.books[n % 4], card=card))
            answer = intake.take(sender, PushBatch(epoch=epoch, first_seq=n + 1, facts=[Raw(body)]))
            assert isinstance(answer, PushAnswer)
            results.append((answer.results[0].position, answer.results[0].reasons))

    lending = threading.Thread(target=lend)
    lending.start()
    city.registry.change_card(city.ming_card, CardState.LOST)
    lending.join()
    ((lost_at,),) = city.sql("SELECT seq FROM feed WHERE table_name = 'card'")
    assert len(results) == 20
    for position, reasons in results:
        assert (Reason.CARD_LOST in reasons) == (position > lost_at)


def _enrolled(city: City, number: int) -> Sender:
    kiosk = kiosks.KioskRecord(KioskId(UUID(int=number + 1)), "k", "C01", bytes(32), city.clock())
    city.registry.database.write(lambda work: kiosks.add(work, kiosk))
    return Sender(kiosk.id, "C01")


class TestOnAServer:
    """What only a database with many writers can do to us."""

    @pytest.fixture
    def name(self, postgres: PostgresServer) -> Iterator[str]:
        made = postgres.create()
        yield made
        postgres.drop(made)

    @pytest.fixture
    def database(self, postgres: PostgresServer, name: str) -> Iterator[Database]:
        postgres.as_admin(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'")
        with closing(Database.postgresql(postgres.url(name))) as made:
            made.migrate()
            made.write(lambda work: work.add(branch, [("A", "a", ""), ("B", "b", "")]))
            yield made

    def test_a_deadlock_is_tried_again_and_nothing_is_done_twice(self, database: Database, postgres: PostgresServer, name: str) -> None:
        tries: list[int] = []
        afterwards: list[str] = []
        with postgres.admin(name) as stranger:
            # Somebody who does not ask for the writers' lock, and has more patience than we.
            stranger.execute("SET deadlock_timeout = '60s'")
            stranger.execute("UPDATE branch SET name = 'b1' WHERE code = 'B'")

            def cross() -> None:
                stranger.execute("UPDATE branch SET name = 'a2' WHERE code = 'A'")
                stranger.commit()

            crossing = threading.Thread(target=cross)

            def act(work: UnitOfWork) -> None:
                tries.append(len(tries) + 1)
                if len(tries) > 1:
                    crossing.join()
                work.afterwards(lambda: afterwards.append("done"))
                work.connection.execute(update(branch).where(branch.c.code == "A").values(name="a1"))
                if len(tries) == 1:
                    crossing.start()
                    while postgres.as_admin("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(1,)]:
                        threading.Event().wait(0.005)
                work.connection.execute(update(branch).where(branch.c.code == "B").values(name="b2"))

            database.write(act)
        assert (tries, afterwards) == ([1, 2], ["done"])
        with database.reading() as connection:
            assert connection.execute(select(branch.c.name).order_by(branch.c.code)).scalars().all() == ["a1", "b2"]

    def test_a_row_that_contradicts_the_tables_is_not_tried_again(self, database: Database) -> None:
        tries: list[int] = []

        def act(work: UnitOfWork) -> None:
            tries.append(1)
            work.add(branch, [("A", "again", "")])

        with pytest.raises(IntegrityError, match="SQLSTATE 23505"):
            database.write(act)
        assert tries == [1]

    def test_a_serialisation_failure_is_given_up_after_some_tries(self, database: Database) -> None:
        tries: list[int] = []

        def act(work: UnitOfWork) -> None:
            tries.append(1)
            work.connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

        with pytest.raises(DBAPIError, match="SQLSTATE 40001"):
            database.write(act)
        assert len(tries) == 5

    def test_a_writer_that_stands_still_is_thrown_out_in_the_end(self, database: Database) -> None:
        asked = "SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout')"

        def stand_still(work: UnitOfWork) -> None:
            limits = {row.name: row.setting for row in work.connection.exec_driver_sql(asked)}
            assert limits == {"lock_timeout": "30000", "idle_in_transaction_session_timeout": "60000"}
            work.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
            database.write(lambda other: other.add(branch, [("C", "c", "")]))

        with pytest.raises(DatabaseAwayError):
            database.write(stand_still)
        with database.reading() as connection:
            assert len(connection.execute(select(branch)).all()) == 3
