"""A server on loopback that answers whatever a test wants, byte by byte: also what no honest registry would."""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec


class Exchange:
    """One request on its own connection, and the way back to its client."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        head, _, rest = self._read_head().partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(self.headers.get("content-length", "0"))
        while len(rest) < length:
            rest += self._received()
        self.body = rest

    def _read_head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._received()
        return head

    def _received(self) -> bytes:
        received = self._connection.recv(65536)
        if not received:
            raise ConnectionAbortedError
        return received

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._connection.sendall(data)

    def answer(self, body: msgspec.Struct | bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Send an honest answer."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        fields = {"Content-Type": "application/json", "Content-Length": str(len(raw)), "Connection": "close", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + raw)

    def wait_until_gone(self) -> None:
        """Say nothing until the client hangs up."""
        with suppress(OSError):
            while self._connection.recv(65536):
                pass


class Loopback:
    """Serves on a free port of loopback, a thread a connection; what the handler raises when its client has gone is of no account."""

    def __init__(self, handler: Callable[[Exchange], None], *, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self._handler = handler
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", port))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.requests: list[Exchange] = []

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        accepting = threading.Thread(target=self._accept, daemon=True)
        self._threads.append(accepting)
        accepting.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # A listener that is only closed does not wake the thread in accept.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in tuple(self._threads):
            thread.join(5)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            serving = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(serving)
            serving.start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            with connection, suppress(OSError):
                if self._tls is not None:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                    with self._lock:
                        self._open.add(connection)
                with connection:
                    exchange = Exchange(connection)
                    self.requests.append(exchange)
                    self._handler(exchange)
        finally:
            with self._lock:
                self._open.discard(connection)
