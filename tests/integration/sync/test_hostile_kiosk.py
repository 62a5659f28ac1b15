"""A kiosk that does not mean well, as a program on a socket: the registry applies what was signed, or nothing."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from circulation.wire import encode
from registry.server import RegistryServer, listen
from tests.integration.registry.city import City, Founded, Kiosk, a_checkout, enrol, found_city, reopened
from tests.integration.registry.homes import SqliteHomes
from tests.unit.sync.values import a_batch


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_city(SqliteHomes().empty(tmp_path_factory.mktemp("founded") / "registry"))


@pytest.fixture
def city(founded: Founded, tmp_path: Path) -> Iterator[City]:
    home = SqliteHomes().copy(founded.home, tmp_path / "registry")
    made = reopened(founded, home)
    yield made
    made.registry.close()


@pytest.fixture
def server(city: City) -> Iterator[RegistryServer]:
    with city.registry.server(listen()) as running:
        yield running


def as_bytes(request: requests.PreparedRequest) -> bytes:
    """A request as it goes over the line."""
    parts = urlsplit(str(request.url))
    lines = [f"{request.method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name != "Connection"]
    assert isinstance(request.body, bytes)
    return "\r\n".join([*lines, "", ""]).encode() + request.body


def status_of(server: RegistryServer, raw: bytes, *, seconds: float = 30) -> int:
    """The status that bytes on a line are answered with; 0 when the line is closed without a word, or nothing comes in time."""
    parts = urlsplit(server.url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=seconds) as line, suppress(OSError):
        line.sendall(raw)
        head = line.recv(65536)
        return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else 0
    return 0


def a_signed_push(kiosk: Kiosk, city: City) -> bytes:
    batch = a_batch(kiosk.envelope(a_checkout(city.ming, city.books[0])).decode(), epoch=kiosk.epoch)
    return as_bytes(kiosk.signed("POST", "/v1/facts", encode(batch)))


def test_a_signed_request_with_any_byte_flipped_applies_nothing_but_what_was_signed(city: City, server: RegistryServer) -> None:
    kiosk = enrol(server.url, city)
    raw = a_signed_push(kiosk, city)
    body = raw.index(b"\r\n\r\n") + 4
    # With another length the registry waits for more: that is soon given up.
    answers = {
        place: status_of(server, raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :], seconds=30 if place >= body else 0.5)
        for place in range(len(raw))
    }
    assert {status for place, status in answers.items() if place >= body} == {401}
    assert 500 not in answers.values()
    # A field that nothing depends on may be anything: then it is the kiosk's own request, and a repetition of it.
    version = range(raw.index(b" HTTP/"), raw.index(b"\r\n"))
    taken = {place for place, status in answers.items() if status == 200 and place not in version}
    named = {raw[raw.rfind(b"\n", 0, place) + 1 :].split(b":")[0].lower() for place in taken}
    assert named <= {b"host", b"connection", b"content-type", b"user-agent", b"accept", b"accept-encoding"}
    assert status_of(server, raw) == 200
    assert city.sql("SELECT count(*) FROM fact") == [(1,)]
    assert city.registry.counts()["open_loans"] == 1


def test_a_signed_request_that_is_recorded_and_sent_again_does_nothing_new(city: City, server: RegistryServer) -> None:
    raw = a_signed_push(enrol(server.url, city), city)
    assert [status_of(server, raw) for _ in range(5)] == [200] * 5
    assert city.sql("SELECT count(*) FROM fact") == [(1,)]
    city.clock.pass_(seconds=301)
    assert status_of(server, raw) == 401


def test_a_request_signed_for_one_address_is_none_for_another(city: City, server: RegistryServer) -> None:
    kiosk = enrol(server.url, city)
    raw = as_bytes(kiosk.signed("POST", "/v1/facts", b"{}"))
    assert status_of(server, raw.replace(b"/v1/facts", b"/v1/pin-checks", 1)) == 401


def test_a_kiosk_is_given_no_snapshot_of_another_branch(city: City, server: RegistryServer) -> None:
    far, near = enrol(server.url, city, "L12"), enrol(server.url, city, "C01")
    assert far.request("GET", "/v1/snapshots/latest").status_code == 200
    ((name,),) = city.sql("SELECT name FROM snapshot")
    assert far.request("GET", f"/v1/snapshots/{name}").status_code == 200
    assert near.request("GET", f"/v1/snapshots/{name}").status_code == 404
