"""What a running service does by itself now and then."""

from datetime import timedelta

import pytest
import requests

from circulation.cards import CardState
from registry.server import listen
from registry.settings import RegistrySettings
from registry.upkeep import Upkeep
from tests.integration.registry.city import City, Kiosk, problem_of


@pytest.fixture
def settings() -> RegistrySettings:
    return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), upkeep=timedelta(milliseconds=20))


def test_old_changes_are_forgotten_by_the_running_service(city: City, kiosk: Kiosk) -> None:
    city.registry.change_card(city.ming_card, CardState.LOST)
    city.clock.pass_(days=89)
    city.registry.change_card(city.hua_card, CardState.LOST)
    assert len(kiosk.changes(city.feed, 0, 5).changes) == 2
    city.clock.pass_(days=2)
    asked = f"/v1/changes?feed={city.feed}&after=0&wait=0"
    answers = (kiosk.request("GET", asked) for _ in range(1000))
    gone = next(answer for answer in answers if answer.status_code == 410)
    assert gone.json()["problem"] == "the changes after this cursor are no longer kept"
    assert city.sql("SELECT seq FROM feed") == [(2,)]


def test_counted_refusals_are_written_without_another_one(city: City, url: str) -> None:
    for _ in range(3):
        requests.get(f"{url}/v1/snapshots/latest", timeout=30)
    city.clock.pass_(minutes=1)
    looks = ((requests.get(f"{url}/health/live", timeout=30), city.registry.audit())[1] for _ in range(1000))
    written = next(entries for entries in looks if len(entries) > 1)
    assert [entry.detail["count"] for entry in written] == [2, 1]


def test_counted_refusals_are_written_when_the_service_stops(city: City) -> None:
    with city.registry.server(listen()) as server:
        for _ in range(3):
            assert problem_of(requests.get(f"{server.url}/v1/snapshots/latest", timeout=30)).code == "signature_missing"
    assert [entry.detail["count"] for entry in city.registry.audit()] == [2, 1]


def test_changes_are_forgotten_once_a_day(city: City) -> None:
    forgotten: list[int] = []

    def forget() -> int:
        forgotten.append(1)
        return 0

    upkeep = Upkeep(city.registry.refusals, [forget], now=city.clock)
    upkeep.once()
    assert len(forgotten) == 1
    city.clock.pass_(hours=23)
    upkeep.once()
    assert len(forgotten) == 1
    city.clock.pass_(hours=1)
    upkeep.once()
    assert len(forgotten) == 2


def test_daily_work_that_failed_is_done_again_in_the_next_round(city: City) -> None:
    tries: list[int] = []

    def fails_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            message = "the database was away"
            raise OSError(message)

    upkeep = Upkeep(city.registry.refusals, [fails_once], now=city.clock)
    with pytest.raises(OSError, match="away"):
        upkeep.once()
    upkeep.once()
    upkeep.once()
    assert len(tries) == 2
