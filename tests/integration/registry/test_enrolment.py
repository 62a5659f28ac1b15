"""Enrolling kiosks with one-time codes."""

import threading

import msgspec
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.wire import EnrolmentAnswer, EnrolmentRequest, encode
from registry.kiosks.enrolment import UnknownBranchError
from registry.kiosks.rules import code_digest
from tests.integration.registry.city import City, Kiosk, problem_of, public_half
from tests.integration.registry.homes import Homes


def ask(url: str, code: str) -> requests.Response:
    body = encode(EnrolmentRequest(code=code, public_key=public_half(Ed25519PrivateKey.generate()), name="總館一樓"))
    return requests.post(f"{url}/v1/enrolments", data=body, timeout=30)


def test_a_code_makes_a_kiosk_of_its_branch(city: City, url: str) -> None:
    answer = ask(url, city.registry.issue_code("L12").code)
    assert answer.status_code == 201
    me = msgspec.json.decode(answer.content, type=EnrolmentAnswer)
    assert (me.branch, me.branch_name, me.time_zone, me.card_key_version) == ("L12", "龍華", "Asia/Taipei", 1)
    assert (me.card_key, me.registry_key) == (city.registry.keys.card_secret, city.registry.keys.public)
    assert answer.headers["Cache-Control"] == "no-store"
    entry = city.registry.audit(limit=1)[0]
    assert (entry.action, entry.outcome, entry.actor) == ("kiosk enrolled", "done", f"kiosk:{me.kiosk}")


def test_a_code_is_stored_as_a_digest_only(city: City, homes: Homes) -> None:
    issued = city.registry.issue_code("C01")
    city.registry.database.close()
    stored = b"".join(file.read_bytes() for file in homes.files_of(city.home))
    assert code_digest(issued.code) in stored
    assert issued.code.encode() not in stored
    assert issued.code.replace("-", "").encode() not in stored


def test_a_code_is_used_once_whoever_comes_first(city: City, url: str) -> None:
    code = city.registry.issue_code("C01").code
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(ask(url, code).status_code)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 403, 403, 403, 403, 403]
    assert city.registry.counts()["kiosk"] == 1


@pytest.mark.parametrize("why", ["unknown", "used", "expired"])
def test_the_answer_does_not_say_why_a_code_is_refused_but_the_audit_trail_does(city: City, url: str, why: str) -> None:
    code = "0000-0000-0000"
    if why != "unknown":
        code = city.registry.issue_code("C01").code
    if why == "used":
        assert ask(url, code).status_code == 201
    if why == "expired":
        city.clock.pass_(minutes=15)
    answer = ask(url, code)
    assert answer.status_code == 403
    assert (problem_of(answer).code, problem_of(answer).problem.startswith("this code is not valid")) == ("code_refused", True)
    entry = city.registry.audit(limit=1)[0]
    assert (entry.outcome, entry.detail) == ("refused", {"code": why, "count": 1})


@pytest.mark.parametrize(
    ("body", "place"),
    [(b'{"code":"short"}', "code"), (b'{"code":"7K3M-Q0ZD-41XW","public_key":"AAAA","name":"x"}', "public_key"), (b"{}", ""), (b"no", "")],
)
def test_a_malformed_request_says_where(url: str, body: bytes, place: str) -> None:
    answer = requests.post(f"{url}/v1/enrolments", data=body, timeout=30)
    assert answer.status_code == 400
    assert (problem_of(answer).code, problem_of(answer).place) == ("malformed", place)


def test_a_code_needs_its_branch(city: City) -> None:
    with pytest.raises(UnknownBranchError, match="'Z99'"):
        city.registry.issue_code("Z99")


def test_the_kiosks_key_proves_it_from_then_on(kiosk: Kiosk) -> None:
    assert kiosk.request("GET", "/v1/snapshots/latest").status_code == 200
