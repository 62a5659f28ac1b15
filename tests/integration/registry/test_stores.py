"""What every database must give the stores."""

import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, update
from sqlalchemy.exc import DataError, IntegrityError
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, CardId, KioskId, PatronId
from circulation.patrons import PatronClass
from registry.audit.store import AuditEntry, append, latest
from registry.calendars import store as calendars
from registry.cards import store as cards
from registry.cards.store import CardRecord
from registry.database import Database, UnitOfWork
from registry.enrolment import store as patrons
from registry.enrolment.names import NameStyle
from registry.enrolment.store import PatronRecord
from registry.exchange import store_feed
from registry.exchange.store_feed import FeedEntry, Marks
from registry.exchange.tables import feed, feed_head
from registry.kiosks import store as kiosks
from registry.lending import store as lending
from registry.lending.store import Branch
from registry.lending.tables import branch, rule_set
from replica.tables import ReplicaTable
from tests.builders import a_rule_set, opening_days
from tests.integration.registry.homes import Home, Homes

AT = datetime(2026, 3, 11, 2, 0, 0, 123456, tzinfo=UTC)
SECRET = bytes(32)


@pytest.fixture(scope="session")
def begun(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A database whose feed is begun, with one branch; copied for every test."""
    made = homes.empty(tmp_path_factory.mktemp("begun") / "registry")
    with closing(made.database()) as database:
        database.migrate()
        with database.unit_of_work() as work:
            store_feed.begin(work, uuid4(), keys=bytes(32))
            lending.add_branches(work, [Branch(BranchCode("C01"), "總館")])
            work.commit()
    return made


@pytest.fixture
def database(homes: Homes, begun: Home, tmp_path: Path) -> Iterator[Database]:
    home = homes.copy(begun, tmp_path / "registry")
    with closing(home.database()) as made:
        made.seal_audit_with(bytes(32))
        yield made
    homes.remove(home)


def a_record(*, national_id: str | None = None) -> PatronRecord:
    return PatronRecord(PatronId(uuid7()), "王小明", national_id)


def a_card(patron: PatronRecord, uid: str = "04A32B1C", kind: CardKind = CardKind.EASYCARD) -> CardRecord:
    return CardRecord(CardId(uuid7()), patron.id, kind, CardUid.from_hex(uid))


def added(database: Database, *records: PatronRecord) -> None:
    with database.unit_of_work() as work:
        patrons.add(work, records, names=NameStyle.SURNAME)
        work.commit()


def bound(database: Database, *records: CardRecord) -> None:
    with database.unit_of_work() as work:
        cards.add(work, records, secret=SECRET)
        work.commit()


def test_a_unit_of_work_rolls_back_unless_committed(database: Database) -> None:
    with database.unit_of_work() as work:
        lending.add_branches(work, [Branch(BranchCode("X1"), "x")])
        work.afterwards(lambda: pytest.fail("nothing was committed"))
    with database.reading() as connection:
        assert lending.branch_name(connection, "X1") is None


def test_what_waits_for_the_commit_sees_it(database: Database) -> None:
    seen: list[str | None] = []

    def look() -> None:
        with database.reading() as connection:
            seen.append(lending.branch_name(connection, "X1"))

    with database.unit_of_work() as work:
        lending.add_branches(work, [Branch(BranchCode("X1"), "x")])
        work.afterwards(look)
        work.commit()
    assert seen == ["x"]


def test_one_patron_has_at_most_one_card_of_a_kind(database: Database) -> None:
    ming = a_record()
    added(database, ming)
    bound(database, a_card(ming), a_card(ming, "04A32B1D", CardKind.IPASS))
    with pytest.raises(IntegrityError):
        bound(database, a_card(ming, "04A32B1E"))


def test_a_number_is_bound_to_one_patron_only(database: Database) -> None:
    ming, hua = a_record(), a_record()
    added(database, ming, hua)
    bound(database, a_card(ming))
    with pytest.raises(IntegrityError):
        bound(database, a_card(hua))


def test_a_card_needs_its_patron(database: Database) -> None:
    with pytest.raises(IntegrityError):
        bound(database, a_card(a_record()))


def test_a_national_id_stands_once_and_may_be_missing_often(database: Database) -> None:
    added(database, a_record(), a_record(), a_record(national_id="A123456789"))
    with pytest.raises(IntegrityError):
        added(database, a_record(), a_record(national_id="A123456789"))


def test_an_error_does_not_show_the_values(database: Database) -> None:
    added(database, a_record(national_id="A123456789"))
    with pytest.raises(IntegrityError) as caught:
        added(database, a_record(national_id="A123456789"))
    assert "A123456789" not in str(caught.value)
    assert "王" not in str(caught.value)


def test_an_error_does_not_show_the_rest_of_the_row_either(database: Database) -> None:
    row = ("X1", None, "王小明的家")
    with pytest.raises(IntegrityError) as caught, database.unit_of_work() as work:
        work.add(branch, [row])
    assert row[2] not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("homes", ["postgresql"], indirect=True)
def test_a_value_that_does_not_fit_its_column_is_not_shown(database: Database) -> None:
    """SQLite takes any value in any column."""
    row: tuple[object, ...] = ("A123456789", date(2026, 9, 1), "王小明的家", {}, None, None, None)
    with pytest.raises(DataError) as caught, database.unit_of_work() as work:
        work.add(rule_set, [row])
    said = "".join(traceback.format_exception(caught.value))
    assert "does not fit its column" in said
    assert not [secret for secret in (row[0], row[2]) if str(secret) in said]


def test_text_from_outside_with_a_nul_in_it_stops_nothing(database: Database) -> None:
    with database.unit_of_work() as work:
        append(work.connection, AuditEntry(AT, "a\0", "b", "c", {"path": "/\0", "code": "\\u0000"}))
        kiosks.add(work, kiosks.KioskRecord(KioskId(uuid7()), "k\0k", "C01", bytes(32), AT))
        patrons.add(work, [PatronRecord(PatronId(uuid7()), "王\0明")], names=NameStyle.SURNAME)
        work.commit()
    kept = "\0" if database.engine.dialect.name == "sqlite" else "\ufffd"
    with database.reading() as connection:
        (entry,) = latest(connection)
        assert (entry.actor, entry.detail) == ("a\ufffd", {"path": "/\ufffd", "code": "\\u0000"}), "the chain is the same on both"
        assert [kiosk.name for kiosk in kiosks.everyone(connection)] == [f"k{kept}k"]
        assert connection.exec_driver_sql("SELECT name FROM patron").scalar_one() == f"王{kept}明"


def test_rules_come_back_as_they_were(database: Database) -> None:
    sets = [a_rule_set(version=2, effective_from=date(2026, 9, 1)), a_rule_set()]
    with database.unit_of_work() as work:
        lending.add_rule_sets(work, sets)
        days = {BranchCode("C01"): opening_days(closed=frozenset({date(2026, 2, 17)}))}
        calendars.add_calendars(work, days, source="the library's site", at=AT, by="staff")
        work.commit()
    with database.reading() as connection:
        assert lending.rule_book(connection).sets == (sets[1], sets[0])


def test_rules_that_were_written_without_renewals_renew_nothing(database: Database) -> None:
    old = {"personal": {"total": 25, "days": {"book": 30}, "extra": {}, "overdue_stops_loans": True}}
    with database.unit_of_work() as work:
        work.add(rule_set, [(9, date(2026, 9, 1), "an earlier registry", old, None, None, None)])
        work.commit()
    with database.reading() as connection:
        found = lending.rule_book(connection).sets[-1].by_class[PatronClass.PERSONAL]
    assert (found.renewals, found.renewal_days) == (0, {})


@pytest.mark.parametrize("code", ["", "../x", "總館", "A" * 17, "a b"])
def test_a_branch_code_can_name_a_file(database: Database, code: str) -> None:
    with database.unit_of_work() as work, pytest.raises(ValueError, match="no branch code"):
        lending.add_branches(work, [Branch(BranchCode(code), "x")])


def test_instants_and_keys_come_back_as_they_were(database: Database) -> None:
    record = kiosks.KioskRecord(KioskId(uuid7()), "k", "C01", bytes(range(32)), AT)
    with database.unit_of_work() as work:
        kiosks.add(work, record)
        work.commit()
    with database.reading() as connection:
        assert kiosks.everyone(connection) == [record]


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with database.unit_of_work() as work, pytest.raises(Exception, match="time zone"):
        append(work.connection, AuditEntry(AT.replace(tzinfo=None), "a", "b", "c"))


def test_a_code_is_used_once_in_time(database: Database) -> None:
    later = AT + timedelta(minutes=15)
    with database.unit_of_work() as work:
        for digest in (b"a", b"b"):
            kiosks.add_code(work, digest, "C01", issued_at=AT, expires_at=later)
        assert kiosks.use_code(work, b"a", KioskId(uuid7()), at=AT) == "C01"
        assert kiosks.use_code(work, b"a", KioskId(uuid7()), at=AT) is None
        assert kiosks.use_code(work, b"b", KioskId(uuid7()), at=later) is None
        assert kiosks.use_code(work, b"c", KioskId(uuid7()), at=AT) is None
        assert [kiosks.code_fate(work.connection, digest, at=later) for digest in (b"a", b"b", b"c")] == ["used", "expired", "unknown"]
        assert kiosks.code_fate(work.connection, b"b", at=AT) is None


def test_the_audit_trail_is_read_newest_first(database: Database) -> None:
    with database.unit_of_work() as work:
        for n in range(5):
            append(work.connection, AuditEntry(AT, "a", "b", "c", {"n": n}))
        work.commit()
    with database.reading() as connection:
        assert [entry.detail["n"] for entry in latest(connection, limit=3)] == [4, 3, 2]


def an_entry(n: int, branch: str | None = None) -> FeedEntry:
    return FeedEntry(ReplicaTable.PATRON, str(UUID(int=n)), branch)


def test_numbers_are_dense_and_in_commit_order_whoever_writes(database: Database) -> None:
    seen: list[int] = []

    def write(writer: int) -> None:
        for n in range(20):
            with database.unit_of_work() as work:
                before = store_feed.publish(work, [an_entry(writer), an_entry(n)], at=AT)
                if n % 5 == 4:
                    continue  # rolled back: its numbers are given again
                work.afterwards(lambda before=before: seen.extend([before + 1, before + 2]))  # type: ignore[misc] # the default binds this turn's value
                work.commit()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    with database.reading() as connection:
        numbers = list(store_feed.numbers(connection))
        assert store_feed.head(connection).n == len(numbers)
    assert numbers == list(range(1, 4 * 16 * 2 + 1))
    assert sorted(seen) == numbers


@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from([None, "C01", "L12"]), min_size=1, max_size=4)), max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])  # every example begins with an empty feed
def test_whatever_is_published_is_dense_and_the_marks_tell_each_branch(
    database: Database, work_done: list[tuple[bool, list[str | None]]]
) -> None:
    database.write(_without_feed)
    branches: list[str | None] = []
    known = Marks()
    for commits, entries in work_done:
        with database.unit_of_work() as work:
            store_feed.publish(work, [an_entry(0, branch) for branch in entries], at=AT)
            if commits:
                work.commit()
                branches += entries
        with database.reading() as connection:
            known = store_feed.marks_after(connection, known)
    with database.reading() as connection:
        assert list(store_feed.numbers(connection)) == list(range(1, len(branches) + 1))
        assert known.head == len(branches)
        for branch in ("C01", "L12"):
            concerning = [n for n, audience in enumerate(branches, start=1) if audience in {None, branch}]
            assert known.concerning(branch) == max(concerning, default=0)
            found = store_feed.entries_after(connection, 0, branch, limit=1000)
            assert [seq for seq, _ in found] == concerning


def _without_feed(work: UnitOfWork) -> None:
    work.connection.execute(delete(feed))
    work.connection.execute(update(feed_head).values(n=0))


def test_old_changes_are_dropped_and_the_head_remembers(database: Database) -> None:
    with database.unit_of_work() as work:
        store_feed.publish(work, [an_entry(1), an_entry(2)], at=AT)
        store_feed.publish(work, [an_entry(3)], at=AT + timedelta(days=1))
        assert store_feed.forget_before(work, AT + timedelta(hours=1)) == 2
        assert store_feed.forget_before(work, AT + timedelta(hours=1)) == 2
        assert list(store_feed.numbers(work.connection)) == [3]
        assert store_feed.head(work.connection).kept_from == 2


def test_a_feed_is_begun_once(database: Database) -> None:
    with database.unit_of_work() as work:
        before = store_feed.head(work.connection).feed
        store_feed.begin(work, uuid4(), keys=bytes(32))
        assert store_feed.head(work.connection).feed == before


def test_a_large_load_into_an_empty_table_keeps_its_indexes_and_its_rules(database: Database) -> None:
    many = [a_record(national_id=f"N{n}") for n in range(20_001)]
    before = indexes_of(database)
    added(database, *many)
    assert indexes_of(database) == before
    with pytest.raises(IntegrityError):
        added(database, a_record(national_id="N7"))


def test_a_large_load_that_contradicts_itself_changes_nothing(database: Database) -> None:
    before = indexes_of(database)
    with pytest.raises(IntegrityError):
        added(database, *[a_record(national_id=f"N{n % 20_000}") for n in range(20_001)])
    assert indexes_of(database) == before
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM patron").scalar_one() == 0


def indexes_of(database: Database) -> list[object]:
    return [index["name"] for index in inspect(database.engine).get_indexes("patron")]
