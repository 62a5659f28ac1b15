"""The chain of revisions, up and down."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from registry.database import Database
from registry.tables import metadata
from tests.integration.registry.homes import Homes


@pytest.fixture
def database(homes: Homes, tmp_path: Path) -> Iterator[Database]:
    home = homes.empty(tmp_path / "registry")
    with closing(home.database()) as made:
        yield made
    homes.remove(home)


def tables_of(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_the_chain_goes_up_fits_the_code_goes_down_and_up_again(database: Database) -> None:
    assert not database.is_current()
    database.migrate()
    database.check()
    assert tables_of(database) == {*metadata.tables, "alembic_version"}
    assert database.is_current()
    database.downgrade()
    assert tables_of(database) == {"alembic_version"}
    assert not database.is_current()
    database.migrate()
    database.check()


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    database.migrate()
    assert database.is_current()


def test_the_audit_trail_is_there_from_the_first_revision(database: Database) -> None:
    database.migrate()
    assert "audit" in tables_of(database)


def test_a_table_that_the_chain_does_not_make_is_noticed(database: Database) -> None:
    database.migrate()
    with database.unit_of_work() as work:
        work.connection.exec_driver_sql("ALTER TABLE branch DROP COLUMN district")
        work.commit()
    with pytest.raises(Exception, match="district"):
        database.check()
