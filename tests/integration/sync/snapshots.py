"""Snapshots for tests: real replica images, packed and signed, and a server that hands them out honestly or not."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine

from circulation.wire import SignedManifest, SnapshotManifest
from replica.tables import SCHEMA_VERSION, metadata
from tests.integration.sync.loopback import Exchange
from tests.unit.sync.values import FEED, NOW

CANARY = "小王子的祕密花園"


PATRONS = 10_000


def masked_name(number: int) -> str:
    """Names that do not pack well, so that a snapshot is more than one chunk on the wire."""
    return f"{CANARY}{hashlib.sha256(str(number).encode()).hexdigest()}"


def an_image(path: Path, *, branch: str = "C01", version: int = 1, cursor: int = 12, feed: UUID = FEED) -> bytes:
    """A plain replica file's bytes."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as image, image:
        image.execute("INSERT INTO state VALUES (1, ?, ?, ?, ?, ?, 1, 0)", (SCHEMA_VERSION, branch, feed.bytes, cursor, version))
        rows = ((number.to_bytes(16, "big"), masked_name(number)) for number in range(PATRONS))
        image.executemany("INSERT INTO patron VALUES (?, ?, 'personal', NULL, 1, 0)", rows)
    content = path.read_bytes()
    path.unlink()
    return content


@dataclass(frozen=True)
class Snapshot:
    """A packed image and its signed manifest."""

    packed: bytes
    manifest: SnapshotManifest
    key: Ed25519PrivateKey

    def claiming(self, **claims: str | int) -> "Snapshot":
        """The same bytes under a manifest that says something else, signed all the same."""
        return replace(self, manifest=msgspec.structs.replace(self.manifest, **claims))

    @property
    def signed(self) -> SignedManifest:
        raw = msgspec.json.encode(self.manifest)
        return SignedManifest(manifest=raw, signature=self.key.sign(raw))


def a_snapshot(image: bytes, key: Ed25519PrivateKey, *, packed: bytes | None = None, version: int = 1, cursor: int = 12) -> Snapshot:
    raw = packed if packed is not None else zstandard.ZstdCompressor(level=1).compress(image)
    manifest = SnapshotManifest(
        name=f"C01-{version}.zst",
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        plain_size=len(image),
        version=version,
        schema=SCHEMA_VERSION,
        branch="C01",
        feed=FEED,
        cursor=cursor,
        built_at=NOW,
    )
    return Snapshot(raw, manifest, key)


@dataclass
class SnapshotServer:
    """Answers for a registry that has one snapshot; ``deliver`` takes over when its bytes are asked for."""

    snapshot: Snapshot
    deliver: "Callable[[Exchange, bytes, int], None] | None" = None
    ranges: list[str | None] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> None:
        if exchange.path == "/v1/snapshots/latest":
            exchange.answer(self.snapshot.signed)
            return
        assert exchange.path == f"/v1/snapshots/{self.snapshot.manifest.name}"
        asked = exchange.headers.get("range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        (self.deliver or honestly)(exchange, self.snapshot.packed, start)


def honestly(exchange: Exchange, packed: bytes, start: int) -> None:
    part = {"Content-Range": f"bytes {start}-{len(packed) - 1}/{len(packed)}"} if start else {}
    exchange.answer(packed[start:], status=206 if start else 200, headers={"Content-Type": "application/zstd", **part})


def half(exchange: Exchange, packed: bytes, start: int) -> None:
    """Promise everything, send half of it and hang up."""
    status = "206 Partial Content" if start else "200 OK"
    part = f"Content-Range: bytes {start}-{len(packed) - 1}/{len(packed)}\r\n" if start else ""
    exchange.send(f"HTTP/1.1 {status}\r\nContent-Length: {len(packed) - start}\r\n{part}\r\n".encode())
    exchange.send(packed[start : start + (len(packed) - start) // 2])
