"""Makes a city's files: one branch's plain replica, the same encrypted, and the same as the snapshot of a registry.

A registry with the library's branches, rules and opening days builds a snapshot and hands it out over
HTTP. Patrons, cards, blocks, items, loans and holds go into that file by plain SQL, and the file goes back to
the registry's shelf, packed and signed as its own: adding millions of patrons to the registry first is no
part of any measure.
"""

import hashlib
import random
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import uuid_utils.compat
import zstandard
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.schema import CreateIndex

from benchmarks.city import BRANCH, DATABASE_KEY, NOON, SEED, City, Scale, barcode_of, folder_of, state_of, uid_of
from circulation.blocks import BlockCode
from circulation.cards import CardKind
from circulation.holds import HoldState
from circulation.items import ItemKind, ItemStatus
from circulation.patrons import PatronClass
from circulation.wire import SignedManifest, SnapshotManifest, encode
from registry.house import Registry
from registry.outside import Outside
from registry.server import listen
from replica.card_keys import card_key
from replica.covers import SALT_BYTES
from replica.encrypted import encrypt_into
from replica.tables import metadata
from sync.client import RegistryClient
from sync.enrol import enrol
from sync.signing import RegistryClock, RequestSigner
from youyue.clock import SystemClock
from youyue.demo import words
from youyue.registry_room import load_library

_KEYS_BEGIN_MS = 1_772_000_000_000
_MOST_LOANS = 25
FAR_BRANCH = "A13"
_PACKING_LEVEL = 3
"""The registry's own."""
_CHUNK = 2**20


def prepared(build: Path, scale: Scale, say: Callable[[str], None]) -> City:
    """The city with its files, made when they are not there yet: 1.4 GB and minutes at the city's size, kept for the next run."""
    folder = folder_of(build, scale)
    if not folder.is_dir():
        for outdated in build.glob(f"{scale.name}-*"):
            shutil.rmtree(outdated)
        fresh = folder.with_name(folder.name + ".new")
        fresh.mkdir(parents=True)
        _make(City(scale, fresh), say)
        fresh.rename(folder)
    return City(scale, folder)


def open_registry(folder: Path, database: str = "") -> Registry:
    """The registry of a city, its rows in the folder or in the PostgreSQL database of a URL."""
    return Registry.open(folder, Outside(lambda: datetime.now(UTC), uuid_utils.compat.uuid7, secrets.token_bytes), database=database)


def _seeded_registry(folder: Path) -> Registry:
    """A new registry whose keys and feed come from the seed."""
    chance = random.Random(SEED)
    return Registry.open(folder, Outside(lambda: datetime.now(UTC), lambda: UUID(bytes=chance.randbytes(16), version=4), chance.randbytes))


def _make(city: City, say: Callable[[str], None]) -> None:
    scale = city.scale
    say(
        f"making the files of {scale.name}: {scale.patrons:,} patrons, {scale.cards:,} cards, {scale.loans:,} loans, {scale.items:,} items …"
    )
    with closing(_seeded_registry(city.registry)) as registry:
        load_library(registry)
        city.files.folder.mkdir()
        first = _fetched(registry, city)
        _fill(city.plain, scale, city.card_secret)
        say("packing the snapshot …")
        _put_on_shelf(registry, city, first)
    say("encrypting the replica …")
    target = city.files.next_path()
    encrypt_into(city.plain, target, DATABASE_KEY)
    city.files.put_in_place(target)


def _fetched(registry: Registry, city: City) -> SnapshotManifest:
    """The snapshot that the registry builds of the library without people: unpacked to ``city.plain``."""
    with registry.server(listen()) as server:
        identity = enrol(city.files.folder, registry=server.url, code=registry.issue_code(BRANCH).code, name="benchmark")
        client = RegistryClient(server.url, signer=RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(SystemClock())))
        manifest = msgspec.json.decode(client.latest_snapshot().manifest, type=SnapshotManifest)
        with client.snapshot(manifest.name, start=0, limit=manifest.size) as download:
            packed = b"".join(download.chunks)
        client.close()
    city.plain.write_bytes(zstandard.ZstdDecompressor().decompress(packed, max_output_size=manifest.plain_size))
    return manifest


def _put_on_shelf(registry: Registry, city: City, first: SnapshotManifest) -> None:
    """Put the whole replica in the place of the registry's first snapshot, under the cover by which kiosks ask for it."""
    shelf = city.registry / "snapshots"
    cover, salt = registry.covers.in_force(), secrets.token_bytes(SALT_BYTES)
    assert cover is not None
    stream = cover.stream(salt)
    packed, digest = shelf / "packed", hashlib.sha256()
    compressor = zstandard.ZstdCompressor(level=_PACKING_LEVEL, threads=-1).compressobj(size=city.plain.stat().st_size)
    with city.plain.open("rb") as source, packed.open("wb") as target:
        while chunk := source.read(_CHUNK):
            some = stream.update(compressor.compress(chunk))
            digest.update(some)
            target.write(some)
        some = stream.update(compressor.flush())
        digest.update(some)
        target.write(some)
    name = first.name.replace(first.sha256, digest.hexdigest())
    sizes = {"size": packed.stat().st_size, "plain_size": city.plain.stat().st_size}
    covered = msgspec.structs.replace(first, name=name, sha256=digest.hexdigest(), cover=cover.id, salt=salt, **sizes)
    manifest = encode(covered)
    signed = SignedManifest(manifest=manifest, signature=registry.keys.sign(manifest))
    packed.rename(shelf / name)
    (shelf / first.name).unlink()
    with closing(sqlite3.connect(city.registry / "registry.db")) as file, file:
        file.execute("UPDATE snapshot SET name = ?, manifest = ?, signature = ?", (name, signed.manifest, signed.signature))


def _fill(path: Path, scale: Scale, secret: bytes) -> None:
    """Insert the rows of the city, each table in the order of its key, and build the indexes afterwards, as the registry does."""
    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY"):
            file.execute(f"PRAGMA {pragma}")
        for index in indexes:
            file.execute(f"DROP INDEX {index.name}")
        file.execute("BEGIN")
        file.executemany("INSERT INTO patron VALUES (?, ?, ?, ?, ?, ?)", _patrons(scale))
        file.execute("CREATE TEMP TABLE unsorted (key BLOB, patron BLOB, kind TEXT, state TEXT)")
        file.executemany("INSERT INTO temp.unsorted VALUES (?, ?, ?, ?)", _cards(scale, secret))
        file.execute("INSERT INTO card SELECT * FROM temp.unsorted ORDER BY key")
        file.execute("DROP TABLE temp.unsorted")
        file.executemany("INSERT INTO block VALUES (?, ?, ?, ?)", _blocks(scale))
        file.executemany("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?)", _items(scale))
        file.executemany("INSERT INTO loan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _loans(scale))
        file.executemany("INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _holds(scale))
        for index in indexes:
            file.execute(str(CreateIndex(index).compile(dialect=sqlite_dialect.dialect())))
        file.execute("COMMIT")


def row_key(kind: bytes, number: int) -> bytes:
    """A key that is made later sorts later, as a UUIDv7 does; the same for the same number."""
    tail = int.from_bytes(hashlib.blake2b(number.to_bytes(4, "big"), digest_size=10, person=kind).digest(), "big")
    bits = (_KEYS_BEGIN_MS + number) << 80 | tail
    bits = bits & ~(0xF << 76) | 7 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return bits.to_bytes(16, "big")


def _patrons(scale: Scale) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED + 1)
    names = [surname + "○○" for surname in words.SURNAMES] + [surname + "○" for surname in words.COMPOUND_SURNAMES]
    kinds = (PatronClass.PERSONAL.value, PatronClass.FAMILY.value)
    for number in range(scale.patrons):
        kind = kinds[number % 30 == 29]
        expires = f"{2026 + number % 9}-08-31" if number % 3 else None
        yield row_key(b"patron", number), chance.choice(names), kind, expires, number % 8 != 7, number % 40 == 39


def _cards(scale: Scale, secret: bytes) -> Iterator[tuple[object, ...]]:
    for number in range(scale.cards):
        kind = CardKind.EASYCARD if number < scale.patrons else CardKind.IPASS
        yield card_key(uid_of(number), secret=secret), row_key(b"patron", number % scale.patrons), kind.value, state_of(number).value


def _blocks(scale: Scale) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED + 2)
    codes = [code.value for code in BlockCode]
    for number in range(scale.blocks):
        patron = chance.randrange(scale.patrons)
        until = (date(2026, 3, 1) + timedelta(days=chance.randrange(60))).isoformat() if number % 2 else None
        yield row_key(b"block", number), row_key(b"patron", patron), chance.choice(codes), until


def _items(scale: Scale) -> Iterator[tuple[object, ...]]:
    for number in range(scale.items):
        status = ItemStatus.AVAILABLE.value
        yield row_key(b"item", number), barcode_of(number), title_of(number), kind_of(number).value, status, BRANCH, None


def title_of(number: int) -> str:
    pattern = words.PATTERNS[number % len(words.PATTERNS)]
    subject = words.SUBJECTS[number // len(words.PATTERNS) % len(words.SUBJECTS)]
    return pattern.format(subject)


def kind_of(number: int) -> ItemKind:
    return ItemKind.AUDIO_VISUAL if number % 15 == 14 else ItemKind.HOT_TITLE if number % 11 == 10 else ItemKind.BOOK


def _loans(scale: Scale) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED + 3)
    first = NOON - timedelta(days=30)
    holders = _holders(scale, chance)
    for number, patron in enumerate(holders):
        lent_at = first + timedelta(days=30) * number / scale.loans
        here = number < scale.lent_here
        item, code = (row_key(b"item", number), barcode_of(number)) if here else (row_key(b"far", number), f"9{number:013d}")
        due = (lent_at + timedelta(days=30)).date().isoformat()
        micros = int(lent_at.timestamp() * 1_000_000)
        of_item = item, title_of(number), kind_of(number).value
        at = code, BRANCH if here else FAR_BRANCH, number % 20 == 19
        yield row_key(b"loan", number), row_key(b"patron", patron), *of_item, due, micros, number % 4 == 3, *at


def _holds(scale: Scale) -> Iterator[tuple[object, ...]]:
    """A hold for every tenth borrower; one in four is ready."""
    for number in range(0, scale.borrowers, 10):
        ready = number % 40 == 0
        where = BRANCH if number % 20 == 0 else FAR_BRANCH
        until, queue = ("2026-03-20", 0) if ready else (None, 1 + number % 7)
        state = HoldState.READY if ready else HoldState.WAITING
        yield (
            row_key(b"hold", number),
            row_key(b"patron", number),
            title_of(number),
            state.value,
            where,
            "A-07" if ready else "",
            until,
            queue,
        )


def _holders(scale: Scale, chance: random.Random) -> Iterable[int]:
    """Who has each loan: every borrower one at least, most a few, some as many as they may; in the order of no patron."""
    holders = list(range(min(scale.borrowers, scale.loans)))
    while len(holders) < scale.loans:
        more = min(_MOST_LOANS - 1, int(chance.expovariate(1 / 6)), scale.loans - len(holders))
        holders += [chance.randrange(scale.borrowers)] * more
    chance.shuffle(holders)
    return holders
