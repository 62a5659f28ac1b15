"""Snapshot bootstrap over real HTTP: a good one becomes an encrypted replica, everything else leaves nothing behind."""

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles
from sync.client import RegistryClient
from sync.errors import RegistryUnreachableError, RequestEndedError, SnapshotError, SyncError
from sync.identity import Identity
from sync.memory import USUAL_MEMORY, PrivateMemory
from sync.snapshot import SnapshotFetcher
from tests.integration.sync.loopback import Exchange, Loopback
from tests.integration.sync.snapshots import CANARY, PATRONS, Snapshot, SnapshotServer, a_snapshot, an_image, half, masked_name
from tests.unit.sync.values import an_identity

KEY = Ed25519PrivateKey.generate()


@dataclass
class Kiosk:
    """A kiosk's folders and identity."""

    folder: Path
    memory: Path
    identity: Identity

    def replicas(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("replica*"))

    def in_memory(self) -> list[str]:
        private = self.memory / "private"
        return sorted(path.name for path in private.iterdir()) if private.exists() else []

    def names(self, replica: Path) -> list[str]:
        with closing(connect_encrypted(replica, self.identity.database_key)) as connection:
            return [row[0] for row in connection.execute("SELECT masked_name FROM patron ORDER BY id")]

    def plain_text_found(self) -> bool:
        return any(CANARY.encode() in path.read_bytes() for path in self.folder.iterdir())


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    memory = Path(mkdtemp(dir=USUAL_MEMORY))
    folder = tmp_path / "kiosk"
    folder.mkdir()
    yield Kiosk(folder, memory, an_identity(registry_key=KEY.public_key().public_bytes_raw()))
    shutil.rmtree(memory)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return an_image(tmp_path_factory.mktemp("image") / "image.db")


@pytest.fixture
def snapshot(image: bytes) -> Snapshot:
    return a_snapshot(image, KEY)


@contextmanager
def a_fetcher(kiosk: Kiosk, answers: Callable[[Exchange], None]) -> Iterator[SnapshotFetcher]:
    with Loopback(answers) as server:
        client = RegistryClient(server.url)
        yield SnapshotFetcher(client, kiosk.identity, kiosk.folder, PrivateMemory(kiosk.memory / "private"))
        client.close()


def fetch(kiosk: Kiosk, answers: Callable[[Exchange], None]) -> Path:
    with a_fetcher(kiosk, answers) as fetcher:
        return fetcher.fetch()


def test_a_snapshot_becomes_an_encrypted_replica_and_nothing_plain_is_left(kiosk: Kiosk, snapshot: Snapshot) -> None:
    replica = fetch(kiosk, SnapshotServer(snapshot))
    assert replica == kiosk.folder / "replica-1.db"
    assert kiosk.names(replica) == [masked_name(number) for number in range(PATRONS)]
    assert kiosk.replicas() == ["replica-1.db"], "putting it in place is the core's"
    assert list(kiosk.memory.iterdir()) == []
    assert not kiosk.plain_text_found()


def test_the_next_snapshot_gets_the_next_number(kiosk: Kiosk, snapshot: Snapshot, tmp_path: Path) -> None:
    ReplicaFiles(kiosk.folder).put_in_place(fetch(kiosk, SnapshotServer(snapshot)))
    later = a_snapshot(an_image(tmp_path / "next.db", version=2, cursor=40), KEY, version=2, cursor=40)
    assert fetch(kiosk, SnapshotServer(later)).name == "replica-2.db"


def test_an_older_snapshot_is_never_taken_again_and_the_same_one_is(kiosk: Kiosk, snapshot: Snapshot, tmp_path: Path) -> None:
    later = a_snapshot(an_image(tmp_path / "next.db", version=2), KEY, version=2)
    fetch(kiosk, SnapshotServer(later))
    with pytest.raises(SnapshotError, match="version: 1 is below 2"):
        fetch(kiosk, SnapshotServer(snapshot))
    assert fetch(kiosk, SnapshotServer(later)).name == "replica-2.db"


def test_a_download_goes_on_where_it_was_cut_also_for_a_new_process(kiosk: Kiosk, snapshot: Snapshot) -> None:
    server = SnapshotServer(snapshot, half)
    for _ in range(2):
        with pytest.raises(RegistryUnreachableError):
            fetch(kiosk, server)
    server.deliver = None
    assert kiosk.names(fetch(kiosk, server))
    first, second, third = (int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0 for asked in server.ranges)
    assert 0 == first < second < third < len(snapshot.packed)


def test_a_whole_download_is_not_fetched_again(kiosk: Kiosk, snapshot: Snapshot) -> None:
    private = kiosk.memory / "private"
    private.mkdir(mode=0o700)
    (private / f"{snapshot.manifest.sha256}.part").write_bytes(snapshot.packed)
    server = SnapshotServer(snapshot)
    assert kiosk.names(fetch(kiosk, server))
    assert server.ranges == []


def test_a_server_that_ignores_the_range_starts_the_download_over(kiosk: Kiosk, snapshot: Snapshot) -> None:
    def whole(exchange: Exchange, packed: bytes, _start: int) -> None:
        exchange.answer(packed)

    server = SnapshotServer(snapshot, half)
    with pytest.raises(RegistryUnreachableError):
        fetch(kiosk, server)
    server.deliver = whole
    assert kiosk.names(fetch(kiosk, server))


def test_another_part_than_was_asked_for_is_refused(kiosk: Kiosk, snapshot: Snapshot) -> None:
    def from_the_start(exchange: Exchange, packed: bytes, _start: int) -> None:
        exchange.answer(packed, status=206, headers={"Content-Range": f"bytes 0-{len(packed) - 1}/{len(packed)}"})

    server = SnapshotServer(snapshot, half)
    with pytest.raises(RegistryUnreachableError):
        fetch(kiosk, server)
    server.deliver = from_the_start
    with pytest.raises(SyncError, match="Content-Range"):
        fetch(kiosk, server)


def changed_byte(exchange: Exchange, packed: bytes, start: int) -> None:
    exchange.answer(packed[start:-1] + bytes([packed[-1] ^ 1]))


def too_long(exchange: Exchange, packed: bytes, start: int) -> None:
    exchange.answer(packed[start:] + b"more")


def endless(exchange: Exchange, packed: bytes, start: int) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n\r\n" + packed[start:])
    while True:
        exchange.send(bytes(65536))


def short(exchange: Exchange, packed: bytes, start: int) -> None:
    exchange.answer(packed[start:-10])


def not_found(exchange: Exchange, _packed: bytes, _start: int) -> None:
    exchange.answer(b"<html>", status=404)


@pytest.mark.parametrize("deliver", [changed_byte, too_long, endless, short, not_found])
def test_a_snapshot_whose_bytes_are_wrong_leaves_nothing_and_the_next_try_heals(
    kiosk: Kiosk, snapshot: Snapshot, deliver: Callable[[Exchange, bytes, int], None]
) -> None:
    server = SnapshotServer(snapshot, deliver)
    with pytest.raises(SyncError):
        fetch(kiosk, server)
    assert kiosk.replicas() == []
    assert "plain.db" not in kiosk.in_memory()
    assert not kiosk.plain_text_found()
    server.deliver = None
    assert kiosk.names(fetch(kiosk, server))
    assert kiosk.in_memory() == []


def packed_zeros(size: int) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(bytes(size))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda image: a_snapshot(image, KEY, packed=packed_zeros(len(image) - 1)), "unpacks to less than"),
        (
            lambda image: a_snapshot(image, KEY, packed=zstandard.ZstdCompressor().compress(image)[:-3]),
            "unpacks to less than|can't be unpacked",
        ),
        (lambda image: a_snapshot(image, KEY, packed=b"no zstd at all"), "can't be unpacked"),
        (lambda _: a_snapshot(b"no database" * 100, KEY), "plain.db: is no database"),
        (lambda image: a_snapshot(image[:5000] + bytes(len(image) - 5000), KEY), "is damaged|is no replica"),
        (lambda image: a_snapshot(image.replace(b"TABLE state", b"TABLE start"), KEY), "malformed database schema"),
        (lambda image: a_snapshot(image, KEY).claiming(cursor=13), "its state is not that of its manifest"),
        (lambda image: a_snapshot(image, KEY).claiming(version=9), "its state is not that of its manifest"),
        (lambda image: a_snapshot(image, KEY).claiming(branch="C02"), "branch"),
        (lambda image: a_snapshot(image, KEY).claiming(schema=99), "schema"),
        (lambda image: a_snapshot(image, Ed25519PrivateKey.generate()), "signature"),
    ],
    ids=[
        "smaller",
        "cut",
        "not packed",
        "no database",
        "damaged",
        "broken schema",
        "cursor",
        "version",
        "branch",
        "schema",
        "signature",
    ],
)
def test_a_snapshot_that_is_not_what_it_should_be_leaves_nothing(
    kiosk: Kiosk, image: bytes, make: Callable[[bytes], Snapshot], reason: str
) -> None:
    with pytest.raises(SnapshotError, match=reason):
        fetch(kiosk, SnapshotServer(make(image)))
    assert kiosk.replicas() == []
    assert "plain.db" not in kiosk.in_memory()
    assert not kiosk.plain_text_found()


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may grow beyond 20 MB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_bomb_is_cut_off_where_its_manifest_says_it_ends(kiosk: Kiosk, image: bytes, small_files: None) -> None:
    bomb = a_snapshot(image, KEY, packed=packed_zeros(300_000_000))
    with pytest.raises(SnapshotError, match="unpacks to more than"):
        fetch(kiosk, SnapshotServer(bomb))
    assert kiosk.in_memory() == [f"{bomb.manifest.sha256}.part"]


def test_memory_that_fills_up_while_unpacking_leaves_nothing(kiosk: Kiosk, small_files: None) -> None:
    big = a_snapshot(bytes(30_000_000), KEY)
    with pytest.raises(SnapshotError, match=r"can't be unpacked into .*: File too large"):
        fetch(kiosk, SnapshotServer(big))
    assert kiosk.in_memory() == [f"{big.manifest.sha256}.part"]


def test_a_database_of_something_else_is_no_replica(kiosk: Kiosk, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE elsewhere (x)")
    with pytest.raises(SnapshotError, match=r"is no replica: .*no such table: state"):
        fetch(kiosk, SnapshotServer(a_snapshot(path.read_bytes(), KEY)))
    assert kiosk.replicas() == []
    assert kiosk.in_memory() == [f"{a_snapshot(path.read_bytes(), KEY).manifest.sha256}.part"]


def test_the_replica_of_another_branch_is_refused_although_its_manifest_says_ours(kiosk: Kiosk, tmp_path: Path) -> None:
    other = an_image(tmp_path / "other.db", branch="C09")
    with pytest.raises(SnapshotError, match="its state is not that of its manifest"):
        fetch(kiosk, SnapshotServer(a_snapshot(other, KEY)))
    assert kiosk.replicas() == []


def test_what_a_killed_process_left_in_memory_is_wiped_by_the_next(kiosk: Kiosk, snapshot: Snapshot) -> None:
    private = kiosk.memory / "private"
    private.mkdir(mode=0o700)
    private.joinpath("plain.db").write_bytes(b"left behind")
    private.joinpath("0" * 64 + ".part").write_bytes(b"of an older snapshot")
    fetch(kiosk, SnapshotServer(snapshot))
    assert kiosk.in_memory() == []


def test_memory_that_is_no_memory_is_refused_before_a_byte_is_fetched(
    kiosk: Kiosk, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = kiosk.folder / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n")
    monkeypatch.setattr("sync.memory._MOUNTS", mounts)
    server = SnapshotServer(snapshot)
    with pytest.raises(SnapshotError, match="is on ext4, not in memory"):
        fetch(kiosk, server)
    assert server.ranges == []


def test_too_little_memory_is_said_before_a_byte_is_fetched(kiosk: Kiosk, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    full = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("sync.memory.shutil.disk_usage", lambda _path: full)
    server = SnapshotServer(snapshot)
    with pytest.raises(SnapshotError, match="0 MiB free, the snapshot needs 18 MiB"):
        fetch(kiosk, server)
    assert server.ranges == []


def test_a_kiosk_s_folder_that_is_gone_is_a_clear_error(kiosk: Kiosk, snapshot: Snapshot) -> None:
    with a_fetcher(kiosk, SnapshotServer(snapshot)) as fetcher:
        kiosk.folder.rmdir()
        with pytest.raises(SnapshotError, match="kiosk"):
            fetcher.fetch()
        kiosk.folder.mkdir()
    assert "plain.db" not in kiosk.in_memory()


def test_a_stop_in_the_middle_of_a_download_keeps_what_was_good(kiosk: Kiosk, snapshot: Snapshot) -> None:
    arrived = Event()

    def stall(exchange: Exchange, packed: bytes, start: int) -> None:
        half(exchange, packed, start)
        arrived.set()
        exchange.wait_until_gone()

    ended: list[str] = []

    def run() -> None:
        try:
            fetcher.fetch()
        except RequestEndedError:
            ended.append("ended")

    with Loopback(SnapshotServer(snapshot, stall)) as server:
        client = RegistryClient(server.url)
        fetcher = SnapshotFetcher(client, kiosk.identity, kiosk.folder, PrivateMemory(kiosk.memory / "private"))
        thread = Thread(target=run)
        thread.start()
        assert arrived.wait(5)
        client.close()
        thread.join(5)
    assert ended == ["ended"]
    assert kiosk.in_memory() == [f"{snapshot.manifest.sha256}.part"]
    assert kiosk.replicas() == []
