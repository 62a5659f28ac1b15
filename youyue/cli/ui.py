"""``youyue ui``: the screens themselves."""

import sys
from pathlib import Path

import click
from PySide6.QtGui import QGuiApplication

from ui.fonts import FontMissingError
from ui.gallery.glass import Look
from ui.gallery.hang import INDEX, hang
from ui.gallery.plan import FORMATS, Exhibition, NothingToShowError, Wing, chosen_views, shown_languages
from ui.window import WindowError, prepare_environment
from youyue.cli.refusals import FAILED, USAGE, refuse


@click.group()
def ui() -> None:
    """The screens of a kiosk."""


@ui.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder for the pictures; made if missing."
)
@click.option("--view", "patterns", multiple=True, help="Only the states of this name, such as home or 'borrow*'; may be given again.")
@click.option("--language", "spoken", multiple=True, type=click.Choice(shown_languages()), help="Only this language; may be given again.")
@click.option(
    "--look", "looks", multiple=True, type=click.Choice([look.value for look in Look]), help="Only this look; may be given again."
)
@click.option("--format", "formats", multiple=True, type=click.Choice([*FORMATS]), help="Only this glass; may be given again.")
def gallery(out: Path, patterns: tuple[str, ...], spoken: tuple[str, ...], looks: tuple[str, ...], formats: tuple[str, ...]) -> None:
    """Draw every screen in every state, language and look, as pictures with contact sheets and a page over all (index.html).

    Works without a screen. Needs no kiosk and no registry: the states are examples.
    """
    try:
        exhibition = Exhibition(
            chosen_views(patterns), spoken or shown_languages(), [Look(look) for look in looks] or [*Look], formats or [*FORMATS]
        )
    except NothingToShowError as error:
        refuse(error, USAGE)
    prepare_environment(headless=True)
    app = QGuiApplication(sys.argv[:1])
    try:
        hang(exhibition, out, drawn=_tell)
    except OSError as error:
        refuse(f"{out}: can't be written to ({error.strerror or error}); choose another with --out", USAGE)
    except (FontMissingError, WindowError) as error:
        refuse(error, FAILED)
    finally:
        app.shutdown()
    click.echo(f"{len(exhibition)} pictures: {out / INDEX}")


def _tell(wing: Wing) -> None:
    click.echo(f"drawn: {wing.name}", err=True)
