"""What a running service does by itself now and then."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import requests

from circulation.cards import CardState
from registry.server import listen
from registry.settings import RegistrySettings
from registry.upkeep import QuietHour, Upkeep
from tests.integration.registry.city import START, City, Kiosk, problem_of


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


def an_upkeep(city: City, work: Callable[[], object]) -> Upkeep:
    quiet = QuietHour(3, city.registry.settings.zone, city.registry.folder / "kept-up")
    return Upkeep(city.registry.refusals, [work], quiet, now=city.clock)


def test_daily_work_is_done_at_the_quiet_hour_and_at_first_when_it_never_was(city: City) -> None:
    """The tests begin at ten in the morning at the library."""
    done: list[datetime] = []
    upkeep = an_upkeep(city, lambda: done.append(city.clock()))
    for _ in range(3 * 24 * 4):
        upkeep.once()
        city.clock.pass_(minutes=15)
    assert done == [START, *(START + timedelta(days=days, hours=17) for days in range(3))]


def test_a_service_that_starts_again_remembers_what_was_done_and_makes_up_for_a_night_it_missed(city: City) -> None:
    done: list[datetime] = []

    def round_of_a_new_service(**later: float) -> int:
        city.clock.pass_(**later)
        an_upkeep(city, lambda: done.append(city.clock())).once()
        return len(done)

    assert [round_of_a_new_service(), round_of_a_new_service(hours=5), round_of_a_new_service(hours=20)] == [1, 1, 2]
    city.clock.pass_(days=-2)
    assert [round_of_a_new_service(), round_of_a_new_service(minutes=1)] == [3, 3], "a clock that was set back must not stop it for days"


@pytest.mark.parametrize("spoilt", ["", "yesterday", "2026-03-11T02:00:00"])
def test_a_memory_that_cannot_be_read_is_none(city: City, spoilt: str) -> None:
    done: list[int] = []
    (city.registry.folder / "kept-up").write_text(spoilt)
    upkeep = an_upkeep(city, lambda: done.append(1))
    upkeep.once()
    upkeep.once()
    assert done == [1]


def test_daily_work_that_failed_is_done_again_in_the_next_round(city: City) -> None:
    tries: list[int] = []

    def fails_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            message = "the database was away"
            raise OSError(message)

    upkeep = an_upkeep(city, fails_once)
    with pytest.raises(OSError, match="away"):
        upkeep.once()
    upkeep.once()
    upkeep.once()
    assert len(tries) == 2
