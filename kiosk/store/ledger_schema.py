"""Bringing a ledger to the schema of this program."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from kiosk.store.errors import LedgerError
from kiosk.store.transactions import writing

HEAD = "v0006"
"""The revision this program works with: the last one under ``migrations/versions``."""


def bring_up_to_date(connection: Connection) -> None:
    """Run the revisions that are missing, all of them or none, and not one more.

    Raises:
        LedgerError: a newer program made this ledger.

    """
    found = _revision(connection)
    if found == HEAD:
        return  # without importing Alembic: a kiosk's start counts

    from alembic import command  # noqa: PLC0415 - only an old ledger needs it, every start would pay
    from alembic.config import Config  # noqa: PLC0415 - only an old ledger needs it, every start would pay
    from alembic.util import CommandError  # noqa: PLC0415 - only an old ledger needs it, every start would pay

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    with writing(connection):
        try:
            command.upgrade(config, HEAD)
        except CommandError:
            message = f"the ledger was made by a newer program (revision {found}); this one reads {HEAD}. Update the program"
            raise LedgerError(message) from None
        connection.commit()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
