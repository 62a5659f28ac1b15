"""The root of the command line: global options, the groups, and the translation of known errors."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import click

import youyue
from youyue import logs
from youyue.cli.lazy import LazyGroup
from youyue.cli.refusals import EXIT_CODES, USAGE, refuse
from youyue.settings import LoadedSettings, SettingsError, load

_HELP = f"""悠閱 Youyue: the EasyCard library kiosk and its registry.

\b
Try it:            youyue demo
A registry:        youyue registry serve
A kiosk:           youyue registry code L12     (on the registry: a one-time code)
                   youyue kiosk enrol --registry URL --code CODE
                   youyue kiosk run
No network?        youyue outbox export --to STICK   (and on the registry:)
                   youyue registry outbox import FILE
What is wrong?     youyue doctor                (on a kiosk)
                   youyue registry doctor       (on the registry)
A card reader:     youyue reader watch          (and in another terminal:)
                   youyue card insert 04A32B1C

{EXIT_CODES}
"""


class _Root(LazyGroup):
    modules: ClassVar[dict[str, tuple[str, str]]] = {
        "card": ("devices", "Virtual cards."),
        "demo": ("demo", "The whole chain on one machine: registry, two kiosks, card reader."),
        "doctor": ("doctor", "What is wrong with this kiosk, since when, what to do."),
        "item": ("devices", "Virtual books."),
        "kiosk": ("kiosk", "A kiosk: enrol it, run it."),
        "outbox": ("outbox", "What this kiosk has still to tell the registry: list, explain, export to a stick."),
        "printer": ("printers", "The receipt printer: how it is, a test slip, one made of software."),
        "reader": ("devices", "Card readers, real and virtual."),
        "scanner": ("scanners", "Barcode scanners: what is plugged in, what each scan is taken for."),
        "slip": ("slips", "Slips of a running kiosk: list them, print one again."),
        "registry": ("registry", "The central registry: make it, serve it."),
        "ui": ("ui", "The screens: a gallery of all of them."),
    }


@click.group(cls=_Root, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    help="Settings file (TOML); default: $YOUYUE_SETTINGS or /etc/youyue/youyue.toml.",
)
@click.option("--verbose", is_flag=True, help="Also log what happens inside.")
@click.version_option(youyue.__version__, message="youyue %(version)s")
@click.pass_context
def root(context: click.Context, file: Path | None, *, verbose: bool) -> None:
    """Read the settings once for whatever command follows."""
    try:
        loaded = load(file)
    except SettingsError as error:
        refuse(error, USAGE)
    logs.configure(verbose=verbose or loaded.settings.log.verbose)
    context.obj = loaded


@root.command("settings")
@click.pass_obj
def show_settings(loaded: LoadedSettings) -> None:
    """Print every effective setting and where it came from."""
    width = max(len(setting.name) for setting in loaded.effective)
    for setting in loaded.effective:
        click.echo(f"{setting.name:<{width}}  {setting.value!r:<30}  {setting.origin}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code; never with a traceback for a user's mistake."""
    root.main(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="youyue")
