"""The demo city comes in through its rosters, and is the same city."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from circulation.cards import CardState
from circulation.items import Item, ItemStatus
from registry.cards.store import CardRecord
from registry.enrolment.store import PatronRecord
from registry.house import Registry
from youyue.demo.city import City, make_city
from youyue.demo.rosters import load_city_by_rosters
from youyue.registry_room import load_library, open_registry
from youyue.settings import Settings

TABLES = (
    "SELECT id, name, national_id, birth_date, masked_name, patron_class, expires, contact_complete, regular_at FROM patron ORDER BY id",
    "SELECT id, patron, kind, uid, state FROM card ORDER BY id",
    "SELECT id, barcode, title, kind, status, branch FROM item ORDER BY id",
)


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(seed=114, pupils=600, copies_per_branch=2)


def tables_after(load: Callable[[Registry, City], None], folder: Path, city: City) -> list[list[tuple[Any, ...]]]:
    with closing(open_registry(folder, Settings())) as registry:
        load_library(registry)
        load(registry, city)
        with registry.database.reading() as connection:
            return [[tuple(row) for row in connection.exec_driver_sql(query)] for query in TABLES]


def loaded_directly(registry: Registry, city: City) -> None:
    registry.add_patrons(
        (
            PatronRecord(
                pupil.id,
                pupil.full_name,
                pupil.national_id,
                pupil.born,
                contact_complete=pupil.contact_complete,
                regular_at=pupil.school.branch,
            )
            for pupil in city.pupils
        ),
        tell_feed=False,
    )
    registry.add_cards(
        (
            CardRecord(pupil.card, pupil.id, pupil.card_kind, pupil.uid, CardState.LOST if pupil.card_lost else CardState.ACTIVE)
            for pupil in city.pupils
        ),
        tell_feed=False,
    )
    registry.add_items(
        (Item(copy.id, copy.barcode, copy.title, copy.kind, ItemStatus.AVAILABLE, copy.branch) for copy in city.copies),
        tell_feed=False,
    )


def test_patrons_cards_and_items_are_those_of_the_city_key_for_key(city: City, tmp_path: Path) -> None:
    directly = tables_after(loaded_directly, tmp_path / "directly", city)
    by_rosters = tables_after(lambda registry, made: load_city_by_rosters(registry, made, tmp_path), tmp_path / "by-rosters", city)
    assert by_rosters == directly
    assert len(directly[0]) == len(directly[1]) == 600
