"""Snapshots over real HTTP: signed, immutable, resumable, one branch at one instant."""

import hashlib
import os
import sqlite3
import stat
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import create_engine, select
from uuid_utils.compat import uuid7

import replica.tables
from circulation.wire import SignedManifest, SnapshotManifest
from registry.exchange.snapshots import ShelfPolicy, SnapshotShelf, SnapshotStoppedError
from registry.house_errors import SnapshotExistsError
from registry.outside import Outside
from registry.settings import RegistrySettings
from replica.tables import SCHEMA_VERSION
from tests.builders import an_item
from tests.integration.registry.city import City, Clock, Kiosk, a_checkout, problem_of

OUTSIDE = Outside(Clock(), uuid7, os.urandom)


def manifest_of(kiosk: Kiosk) -> SnapshotManifest:
    answer = kiosk.request("GET", "/v1/snapshots/latest")
    assert answer.status_code == 200, answer.text
    signed = msgspec.json.decode(answer.content, type=SignedManifest)
    Ed25519PublicKey.from_public_bytes(kiosk.me.registry_key).verify(signed.signature, signed.manifest)
    return msgspec.json.decode(signed.manifest, type=SnapshotManifest)


def fetched(kiosk: Kiosk, manifest: SnapshotManifest) -> bytes:
    answer = kiosk.request("GET", f"/v1/snapshots/{manifest.name}")
    assert answer.status_code == 200
    return answer.content


def opened(kiosk: Kiosk, folder: Path, manifest: SnapshotManifest) -> sqlite3.Connection:
    path = folder / f"replica-{uuid4()}.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(fetched(kiosk, manifest)))
    assert path.stat().st_size == manifest.plain_size
    return sqlite3.connect(path)


def test_a_snapshot_is_what_its_signed_manifest_says(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    manifest = manifest_of(kiosk)
    packed = fetched(kiosk, manifest)
    assert (len(packed), hashlib.sha256(packed).hexdigest()) == (manifest.size, manifest.sha256)
    assert manifest.sha256 in manifest.name
    assert (manifest.branch, manifest.feed, manifest.cursor, manifest.schema) == ("C01", city.feed, 0, SCHEMA_VERSION)
    file = opened(kiosk, tmp_path, manifest)
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (state,) = file.execute("SELECT schema_version, branch, feed, cursor, version, card_key_version FROM state").fetchall()
    assert state == (SCHEMA_VERSION, "C01", city.feed.bytes, 0, manifest.version, 1)
    file.close()


def test_a_snapshot_has_the_replicas_tables_and_indexes_and_no_others(kiosk: Kiosk, tmp_path: Path) -> None:
    file = opened(kiosk, tmp_path, manifest_of(kiosk))
    ours = tmp_path / "ours.db"
    engine = create_engine(f"sqlite:///{ours}")
    replica.tables.metadata.create_all(engine)
    engine.dispose()
    expected = sqlite3.connect(ours)
    query = "SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name"
    assert file.execute(query).fetchall() == expected.execute(query).fetchall()
    for table in replica.tables.metadata.tables:
        pragma = f"PRAGMA table_info({table})"
        assert file.execute(pragma).fetchall() == expected.execute(pragma).fetchall()
    file.close()
    expected.close()


def test_a_snapshot_holds_every_patron_card_and_loan_but_items_of_its_branch_only(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk, tmp_path: Path
) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    here, there = opened(kiosk, tmp_path, manifest_of(kiosk)), opened(other_kiosk, tmp_path, manifest_of(other_kiosk))
    for file, items, regular in ((here, 4, 1), (there, 1, 0)):
        tables = ("patron", "card", "loan", "item", "branch", "calendar")
        counts = {table: file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608 - named above
        assert counts == {"patron": 2, "card": 2, "loan": 1, "item": items, "branch": 2, "calendar": 1}
        assert file.execute("SELECT sum(regular_here) FROM patron").fetchone() == (regular,)
        assert file.execute("SELECT cursor FROM state").fetchone() == (1,)
    rows = here.execute("SELECT key, patron, state FROM card ORDER BY patron").fetchall()
    assert rows[0] == (city.key_of(city.ming_card), city.ming.bytes, "active")
    here.close()
    there.close()


def test_the_replicas_own_tables_read_what_was_written(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact))
    file = opened(kiosk, tmp_path, manifest_of(kiosk))
    path = file.execute("PRAGMA database_list").fetchone()[2]
    file.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        loan = connection.execute(select(replica.tables.loan)).one()
        assert (loan.id, loan.patron, loan.due, loan.lent_at, loan.title) == (fact.loan, city.ming, fact.due, city.clock(), "小王子")
        rules = connection.execute(select(replica.tables.rule_set)).one()
        assert rules.by_class["personal"]["days"]["book"] == 30
        calendar = connection.execute(select(replica.tables.calendar)).one()
        assert calendar.weekly["1"] == ["08:30", "21:00"]
        state = connection.execute(select(replica.tables.state)).one()
        assert (state.feed, state.verified_at) == (city.feed, city.clock())
    engine.dispose()


def test_a_snapshot_names_nobody(city: City, kiosk: Kiosk) -> None:
    plain = zstandard.ZstdDecompressor().decompress(fetched(kiosk, manifest_of(kiosk)))
    for secret in ("王小明", "小明", "歐陽小華", "A123456789", "F131234569", "2014-05-06", "04A32B1C"):
        assert secret.encode() not in plain
    assert bytes.fromhex("04A32B1C") not in plain
    assert "王○○".encode() in plain


def test_the_same_snapshot_is_given_until_it_is_too_old(city: City, kiosk: Kiosk) -> None:
    first = manifest_of(kiosk)
    city.registry.add_items([an_item(barcode=str(n)) for n in range(5)])
    assert manifest_of(kiosk) == first


class TestWithLittlePatience:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(snapshot_lag=3)

    def test_a_snapshot_that_is_too_far_behind_is_built_anew_with_a_higher_version(self, city: City, kiosk: Kiosk) -> None:
        first = manifest_of(kiosk)
        city.registry.add_items([an_item(barcode=str(n)) for n in range(4)])
        second = manifest_of(kiosk)
        assert second.version > first.version
        assert (first.cursor, second.cursor) == (0, 4)
        assert fetched(kiosk, first) != fetched(kiosk, second)
        city.registry.add_items([an_item(barcode=f"b{n}") for n in range(4)])
        manifest_of(kiosk)
        assert kiosk.request("GET", f"/v1/snapshots/{first.name}").status_code == 404
        files = [path.name for path in (city.registry.folder / "snapshots").iterdir()]
        assert len(files) == 2


def test_a_download_resumes_where_it_broke_off(kiosk: Kiosk) -> None:
    manifest = manifest_of(kiosk)
    whole = fetched(kiosk, manifest)
    path = f"/v1/snapshots/{manifest.name}"
    rest = kiosk.request("GET", path, headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 100-{manifest.size - 1}/{manifest.size}"
    assert whole[:100] + rest.content == whole
    tag = rest.headers["ETag"]
    assert kiosk.request("GET", path, headers={"Range": "bytes=100-", "If-Range": tag}).status_code == 206
    assert kiosk.request("GET", path, headers={"Range": "bytes=100-", "If-Range": '"another"'}).content == whole
    assert kiosk.request("GET", path, headers={"If-None-Match": tag}).status_code == 304
    beyond = kiosk.request("GET", path, headers={"Range": f"bytes={manifest.size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{manifest.size}")


@pytest.mark.parametrize("name", ["x.zst", "..%2F..%2Fregistry.db", "%2e%2e%2fkeys", "latest%00"])
def test_no_other_file_can_be_fetched(kiosk: Kiosk, name: str) -> None:
    manifest_of(kiosk)
    answer = kiosk.request("GET", f"/v1/snapshots/{name}")
    assert answer.status_code == 404
    assert problem_of(answer).code in {"snapshot_unknown", "not_found"}


def test_another_branchs_snapshot_is_not_given(kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    manifest = manifest_of(other_kiosk)
    assert kiosk.request("GET", f"/v1/snapshots/{manifest.name}").status_code == 404


def test_nothing_plain_is_left_and_only_the_owner_may_look(city: City, kiosk: Kiosk) -> None:
    manifest = manifest_of(kiosk)
    folder = city.registry.folder / "snapshots"
    assert [path.name for path in folder.iterdir()] == [manifest.name]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_a_killed_build_left_is_removed_at_the_next_start(city: City) -> None:
    left = city.registry.folder / "snapshots" / "building-x"
    left.mkdir(parents=True)
    (left / "replica.db").write_bytes(b"plain")
    city.registry.app()
    assert not left.exists()


def test_writers_go_on_while_a_snapshot_is_built_and_it_is_of_one_instant(city: City, kiosk: Kiosk, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[UUID] = []

    def write() -> None:
        while not stop.is_set():
            item = an_item(barcode=str(len(written)))
            city.registry.add_items([item])
            written.append(item.id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            with city.registry.database.unit_of_work() as work:
                work.connection.exec_driver_sql("UPDATE snapshot SET name = NULL")
                work.commit()
            before = len(written)
            manifest = manifest_of(kiosk)
            file = opened(kiosk, tmp_path, manifest)
            (items,) = file.execute("SELECT count(*) FROM item").fetchone()
            file.close()
            # Each write is one item and one number: at one instant they agree.
            assert items == 4 + manifest.cursor
            assert manifest.cursor >= before
    finally:
        stop.set()
        writer.join()
    assert written


def test_rows_the_feed_does_not_tell_of_are_refused_once_a_snapshot_exists(city: City, kiosk: Kiosk) -> None:
    city.registry.add_items([an_item(barcode="1")], tell_feed=False)
    manifest_of(kiosk)
    with pytest.raises(SnapshotExistsError, match="tell_feed"):
        city.registry.add_items([an_item(barcode="2")], tell_feed=False)
    assert city.registry.counts()["item"] == 6


def test_a_file_that_was_lost_is_built_anew(city: City, kiosk: Kiosk) -> None:
    first = manifest_of(kiosk)
    (city.registry.folder / "snapshots" / first.name).unlink()
    second = manifest_of(kiosk)
    assert second.version > first.version
    assert fetched(kiosk, second)


class TestWithoutPatience:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(snapshot_patience=timedelta())

    def test_a_snapshot_that_takes_long_is_asked_for_again(self, city: City, kiosk: Kiosk) -> None:
        first = kiosk.request("GET", "/v1/snapshots/latest")
        assert (first.status_code, problem_of(first).code, first.headers["Retry-After"]) == (503, "snapshot_building", "5")
        deadline = time.monotonic() + 10
        while city.sql("SELECT count(*) FROM snapshot WHERE name IS NOT NULL") != [(1,)]:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        assert manifest_of(kiosk).version == 1


def test_a_build_that_is_stopped_leaves_nothing(city: City) -> None:
    shelf = SnapshotShelf(
        city.registry.folder / "snapshots", city.registry.database, city.registry.keys, OUTSIDE, ShelfPolicy(lag=1, kept=1)
    )
    shelf.stop()
    with pytest.raises(SnapshotStoppedError):
        shelf.latest("C01", None)
    assert list((city.registry.folder / "snapshots").iterdir()) == []
    assert shelf.ready("C01", None) is None
