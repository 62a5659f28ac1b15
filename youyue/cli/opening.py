"""Opening the registry for a command: where it is, and what to say when it can't be used."""

from pathlib import Path

import click

from registry.database_errors import DatabaseAddressError, DatabaseAwayError, DatabaseUnfitError
from registry.house import Registry
from registry.keys import KeyFileError
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.registry_room import open_registry
from youyue.settings import LoadedSettings

folder_option = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="The registry's folder; default: the setting registry.folder."
)
database_option = click.option(
    "--database",
    metavar="URL",
    help="A PostgreSQL database (postgresql://USER@HOST/DATABASE) instead of a file in the folder; default: the setting "
    "registry.database. Others on this machine can read a command's words: write a password into ~/.pgpass or the settings.",
)


def open_for(loaded: LoadedSettings, folder: Path | None, database: str | None) -> Registry:
    """The registry, or the end of the command with one line."""
    section = loaded.settings.registry
    place = folder or Path(section.folder)
    try:
        return open_registry(place, loaded.settings, section.database if database is None else database)
    except DatabaseAddressError as error:
        refuse(error, USAGE)
    except DatabaseAwayError as error:
        refuse(error, MISSING)
    except (DatabaseUnfitError, KeyFileError) as error:
        refuse(error, FAILED)
    except OSError as error:
        refuse(f"{place}: can't be used ({error.strerror}); choose another with --folder", USAGE)
