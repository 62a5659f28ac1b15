"""A database that can't be used: one clear line that says what to do, an exit code for scripts, never a password."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry import store_postgresql
from registry.database import Database
from registry.database_errors import DatabaseAddressError, DatabaseAwayError, DatabaseUnfitError
from tests.integration.registry.city import City
from tests.integration.registry.homes import FILE, Home, Homes, SqliteHomes
from tests.postgres import CAREFUL, PASSWORD, PostgresServer
from youyue.cli.root import root

SECRET = "Tr0ub4dor"  # noqa: S105 - of nobody; it must not appear in any message


def the_command(folder: Path, url: str | None) -> Result:
    words = ["registry", "code", "C01", "--folder", str(folder), *(() if url is None else ("--database", url))]
    return CliRunner(env={"YOUYUE_SETTINGS": os.devnull}).invoke(root, words)


def refused(done: Result, exit_code: int) -> str:
    assert done.exit_code == exit_code, done.output
    assert isinstance(done.exception, SystemExit)
    (line,) = done.output.splitlines()
    assert line.startswith("youyue: ")
    assert PASSWORD not in line
    assert SECRET not in line
    return line


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create()
    yield name
    postgres.drop(name)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u@h/d",
        "registry",
        "sqlite:///registry.db",
        f"postgresql://u:{SECRET}%zz@h/d",
        f"postgresql://u:{SECRET}@h/d?colour=blue",
        f"postgresql://u:{SECRET}@[h/d",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(DatabaseAddressError, match="postgresql://USER@HOST"):
        Database.postgresql(url)
    assert "postgresql://USER@HOST" in refused(the_command(tmp_path, url), 2)


@pytest.mark.parametrize("what", ["user", "database"])
def test_a_login_that_is_refused_says_so_in_the_servers_words(tmp_path: Path, postgres: PostgresServer, database: str, what: str) -> None:
    url = postgres.url("nowhere") if what == "database" else postgres.url(database, user="nobody_of_ours")
    with pytest.raises(DatabaseAddressError, match="does not exist"):
        Database.postgresql(url)
    assert "refuses us" in refused(the_command(tmp_path, url), 2)


def test_a_password_that_is_wrong_is_refused(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    Database.postgresql(postgres.url(database, user=CAREFUL)).close()
    assert "password authentication failed" in refused(the_command(tmp_path, postgres.url(database, user=CAREFUL, password=SECRET)), 2)


def test_a_server_that_is_not_there_can_be_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"postgresql://u:{SECRET}@127.0.0.1:{port}/d"
    with pytest.raises(DatabaseAwayError, match="Connection refused"):
        Database.postgresql(url)
    assert f"127.0.0.1:{port}" in refused(the_command(tmp_path, url), 3)


def test_a_server_that_is_too_old_is_refused(
    tmp_path: Path, postgres: PostgresServer, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_postgresql, "OLDEST_SERVER", 99)
    with pytest.raises(DatabaseUnfitError, match="99 or newer is needed"):
        Database.postgresql(postgres.url(database))
    refused(the_command(tmp_path, postgres.url(database)), 1)


def test_text_in_another_encoding_is_refused(tmp_path: Path, postgres: PostgresServer) -> None:
    name = postgres.create(like="ENCODING 'SQL_ASCII' TEMPLATE template0")
    assert "ENCODING 'UTF8'" in refused(the_command(tmp_path, postgres.url(name)), 1)
    postgres.drop(name)


def test_a_user_who_may_not_make_tables_is_told(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    postgres.as_admin(f"ALTER DATABASE {database} OWNER TO postgres")
    assert "make the user its owner" in refused(the_command(tmp_path, postgres.url(database)), 1)
    assert postgres.as_admin("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database=database) == [(0,)]


def test_another_programs_tables_are_left_alone(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    postgres.as_admin("CREATE TABLE branch (tree text)", database=database)
    assert "another program" in refused(the_command(tmp_path, postgres.url(database)), 1)
    assert postgres.as_admin("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=database) == [("branch",)]


def test_a_standby_is_named_as_what_it_is(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    postgres.as_admin(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert "standby" in refused(the_command(tmp_path, postgres.url(database)), 1)


def test_tables_of_a_newer_program_are_left_alone(homes: Homes, city: City) -> None:
    registry = city.registry
    with registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        work.commit()
    with pytest.raises(DatabaseUnfitError, match="newer program"):
        registry.database.migrate()
    registry.close()
    assert "revision 9999" in refused(the_command(city.home.folder, city.home.url), 1)
    with closing(city.home.database()) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "9999"


class TestAFile:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Home:
        return SqliteHomes().empty(tmp_path / "registry")

    def test_that_is_no_database_is_left_alone(self, home: Home) -> None:
        (home.folder / FILE).write_bytes(b"what is this?" * 1000)
        assert "is not a database" in refused(the_command(home.folder, None), 1)
        assert (home.folder / FILE).read_bytes() == b"what is this?" * 1000

    def test_that_is_a_folder_cannot_be_opened(self, home: Home) -> None:
        (home.folder / FILE).mkdir()
        assert "can't be opened" in refused(the_command(home.folder, None), 1)
