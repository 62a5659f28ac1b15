"""Opening a ledger: its pages are checked, its schema is brought up to date, its life gets a name."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from kiosk.store import epochs
from kiosk.store.errors import LedgerDamagedError, LedgerError
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_schema import bring_up_to_date
from kiosk.store.ledger_tables import device
from kiosk.store.transactions import writing
from kiosk.store.watermark import MARK_SUFFIX, Watermark
from replica.encrypted import DamagedFileError, EncryptedFileError, open_encrypted, quick_check, says_damaged

_CACHE_MIB = 4


def open_ledger(path: Path, key: bytes, *, new_epoch: Callable[[], UUID], now: datetime) -> Ledger:
    """Open a ledger, making it when there is none, check its pages, and bring it to this program's schema.

    Args:
        path: the file.
        key: 32 bytes.
        new_epoch: gives the life of a new ledger its random name.
        now: aware UTC.

    Raises:
        LedgerDamagedError: no start can open it; the file is as it was.
        LedgerError: it can't be used; the file is as it was.

    """
    try:
        engine = open_encrypted(path, key, create=True, cache_mib=_CACHE_MIB, begins=False)
    except DamagedFileError as error:
        raise LedgerDamagedError(str(error)) from None
    except EncryptedFileError as error:
        raise LedgerError(str(error)) from None
    connection = engine.connect()
    watermark = Watermark(path.with_suffix(MARK_SUFFIX), key)
    ledger = Ledger(engine, connection, watermark)
    try:
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
        quick_check(connection, path=path)
        bring_up_to_date(connection)
        _make_device(connection, new_epoch, now)
        watermark.hold(epochs.standing(connection, ledger.last_seq()), lambda seq: epochs.value_after(connection, seq))
    except DamagedFileError as error:
        ledger.close()
        raise LedgerDamagedError(str(error)) from None
    except EncryptedFileError as error:
        ledger.close()
        raise LedgerError(str(error)) from None
    except DBAPIError as error:
        ledger.close()
        message = f"{path.name}: can't be used: {error.orig}"
        raise (LedgerDamagedError if says_damaged(error.orig) else LedgerError)(message) from None
    except BaseException:
        ledger.close()
        raise
    return ledger


def _make_device(connection: Connection, new_epoch: Callable[[], UUID], now: datetime) -> None:
    if connection.execute(select(device.c.only)).first() is None:
        with writing(connection):
            values = {"only": 1, "epoch": new_epoch(), "made_at": now, "snapshot_version": 0, "problem": ""}
            connection.execute(insert(device), values)
            connection.commit()
