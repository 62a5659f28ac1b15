"""Whom the client trusts and how it is trusted: certificates, addresses, and a clock that the registry puts right."""

from datetime import datetime
from pathlib import Path

import pytest

from circulation.wire import Problem
from sync.address import RegistryAddressError
from sync.client import RegistryClient
from sync.errors import RegistryAnswerError, RegistryDistrustsError, RegistryUnreachableError
from sync.signing import RegistryClock, RequestSigner
from tests.integration.sync.asking import answering, poll
from tests.integration.sync.certificates import Authority
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import NOW, StillClock, a_page, an_identity, later


def test_a_wrong_clock_is_put_right_by_the_registry_and_the_request_tried_once_more() -> None:
    clock = RegistryClock(StillClock())
    identity = an_identity()

    def handler(exchange: Exchange) -> None:
        if f"created={int(later(86_400).timestamp())}" in exchange.headers["signature-input"]:
            exchange.answer(a_page(start=7))
        else:
            exchange.answer(Problem(code="clock", problem="the signature is too old", server_time=later(86_400)), status=401)

    with Loopback(handler) as server:
        client = RegistryClient(server.url, signer=RequestSigner(identity.kiosk, identity.signing_key, clock))
        assert poll(client) == a_page(start=7)
        assert poll(client) == a_page(start=7)
        assert len(server.requests) == 3, "the second request knows the time already"


@pytest.mark.parametrize("server_time", [NOW, None, NOW.replace(tzinfo=None)])
def test_a_registry_that_never_accepts_is_asked_twice_at_most(server_time: datetime | None) -> None:
    identity = an_identity()
    problem = Problem(code="unknown_kiosk", problem="no such kiosk", server_time=server_time)
    with Loopback(answering(problem, 401)) as server:
        signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(StillClock()))
        with pytest.raises(RegistryDistrustsError, match="unknown_kiosk"):
            poll(RegistryClient(server.url, signer=signer))
        assert len(server.requests) == (2 if server_time is NOW else 1)


def test_a_401_that_is_no_problem_of_ours_is_an_answer_error() -> None:
    identity = an_identity()
    signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(StillClock()))
    with Loopback(answering(b"<html>", 401)) as server, pytest.raises(RegistryAnswerError, match="status 401 without"):
        poll(RegistryClient(server.url, signer=signer))


def test_the_own_authority_is_trusted_and_the_host_is_checked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Loopback(answering(a_page(start=7)), tls=authority.server()) as server:
        assert poll(RegistryClient(server.url, ca=authority.pem)) == a_page(start=7)


@pytest.mark.parametrize(
    ("host", "days", "trusted", "reason"),
    [
        ("127.0.0.1", 1, "stranger", "unable to get local issuer|self-signed|verify failed"),
        ("127.0.0.2", 1, "library", "mismatch"),
        ("registry.library.example", 1, "library", "mismatch"),
        ("127.0.0.1", -1, "library", "expired"),
    ],
    ids=["another authority", "another address", "another name", "expired"],
)
def test_a_certificate_that_is_not_the_registry_s_is_refused(tmp_path: Path, host: str, days: int, trusted: str, reason: str) -> None:
    authorities = {name: Authority(tmp_path, name) for name in ("library", "stranger")}
    with Loopback(answering(a_page(start=7)), tls=authorities["library"].server(host, days=days)) as server:
        client = RegistryClient(server.url, ca=authorities[trusted].pem)
        with pytest.raises(RegistryUnreachableError, match=f"certificate is not trusted: .*({reason})"):
            poll(client)
        assert not server.requests


def test_without_an_own_authority_only_the_usual_ones_are_trusted(tmp_path: Path) -> None:
    with (
        Loopback(answering(a_page(start=7)), tls=Authority(tmp_path).server()) as server,
        pytest.raises(RegistryUnreachableError, match="certificate is not trusted"),
    ):
        poll(RegistryClient(server.url))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "registry",
        "ftp://127.0.0.1",
        "https://",
        "http://[::1",
        "https://user@host",
        "https://host/?a=b",
        "https://host:99999",
        "http://10.0.0.1",
    ],
)
def test_an_address_that_can_not_be_a_registry_is_refused_at_once(url: str) -> None:
    with pytest.raises(RegistryAddressError, match="https://"):
        RegistryClient(url)


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_an_authority_s_file_that_can_not_be_read_is_named_at_once(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RegistryAddressError, match=r"ca\.pem: no certificates"):
        RegistryClient("https://registry.library.example", ca=path)
