"""Rows that rot on a kiosk's disk are put right by comparing them: the real core, workers, registry, and HTTP between them."""

from contextlib import closing

import pytest

from kiosk.events import RangesChecked
from kiosk.settings import KioskSettings
from kiosk.view import Attract
from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from tests.integration.registry.city import City
from tests.integration.sync.test_chain import BARCODES, Kiosk
from tests.integration.sync.test_epochs import Place, city, lending, memory, place, server

__all__ = ["city", "memory", "place", "server"]

ALWAYS = KioskSettings(compare_every=0)


def nothing(kiosk: Kiosk) -> None:
    kiosk.shown(lambda view: isinstance(view.screen, Attract))


def until_compared(kiosk: Kiosk) -> RangesChecked:
    while True:
        event = kiosk.heard.get(timeout=10)
        if isinstance(event, RangesChecked):
            return event


def spoil(place: Place, statement: str) -> None:
    path = ReplicaFiles(place.folder).current()
    assert path is not None
    with closing(connect_encrypted(path, place.identity.database_key)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM item", "UPDATE item SET kind = 'hologram'", "DELETE FROM patron", "UPDATE card SET state = 'lost'"]
)
def test_rows_that_have_rotted_are_those_of_the_registry_after_one_comparison(city: City, place: Place, statement: str) -> None:
    place.run(lending(city, BARCODES[0]))
    spoil(place, statement)

    def mended(kiosk: Kiosk) -> None:
        first = until_compared(kiosk).answer
        assert first is not None
        assert len(first.differing) == 1
        lending(city, BARCODES[1])(kiosk)
        second = until_compared(kiosk).answer
        assert second is not None
        assert second.differing == ()

    place.run(mended, settings=ALWAYS)
