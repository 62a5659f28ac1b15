"""The service itself: health, description, certificates, stopping and starting again."""

import os
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from circulation.cards import CardState, CardUid
from registry.house import Registry
from registry.house_errors import UnknownCardError
from registry.outside import Outside
from registry.server import ServerStartError, Tls, TlsNeededError, listen
from registry.tls import make_certificates
from tests.builders import an_item
from tests.integration.registry.city import City, Clock, a_checkout, enrol, problem_of


def test_health_is_for_anybody(url: str) -> None:
    for what in ("live", "ready"):
        answer = requests.get(f"{url}/health/{what}", timeout=30)
        assert (answer.status_code, answer.json()) == (200, {"status": what})


def test_tables_of_another_revision_are_not_ready(city: City, url: str) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")
        work.commit()
    answer = requests.get(f"{url}/health/ready", timeout=30)
    assert (answer.status_code, problem_of(answer).code) == (503, "not_ready")
    assert requests.get(f"{url}/health/live", timeout=30).status_code == 200


def test_the_description_is_openapi_and_describes_bodies_and_every_route(url: str) -> None:
    described = requests.get(f"{url}/schema/openapi.json", timeout=30).json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/health/live",
        "/health/ready",
        "/v1/bureau/rows",
        "/v1/changes",
        "/v1/enrolments",
        "/v1/facts",
        "/v1/health-reports",
        "/v1/loss-reports",
        "/v1/mobile/account",
        "/v1/mobile/codes",
        "/v1/mobile/holds",
        "/v1/mobile/holds/cancel",
        "/v1/mobile/holds/move",
        "/v1/mobile/holds/resume",
        "/v1/mobile/holds/suspend",
        "/v1/mobile/losses",
        "/v1/mobile/sign-ins",
        "/v1/mobile/sign-out",
        "/v1/mobile/sign-out-everywhere",
        "/v1/pin-checks",
        "/v1/range-checks",
        "/v1/snapshots/latest",
        "/v1/snapshots/{name}",
    }
    body = described["paths"]["/v1/facts"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert body == "#/components/schemas/PushBatch"
    schemas = described["components"]["schemas"]
    assert schemas["PushBatch"]["properties"]["facts"]["items"] == {"$ref": "#/components/schemas/FactEnvelope"}
    missing = [ref for ref in _references(described) if ref.removeprefix("#/components/schemas/") not in schemas]
    assert missing == []
    assert requests.get(f"{url}/schema", timeout=30).json() == described


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in _references(inner)]
    return [ref for inner in value for ref in _references(inner)] if isinstance(value, list) else []


def test_the_registry_goes_on_where_it_stopped(city: City) -> None:
    with city.registry.server(listen()) as server:
        kiosk = enrol(server.url, city)
        body = kiosk.envelope(a_checkout(city.ming, city.books[0]))
        first = kiosk.push(1, body)
    city.registry.close()
    again = Registry.open(city.home.folder, Outside(city.clock, uuid7, os.urandom), database=city.home.url)
    with again.server(listen()) as second, kiosk.session:
        kiosk.url = second.url
        assert kiosk.push(1, body) == first
        assert len(kiosk.changes(city.feed, 0).changes) == 1
    again.close()


def test_a_server_stops_quickly(city: City) -> None:
    server = city.registry.server(listen())
    server.start()
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 2


def test_a_server_that_cannot_start_says_so(city: City, tmp_path: Path) -> None:
    server = city.registry.server(listen(), tls=Tls(tmp_path / "no.crt", tmp_path / "no.key"))
    with pytest.raises(ServerStartError, match=r"did not start on https://127\.0\.0\.1"):
        server.start()


def test_kiosks_trust_the_own_authority_and_no_other(city: City, tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "tls", ["127.0.0.1"], now=datetime.now(UTC))
    other = make_certificates(tmp_path / "other", ["127.0.0.1"], now=datetime.now(UTC))
    with city.registry.server(listen(), tls=made.server) as server:
        url = server.url
        assert url.startswith("https://")
        assert requests.get(f"{url}/health/live", verify=str(made.authority), timeout=30).status_code == 200
        for wrong in (str(other.authority), True):
            with pytest.raises(requests.exceptions.SSLError):
                requests.get(f"{url}/health/live", verify=wrong, timeout=30)
    assert ssl.HAS_TLSv1_3


def test_a_public_address_without_a_certificate_is_refused(city: City) -> None:
    socket = listen("0.0.0.0")  # noqa: S104 - refusing it is the test
    with socket, pytest.raises(TlsNeededError, match="youyue registry certificates"):
        city.registry.server(socket)


def test_counts_are_of_every_table(city: City) -> None:
    counts = city.registry.counts()
    assert (counts["patron"], counts["card"], counts["item"], counts["branch"], counts["open_loans"]) == (2, 2, 5, 2, 0)
    assert counts["feed"] == 0


def test_rows_that_contradict_the_tables_change_nothing(city: City) -> None:
    before = city.registry.counts()
    with pytest.raises(IntegrityError):
        city.registry.add_items([an_item(barcode="1"), an_item(barcode="1")])
    assert city.registry.counts() == before


def test_an_unknown_card_cannot_be_lost(city: City) -> None:
    with pytest.raises(UnknownCardError):
        city.registry.change_card(CardUid.from_hex("01020304"), CardState.LOST)


def test_a_registry_is_made_private(tmp_path: Path) -> None:
    registry = Registry.open(tmp_path / "new", Outside(Clock(), uuid7, os.urandom))
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    registry.close()
