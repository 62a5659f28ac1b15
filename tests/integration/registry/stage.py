"""One real HTTP server for many registries, one after the other: starting and stopping a server costs a test more than its own work."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar
from litestar.types import Receive, Scope, Send

from registry.house import Registry
from registry.server import listen

PATIENCE_S = 30.0


class _Server(uvicorn.Server):
    loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)


class Stage:
    """A server in a thread of its own, whose application changes."""

    def __init__(self) -> None:
        self._socket = listen()
        host, port = self._socket.getsockname()
        self.url = f"http://{host}:{port}"
        self._app: Litestar | None = None
        config = uvicorn.Config(self._answer, interface="asgi3", log_config=None, access_log=False, server_header=False, lifespan="off")
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="stage", daemon=True)

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            threading.Event().wait(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    @contextmanager
    def serving(self, registry: Registry) -> Iterator[None]:
        app, head = registry.app()
        began, over = threading.Event(), asyncio.Event()

        async def live() -> None:
            async with app.lifespan():
                began.set()
                await over.wait()
                head.close()

        life = asyncio.run_coroutine_threadsafe(live(), self._server.loop)
        life.add_done_callback(lambda _: began.set())
        assert began.wait(PATIENCE_S)
        self._app = app
        try:
            yield
        finally:
            self._app = None
            self._server.loop.call_soon_threadsafe(over.set)
            life.result(PATIENCE_S)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)
