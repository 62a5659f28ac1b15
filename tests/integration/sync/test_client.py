"""The client against servers that are hostile, broken or slow: a short error each, never a hang, never a flood of memory."""

from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import parse_qs

import msgspec
import pytest

import sync.client as client_module
from circulation.wire import KeyReused, Problem, PushBatch, SequenceGap, SnapshotNeeded
from sync.client import MAX_ANSWER_BYTES, RegistryClient
from sync.errors import (
    CursorGoneError,
    RegistryAnswerError,
    RegistryDistrustsError,
    RegistryForbidsError,
    RegistryRefusedError,
    RegistryUnreachableError,
    RequestEndedError,
    SyncError,
)
from tests.integration.sync.asking import a_client_of, answering, poll
from tests.integration.sync.certificates import Authority
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import FEED, a_batch, a_page, an_answer_to


def test_a_poll_asks_for_the_changes_after_the_cursor() -> None:
    with a_client_of(answering(a_page(start=7, seqs=(8,)))) as (client, server):
        page = client.changes(FEED, 7, wait=25)
        assert msgspec.json.encode(page) == msgspec.json.encode(a_page(start=7, seqs=(8,)))
        (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/v1/changes")
    assert parse_qs(request.target.partition("?")[2]) == {"feed": [str(FEED)], "after": ["7"], "wait": ["25"]}
    assert request.headers["accept-encoding"] == "identity"


def test_the_same_batch_is_the_same_bytes_each_time() -> None:
    batch = a_batch('{"seq": 1,  "odd":"spacing"}')
    with a_client_of(answering(an_answer_to(batch))) as (client, server):
        assert client.push(batch) == client.push(batch) == an_answer_to(batch)
        first, second = server.requests
    assert first.body == second.body
    assert msgspec.json.decode(first.body, type=PushBatch).facts == batch.facts


@pytest.mark.parametrize(("status", "answer"), [(409, SequenceGap(send_from=2)), (422, KeyReused(seq=4, problem="other body"))])
def test_the_answers_of_a_push_are_values(status: int, answer: SequenceGap | KeyReused) -> None:
    with a_client_of(answering(answer, status)) as (client, _):
        assert client.push(a_batch(first_seq=4)) == answer


def test_a_cursor_that_can_not_be_served_is_an_error_of_its_own() -> None:
    with a_client_of(answering(SnapshotNeeded(problem="too old"), 410)) as (client, _), pytest.raises(CursorGoneError, match="too old"):
        poll(client)


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RegistryRefusedError), (404, RegistryRefusedError), (401, RegistryDistrustsError), (403, RegistryForbidsError)],
)
def test_a_refusal_in_the_protocol_s_words_is_one(status: int, error: type[SyncError]) -> None:
    problem = Problem(code="malformed", problem="not\nreadable", place="$.epoch")
    with a_client_of(answering(problem, status)) as (client, _), pytest.raises(error, match=r"^malformed: not readable \(at \$\.epoch\)$"):
        poll(client)


@pytest.mark.parametrize("status", [404, 403, 405, 204, 226])
def test_another_server_at_the_address_is_not_the_registry_refusing(status: int) -> None:
    with a_client_of(answering(b"<html>", status)) as (client, _), pytest.raises(RegistryAnswerError, match=f"status {status} without"):
        poll(client)


@pytest.mark.parametrize(
    ("field", "seconds"), [("5", 5.0), ("", None), ("-1", None), ("Wed, 11 Mar 2026 02:00:00 GMT", None), ("9" * 400, None)]
)
def test_a_busy_registry_may_say_when_to_come_back(field: str, seconds: float | None) -> None:
    busy = answering(Problem(code="snapshot_building", problem="ask again"), 503, Retry_After=field)
    with a_client_of(busy) as (client, _), pytest.raises(RegistryUnreachableError) as caught:
        client.latest_snapshot()
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_a_registry_in_trouble_is_unreachable(status: int) -> None:
    with a_client_of(answering(b"", status)) as (client, _), pytest.raises(RegistryUnreachableError, match=f"status {status}"):
        poll(client)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "ChangesPage"),
        (b"{", "ChangesPage"),
        (b"\xff\xfe\x00", "ChangesPage"),
        (b"[" * 1_000_000, "ChangesPage"),
        (b'{"v":2}', r"\$\.v"),
        (b'{"v":1,"feed":5}', r"\$\.feed"),
        (msgspec.json.encode(a_page()).replace(b'"start":0', b'"start":"0"'), r"\$\.start"),
        (msgspec.json.encode(a_page()).replace(b'"start":0', b'"start":-1'), r"\$\.start"),
    ],
)
def test_an_answer_that_is_no_page_is_named_with_its_place(body: bytes, place: str) -> None:
    with a_client_of(answering(body)) as (client, _), pytest.raises(RegistryAnswerError, match=place):
        poll(client)


def test_fields_of_a_later_version_are_ignored() -> None:
    body = msgspec.json.encode(msgspec.to_builtins(a_page()) | {"added": {"later": True}})
    with a_client_of(answering(body)) as (client, _):
        assert poll(client) == a_page()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 300])
def test_a_redirect_is_never_followed(status: int) -> None:
    with Loopback(answering(a_page(start=7))) as elsewhere:
        redirect = answering(b"", status, Location=f"{elsewhere.url}/v1/changes")
        with a_client_of(redirect) as (client, _), pytest.raises(RegistryAnswerError, match="never redirects"):
            poll(client)
        assert not elsewhere.requests


def test_a_redirect_with_an_endless_body_and_a_broken_address_is_not_read() -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n")
        while True:
            exchange.send(b"x" * 65536)

    with a_client_of(handler) as (client, _), pytest.raises(RegistryAnswerError, match="never redirects"):
        poll(client)


def test_an_endless_answer_is_cut_at_the_cap() -> None:
    sent = 0

    def handler(exchange: Exchange) -> None:
        nonlocal sent
        exchange.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            exchange.send(b" " * 65536)
            sent += 65536

    with a_client_of(handler) as (client, _), pytest.raises(RegistryAnswerError, match=f"longer than {MAX_ANSWER_BYTES}"):
        poll(client)
    assert sent < 2 * MAX_ANSWER_BYTES


@pytest.mark.parametrize("length", [f"{MAX_ANSWER_BYTES + 1}", "9" * 5000])
def test_an_answer_that_says_it_will_be_too_long_is_not_read_at_all(length: str) -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())
        exchange.wait_until_gone()

    with a_client_of(handler) as (client, _), pytest.raises(RegistryAnswerError, match="longer than"):
        poll(client)


def test_a_packed_answer_is_refused_before_it_is_unpacked() -> None:
    with (
        a_client_of(answering(b"\x1f\x8b", Content_Encoding="gzip")) as (client, _),
        pytest.raises(RegistryAnswerError, match="Content-Encoding"),
    ):
        poll(client)


def test_endless_headers_are_refused() -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(10_000):
            exchange.send(f"X-{number}: x\r\n".encode())

    with a_client_of(handler) as (client, _), pytest.raises(RegistryUnreachableError, match="headers"):
        poll(client)


def test_an_answer_cut_in_the_middle_is_no_answer() -> None:
    def handler(exchange: Exchange) -> None:
        body = msgspec.json.encode(a_page())
        exchange.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:-5])

    with a_client_of(handler) as (client, _), pytest.raises(RegistryUnreachableError, match="the connection failed"):
        poll(client)


@pytest.mark.parametrize("rubbish", [b"", b"\x00\xff" * 100, b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_something_that_does_not_speak_http_is_unreachable(rubbish: bytes) -> None:
    with a_client_of(lambda exchange: exchange.send(rubbish)) as (client, _), pytest.raises(RegistryUnreachableError):
        poll(client)


def test_nobody_there_is_said_in_short_words() -> None:
    with Loopback(answering(b"")) as server:
        url = server.url
    with pytest.raises(RegistryUnreachableError, match=r"^the connection failed: Connection refused$"):
        poll(RegistryClient(url))


def test_a_name_that_does_not_exist_is_said_in_short_words() -> None:
    with pytest.raises(RegistryUnreachableError, match=r"^the connection failed: "):
        poll(RegistryClient("https://registry.invalid"))


def drip(exchange: Exchange, first: bytes) -> None:
    exchange.send(first)
    while True:
        exchange.send(b"x")
        if Event().wait(0.02):
            break


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["body", "headers"])
def test_an_answer_that_drips_is_ended_by_the_deadline(monkeypatch: pytest.MonkeyPatch, first: bytes) -> None:
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 0.3)
    began = monotonic()
    with a_client_of(lambda exchange: drip(exchange, first)) as (client, _):
        with pytest.raises(RegistryUnreachableError, match=r"longer than 0\.3 seconds"):
            poll(client)
        assert monotonic() - began < 3
        assert not client.closed


def test_a_silent_answer_is_ended_by_the_read_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.2)
    with a_client_of(Exchange.wait_until_gone) as (client, _), pytest.raises(RegistryUnreachableError, match=r"^no answer in time$"):
        poll(client)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n\r\n{"], ids=["before the answer", "in its middle"])
@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_closing_ends_a_running_poll_at_once(tmp_path: Path, first: bytes, encrypted: bool) -> None:  # noqa: FBT001 - a table
    arrived = Event()

    def handler(exchange: Exchange) -> None:
        exchange.send(first)
        arrived.set()
        exchange.wait_until_gone()

    ended: list[BaseException] = []

    def long_poll() -> None:
        try:
            client.changes(FEED, 7, wait=25)
        except RequestEndedError as error:
            ended.append(error)

    authority = Authority(tmp_path)
    with Loopback(handler, tls=authority.server() if encrypted else None) as server:
        client = RegistryClient(server.url, ca=authority.pem)
        thread = Thread(target=long_poll)
        thread.start()
        assert arrived.wait(5)
        client.close()
        thread.join(5)
        assert ended, "the poll of 25 s went on"


def test_a_closed_client_asks_nothing_more() -> None:
    with a_client_of(answering(a_page(start=7))) as (client, server):
        client.close()
        with pytest.raises(RequestEndedError):
            poll(client)
        assert not server.requests


def test_no_cookie_and_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with a_client_of(answering(a_page(start=7), Set_Cookie="a=b; Path=/")) as (client, server):
        poll(client)
        poll(client)
        assert "cookie" not in server.requests[1].headers
