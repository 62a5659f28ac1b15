"""The doctor over real registries, on both engines: served, stopped, of another time, hurt."""

import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from registry.store_inspection import inspect_registry
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.covered import CoveredKiosk
from tests.integration.registry.homes import FILE, Home, Homes
from tests.integration.registry.stage import Stage
from tests.kiosk_world import ManualClock
from youyue.doctor.findings import Finding, Level
from youyue.doctor.registry_round import RegistryRound
from youyue.doctor.rounds import Practice, RegistryPlace


def looked(home: Home, *, at: ManualClock | None = None) -> dict[str, Finding]:
    place = RegistryPlace(home.folder, home.url or "", "http://127.0.0.1:1")
    return {finding.code: finding for finding in RegistryRound(place, Practice(at or ManualClock()))._database()}


def bad(found: dict[str, Finding]) -> set[str]:
    return {code for code, finding in found.items() if finding.level is not Level.OK}


@pytest.fixture
def closed(city: City) -> Home:
    """A home that no program has open."""
    city.registry.close()
    return city.home


def test_a_registry_that_serves_is_looked_into_with_its_kiosks(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    CoveredKiosk(kiosk).poll(city)
    found = looked(city.home, at=ManualClock(wall=city.clock()))
    assert bad(found) == set()
    assert ("PostgreSQL" if city.home.url else "SQLite") in str(found["database"].values["engine"])
    one = found["kiosk"].values
    assert (one["branch"], one["facts"], one["lives"], one["heard"]) == ("C01", 1, 1, city.clock())
    assert one["epoch"] == str(kiosk.epoch)
    assert found["feed_head"].values["facts"] == 1


def test_a_kiosk_that_has_been_silent_is_named_with_its_last_day(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    CoveredKiosk(kiosk).poll(city)
    heard = city.clock()
    later = ManualClock(wall=heard + timedelta(days=8))
    found = looked(city.home, at=later)
    assert (bad(found), found["kiosk_silent"].since) == ({"kiosk_silent"}, heard)


def test_a_kiosk_whose_program_is_from_before_covers_is_named(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert bad(looked(city.home, at=ManualClock(wall=city.clock()))) == {"kiosk_without_cover"}


def test_looking_changes_nothing_and_makes_nothing(closed: Home, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in closed.folder.rglob("*") if path.is_file() and path.suffix == ".db"}
    looked(closed)
    assert {path: path.read_bytes() for path in before} == before
    nowhere = Home(tmp_path / "nowhere")
    assert "database_missing" in looked(nowhere)
    assert not nowhere.folder.exists()


def test_a_database_without_tables_is_no_registry(homes: Homes, tmp_path: Path) -> None:
    empty = homes.empty(tmp_path / "empty")
    if empty.url is None:
        (empty.folder / FILE).touch()
    assert bad(looked(empty)) == {"database_missing", "key_missing"}
    homes.remove(empty)


def test_tables_of_another_revision_are_told_apart(closed: Home) -> None:
    with closing(closed.database()) as database:
        database.downgrade("0003")
    assert bad(looked(closed)) == {"database_older"}
    with closing(closed.database()) as database, database.unit_of_work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        work.commit()
    assert bad(looked(closed)) == {"database_newer"}


def test_keys_are_held_against_the_newest_snapshot(city: City, kiosk: Kiosk) -> None:
    assert kiosk.request("GET", "/v1/snapshots/latest").status_code == 200
    assert looked(city.home)["keys"].level is Level.OK
    key = city.home.folder / "keys" / "registry-signing.key"
    key.write_bytes(os.urandom(32))
    assert "key_other" in bad(looked(city.home))
    key.chmod(0o644)
    key.with_name("card-key-1.key").unlink()
    assert {"key_open", "key_missing"} <= bad(looked(city.home))


def test_a_database_that_was_hurt_is_named(closed: Home) -> None:
    if closed.url is not None:
        away = replace(closed, url=closed.url.replace("/test_", "/nobody_"))
        assert "database_broken" in bad(looked(away))
        assert "registry:" not in str(looked(away)["database_broken"].values), "the URL holds a password"
        return
    path = closed.folder / FILE
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(os.urandom(4096))
    assert "database_broken" in bad(looked(closed))
    path.write_bytes(b"Dear librarian, " * 600)
    assert "database_broken" in bad(looked(closed))


def test_a_service_is_asked_where_it_answers(stage: Stage, city: City) -> None:
    place = RegistryPlace(city.home.folder, city.home.url or "", stage.url)
    practice = Practice(ManualClock())
    with stage.serving(city.registry):
        assert [finding.code for finding in RegistryRound(place, practice)._service()] == ["network"]
    away = RegistryPlace(city.home.folder, "", "http://127.0.0.1:1")
    assert [finding.code for finding in RegistryRound(away, practice)._service()] == ["network_connection"]


def test_a_certificate_s_file_that_can_not_be_read_is_named(stage: Stage, city: City, tmp_path: Path) -> None:
    (tmp_path / "server.crt").write_bytes(b"none")
    for path in ("server.crt", "missing.crt"):
        place = RegistryPlace(city.home.folder, "", "http://127.0.0.1:1", str(tmp_path / path))
        codes = [finding.code for finding in RegistryRound(place, Practice(ManualClock()))._service()]
        assert codes == ["network_connection", "certificate_unreadable"]


def test_an_inspection_reads_while_a_writer_writes(city: City) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(text("UPDATE feed_head SET n = n + 1"))
        seen = inspect_registry(city.home.folder / FILE, city.home.url or "")
    assert seen.holds is not None
