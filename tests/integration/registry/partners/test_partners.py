"""Partners speak for themselves, each on its own routes only: shown as a matrix of who asks and what."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler

from circulation.signing import AS_KIOSK, AS_PARTNER
from registry.access import Who, may_use, partner_of
from registry.desk.refusals import DeskRefusedError
from registry.partners.roles import PartnerRefusal, PartnerRole
from registry.server import RegistryServer, listen
from tests.integration.registry.city import City, Clock, Kiosk, enrol, problem_of, public_half
from tests.integration.registry.desk.counter import another_process
from tests.integration.registry.machine import Machine, a_machine, written

STAFF = "staff:lin"


def tried(who: Who) -> HTTPRouteHandler:
    """A route that says who has come through."""

    @post(f"/try/{who}", opt=may_use(who), status_code=200)
    async def come_through(request: Request[Any, Any, Any]) -> str:
        return "kiosk" if who is Who.KIOSK else partner_of(request).actor

    return come_through


@pytest.fixture
def url(city: City) -> Iterator[str]:
    app, head = city.registry.app()
    for who in (Who.KIOSK, Who.BUREAU, Who.APP):
        app.register(tried(who))
    with RegistryServer(app, head, listen()) as server:
        yield server.url


def fate(asked: Machine | Kiosk, who: Who) -> str:
    answer = asked.request("POST", f"/try/{who}", b"{}")
    return "through" if answer.status_code == 200 else f"{answer.status_code} {problem_of(answer).code}"


def test_every_machine_comes_through_on_its_own_routes_only(city: City, url: str) -> None:
    app, bureau, kiosk = a_machine(url, city), a_machine(url, city, PartnerRole.BUREAU, name="教育局"), enrol(url, city)
    revoked, stranger = a_machine(url, city), Machine(url, city.clock, uuid4(), Ed25519PrivateKey.generate())
    city.registry.desk.partners.revoke(revoked.id, by=STAFF)
    as_partner, as_kiosk = Machine(url, city.clock, kiosk.me.kiosk, kiosk.key), replace(app, signed_as=AS_KIOSK)
    who_asks: dict[str, Machine | Kiosk] = {
        "app": app,
        "bureau": bureau,
        "kiosk": kiosk,
        "revoked": revoked,
        "stranger": stranger,
        "another's key": replace(app, key=bureau.key),
        "kiosk that signs as a partner": as_partner,
        "app that signs as a kiosk": as_kiosk,
    }
    found = {name: tuple(fate(asked, who) for who in (Who.KIOSK, Who.BUREAU, Who.APP)) for name, asked in who_asks.items()}
    wrong, unknown, not_this = "401 signature_invalid", "401 partner_unknown", "403 not_allowed"
    assert found == {
        "app": (wrong, not_this, "through"),
        "bureau": (wrong, "through", not_this),
        "kiosk": ("through", wrong, wrong),
        "revoked": (wrong, "403 partner_revoked", "403 partner_revoked"),
        "stranger": (wrong, unknown, unknown),
        "another's key": (wrong, wrong, wrong),
        "kiosk that signs as a partner": (wrong, unknown, unknown),
        "app that signs as a kiosk": ("401 kiosk_unknown", wrong, wrong),
    }


@pytest.mark.parametrize("part", ["body", "path", "query", "old", "early", "unsigned"])
def test_a_partners_request_that_is_not_the_one_signed_now_is_refused(city: City, url: str, part: str) -> None:
    app = a_machine(url, city)
    if part in {"old", "early"}:
        app.clock = Clock(city.clock() + timedelta(seconds=-301 if part == "old" else 301))
    prepared = app.signed("POST", f"/try/{Who.APP}?a=1", b"{}")
    assert prepared.url is not None
    match part:
        case "body":
            prepared.body = b"[]"
        case "path":
            prepared.url = prepared.url.replace("/app", "/%61pp")
        case "query":
            prepared.url = prepared.url.replace("a=1", "a=2")
        case "unsigned":
            del prepared.headers["Signature"], prepared.headers["Signature-Input"]
        case _:
            pass
    answer = app.session.send(prepared, timeout=30)
    codes = {"body": "digest_mismatch", "old": "clock_skew", "early": "clock_skew", "unsigned": "signature_missing"}
    assert (answer.status_code, problem_of(answer).code) == (401, codes.get(part, "signature_invalid"))
    assert problem_of(answer).server_time == city.clock()
    entry = city.registry.audit(limit=1)[0]
    assert (entry.outcome, entry.detail["path"], entry.detail["code"]) == ("refused", "/try/app", problem_of(answer).code)
    assert entry.actor == (f"partner:{app.id}" if part == "body" else "anyone")


def test_whoever_proved_itself_has_a_row_in_the_trail_for_each_refusal(city: City, url: str) -> None:
    app = a_machine(url, city)
    fate(app, Who.BUREAU)
    city.registry.desk.partners.revoke(app.id, by=STAFF)
    fate(app, Who.APP)
    revoked, _, not_this = city.registry.audit(limit=3)
    assert {revoked.actor, not_this.actor} == {f"partner:{app.id}"}
    assert (revoked.detail, not_this.detail) == (
        {"path": "/try/app", "code": "partner_revoked"},
        {"path": "/try/bureau", "code": "not_allowed"},
    )


def test_the_trail_says_who_registered_and_revoked_whom(city: City, url: str) -> None:
    app = a_machine(url, city)
    city.registry.desk.partners.revoke(app.id, by=STAFF)
    revoked, registered = city.registry.audit(limit=2)
    assert (registered.actor, registered.action, registered.detail) == (
        STAFF,
        "partner registered",
        {"partner": str(app.id), "role": "app"},
    )
    assert (revoked.actor, revoked.action, revoked.outcome) == (STAFF, "partner revoked", "done")


def test_a_revocation_by_another_process_is_noticed_within_half_a_minute(city: City, url: str) -> None:
    app = a_machine(url, city)
    assert fate(app, Who.APP) == "through"
    with another_process(city) as elsewhere:
        elsewhere.desk.partners.revoke(app.id, by=STAFF)
    city.clock.pass_(seconds=31)
    assert fate(app, Who.APP) == "403 partner_revoked"


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DeskRefusedError) as caught:
        act()
    return caught.value.code


def test_a_key_that_somebody_has_or_had_is_never_registered_again(city: City, url: str) -> None:
    desk, app, kiosk = city.registry.desk.partners, a_machine(url, city), enrol(url, city)
    assert refused(lambda: desk.register("x", PartnerRole.APP, written(app.key), by=STAFF)) == PartnerRefusal.KEY_TAKEN
    assert refused(lambda: desk.register("x", PartnerRole.APP, written(kiosk.key), by=STAFF)) == PartnerRefusal.KEY_TAKEN
    desk.revoke(app.id, by=STAFF)
    assert refused(lambda: desk.register("x", PartnerRole.APP, public_half(app.key).hex(), by=STAFF)) == PartnerRefusal.KEY_TAKEN
    assert refused(lambda: desk.revoke(app.id, by=STAFF)) == PartnerRefusal.UNKNOWN
    assert city.registry.counts()["partner"] == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00b", "x" * 61])
def test_a_partner_has_a_name_that_can_be_shown(city: City, name: str) -> None:
    key = Ed25519PrivateKey.generate()
    assert refused(lambda: city.registry.desk.partners.register(name, PartnerRole.APP, written(key), by=STAFF)) == PartnerRefusal.NAME


def test_the_two_kinds_of_signature_differ_in_label_and_tag() -> None:
    assert {AS_KIOSK.label, AS_KIOSK.tag}.isdisjoint({AS_PARTNER.label, AS_PARTNER.tag})
