"""The proxy between kiosk and registry passes on whole answers, or none."""

import socket
import threading

from tests.answer_proxy import AnswerProxy, let_through

ASKED = b"GET /v1/changes HTTP/1.1\r\nHost: registry\r\n\r\n"
TOLD = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"


def through_a_proxy(answer: bytes) -> bytes:
    """What a kiosk gets of what a registry sends before it hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as registry:

        def answer_once() -> None:
            connection, _ = registry.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        answering = threading.Thread(target=answer_once)
        answering.start()
        with AnswerProxy(registry.getsockname()[1], let_through) as proxy:
            with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2]))) as kiosk:
                kiosk.sendall(ASKED)
                got = b"".join(iter(lambda: kiosk.recv(65536), b""))
            answering.join()
    return got


def test_an_answer_passes_whole() -> None:
    assert through_a_proxy(TOLD + b"0123456789") == TOLD + b"0123456789"


def test_an_answer_without_a_length_ends_where_the_registry_hangs_up() -> None:
    assert through_a_proxy(b"HTTP/1.1 200 OK\r\n\r\n0123") == b"HTTP/1.1 200 OK\r\n\r\n0123"


def test_of_an_answer_that_broke_off_nothing_passes() -> None:
    """As of a registry that is stopped: whoever takes answers apart must never see half of one."""
    assert through_a_proxy(TOLD + b"0123") == b""
    assert through_a_proxy(TOLD[:20]) == b""
