"""``youyue kiosk``: one machine in a branch."""

import platform
from pathlib import Path

import click

from drivers.ports import DeviceError
from kiosk.store.errors import LedgerError
from sync.address import RegistryAddressError
from sync.enrol import enrol as enrol_at
from sync.errors import RegistryRefusedError, SyncError
from sync.identity import IdentityError
from ui.fonts import FontMissingError
from ui.window import WindowError
from youyue.cli.kiosk_mode import devices_command, mode_command
from youyue.cli.reader_option import ReaderParam
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.kiosk_app import RunOptions, run_kiosk
from youyue.machine import KioskFolderError
from youyue.reader_choice import ReaderChoice, parse_reader
from youyue.settings import LoadedSettings

folder_option = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="The kiosk's folder; default: the setting kiosk.folder."
)


@click.group()
def kiosk() -> None:
    """A kiosk."""


kiosk.add_command(mode_command)
kiosk.add_command(devices_command)


@kiosk.command()
@folder_option
@click.option("--registry", "address", required=True, help="Address of the registry, such as https://registry.library.example.")
@click.option("--code", required=True, help="The one-time code that `youyue registry code BRANCH` gave.")
@click.option("--name", default=platform.node, show_default="this machine's name", help="What people call this kiosk.")
@click.option("--ca", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The registry's own certificate authority (PEM).")
@click.pass_obj
def enrol(loaded: LoadedSettings, folder: Path | None, address: str, code: str, name: str, ca: Path | None) -> None:
    """Make this machine a kiosk of the registry: it makes its own key and shows the one-time code."""
    place = folder or Path(loaded.settings.kiosk.folder)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        identity = enrol_at(place, registry=address, code=code, name=name, ca=ca)
    except OSError as error:
        refuse(f"{place}: can't be made ({error.strerror}); choose another with --folder", USAGE)
    except (IdentityError, RegistryAddressError) as error:
        refuse(error, USAGE)
    except RegistryRefusedError as error:
        refuse(error, FAILED)
    except SyncError as error:
        refuse(f"{address}: {error}; is this the registry's address, and does it run?", MISSING)
    click.echo(f"This is a kiosk of {identity.branch_name} ({identity.branch}) now. Run it with: youyue kiosk run --folder {place}")


@kiosk.command()
@folder_option
@click.option("--reader", type=ReaderParam(), help="Which card reader; default: the setting kiosk.reader.")
@click.option("--headless", is_flag=True, help="Without a screen: draw to nowhere and print what happens.")
@click.option("--windowed", is_flag=True, help="In a window that can be closed, not in full screen.")
@click.option(
    "--place",
    type=click.IntRange(1, 2),
    default=1,
    show_default=True,
    help="Which of this machine's virtual scanners and virtual reader slots it has.",
)
@click.pass_obj
def run(loaded: LoadedSettings, folder: Path | None, reader: ReaderChoice | None, place: int, *, headless: bool, windowed: bool) -> None:
    """Run the kiosk until it is closed or told to stop (Ctrl-C, SIGTERM)."""
    settings = loaded.settings
    options = RunOptions(
        folder=folder or Path(settings.kiosk.folder),
        reader=reader or parse_reader(settings.kiosk.reader),
        place=place,
        headless=headless,
        full_screen=settings.kiosk.full_screen and not windowed and not headless,
    )
    try:
        code = run_kiosk(options, settings)
    except (IdentityError, KioskFolderError, RegistryAddressError) as error:
        refuse(error, USAGE)
    except (LedgerError, FontMissingError, WindowError) as error:
        refuse(error, FAILED)
    except DeviceError as error:
        refuse(error, MISSING)
    raise SystemExit(code)
