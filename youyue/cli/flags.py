"""``youyue registry flags``: what kiosks did, the registry found odd, and staff must look at."""

from pathlib import Path
from uuid import UUID

import click

from registry.house import Registry
from texts.catalogue import Catalogue, TextMissingError
from youyue.cli.desk import CATALOGUES, NOBODY_NAMED, at_the_registry, say, staff_option
from youyue.cli.opening import database_option, folder_option
from youyue.cli.refusals import USAGE, refuse


@click.group(invoke_without_command=True)
@folder_option
@database_option
@click.pass_context
def flags(context: click.Context, folder: Path | None, database: str | None) -> None:
    """List what waits for staff, oldest first: branch, since when, why, kiosk and number, and the key to settle it by."""
    if context.invoked_subcommand is None:
        _listed(folder=folder, database=database)
    elif folder or database:
        refuse(f"write --folder and --database after {context.invoked_subcommand}", USAGE)


@at_the_registry
def _listed(registry: Registry) -> None:
    waiting = registry.desk.flags.waiting(by=NOBODY_NAMED)
    for one in waiting:
        since = one.flagged_at.astimezone(registry.settings.zone)
        click.echo(f"{one.key}  {one.branch}  {since:%Y-%m-%d %H:%M}  {one.kiosk} #{one.seq}")
        for catalogue in CATALOGUES:
            click.echo(f"  {' / '.join(_in_words(reason, catalogue) for reason in one.reasons)}")
    if not waiting:
        say("desk.flags.none")


@flags.command()
@click.argument("key", metavar="FACT_KEY", type=click.UUID)
@click.option("--because", required=True, metavar="TEXT", help="What came of it; it is forgotten with what the flag names.")
@staff_option
@at_the_registry
def settle(registry: Registry, *, key: UUID, because: str, staff: str) -> None:
    """Settle the flag FACT_KEY: somebody looked at it. What it names is forgotten when the dispute window has passed."""
    registry.desk.flags.settle(key, because=because, by=staff)
    say("desk.flags.settled")


def _in_words(reason: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.say(f"reason.{reason}")
    except TextMissingError:  # a newer program flagged it
        return reason
