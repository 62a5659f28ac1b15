"""A library is opened with its own keys or not at all: with others, every card of it would be a stranger's."""

import os
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from registry.house import Registry
from registry.keys import KeyFileError
from registry.outside import Outside
from tests.integration.registry.city import City
from tests.integration.registry.homes import Home


def opened(city: City, home: Home) -> Registry:
    return Registry.open(home.folder, Outside(city.clock, uuid7, os.urandom), database=home.url)


def test_a_library_whose_keys_are_missing_is_not_opened_and_gets_no_new_ones(city: City) -> None:
    for key in (city.home.folder / "keys").iterdir():
        key.unlink()
    with pytest.raises(KeyFileError, match="is missing"):
        opened(city, city.home)
    assert list((city.home.folder / "keys").iterdir()) == []


def test_a_library_is_not_opened_with_the_keys_of_another_one(city: City, tmp_path: Path) -> None:
    strangers = Registry.open(tmp_path / "theirs", Outside(city.clock, uuid7, os.urandom))
    strangers.close()
    for key in (tmp_path / "theirs" / "keys").iterdir():
        key.replace(city.home.folder / "keys" / key.name)
    with pytest.raises(KeyFileError, match="another library's"):
        opened(city, city.home)


def test_a_library_from_before_marks_takes_the_mark_of_the_keys_it_is_opened_with(city: City) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("UPDATE feed_head SET key_mark = NULL")
        work.commit()
    opened(city, city.home).close()
    assert city.sql("SELECT key_mark FROM feed_head") == [(city.registry.keys.mark,)]
