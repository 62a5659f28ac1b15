"""Digests: equal tables have equal ones, different tables differ."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import insert, select, text

from replica import tables
from replica.digest import TableDigest, differing, recount, row_hash
from replica.encrypted import WRITE, open_encrypted
from replica.library_rows import rule_set_row
from replica.mapping import TABLE_OF, RowKeyError, key_text, parse_key, row_of, values_of
from replica.rows import ROW_OF, BranchRow, PatronRow, Row
from replica.tables import ReplicaTable
from tests.builders import a_block, a_hold, a_loan, a_patron, a_rule_set, an_item
from tests.kiosk_world import LIN, REPLICA_KEY, WANG, a_replica_file, library_rows


def a_library() -> list[tuple[ReplicaTable, Row]]:
    holder = a_patron(blocks=(a_block(),), id=UUID(int=1))
    book = an_item(id=UUID(int=2), held_for=UUID(int=1))
    loan, hold = a_loan(id=UUID(int=4), item=UUID(int=2)), a_hold(id=UUID(int=5), patron=UUID(int=1))
    return [*library_rows({WANG: holder, LIN: a_patron(id=UUID(int=3))}, items=[book], loans=[loan], holds=[hold])]


@pytest.fixture
def library_file(tmp_path: Path) -> Path:
    return a_replica_file(tmp_path / "replica-1.db", a_library())


@pytest.mark.parametrize("name", ReplicaTable)
def test_every_row_comes_out_of_its_table_as_it_went_in(library_file: Path, name: ReplicaTable) -> None:
    engine = open_encrypted(library_file, REPLICA_KEY)
    with engine.connect() as connection:
        rows = [row_of(name, dict(values)) for values in connection.execute(select(TABLE_OF[name])).mappings()]
        assert rows
        for row in rows:
            assert isinstance(row, ROW_OF[name])
            assert msgspec.json.decode(msgspec.json.encode(row), type=ROW_OF[name]) == row
            assert row_of(name, values_of(name, row)) == row
            assert parse_key(name, key_text(name, row)) == getattr(row, TABLE_OF[name].primary_key.columns[0].name)
    engine.dispose()


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [BranchRow("C01", "總館"), BranchRow("C02", "東區")]
    assert TableDigest.of(ReplicaTable.BRANCH, rows) == TableDigest.of(ReplicaTable.BRANCH, reversed(rows))


def test_a_row_taken_out_and_put_in_gives_the_recount() -> None:
    old, new, other = BranchRow("C01", "總館"), BranchRow("C01", "新總館"), BranchRow("C02", "東區")
    digest = TableDigest.of(ReplicaTable.BRANCH, [old, other])
    changed = digest.without_row(ReplicaTable.BRANCH, old).with_row(ReplicaTable.BRANCH, new)
    assert changed == TableDigest.of(ReplicaTable.BRANCH, [other, new])
    assert changed != digest


def test_the_same_values_in_another_table_have_another_hash() -> None:
    row = BranchRow("C01", "總館")
    assert row_hash(ReplicaTable.BRANCH, row) != row_hash(ReplicaTable.CALENDAR, row)


def test_the_order_of_names_in_a_json_column_does_not_matter() -> None:
    row = rule_set_row(a_rule_set())
    turned = msgspec.structs.replace(row, by_class=dict(reversed(row.by_class.items())))
    assert list(turned.by_class) != list(row.by_class)
    assert row_hash(ReplicaTable.RULE_SET, turned) == row_hash(ReplicaTable.RULE_SET, row)


def test_a_hash_is_the_same_for_ever() -> None:
    row = PatronRow(UUID(int=1), "王○○", a_patron().patron_class, None, contact_complete=True, regular_here=False)
    assert row_hash(ReplicaTable.PATRON, row) == 542582464291859887


def test_one_changed_letter_is_found_in_its_table_and_in_no_other(library_file: Path) -> None:
    engine = open_encrypted(library_file, REPLICA_KEY)
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        before = recount(connection)
        assert differing(before, before) == ()
        connection.execute(text("UPDATE patron SET masked_name = '林○○' WHERE id = (SELECT min(id) FROM patron)"))
        assert differing(before, recount(connection)) == (ReplicaTable.PATRON,)
    engine.dispose()


def test_a_missing_row_and_a_missing_table_are_found(library_file: Path) -> None:
    engine = open_encrypted(library_file, REPLICA_KEY)
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        before = recount(connection)
        connection.execute(insert(tables.branch), {"code": "C99", "name": "新"})
        after = recount(connection)
        assert after[ReplicaTable.BRANCH].rows == before[ReplicaTable.BRANCH].rows + 1
        assert differing(before, after) == (ReplicaTable.BRANCH,)
        del after[ReplicaTable.LOAN]
        assert differing(before, after) == (ReplicaTable.BRANCH, ReplicaTable.LOAN)
    engine.dispose()


def test_two_equal_rows_do_not_look_like_none() -> None:
    row = BranchRow("C01", "總館")
    assert TableDigest.of(ReplicaTable.BRANCH, [row, row]) != TableDigest()
    assert replace(TableDigest.of(ReplicaTable.BRANCH, [row, row]), rows=0) == TableDigest()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (ReplicaTable.PATRON, "no uuid"),
        (ReplicaTable.RULE_SET, "one"),
        (ReplicaTable.CARD, "04A32B1C"),
        (ReplicaTable.CARD, "x" * 32),
        (ReplicaTable.LOAN, ""),
    ],
)
def test_a_key_that_is_none_is_refused_with_its_table(table: ReplicaTable, key: str) -> None:
    with pytest.raises(RowKeyError, match=f"is no key of the table {table.value}"):
        parse_key(table, key)
