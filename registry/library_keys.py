"""The keys of the library in a database."""

from pathlib import Path

from registry.database import Database
from registry.exchange import store_feed
from registry.keys import RegistryKeys, make_keys, read_keys
from registry.outside import Outside


def keys_of(database: Database, folder: Path, outside: Outside) -> RegistryKeys:
    """Keys are made with a library, never for one that is there: every card key of it was made with its own.

    Raises:
        KeyFileError: a key file is missing, damaged, another library's, or readable by others.

    """
    with database.reading() as connection:
        begun, mark = store_feed.is_begun(connection), store_feed.mark_of_keys(connection)
    return read_keys(folder, mark=mark) if begun else make_keys(folder, random_bytes=outside.random_bytes)
