"""Where a test's registry lives: a folder, and for PostgreSQL a database beside it. Made in milliseconds by copying one that is ready."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.database import Database
from tests.postgres import PostgresServer

ENGINES = ("sqlite", "postgresql")
FILE = "registry.db"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder, and the URL of a database where the rows are not in the folder."""

    folder: Path
    url: str | None = None

    def database(self) -> Database:
        return Database.postgresql(self.url) if self.url is not None else Database.sqlite(self.folder / FILE)


class Homes(Protocol):
    """Makes homes on one engine."""

    def empty(self, folder: Path) -> Home:
        """A home without any table."""

    def copy(self, ready: Home, folder: Path) -> Home:
        """A home like another, which nobody may have open."""

    def remove(self, home: Home) -> None:
        """Give back what a home holds; nobody may have it open."""

    def files_of(self, home: Home) -> Iterator[Path]:
        """All files that may hold rows."""


class SqliteHomes:
    def empty(self, folder: Path) -> Home:
        folder.mkdir(mode=0o700)
        return Home(folder)

    def copy(self, ready: Home, folder: Path) -> Home:
        shutil.copytree(ready.folder, folder)
        return Home(folder)

    def remove(self, home: Home) -> None:
        shutil.rmtree(home.folder)

    def files_of(self, home: Home) -> Iterator[Path]:
        yield from home.folder.glob(f"{FILE}*")


class PostgresHomes:
    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._names: dict[str | None, str] = {}

    def empty(self, folder: Path) -> Home:
        folder.mkdir(mode=0o700)
        return self._home(folder, self._server.create())

    def copy(self, ready: Home, folder: Path) -> Home:
        shutil.copytree(ready.folder, folder)
        return self._home(folder, self._server.create(self._names[ready.url]))

    def remove(self, home: Home) -> None:
        self._server.drop(self._names.pop(home.url))
        shutil.rmtree(home.folder)

    def files_of(self, home: Home) -> Iterator[Path]:
        return self._server.files_of(self._names[home.url])

    def name_of(self, home: Home) -> str:
        return self._names[home.url]

    def _home(self, folder: Path, name: str) -> Home:
        url = self._server.url(name)
        self._names[url] = name
        return Home(folder, url)
