"""When the link between patron and item is cut, as a library sets it."""

import threading
from datetime import timedelta

import pytest

from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.test_retention import LINKS, borrowed_and_returned


class TestInARunningService:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), upkeep=timedelta(milliseconds=20))

    def test_it_is_done_without_being_asked(self, city: City, kiosk: Kiosk) -> None:
        borrowed_and_returned(city, kiosk)
        city.clock.pass_(days=15)
        looks = (city.sql(LINKS) for _ in range(3000) if not threading.Event().wait(0.005))
        assert next(look for look in looks if look == [(0, 0, 0)])


class TestWithAShorterWindow:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(dispute_window=timedelta(hours=1), unread_kept=timedelta(hours=2))

    def test_how_long_is_the_librarys_choice(self, city: City, kiosk: Kiosk) -> None:
        borrowed_and_returned(city, kiosk)
        kiosk.push(4, b"42")
        city.clock.pass_(minutes=59)
        assert city.registry.retention().once() == 0
        city.clock.pass_(minutes=1)
        city.registry.retention().once()
        assert city.sql(LINKS) == [(0, 1, 0)]
        city.clock.pass_(hours=1)
        city.registry.retention().once()
        assert city.sql(LINKS) == [(0, 0, 0)]
