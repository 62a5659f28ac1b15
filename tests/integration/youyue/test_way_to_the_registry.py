"""The way to the registry, walked over real sockets to servers that are well, broken, strange, slow, and of another time."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import youyue.doctor.probe_network as room
from circulation.wire import Problem
from tests.integration.sync.asking import answering
from tests.integration.sync.certificates import Authority
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import FEED, StillClock, a_page, an_identity
from youyue.doctor.facts import ClockFacts, NetworkFacts, Patience, Reached, Standing
from youyue.doctor.judge_machine import judge_clock
from youyue.doctor.probe_network import see_network
from youyue.doctor.probe_standing import see_standing

NOW = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
READY = answering(b'{"status":"ready"}', Date="Wed, 11 Mar 2026 04:00:00 GMT")


def walk(url: str, ca: Path | None = None, *, trusting: bool = False, at: datetime = NOW) -> NetworkFacts:
    return see_network(url, ca, now=lambda: at, trusting=trusting)


def test_a_registry_that_is_ready_is_reached_and_tells_the_time() -> None:
    with Loopback(READY) as server:
        seen = walk(server.url)
        (request,) = server.requests
    assert (seen.reached, seen.offset, seen.expires_at) == (Reached.ALL, timedelta(0), None)
    assert (request.path, "signature" in request.headers) == ("/health/ready", False)


@pytest.mark.parametrize(("minutes", "code"), [(4, "clock"), (-4, "clock"), (6, "clock_off"), (-6, "clock_off")])
def test_a_clock_that_differs_is_seen(minutes: int, code: str) -> None:
    with Loopback(READY) as server:
        seen = walk(server.url, at=NOW + timedelta(minutes=minutes))
    assert seen.offset == timedelta(minutes=minutes)
    assert [finding.code for finding in judge_clock(ClockFacts(NOW, seen.offset), Patience())] == [code]


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 11 Mar 2026 04:00:00"])
def test_a_server_without_a_time_leaves_the_clock_unknown(date: str) -> None:
    with Loopback(answering(b'{"status":"ready"}', Date=date)) as server:
        seen = walk(server.url)
    assert (seen.reached, seen.offset) == (Reached.ALL, None)


@pytest.mark.parametrize("url", ["", "registry", "http://10.0.0.1", "https://host:99999"])
def test_what_is_no_address_is_said_without_walking(url: str) -> None:
    assert walk(url).reached is Reached.ADDRESS


def test_an_authority_s_file_that_is_gone_is_named(tmp_path: Path) -> None:
    seen = walk("https://127.0.0.1:1", tmp_path / "ca.pem")
    assert (seen.reached, "ca.pem" in seen.detail) == (Reached.ADDRESS, True)


def test_a_name_that_nobody_knows_ends_the_way() -> None:
    assert walk("https://registry.invalid").reached is Reached.NAME


def test_a_name_that_is_looked_up_for_ever_ends_the_way_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(*_: object, **__: object) -> None:
        over.wait(30)
        raise OSError(0, "too late")

    monkeypatch.setattr(room, "NAME_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    told = walk("https://registry.library.example")
    over.set()
    assert (told.reached, told.detail) == (Reached.NAME, "no answer within 0.1 s")


def test_nobody_there_ends_the_way() -> None:
    with Loopback(READY) as server:
        url = server.url
    seen = walk(url)
    assert (seen.reached, seen.detail) == (Reached.CONNECTION, "Connection refused")


def test_a_certificate_that_is_trusted_says_when_it_ends(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Loopback(READY, tls=authority.server(days=30)) as server:
        seen = walk(server.url, authority.pem)
    assert seen.reached is Reached.ALL
    assert seen.expires_at is not None
    assert timedelta(days=29) < seen.expires_at - datetime.now(UTC) < timedelta(days=31)


def test_a_certificate_that_has_ended_ends_the_way_and_says_since_when(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Loopback(READY, tls=authority.server(days=-1)) as server:
        seen = walk(server.url, authority.pem)
        assert not server.requests
    assert (seen.reached, "expired" in seen.detail) == (Reached.TRUST, True)
    assert seen.expires_at is not None
    assert seen.expires_at < datetime.now(UTC)


@pytest.mark.parametrize("trusting", [False, True])
def test_another_s_certificate_is_trusted_only_when_nobody_asks_for_the_name(tmp_path: Path, trusting: bool) -> None:  # noqa: FBT001 - a column of the table
    with Loopback(READY, tls=Authority(tmp_path).server("registry.library.example")) as server:
        seen = walk(server.url, trusting=trusting)
    assert seen.reached is (Reached.ALL if trusting else Reached.TRUST)


@pytest.mark.parametrize(
    ("body", "status", "reached"),
    [
        (b"<html>please log in", 200, Reached.ANSWER),
        (b"<html>", 302, Reached.ANSWER),
        (b'{"status":"ready"}', 404, Reached.ANSWER),
        (b"[]", 200, Reached.ANSWER),
        (b"\xff", 200, Reached.ANSWER),
        (b"[" * 60_000, 200, Reached.ANSWER),
        (b'{"v":1,"code":"not_ready","problem":"old tables"}', 503, Reached.READY),
        (b"<html>down for repairs", 503, Reached.ANSWER),
    ],
)
def test_what_answers_must_be_a_registry(body: bytes, status: int, reached: Reached) -> None:
    with Loopback(answering(body, status)) as server:
        assert walk(server.url).reached is reached


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n\r\n{", b"HTTP/1.1 200 OK\r\nX: "], ids=["silent", "body", "headers"])
def test_a_server_that_never_ends_is_left_in_time(monkeypatch: pytest.MonkeyPatch, first: bytes) -> None:
    monkeypatch.setattr(room, "ANSWER_SECONDS", 0.2)

    def handler(exchange: Exchange) -> None:
        exchange.send(first)
        exchange.wait_until_gone()

    with Loopback(handler) as server:
        assert walk(server.url).reached is Reached.ANSWER


def test_something_that_speaks_no_http_is_no_registry() -> None:
    with Loopback(lambda exchange: exchange.send(b"SSH-2.0-OpenSSH\r\n")) as server:
        assert walk(server.url).reached is Reached.ANSWER


@pytest.mark.parametrize(
    ("body", "status", "standing"),
    [
        (a_page(start=7), 200, Standing.KNOWN),
        (Problem(code="kiosk_revoked", problem="revoked"), 403, Standing.REVOKED),
        (Problem(code="kiosk_unknown", problem="who?"), 401, Standing.UNKNOWN),
        (b"<html>", 502, Standing.NOT_ASKED),
        (b'{"v":1,"problem":"too old"}', 410, Standing.KNOWN),
    ],
)
def test_the_registry_s_word_on_a_signature_is_the_kiosk_s_standing(body: Problem | bytes, status: int, standing: Standing) -> None:
    with Loopback(answering(body, status)) as server:
        url = server.url
        assert see_standing(an_identity(registry=url), FEED, 7, StillClock()) is standing
    assert see_standing(an_identity(registry=url), FEED, 7, StillClock()) is Standing.NOT_ASKED
