"""The limit of what the registry writes: the statements of one push, recorded, and replayed by pgbench as one transaction.

What is recorded is what the programme sent to PostgreSQL, with its values, and rolled back. A script of pgbench can't COPY and
can't send one statement with many rows: these rows lie in tables beside, and ``INSERT … SELECT`` and ``UPDATE … FROM`` take them from
there as a set. Keys and numbers that must be new are made by the database.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, event

from benchmarks.city import BRANCH
from benchmarks.city_files import open_registry
from benchmarks.registry_on_postgres import RegistryOnPostgres
from circulation.ids import KioskId
from circulation.wire import FactStatus, PushAnswer, PushBatch
from registry.database import Database, UnitOfWork
from registry.exchange.push import FactIntake
from registry.exchange.sender import Sender
from tests.postgres import OWNER

Result = TypeVar("Result")
_PARAMETER = re.compile(r"%\((\w+)\)s")
_COPY = re.compile(r"COPY (?P<table>\w+) \((?P<columns>.*)\) FROM STDIN")
_NEW = {
    ("loan", "id"): "{key}",
    ("fact", "fact_key"): "{key}",
    ("fact", "seq"): ":n - {count} + row_number() OVER ()",
    ("feed", "seq"): ":n - {count} + row_number() OVER ()",
    ("item_return", "fact_key"): "{key}",
}
"""What may be in the database only once, and how the database makes it. ``:n`` is the feed's number, which the transaction has just taken."""
_TAKES_NUMBERS = "UPDATE feed_head"
_OWN_KEYS = 180_000
"""PostgreSQL 18 makes keys that sort by time, as ours do."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement with its values: those of one execution, of many, or the rows of a COPY."""

    statement: str
    values: Any
    rows: Sequence[tuple[Any, ...]] | None = None
    many: bool = False


def script_of(registry: RegistryOnPostgres, which: int, batches: Sequence[PushBatch]) -> str:
    """The statements of a kiosk's last batch, after the others were taken; how many there are stands in the first line. Once a kiosk."""
    sender = Sender(KioskId(registry.kiosks[which].id), BRANCH)
    with closing(open_registry(registry.folder, registry.url)) as opened:
        after_loans = opened.people.withdrawals.after_loans
        zone = opened.settings.zone
        _accepted(FactIntake(opened.database, now=_now, zone=zone, notify=_deaf, after_loans=after_loans), sender, batches[:-1])
        with _recorded(opened.database.engine) as said:
            forgetful = _Forgetful(opened.database)
            _accepted(FactIntake(forgetful, now=_now, zone=zone, notify=_deaf, after_loans=after_loans), sender, batches[-1:])
    with registry.server.admin(registry.database) as connection:
        connection.autocommit = True
        return _script(connection, said, f"kept_{which}")


@dataclass(frozen=True, slots=True)
class Pgbench:
    """Runs a script against a registry's database."""

    registry: RegistryOnPostgres
    script: str

    def latencies(self, transactions: int) -> tuple[float, ...]:
        """Seconds of each transaction of one client, after one that nobody counts: a new connection knows no tables yet."""
        with tempfile.TemporaryDirectory() as folder:
            self._run(folder, "--client=1", f"--transactions={transactions + 1}", "--log", f"--log-prefix={folder}/log")
            (log,) = Path(folder).glob("log*")
            lines = log.read_text(encoding="ascii").splitlines()
        return tuple(int(line.split()[2]) / 1e6 for line in lines[1:])

    def seconds_each(self, clients: int, transactions: int) -> float:
        """Seconds a transaction, when so many clients have made so many each at the same time."""
        with tempfile.TemporaryDirectory() as folder:
            said = self._run(folder, f"--client={clients}", "--jobs=2", f"--transactions={transactions}")
        (tps,) = re.findall(r"^tps = ([0-9.]+)", said, re.MULTILINE)
        return 1 / float(tps)

    def _run(self, folder: str, *options: str) -> str:
        file = Path(folder, "script.sql")
        file.write_text(self.script, encoding="utf-8")
        server = self.registry.server
        to = [f"--host={server.folder}", f"--username={OWNER}", f"--file={file}", self.registry.database]
        done = subprocess.run([server.programs / "pgbench", "--no-vacuum", *options, *to], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


class _Forgetful(Database):
    """Does everything and commits nothing."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine, database.place)
        self._writing = database._writing  # noqa: SLF001 - the key of its audit trail

    def write(self, act: Callable[[UnitOfWork], Result]) -> Result:
        with self.unit_of_work() as work:
            return act(work)


def _now() -> datetime:
    return datetime.now(UTC)


def _deaf(*, urgent: bool) -> None:
    """Wake nobody."""


def _accepted(intake: FactIntake, sender: Sender, batches: Iterable[PushBatch]) -> None:
    for batch in batches:
        answer = intake.take(sender, batch)
        assert isinstance(answer, PushAnswer), answer
        unclean = [one for one in answer.results if one.status is not FactStatus.ACCEPTED]
        assert not unclean, unclean[0]


@contextmanager
def _recorded(engine: Engine) -> Iterator[list[_Said]]:
    said: list[_Said] = []

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, context: Any, many: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's own
        rows = context.execution_options.get("copied_rows") if context is not None else None
        if rows is not None:
            rows = list(rows)
            context.execution_options = {**context.execution_options, "copied_rows": rows}
        said.append(_Said(statement, values, rows, many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _script(connection: psycopg.Connection[Any], said: Sequence[_Said], beside: str) -> str:
    lines = [f"-- {len(said)} statements", "BEGIN;"]
    for number, one in enumerate(said):
        if one.rows is not None:
            lines.append(_inserted(connection, one, f"{beside}_{number}"))
        elif one.many:
            lines.append(_updated(connection, one, f"{beside}_{number}"))
        else:
            text = psycopg.ClientCursor(connection).mogrify(one.statement, one.values)
            lines.append(f"{text} \\gset" if text.startswith(_TAKES_NUMBERS) else f"{text};")
    connection.execute("ANALYZE")
    return "\n".join([*lines, "COMMIT;"]) + "\n"


def _inserted(connection: psycopg.Connection[Any], said: _Said, kept: str) -> str:
    found = _COPY.fullmatch(said.statement)
    assert found is not None, said.statement
    assert said.rows is not None
    table, columns = found["table"], found["columns"].split(", ")
    connection.execute(f"CREATE TABLE {kept} (LIKE {table} INCLUDING DEFAULTS)".encode())
    with connection.cursor().copy(f"COPY {kept} ({found['columns']}) FROM STDIN".encode()) as copying:
        for row in said.rows:
            copying.write_row(row)
    connection.execute(f"GRANT SELECT ON {kept} TO {OWNER}".encode())
    key = "uuidv7()" if connection.info.server_version >= _OWN_KEYS else "gen_random_uuid()"
    made = [_NEW.get((table, column), column).format(key=key, count=len(said.rows)) for column in columns]
    return " ".join(["INSERT INTO", table, f"({found['columns']})", "SELECT", ", ".join(made), "FROM", f"{kept};"])


def _updated(connection: psycopg.Connection[Any], said: _Said, kept: str) -> str:
    """One statement for all rows in place of one for each."""
    first = said.values[0]
    names = list(first)
    types = {name: _type_of(said.statement, name) for name in names}
    connection.execute(f"CREATE TABLE {kept} ({', '.join(f'{name} {types[name]}' for name in names)})".encode())
    with connection.cursor().copy(f"COPY {kept} FROM STDIN".encode()) as copying:
        for values in said.values:
            copying.write_row(tuple(values[name] for name in names))
    connection.execute(f"GRANT SELECT ON {kept} TO {OWNER}".encode())
    text = _PARAMETER.sub(rf"{kept}.\1", said.statement)
    return text.replace(" WHERE ", f" FROM {kept} WHERE ", 1) + ";"


def _type_of(statement: str, name: str) -> str:
    found = re.search(rf"%\({name}\)s::([A-Z ]*[A-Z])(?=,| WHERE|$)", statement)
    assert found is not None, (statement, name)
    return found[1]
