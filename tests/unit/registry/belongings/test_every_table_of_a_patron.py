"""No table that names a patron is forgotten when two accounts become one."""

import pytest
from sqlalchemy import Column, ForeignKey, Table

from registry.belongings.kinds import BELONGINGS, STAYS
from registry.columns import Key
from registry.tables import metadata

NAMES_OF_PATRONS = {"patron", "other_patron", "held_for", "vanished", "into", "survivor", "guardian", "child", "member", "holder"}
"""Columns without a foreign key that hold a patron's key all the same are known by how they are called."""


def named() -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns if _names_a_patron(column)}


def _names_a_patron(column: Column[object]) -> bool:
    if any(key.target_fullname == "patron.id" for key in column.foreign_keys):
        return True
    return isinstance(column.type, Key) and column.name in NAMES_OF_PATRONS


def test_r8_every_column_that_names_a_patron_moves_or_says_why_it_stays() -> None:
    told = {(one.table, one.column) for one in BELONGINGS} | STAYS.keys()
    assert named() - told == set(), "say in registry/belongings/kinds.py what becomes of these rows"
    assert told - named() == set(), "these name no patron any more"


def test_a_forgotten_table_would_be_noticed() -> None:
    ours = type(metadata)()
    Table("patron", ours, Column("id", Key, primary_key=True))
    table = Table("point", ours, Column("patron", Key, ForeignKey("patron.id")), Column("at", Key))
    assert [column.name for column in table.columns if _names_a_patron(column)] == ["patron"]


@pytest.mark.parametrize("one", BELONGINGS, ids=lambda one: f"{one.table}.{one.column}")
def test_what_is_said_of_keys_is_true_of_the_tables(one: object) -> None:
    belonging = next(each for each in BELONGINGS if each is one)
    table = metadata.tables[belonging.table]
    keys = {column.name for column in table.primary_key.columns}
    unique = [keys, *({column.name for column in index.columns} for index in table.indexes if index.unique)]
    with_owner = [columns - {belonging.column} for columns in unique if belonging.column in columns]
    assert with_owner == ([] if belonging.one_per is None else [set(belonging.one_per)])
    assert belonging.is_key is (belonging.column in keys)
    partial = [str(where) for index in table.indexes if index.unique and (where := index.dialect_options["sqlite"]["where"]) is not None]
    assert partial == ([] if belonging.while_null is None else [f"{belonging.while_null} IS NULL"])
