"""A ledger that no start can open is set aside: renamed beside its place, with the date, never deleted. A new one is begun, and told of."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from kiosk.store.errors import LedgerDamagedError
from kiosk.store.ledger import Ledger
from kiosk.store.opening import open_ledger

_PATTERN: Final = "ledger-set-aside-*.db"
_WAL: Final = "-wal"
_SHM: Final = "-shm"

_log = structlog.get_logger()


def open_or_begin(path: Path, key: bytes, *, new_epoch: Callable[[], UUID], now: datetime) -> Ledger:
    """Open a ledger; a damaged one is set aside and another one begun in a new epoch, of which the registry will hear.

    Args:
        path: the file.
        key: 32 bytes.
        new_epoch: gives the life of a new ledger its random name.
        now: aware UTC; names what is set aside.

    Raises:
        LedgerError: it can't be used for another reason, or not be renamed; the file is as it was.

    """
    try:
        ledger = open_ledger(path, key, new_epoch=new_epoch, now=now)
    except LedgerDamagedError as error:
        aside = _set_aside(path, error, now=now)
        _log.error("ledger_set_aside", problem=str(error), path=aside.name)
        ledger = open_ledger(path, key, new_epoch=new_epoch, now=now)
    if ledger.last_seq() == 0 and set_aside_in(path.parent):
        ledger.owe_epoch()
    return ledger


def set_aside_in(folder: Path) -> tuple[Path, ...]:
    """The ledgers that were set aside in a kiosk's folder, the oldest first. Each may have a ``-wal`` beside it."""
    return tuple(sorted(folder.glob(_PATTERN)))


def _set_aside(path: Path, error: LedgerDamagedError, *, now: datetime) -> Path:
    aside = _free_name(path.parent, now)
    try:
        # The log goes first: a new database would take the old one's log for its own and delete it.
        for ending in (_WAL, _SHM, ""):
            own = path.with_name(path.name + ending)
            if own.exists():
                own.rename(aside.with_name(aside.name + ending))
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as problem:
        message = f"{error}; it can't be set aside: {problem.strerror}"
        raise LedgerDamagedError(message) from None
    return aside


def _free_name(folder: Path, now: datetime) -> Path:
    """A name that nothing has, or that of a log whose ledger did not come after it: power was cut in between."""
    for log in sorted(folder.glob(_PATTERN + _WAL)):
        ledger = log.with_name(log.name.removesuffix(_WAL))
        if not ledger.exists():
            return ledger
    stem = f"ledger-set-aside-{now:%Y%m%dT%H%M%SZ}"
    names = (folder / f"{stem}{ending}.db" for ending in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(name for name in names if not name.exists())
