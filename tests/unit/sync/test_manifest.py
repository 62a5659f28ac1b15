"""Which snapshots may be taken."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from circulation.wire import SignedManifest, SnapshotManifest
from replica.tables import SCHEMA_VERSION
from sync.errors import SnapshotError
from sync.manifest import MAX_PLAIN_BYTES, MAX_SNAPSHOT_BYTES, LastTaken, TakenSnapshot, checked_manifest
from tests.unit.sync.values import FEED, NOW

REGISTRY = Ed25519PrivateKey.from_private_bytes(bytes(32))
GOOD = SnapshotManifest(
    name="C01-5.zst",
    sha256="ab" * 32,
    size=10,
    plain_size=100,
    version=5,
    schema=SCHEMA_VERSION,
    branch="C01",
    feed=FEED,
    cursor=12,
    built_at=NOW,
)


def signed(manifest: bytes, key: Ed25519PrivateKey = REGISTRY) -> SignedManifest:
    return SignedManifest(manifest=manifest, signature=key.sign(manifest))


def check(manifest: SignedManifest, taken: TakenSnapshot | None = None) -> SnapshotManifest:
    return checked_manifest(
        manifest, registry_key=REGISTRY.public_key().public_bytes_raw(), branch="C01", taken=taken or TakenSnapshot(4, "cd" * 32)
    )


def test_a_signed_and_newer_manifest_of_the_own_branch_is_read() -> None:
    assert check(signed(msgspec.json.encode(GOOD))) == GOOD


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"branch": "C02"}, "branch"),
        ({"schema": SCHEMA_VERSION + 1}, "schema"),
        ({"version": 3}, "version"),
        ({"version": 4}, "version"),
        ({"name": "../ledger.db"}, "name"),
        ({"name": ""}, "name"),
        ({"name": ".hidden"}, "name"),
        ({"sha256": "AB" * 32}, "sha256"),
        ({"sha256": "../" + "a" * 61}, "sha256"),
        ({"size": 0}, "size"),
        ({"size": MAX_SNAPSHOT_BYTES + 1}, "size"),
        ({"plain_size": 0}, "plain_size"),
        ({"plain_size": MAX_PLAIN_BYTES + 1}, "plain_size"),
        ({"version": "5"}, "manifest"),
        ({"v": 2}, "manifest"),
    ],
)
def test_a_manifest_that_may_not_be_taken_is_named_with_its_field(change: dict[str, Any], place: str) -> None:
    with pytest.raises(SnapshotError, match=f"^{place}: "):
        check(signed(msgspec.json.encode(msgspec.to_builtins(GOOD) | change)))


def test_the_snapshot_taken_last_may_be_fetched_again_for_a_damaged_replica() -> None:
    assert check(signed(msgspec.json.encode(GOOD)), TakenSnapshot(GOOD.version, GOOD.sha256)) == GOOD


def test_a_manifest_signed_by_somebody_else_is_refused() -> None:
    with pytest.raises(SnapshotError, match=r"^signature: "):
        check(signed(msgspec.json.encode(GOOD), Ed25519PrivateKey.generate()))


@given(position=st.integers(0, len(msgspec.json.encode(GOOD)) - 1), flip=st.integers(1, 255))
def test_no_byte_of_a_manifest_can_be_changed(position: int, flip: int) -> None:
    honest = signed(msgspec.json.encode(GOOD))
    forged = bytearray(honest.manifest)
    forged[position] ^= flip
    with pytest.raises(SnapshotError, match=r"^signature: "):
        check(SignedManifest(manifest=bytes(forged), signature=honest.signature))


@pytest.mark.parametrize("rubbish", [b"", b"[]", b"\xff\xfe", b'{"v":1}', b"[" * 100_000])
def test_rubbish_is_refused_even_when_the_registry_signed_it(rubbish: bytes) -> None:
    with pytest.raises(SnapshotError, match=r"^manifest: "):
        check(signed(rubbish))


def test_the_last_snapshot_taken_is_remembered(tmp_path: Path) -> None:
    assert LastTaken(tmp_path).recall() == TakenSnapshot(0, "")
    LastTaken(tmp_path).remember(TakenSnapshot(7, "ef" * 32))
    assert LastTaken(tmp_path).recall() == TakenSnapshot(7, "ef" * 32)
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot-taken.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"version":"7"}', b"\xff"])
def test_a_broken_memory_of_the_last_snapshot_is_no_licence_for_an_older_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "snapshot-taken.json").write_bytes(content)
    with pytest.raises(SnapshotError, match=r"snapshot-taken\.json"):
        LastTaken(tmp_path).recall()


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"snapshot-taken\.json can't be written"):
        LastTaken(tmp_path / "gone").remember(TakenSnapshot(1, "ab" * 32))
