"""A proxy that passes every request on whole, and of the answers to sent facts only so many bytes: the registry has committed by then."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Fate = Callable[[bytes, bytes], int | None]
"""Of the facts that were sent (a request's body) and the whole answer: how many bytes of the answer pass; none: all."""

_CHUNK = 65536
_HEAD_ENDS = b"\r\n\r\n"
_PATIENCE_S = 30.0


def drop(_sent: bytes, _answer: bytes) -> int | None:
    """Hang up before the first byte."""
    return 0


def let_through(_sent: bytes, _answer: bytes) -> int | None:
    """Be no hindrance."""
    return None


class AnswerProxy:
    """Listens on loopback for the registry at a port, a thread and a request a connection. ``fate`` may be changed at any time."""

    def __init__(self, port: int, fate: Fate) -> None:
        self.fate = fate
        self.cut: list[bytes] = []
        """What was sent by each request whose answer did not pass whole."""
        self._target = port
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._passing: list[threading.Thread] = []
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *exc: object) -> None:
        _hang_up(self._listener)
        self._accepting.join(_PATIENCE_S)
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
        for thread in self._passing:
            thread.join(_PATIENCE_S)
        self._listener.close()
        assert not any(thread.is_alive() for thread in [self._accepting, *self._passing])

    def wait_for_cuts(self, count: int) -> None:
        """Wait until so many answers did not pass whole."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.cut) >= count, _PATIENCE_S), f"{len(self.cut)} of {count} answers were cut"

    def answer_of(self, head: bytes, body: bytes, registry: socket.socket) -> bytes:
        """What the registry answers to a request, whole.

        Raises:
            ConnectionAbortedError: it hung up before, as one that is stopped does.

        """
        # One request a connection: the registry hangs up when it has answered.
        registry.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
        told, _, said = _received(registry, _HEAD_ENDS).partition(_HEAD_ENDS)
        length = _length(told)
        if length is None:
            while received := registry.recv(_CHUNK):
                said += received
        else:
            said = _filled(said, length, registry)
        return told + _HEAD_ENDS + said

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._passing.append(threading.Thread(target=self._serve, args=(client,), daemon=True))
                self._passing[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self._target)) as registry:
            with self._changed:
                self._open |= {client, registry}
            try:
                self._pass_on(client, registry)
            finally:
                with self._changed:
                    self._open -= {client, registry}

    def _pass_on(self, client: socket.socket, registry: socket.socket) -> None:
        head, _, body = _received(client, _HEAD_ENDS).partition(_HEAD_ENDS)
        body = _filled(body, _length(head) or 0, client)
        answer = self.answer_of(head, body, registry)
        passes = self.fate(body, answer) if head.startswith(b"POST /v1/facts") else None
        if passes is None:
            client.sendall(answer)
            return
        client.sendall(answer[:passes])
        with self._changed:
            self.cut.append(body)
            self._changed.notify_all()


def _length(head: bytes) -> int | None:
    """Bytes of the body, where the head says so."""
    return next((int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), None)


def _received(sender: socket.socket, until: bytes) -> bytes:
    received = b""
    while until not in received:
        received += _chunk(sender)
    return received


def _filled(body: bytes, length: int, sender: socket.socket) -> bytes:
    while len(body) < length:
        body += _chunk(sender)
    return body


def _chunk(sender: socket.socket) -> bytes:
    received = sender.recv(_CHUNK)
    if not received:
        raise ConnectionAbortedError
    return received


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
