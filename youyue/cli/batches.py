"""``youyue registry batches``: rows that came together, those that wait, and undoing a wrong one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import click

from registry.house import Registry
from registry.keys import KeyFileError
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.rosters.problems import RosterFileError
from registry.rosters.report import count_lines, file_lines, unusual_lines
from registry.rosters.store_batches import Batch, BatchState
from registry.rosters.store_writing import RegistryMovedError
from youyue.cli.desk import CATALOGUES, at_the_registry, said, say, staff_option
from youyue.cli.opening import database_option, folder_option
from youyue.cli.refusals import FAILED, USAGE, refuse

_WRONG_WORDS = {BatchRefusal.UNKNOWN}
key_argument = click.argument("key", metavar="BATCH", type=click.UUID)
yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.group(invoke_without_command=True)
@folder_option
@database_option
@click.pass_context
def batches(context: click.Context, folder: Path | None, database: str | None) -> None:
    """List what came, newest first: its key, kind, school year, when, what became of it, how many rows, who brought it."""
    if context.invoked_subcommand is None:
        _listed(folder=folder, database=database)
    elif folder or database:
        refuse(f"write --folder and --database after {context.invoked_subcommand}", USAGE)


@at_the_registry
def _listed(registry: Registry) -> None:
    found = registry.rosters.batches.batches()
    for one in found:
        _line(registry, one)
    if not found:
        say("batch.none")


@batches.command()
@key_argument
@staff_option
@at_the_registry
def show(registry: Registry, *, key: UUID, staff: str) -> None:
    """Show the batch BATCH; of one that waits, what storing it would change now."""
    with _said_plainly():
        batch, preview, unusual = registry.rosters.batches.show(key, by=staff)
        _line(registry, batch)
        for line in count_lines(preview, CATALOGUES) if preview is not None else ():
            click.echo(line)
        for line in unusual_lines(unusual, CATALOGUES):
            click.echo(line)


@batches.command()
@key_argument
@yes_option
@staff_option
@at_the_registry
def commit(registry: Registry, *, key: UUID, yes: bool, staff: str) -> None:
    """Store the batch BATCH that waits, and destroy its key."""
    with _said_plainly():
        _, preview, _ = registry.rosters.batches.show(key, by=staff)
        for line in count_lines(preview, CATALOGUES) if preview is not None else ():
            click.echo(line)
        if not (yes or _agreed("batch.ask.commit")):
            say("batch.kept")
            return
        registry.rosters.batches.commit(key, by=staff, seen=preview)
    say("batch.committed")


@batches.command()
@key_argument
@staff_option
@at_the_registry
def discard(registry: Registry, *, key: UUID, staff: str) -> None:
    """Throw the batch BATCH away that waits: its rows can't be read again."""
    with _said_plainly():
        registry.rosters.batches.discard(key, by=staff)
    say("batch.discarded")


@batches.command()
@key_argument
@staff_option
@at_the_registry
def approve(registry: Registry, *, key: UUID, staff: str) -> None:
    """Say as a second person (--staff) that the batch BATCH, which is unlike last year's, is right."""
    with _said_plainly():
        registry.rosters.batches.approve(key, by=staff)
    say("batch.approved")


@batches.command()
@key_argument
@yes_option
@click.option("--dry-run", is_flag=True, help="Show what would be undone, and change nothing.")
@staff_option
@at_the_registry
def undo(registry: Registry, *, key: UUID, yes: bool, dry_run: bool, staff: str) -> None:
    """Undo the batch BATCH: what stands as it left it is put back, what has changed since becomes a case."""
    with _said_plainly():
        if registry.rosters.batches.show(key, by=staff)[0].state is BatchState.UNDONE:
            say("batch.nothing_to_undo")
            return
        preview = registry.rosters.undo.preview(key)
        for name, count in preview.counts.items():
            click.echo(f"{count:>8}  {said(f'batch.undo.{name}')}")
        if dry_run or not (yes or _agreed("batch.ask.undo")):
            say("batch.kept")
            return
        registry.rosters.undo.undo(key, by=staff, seen=preview)
    say("batch.undone")


def _agreed(key: str) -> bool:
    if not sys.stdin.isatty():
        refuse(f"{said('batch.kept')} {said('desk.ask_for_yes')}", USAGE)
    return click.confirm(said(key), default=False)


def _line(registry: Registry, one: Batch) -> None:
    at = one.loaded_at.astimezone(registry.settings.zone)
    for catalogue in CATALOGUES:
        values = {
            "id": one.id,
            "kind": one.kind,
            "year": one.school_year,
            "at": f"{at:%Y-%m-%d %H:%M}",
            "state": catalogue.say(f"batch.state.{one.state}"),
            "rows": one.counts.get("rows", 0),
            "by": f"{one.actor} ({catalogue.say(f'batch.channel.{one.channel}')})",
        }
        click.echo(catalogue.say("batch.line", **values))


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except BatchRefusedError as error:
        refuse(said(f"batch.refused.{error.code}"), USAGE if error.code in _WRONG_WORDS else FAILED)
    except RosterFileError as error:
        refuse(" / ".join(file_lines(error, CATALOGUES)), USAGE)
    except RegistryMovedError:
        refuse(said("roster.moved"), FAILED)
    except KeyFileError as error:
        refuse(error, FAILED)
