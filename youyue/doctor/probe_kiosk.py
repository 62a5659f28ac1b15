"""Looking at a kiosk: its readers, identity, databases. Reads only."""

import os
from pathlib import Path

from drivers.ports import ReaderUnavailableError
from drivers.probe import find_real_readers
from drivers.virtual_reader import VirtualReaderAddress, default_run_folder
from kiosk.store.inspection import (
    InspectionError,
    LedgerInspection,
    OfflineInspection,
    ReplicaInspection,
    inspect_ledger,
    inspect_offline,
    inspect_replica,
)
from sync.identity import IDENTITY_NAME, Identity, IdentityError, read_identity
from youyue.doctor.facts import ReaderFacts, ReaderService
from youyue.doctor.judge_kiosk import Broken, IdentityFacts
from youyue.doctor.probe_machine import changed_at

LEDGER_NAME = "ledger.db"
LOCK_NAME = "kiosk.lock"
_DAEMONS = (Path("/usr/sbin/pcscd"), Path("/usr/bin/pcscd"), Path("/sbin/pcscd"))


def see_readers(choice: str) -> ReaderFacts:
    """The readers that are plugged in, asked in a process of its own, and whether a virtual one runs."""
    virtual = VirtualReaderAddress.find(default_run_folder(os.environ, os.getuid())) is not None
    try:
        return ReaderFacts(choice, ReaderService.ANSWERS, readers=find_real_readers(os.environ), virtual=virtual)
    except ReaderUnavailableError as error:
        installed = any(daemon.exists() for daemon in _DAEMONS)
        service = ReaderService.DOES_NOT_ANSWER if installed else ReaderService.NOT_INSTALLED
        return ReaderFacts(choice, service, str(error), virtual=virtual)


def see_identity(folder: Path) -> tuple[Identity | None, IdentityFacts]:
    """The identity, or why there is none."""
    path = folder / IDENTITY_NAME
    at = changed_at(path)
    try:
        found = read_identity(folder)
    except IdentityError as error:
        return None, IdentityFacts(problem=str(error), is_missing=at is None and not path.is_symlink(), changed_at=at)
    return found, IdentityFacts(kiosk=str(found.kiosk), branch=found.branch, card_key_version=found.card_key_version, changed_at=at)


def see_ledger(folder: Path, key: bytes) -> LedgerInspection | Broken:
    """The ledger, also while the kiosk writes it."""
    try:
        return inspect_ledger(folder / LEDGER_NAME, key)
    except InspectionError as error:
        return Broken(error.fault, str(error))


def see_offline(folder: Path, key: bytes) -> OfflineInspection:
    """What the ledger holds of offline terms; nothing where it can't be looked into: of that ``see_ledger`` speaks."""
    try:
        return inspect_offline(folder / LEDGER_NAME, key)
    except InspectionError:
        return OfflineInspection()


def see_replica(folder: Path, key: bytes) -> ReplicaInspection | Broken:
    """The replica in use, also while the kiosk writes it."""
    try:
        return inspect_replica(folder, key)
    except InspectionError as error:
        return Broken(error.fault, str(error))
