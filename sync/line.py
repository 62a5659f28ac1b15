"""Sockets that another thread can cut: a long poll must end at once when the kiosk stops, and no answer may take for ever."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Line:
    """The open sockets of one client. ``close`` is for good; a deadline cuts only what is open then."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the line is closed for good."""
        return self._closed

    def opened(self, connection: socket.socket) -> None:
        """Take up a new socket.

        Raises:
            ConnectionAbortedError: the line was closed while this one was being opened.

        """
        with self._lock:
            if self._closed:
                connection.close()
                message = "the line is closed"
                raise ConnectionAbortedError(message)
            self._sockets.add(connection)

    def close(self) -> None:
        """Cut everything and let nothing be opened any more. From any thread, more than once."""
        with self._lock:
            self._closed = True
        self.cut()

    @contextmanager
    def within(self, seconds: float) -> Iterator["Deadline"]:
        """Cut the line when the block takes longer; a read timeout alone never ends an answer that drips."""
        deadline = Deadline(seconds)
        timer = Timer(seconds, self._cut_late, (deadline,))
        timer.daemon = True
        timer.start()
        try:
            yield deadline
        finally:
            timer.cancel()

    def _cut_late(self, deadline: "Deadline") -> None:
        deadline.passed = True
        self.cut()

    def cut(self) -> None:
        """Cut what is open now. From any thread."""
        with self._lock:
            sockets = tuple(self._sockets)
        for connection in sockets:
            # The plain shutdown under TLS too: it wakes the thread that reads and leaves its objects alone.
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Deadline:
    """How long a request may take as a whole, and whether it took longer."""

    __slots__ = ("passed", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False


class LineAdapter(HTTPAdapter):
    """Makes ``requests`` open its connections on a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - the signature of requests
        """Build the pools from connections that report their sockets."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        line = self._line

        class PlainConnection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                line.opened(self.sock)

        class TlsConnection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                line.opened(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
