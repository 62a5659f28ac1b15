"""Who may use what: default deny, shown for every route there is."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Litestar, get
from litestar.routes import HTTPRoute
from sqlalchemy import update

from circulation.revocations import REVOCATION_CONTEXT, KioskRevoked, Revocation
from circulation.signing import CONTENT_DIGEST, content_digest
from registry.access import Gatekeeper, Who
from registry.kiosks.tables import kiosk as kiosks
from registry.server import RegistryServer, listen
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Clock, Kiosk, problem_of

OPEN = {("GET", "/health/live"), ("GET", "/health/ready"), ("POST", "/v1/enrolments"), ("GET", "/schema"), ("GET", "/schema/openapi.json")}
"""What anybody may use. Nothing else."""


def every_route(app: Litestar) -> Iterator[tuple[str, str, object]]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items():
            yield str(method), route.path, handler.opt.get("who")


def test_every_route_says_who_may_use_it_or_is_refused(city: City) -> None:
    app, _ = city.registry.app()
    for method, path, who in every_route(app):
        if who is Who.ANYONE:
            assert (method, path) in OPEN or path.startswith("/schema")
        elif who is None:
            assert method == "OPTIONS"
        else:
            assert who in {Who.KIOSK, Who.BUREAU, Who.APP}
    found = {(method, path) for method, path, _ in every_route(app)}
    assert found >= OPEN


def test_every_route_but_the_open_ones_refuses_a_stranger(city: City, url: str) -> None:
    app, _ = city.registry.app()
    tried = 0
    for method, path, _ in every_route(app):
        if path.startswith("/schema") or (method, path) in OPEN:
            continue
        answer = requests.request(method, url + path.replace("{name:str}", "x"), timeout=30)
        assert answer.status_code in {401, 403}, (method, path)
        assert problem_of(answer).code in {"signature_missing", "not_allowed"}
        tried += 1
    assert tried >= 4
    assert {entry.outcome for entry in city.registry.audit(limit=tried)} == {"refused"}


def test_a_route_that_says_nothing_is_refused(city: City) -> None:
    @get("/forgotten")
    async def forgotten() -> str:
        return "open to everybody"

    app, head = city.registry.app()
    app.register(forgotten)
    with RegistryServer(app, head, listen()) as server:
        answer = requests.get(f"{server.url}/forgotten", timeout=30)
    assert answer.status_code == 403
    assert problem_of(answer).code == "not_allowed"
    assert any(isinstance(guard, Gatekeeper) for guard in app.guards)


def test_reads_must_be_signed_too(kiosk: Kiosk, city: City) -> None:
    answer = requests.get(f"{kiosk.url}/v1/changes?feed={city.feed}&after=0", timeout=30)
    assert answer.status_code == 401
    assert problem_of(answer).server_time == city.clock()


def test_a_kiosk_with_a_wrong_clock_learns_the_time_and_signs_again(city: City, kiosk: Kiosk) -> None:
    wrong = replace(kiosk, clock=Clock(city.clock() + timedelta(hours=1)))
    answer = wrong.request("GET", "/v1/snapshots/latest")
    assert (answer.status_code, problem_of(answer).code) == (401, "clock_skew")
    told: datetime | None = problem_of(answer).server_time
    assert told is not None
    wrong.clock.at = told
    assert wrong.request("GET", "/v1/snapshots/latest").status_code == 200


@pytest.mark.parametrize("part", ["body", "path", "query", "key", "name"])
def test_a_request_that_is_not_the_one_signed_is_refused(city: City, kiosk: Kiosk, part: str) -> None:
    if part == "key":
        kiosk.key = Ed25519PrivateKey.generate()
    if part == "name":
        kiosk.me = type(kiosk.me)(**{name: getattr(kiosk.me, name) for name in kiosk.me.__struct_fields__} | {"kiosk": uuid4()})
    prepared = kiosk.signed("POST", "/v1/facts?a=1", b"{}")
    assert prepared.url is not None
    match part:
        case "body":
            prepared.body = b"[]"
        case "path":
            prepared.url = prepared.url.replace("/facts", "/%66acts")
        case "query":
            prepared.url = prepared.url.replace("a=1", "a=2")
        case _:
            pass
    answer = kiosk.session.send(prepared, timeout=30)
    assert answer.status_code == 401
    codes = {"body": "digest_mismatch", "name": "kiosk_unknown"}
    assert problem_of(answer).code == codes.get(part, "signature_invalid")
    entry = city.registry.audit(limit=1)[0]
    assert (entry.outcome, entry.detail["code"]) == ("refused", problem_of(answer).code)


def test_a_body_without_its_digest_signed_is_refused(kiosk: Kiosk) -> None:
    prepared = kiosk.signed("POST", "/v1/facts", b"{}")
    prepared.headers[CONTENT_DIGEST] = content_digest(b"[]")
    prepared.body = b"[]"
    assert problem_of(kiosk.session.send(prepared, timeout=30)).code == "signature_invalid"


class TestWithLittlePatience:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(body_patience=timedelta(milliseconds=50))

    def test_a_body_that_does_not_come_is_given_up(self, kiosk: Kiosk) -> None:
        prepared = kiosk.signed("POST", "/v1/facts", b"{}")
        host, port = kiosk.url.removeprefix("http://").split(":")
        lines = ["POST /v1/facts HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in prepared.headers.items())]
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = b""
            while not answer.endswith(b"}"):
                answer += line.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"too_slow"' in answer

    def test_a_strangers_body_is_not_waited_for(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(b"POST /v1/facts HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
            assert line.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_revoked_kiosk_is_told_so_at_once(city: City, kiosk: Kiosk) -> None:
    assert kiosk.request("GET", "/v1/snapshots/latest").status_code == 200
    assert city.registry.revoke_kiosk(kiosk.me.kiosk)
    assert not city.registry.revoke_kiosk(kiosk.me.kiosk)
    answer = kiosk.request("GET", "/v1/snapshots/latest")
    assert (answer.status_code, problem_of(answer).code) == (403, "kiosk_revoked")
    word = msgspec.json.decode(answer.content, type=KioskRevoked)
    assert city.registry.keys.has_signed(word.signature, REVOCATION_CONTEXT + word.revocation)
    assert msgspec.json.decode(word.revocation, type=Revocation) == Revocation(kiosk=kiosk.me.kiosk, revoked_at=city.clock())


def test_a_revocation_by_another_process_is_noticed(city: City, kiosk: Kiosk) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(update(kiosks).values(revoked_at=city.clock()))
        work.commit()
    city.clock.pass_(seconds=31)
    assert kiosk.request("GET", "/v1/snapshots/latest").status_code == 403


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/facts/", "/nothing", "/%ff", "/v1/../v1/facts"])
def test_what_is_not_there_gives_a_short_answer(url: str, path: str) -> None:
    answer = requests.get(url + path, timeout=30)
    assert answer.status_code in {401, 404, 405}
    assert problem_of(answer).problem
    assert len(answer.content) < 300


def test_a_failure_inside_shows_no_traceback_and_no_values(city: City, kiosk: Kiosk) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("ALTER TABLE fact RENAME COLUMN body TO broken")
        work.commit()
    answer = kiosk.push_raw(1, b"{}")
    assert answer.status_code == 500
    assert problem_of(answer).code == "internal"
    assert "broken" not in answer.text
    assert "Traceback" not in answer.text
