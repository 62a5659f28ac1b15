"""What somebody without any right can make the registry do: little, and nothing that lasts."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.wire import EnrolmentRequest, encode
from registry.server import listen
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk, problem_of, public_half


def refusals(city: City) -> list[dict[str, str | int]]:
    return [dict(entry.detail) for entry in city.registry.audit(limit=1000) if entry.outcome == "refused"]


def ask(url: str, code: str, name: str = "k") -> requests.Response:
    body = encode(EnrolmentRequest(code=code, public_key=public_half(Ed25519PrivateKey.generate()), name=name))
    return requests.post(f"{url}/v1/enrolments", data=body, timeout=30)


def half_a_body(url: str, path: str = "/v1/enrolments") -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=20)
    line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n{{".encode())
    return line


def answer_on(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"}"):
        more = line.recv(65536)
        if not more:
            break
        answer += more
    return answer


def test_unsigned_requests_are_counted_and_written_once_a_minute(city: City, url: str) -> None:
    for name in range(20):
        assert requests.get(f"{url}/v1/snapshots/{name}", timeout=30).status_code == 401
    assert refusals(city) == [{"path": "/v1/snapshots/{name:str}", "code": "signature_missing", "count": 1}]
    city.clock.pass_(minutes=1)
    requests.get(f"{url}/v1/snapshots/x", timeout=30)
    assert [entry["count"] for entry in refusals(city)] == [20, 1]


def test_wrong_codes_are_counted_and_take_no_lock(city: City, url: str) -> None:
    assert ask(url, "0000-0000-0000").status_code == 403
    with city.registry.database.unit_of_work(), ThreadPoolExecutor(4) as pool:
        # Somebody else is writing all the time.
        statuses = list(pool.map(lambda n: ask(url, f"0000-0000-{n:04}").status_code, range(12)))
    assert statuses == [403] * 12
    city.clock.pass_(minutes=1)
    assert ask(url, "0000-0000-0000").status_code == 403
    assert refusals(city) == [{"code": "unknown", "count": 13}, {"code": "unknown", "count": 1}]


def test_a_kiosk_that_proved_itself_has_a_row_for_each_refusal_without_the_address_it_wrote(city: City, kiosk: Kiosk) -> None:
    city.registry.revoke_kiosk(kiosk.me.kiosk)
    for _ in range(3):
        assert kiosk.request("GET", "/v1/snapshots/a%00b%1b").status_code == 403
    assert refusals(city) == [{"path": "/v1/snapshots/{name:str}", "code": "kiosk_revoked"}] * 3


@pytest.mark.parametrize(
    "body", [b"\xff", b'{"code":"\xff\xff\xff\xff\xff\xff\xff\xff"}', b'{"code":"\\ud800"}', b"[" * 4000, b'{"x":' + b"[" * 4000]
)
def test_an_enrolment_that_is_no_text_is_refused(url: str, body: bytes) -> None:
    answer = requests.post(f"{url}/v1/enrolments", data=body, timeout=30)
    assert (answer.status_code, problem_of(answer).code) == (400, "malformed")
    assert problem_of(answer).problem.isprintable()


@pytest.mark.parametrize("name", ["a\x00b", "a\x1bb", "a\nb"])
def test_a_kiosks_name_has_no_control_characters(city: City, url: str, name: str) -> None:
    answer = ask(url, city.registry.issue_code("C01").code, name)
    assert (answer.status_code, problem_of(answer).place) == (400, "name")
    assert city.registry.counts()["kiosk"] == 0


def test_an_enrolment_is_small(url: str) -> None:
    answer = requests.post(f"{url}/v1/enrolments", data=b" " * 4097, timeout=30)
    assert (answer.status_code, problem_of(answer).code) == (413, "too_large")
    chunked = requests.post(f"{url}/v1/enrolments", data=iter([b" " * 3000, b" " * 3000]), timeout=30)
    assert (chunked.status_code, problem_of(chunked).code) == (413, "too_large")


class TestWithLittlePatience:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(body_patience=timedelta(milliseconds=50))

    def test_an_enrolment_that_does_not_come_is_given_up(self, url: str) -> None:
        with half_a_body(url) as line:
            answer = answer_on(line)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"too_slow"' in answer


def test_a_body_that_never_came_does_not_hold_up_the_stop_nor_fill_the_log(city: City, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        server = city.registry.server(listen())
        server.start()
        with half_a_body(server.url) as line:
            # The second request is answered after the first was begun: both came on the same loop.
            assert requests.get(f"{server.url}/health/live", timeout=30).status_code == 200
            server.stop()
            answer = answer_on(line)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'"stopping"' in answer
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []
