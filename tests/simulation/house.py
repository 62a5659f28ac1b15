"""The registry of a world: the real one on SQLite, its real ASGI application called without sockets and without its own tasks."""

import asyncio
import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import unquote, urlsplit
from uuid import UUID

import anyio.to_thread
import msgspec
from litestar import Litestar
from litestar.types import Receive, Scope
from requests import PreparedRequest
from sqlalchemy import event

import sync.line
from circulation.wire import SnapshotManifest, encode
from registry.daily import upkeep_of
from registry.exchange.head import FeedHead
from registry.exchange.snapshots import ShelfPolicy, SnapshotShelf
from registry.exchange.store_feed import marks_at_start
from registry.exchange.tables import feed_head
from registry.house import Registry
from registry.outside import Outside
from registry.settings import RegistrySettings
from tests.simulation.times import Scheduler, SeededKeys
from youyue.garbage import leave_standing

_SETTINGS = RegistrySettings(snapshot_lag=200, gather=timedelta(0), feed_kept=timedelta(hours=1), dispute_window=timedelta(days=1))
"""What is forgotten after weeks is forgotten after hours here, where worlds last for days."""


@dataclass(frozen=True)
class Answered:
    """What came back: status, headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def without_threads() -> Iterator[None]:
    """Within this, what the registry hands to worker threads is done at once by the one thread there is."""

    async def at_once(function: Callable[..., Any], *args: Any, **_options: Any) -> Any:
        return function(*args)

    with patch.object(anyio.to_thread, "run_sync", at_once), patch.object(sync.line, "Timer", _NoTimer):
        yield


@contextmanager
def seldom_tidied() -> Iterator[None]:
    """Within this, garbage is looked for seldom: twenty kiosks and a registry are so many objects that it took a tenth of a world.

    What is left of the world before is freed first: else it would be held for good, 80 MB of a big one.
    """
    before = gc.get_threshold()
    leave_standing()
    gc.set_threshold(500_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _NoTimer:
    """In place of the thread that would cut a line: no request in virtual time takes any."""

    daemon = True

    def __init__(self, *_args: object) -> None:
        pass

    def start(self) -> None:
        pass

    def cancel(self) -> None:
        pass


class House:
    """The registry. ``app`` is made anew at every restart, as a process would."""

    def __init__(self, folder: Path, scheduler: Scheduler, chance: Random) -> None:
        self.folder = folder
        self.restarts = self.restores = 0
        self._scheduler = scheduler
        self._chance = chance
        self._keys = SeededKeys(chance, scheduler.now)
        self._loop = asyncio.new_event_loop()
        self._has_moved = True
        self._known: tuple[UUID, int] | None = None
        self.registry = self._opened()
        self._app: Litestar | None = None
        self._head: FeedHead | None = None

    def request(self, prepared: PreparedRequest) -> Answered:
        """One request as it stands, through routing, signatures, guard and room."""
        if self._app is None:
            self._serve()
        return self._loop.run_until_complete(self._asked(prepared))

    def restart(self) -> None:
        """Close everything, open it again."""
        self._app = None
        self.registry.close()
        self.registry = self._opened()
        self.restarts += 1

    def keep_up(self) -> None:
        """What the service does by itself once a day."""
        (self.folder / "kept-up").unlink(missing_ok=True)
        upkeep_of(self.registry).once()

    def image(self, to: Path) -> None:
        """A backup: the database as it is now, keys and snapshots with it."""
        self._app = None
        self.registry.close()
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder, to)
        self.registry = self._opened()

    def restore(self, image: Path) -> None:
        """Put a backup in the registry's place."""
        self._app = None
        self.registry.close()
        shutil.rmtree(self.folder)
        shutil.copytree(image, self.folder)
        self.registry = self._opened()
        self.restores += 1

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database in plain SQL, by nobody's stores."""
        with self.registry.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, values)]

    def head(self) -> tuple[UUID, int]:
        """Which feed there is, and its last number."""
        if self._known is None:
            ((feed, number),) = self.rows("SELECT feed, n FROM feed_head")
            self._known = UUID(bytes=feed), number
        return self._known

    def shelf(self) -> SnapshotShelf:
        """Where a snapshot is made anew as soon as anything has changed."""
        one = self.registry
        return SnapshotShelf(one.folder / "snapshots", one.database, one.keys, one.outside, ShelfPolicy(lag=0, kept=2))

    def bare_snapshot(self, branch: str) -> dict[str, Answered]:
        """What a proxy would have kept of a snapshot under no cover, by addresses."""
        shelf = self.shelf()
        signed = shelf.latest(branch, None)
        name = msgspec.json.decode(signed.manifest, type=SnapshotManifest).name
        packed = shelf.file(branch, name)
        assert packed is not None
        return {"/v1/snapshots/latest": Answered(200, {}, encode(signed)), f"/v1/snapshots/{name}": Answered(200, {}, packed.read_bytes())}

    def close(self) -> None:
        self.registry.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _opened(self) -> Registry:
        outside = Outside(self._scheduler.now, self._keys.new_key, self._chance.randbytes)
        registry = Registry.open(self.folder, outside, _SETTINGS)
        event.listen(registry.database.engine, "before_cursor_execute", self._before_statement)
        self._has_moved, self._known = True, None
        return registry

    def _before_statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """The feed's head is read anew when the feed may have moved, as by the notice that follows a commit."""
        if feed_head.name in statement and not statement.startswith("SELECT"):
            self._has_moved, self._known = True, None

    def _serve(self) -> None:
        self._app, self._head = self.registry.app()
        with self.registry.database.reading() as connection:
            self._head.marks = marks_at_start(connection)

    async def _asked(self, prepared: PreparedRequest) -> Answered:
        assert self._app is not None
        assert self._head is not None
        if self._has_moved:
            self._has_moved = False
            await self._head.refresh()
        parts = urlsplit(prepared.url or "")
        path = str(parts.path)
        body = prepared.body if isinstance(prepared.body, bytes) else (prepared.body or "").encode()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": prepared.method,
            "scheme": "https",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": str(parts.query).encode(),
            "root_path": "",
            "headers": [(b"host", b"registry.sim")] + [(k.lower().encode(), v.encode()) for k, v in prepared.headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("registry.sim", 443),
            "state": {},
        }
        pending = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[dict[str, Any]] = []
        over = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if pending:
                return pending.pop()
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(dict(message))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                over.set()

        await self._app(cast("Scope", scope), cast("Receive", receive), send)
        begun = sent[0]
        return Answered(
            begun["status"],
            {k.decode(): v.decode() for k, v in begun["headers"]},
            b"".join(one.get("body", b"") for one in sent[1:]),
        )
