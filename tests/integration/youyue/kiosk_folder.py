"""A kiosk's folder with everything in it that the doctor looks at, and ways to hurt it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import msgspec

from kiosk.settings import KioskSettings
from kiosk.store.ledger import Ledger
from kiosk.store.offline_rows import KeptTerms, KeptWatch
from kiosk.store.opening import open_ledger
from replica.files import ReplicaFiles
from sync.identity import Identity, read_identity, write_identity
from tests.kiosk_world import NOON, REGISTRY, REPLICA_KEY, ManualClock, SeededKeys, a_replica_file, library_rows
from tests.unit.sync.values import an_identity
from youyue.doctor.findings import Finding
from youyue.doctor.kiosk_round import KioskRound
from youyue.doctor.rounds import KioskPlace, Practice


@dataclass(frozen=True)
class KioskFolder:
    """A kiosk that heard the registry at noon; ``clock`` is what the doctor's watch says."""

    path: Path
    identity: Identity
    clock: ManualClock

    def round(self, **practice: object) -> KioskRound:
        made = replace(Practice(self.clock), **practice)  # type: ignore[arg-type]  # a test names fields of Practice
        return KioskRound(KioskPlace(self.path, "virtual"), made, KioskSettings().offline)

    def databases(self) -> dict[str, Finding]:
        """What is said of identity, ledger, replica and news, by code."""
        return {finding.code: finding for finding in self.round()._databases()}

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with closing(open_ledger(self.path / "ledger.db", REPLICA_KEY, new_epoch=SeededKeys().new_epoch, now=NOON)) as ledger:
            yield ledger

    def hold(self, *terms: KeptTerms, watch: KeptWatch | None = None) -> None:
        """Let the ledger hold these offline terms."""
        with self.ledger() as ledger:
            ledger.keep_offline(terms, watch or KeptWatch(), at=NOON)

    def files(self) -> dict[str, bytes]:
        """All that is precious here, to the byte."""
        return {path.name: path.read_bytes() for path in self.path.iterdir() if path.is_file() and not path.name.endswith(("-shm", "-wal"))}


def a_kiosk_folder(path: Path, *, registry: str = "http://127.0.0.1:1", kiosk: UUID | None = None) -> KioskFolder:
    path.mkdir(mode=0o700)
    identity = msgspec.structs.replace(
        an_identity(registry=registry, registry_key=REGISTRY.public_key().public_bytes_raw()), database_key=REPLICA_KEY
    )
    if kiosk is not None:
        identity = msgspec.structs.replace(identity, kiosk=kiosk)
    write_identity(path, identity)
    files = ReplicaFiles(path)
    files.put_in_place(a_replica_file(files.next_path(), library_rows({})))
    folder = KioskFolder(path, identity, ManualClock())
    with folder.ledger() as ledger:
        ledger.remember_heard(NOON)
    return folder


def without_files(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def with_another_key(folder: Path) -> None:
    identity = read_identity(folder)
    (folder / "identity.json").unlink()
    write_identity(folder, msgspec.structs.replace(identity, database_key=bytes(32)))


def with_a_broken_identity(folder: Path) -> None:
    (folder / "identity.json").write_bytes(b"\xff{")


def with_an_open_identity(folder: Path) -> None:
    (folder / "identity.json").chmod(0o644)


def with_a_damaged_ledger(folder: Path) -> None:
    path = folder / "ledger.db"
    middle = path.stat().st_size // 2 // 4096 * 4096
    with path.open("r+b") as file:
        file.seek(middle)
        file.write(os.urandom(4096))


def with_a_short_ledger(folder: Path) -> None:
    os.truncate(folder / "ledger.db", 4096)


def with_a_letter_as_ledger(folder: Path) -> None:
    (folder / "ledger.db").write_bytes(b"Dear librarian, " * 600)


def with_an_empty_ledger(folder: Path) -> None:
    (folder / "ledger.db").write_bytes(b"")


def with_the_replica_as_ledger(folder: Path) -> None:
    (folder / "ledger.db").write_bytes((folder / "replica-1.db").read_bytes())


def with_a_folder_as_ledger(folder: Path) -> None:
    (folder / "ledger.db").unlink()
    (folder / "ledger.db").mkdir()


def without_replica(folder: Path) -> None:
    (folder / "replica.db").unlink()


def with_a_file_for_the_link(folder: Path) -> None:
    without_replica(folder)
    (folder / "replica.db").write_bytes(b"")


def with_a_damaged_replica(folder: Path) -> None:
    with (folder / "replica-1.db").open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(4096))
