"""A number form that was found, kept with its sender. Of the registry: a kiosk without its packages does not load this."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from youyue.cli.calibration import FoundForm
from youyue.cli.opening import open_for
from youyue.cli.words import said
from youyue.settings import LoadedSettings


def find_and_keep(
    find: Callable[[], FoundForm], loaded: LoadedSettings, folder: Path | None, database: str | None, *, sender: str, by: str
) -> None:
    """Find the form and keep it; say what was kept before where that was another one.

    The registry is opened first: nobody is to tap cards for a form that can't be kept.
    """
    with closing(open_for(loaded, folder, database)) as registry:
        found = find()
        before = registry.rosters.desk.keep_form(sender, found.form, cards=found.cards, by=by)
    click.echo(said("calibrate.kept", sender=sender, form=found.form))
    if before is not None and before.form is not found.form:
        click.echo(said("calibrate.was_another", sender=sender, form=before.form))
