"""What a school is to the registry: somebody who sends files, and nothing else."""

import re

import pytest

from registry.tables import metadata

MONEY = re.compile(r"fee|amount|price|cost|charge|invoice|payment|balance|currency|twd")


def columns_about(target: str) -> set[str]:
    """The columns of every table that names a school, or is the school's own."""
    naming = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name == target for column in table.columns for key in column.foreign_keys) or target in table.columns
    }
    return {f"{name}.{column.name}" for name in naming | {target} for column in metadata.tables[name].columns}


def test_q5_c_nothing_that_names_a_school_has_room_for_money() -> None:
    assert {"school.code", "pupil.school"} <= columns_about("school")
    assert [column for column in sorted(columns_about("school")) if MONEY.search(column)] == []


@pytest.mark.parametrize("column", ["school.fee", "school_invoice.id", "pupil.amount_due"])
def test_room_for_money_is_recognised(column: str) -> None:
    assert MONEY.search(column)
