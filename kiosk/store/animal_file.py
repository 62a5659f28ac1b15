"""The animals that patrons chose, in an encrypted file of their own: nothing in it is precious, so it may be thrown away whole.

That is why it is no table of the ledger, which is never thrown away. It never leaves this machine.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy import Column, Connection, Engine, Executable, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import DBAPIError

from circulation.ids import PatronId
from kiosk.animals import Animal, AnimalsInMemory
from kiosk.store.transactions import writing
from replica.encrypted import EncryptedFileError, open_encrypted
from replica.tables import UuidBytes

_log = structlog.get_logger()
_metadata = MetaData()
_chosen = Table("chosen_animal", _metadata, Column("patron", UuidBytes, primary_key=True), Column("animal", String, nullable=False))
_KNOWN = frozenset(animal.value for animal in Animal)
MOST = 20_000
"""Rows; a branch has fewer pupils. Of more, the new ones are kept until the next start only."""


class AnimalFile(AnimalsInMemory):
    """An ``AnimalBook`` on disk, read once. A file that can't be used is thrown away and begun anew; where none can be made, memory serves.

    Args:
        path: the file; its folder must exist.
        key: 32 bytes.

    """

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__()
        self._path = path
        self._key = key
        self._open: tuple[Engine, Connection] | None = None
        if not self._begin():
            self.forget_all()

    def choose(self, patron: PatronId, animal: Animal) -> None:
        """Keep it."""
        full = len(self._chosen) >= MOST and patron not in self._chosen
        super().choose(patron, animal)
        if not full:
            self._write(delete(_chosen).where(_chosen.c.patron == patron), insert(_chosen).values(patron=patron, animal=animal.value))

    def keep_only(self, known: Callable[[PatronId], bool]) -> None:
        """Forget the others."""
        before = set(self._chosen)
        super().keep_only(known)
        gone = before - set(self._chosen)
        if gone:
            self._write(*(delete(_chosen).where(_chosen.c.patron == patron) for patron in gone))

    def forget_all(self) -> None:
        """Throw the file away, and begin another one."""
        super().forget_all()
        self.close()
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._begin()

    def close(self) -> None:
        """Close the file."""
        if self._open is not None:
            (engine, connection), self._open = self._open, None
            with suppress(DBAPIError):
                connection.close()
            engine.dispose()

    def _begin(self) -> bool:
        try:
            engine = open_encrypted(self._path, self._key, create=True, begins=False)
        except EncryptedFileError as error:
            _log.warning("animals_unreadable", problem=type(error).__name__)
            return False
        self._open = engine, engine.connect()
        connection = self._open[1]
        try:
            connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
            with writing(connection):
                _metadata.create_all(connection)
                connection.commit()
            rows = connection.execute(select(_chosen)).all()
        except DBAPIError as error:
            _log.warning("animals_unreadable", problem=type(error).__name__)
            self.close()
            return False
        self._chosen = {PatronId(row.patron): Animal(row.animal) for row in rows if row.animal in _KNOWN}
        return True

    def _write(self, *statements: Executable) -> None:
        if self._open is None:
            return
        connection = self._open[1]
        try:
            with writing(connection):
                for statement in statements:
                    connection.execute(statement)
                connection.commit()
        except DBAPIError as error:
            _log.warning("animals_unwritable", problem=type(error).__name__)
            self.close()
