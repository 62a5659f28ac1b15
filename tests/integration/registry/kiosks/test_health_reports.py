"""Kiosks tell how they are; the latest is kept, and staff see what is down and since when."""

import json
from datetime import datetime
from typing import Literal

import pytest

from circulation.wire import DeviceReport, HealthReport, encode
from registry.store_inspection import inspect_registry
from tests.integration.registry.city import City, Kiosk, problem_of
from tests.integration.registry.commands import Run
from youyue.clock import SystemClock

PATH = "/v1/health-reports"


def a_report(
    at: datetime, *, device: str = "printer", state: Literal["ready", "degraded", "missing"] = "degraded", fault: str | None = "paper_out"
) -> bytes:
    return encode(HealthReport(at=at, version="0.1.0", devices=(DeviceReport(device=device, state=state, since=at, fault=fault),)))


def test_a_report_takes_the_place_of_the_one_before(kiosk: Kiosk, city: City) -> None:
    assert kiosk.request("POST", PATH, a_report(city.clock())).status_code == 200
    city.clock.pass_(minutes=5)
    answer = kiosk.request("POST", PATH, a_report(city.clock(), state="ready", fault=None))
    assert (answer.status_code, answer.json()) == (200, {"v": 1})
    rows = city.sql("SELECT count(*) FROM kiosk_health")
    assert rows == [(1,)]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"v":1,"at":"2026-03-11T02:00:00","version":"","devices":[]}',
        b'{"v":1,"at":"2026-03-11T02:00:00Z","version":"","devices":[{"device":"P!","state":"ready","since":"2026-03-11T02:00:00Z"}]}',
        b'{"v":1,"at":"2026-03-11T02:00:00Z","version":"","devices":[{"device":"p","state":"on","since":"2026-03-11T02:00:00Z"}]}',
        b'{"v":1,"at":"2026-03-11T02:00:00Z","version":"","devices":[{"device":"p","state":"ready","since":"2026-03-11T02:00:00"}]}',
        b'{"v":1,"at":"2026-03-11T02:00:00Z","version":"","devices":['
        + b",".join([b'{"device":"p","state":"ready","since":"2026-03-11T02:00:00Z"}'] * 33)
        + b"]}",
    ],
    ids=["no JSON", "no zone", "a device that is no word", "an unknown state", "since without a zone", "too many devices"],
)
def test_a_report_that_says_anything_else_is_refused(kiosk: Kiosk, city: City, body: bytes) -> None:
    answer = kiosk.request("POST", PATH, body)
    assert (answer.status_code, problem_of(answer).code) == (400, "malformed")
    assert city.sql("SELECT count(*) FROM kiosk_health") == [(0,)]


def test_a_kiosk_gone_mad_fills_no_disk(kiosk: Kiosk, city: City) -> None:
    statuses = [kiosk.request("POST", PATH, a_report(city.clock())).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    city.clock.pass_(minutes=1)
    assert kiosk.request("POST", PATH, a_report(city.clock())).status_code == 200


def test_a_stranger_tells_nothing(kiosk: Kiosk, city: City) -> None:
    answer = kiosk.session.post(kiosk.url + PATH, data=a_report(city.clock()), timeout=30)
    assert answer.status_code == 401
    assert city.sql("SELECT count(*) FROM kiosk_health") == [(0,)]


def test_the_inspection_holds_what_each_kiosk_said(kiosk: Kiosk, other_kiosk: Kiosk, city: City) -> None:
    kiosk.request("POST", PATH, a_report(city.clock()))
    found = inspect_registry(city.home.folder / "registry.db", city.home.url or "")
    assert found.holds is not None
    told = {one.branch: one.health for one in found.holds.kiosks}
    assert told["L12"] is None
    assert told["C01"] is not None
    assert [(one.device, one.fault, one.since) for one in told["C01"].down] == [("printer", "paper_out", city.clock())]


def test_staff_see_what_is_down_and_since_when(
    kiosk: Kiosk, other_kiosk: Kiosk, city: City, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: city.clock())
    kiosk.request("POST", PATH, a_report(city.clock()))
    since = f"{city.clock().astimezone(city.registry.settings.zone):%Y-%m-%d %H:%M}"

    told = run("kiosks", "--language", "en")
    assert told.code == 0
    [here, fault, there] = told.out.splitlines()
    assert here.startswith("C01  ")
    assert here.endswith(f"look at it  last heard {since}")
    assert fault == f"     printer: No slips: out of paper (since {since})"
    assert there.endswith("has not reported yet")

    assert "印表機：單子印不出來：沒有紙了" in run("kiosks", "--language", "zh_TW").out
    assert len(run("kiosks", "--down", "--language", "en").out.splitlines()) == 2
    [plain] = json.loads(run("kiosks", "--down", "--json").out)
    assert (plain["branch"], plain["state"]) == ("C01", "down")
    assert plain["devices"] == [{"device": "printer", "state": "degraded", "since": city.clock().isoformat(), "fault": "paper_out"}]

    city.clock.pass_(minutes=21)
    assert "silent" in run("kiosks", "--down", "--language", "en").out


def test_without_a_kiosk_staff_are_told_how_to_make_one(city: City, run: Run) -> None:
    assert "youyue registry code" in run("kiosks", "--language", "en").out
