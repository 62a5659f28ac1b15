"""Serving the registry: in a thread of its own on a socket bound before, or in the main thread."""

import socket
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from litestar import Litestar

from registry.exchange.head import FeedHead

_LAST_ANSWERS = 5
_MOST_CONNECTIONS = 12_000
"""Well above a city's kiosks, with two connections each; beyond it there is a 503 at once."""
_START_SECONDS = 30


class TlsNeededError(Exception):
    """This address can be reached from other machines and there is no certificate."""


class ServerStartError(Exception):
    """The service did not start."""


@dataclass(frozen=True, slots=True)
class Tls:
    """The server's certificate chain and its key, PEM files."""

    certificate: Path
    key: Path


def require_tls(host: str, tls: Tls | None) -> None:
    """Refuse to serve other machines in clear.

    Raises:
        TlsNeededError: the host is not a loopback address and there is no certificate.

    """
    if tls is not None or host == "localhost":
        return
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        message = f"{host} can be reached from other machines: give a certificate and its key (youyue registry certificates DIR makes them)"
        raise TlsNeededError(message)


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket bound now, so that its port is known before the service starts. Port 0 takes a free one.

    Raises:
        OSError: the address is taken or not ours.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


class _ReleasingServer(uvicorn.Server):
    """Lets go of every waiting poll before it waits for open requests, else it would wait for them."""

    def __init__(self, config: uvicorn.Config, head: FeedHead) -> None:
        super().__init__(config)
        self._head = head

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._head.close()
        await super().shutdown(sockets)


class RegistryServer:
    """The service on one socket. Run it here (``run``), or in its own thread (``start``, ``stop`` or ``with``). Once only."""

    def __init__(self, app: Litestar, head: FeedHead, listening: socket.socket, *, tls: Tls | None = None) -> None:
        host, port = listening.getsockname()[:2]
        require_tls(host, tls)
        self.url = f"{'http' if tls is None else 'https'}://{f'[{host}]' if ':' in host else host}:{port}"
        self._socket = listening
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=_LAST_ANSWERS,
            limit_concurrency=_MOST_CONNECTIONS,
            ssl_certfile=None if tls is None else str(tls.certificate),
            ssl_keyfile=None if tls is None else str(tls.key),
        )
        self._server = _ReleasingServer(config, head)
        self._over = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="registry", daemon=True)

    def run(self) -> None:
        """Serve in this thread until SIGINT or SIGTERM."""
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve in a thread of its own; returns when requests are answered.

        Raises:
            ServerStartError: it stopped while starting; the log says why.

        """
        self._thread.start()
        if not self._server_started():
            message = f"the registry did not start on {self.url}: {self._failure or 'its log says why'}"
            raise ServerStartError(message) from self._failure

    def stop(self) -> None:
        """Stop serving: waiting polls are answered now, running requests have 5 s."""
        self._server.should_exit = True
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as error:  # noqa: BLE001 - whoever starts the thread hears of it
            self._failure = error
        finally:
            self._socket.close()
            self._over.set()

    def _server_started(self) -> bool:
        for _ in range(_START_SECONDS * 100):
            if self._server.started:
                return True
            if self._over.wait(0.01):
                return False
        return False
