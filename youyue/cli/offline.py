"""``youyue registry offline``: what kiosks may do while they can't hear the registry, from when, and who says so."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from circulation.documents import DocumentError
from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms, written_limits
from registry.house import Registry
from registry.terms.offline_desk import OfflinePreview, OfflineRefusedError
from texts.catalogue import Catalogue
from youyue.cli.desk import CATALOGUES, at_the_registry, said, say, staff_option
from youyue.cli.previews import go_ahead, yes_option
from youyue.cli.refusals import USAGE, refuse
from youyue.cli.table_files import read_or_refuse, refuse_file
from youyue.offline_file import file_of, placed, read_offline_file

Answer = TypeVar("Answer")
_UNLIMITED = {"patron_per_hour", "kiosk_per_hour"}
file_argument = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group()
def offline() -> None:
    """Offline terms: how much kiosks lend without the registry; signed, each version with its date and its source."""


@offline.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The terms of this day; default: today.")
@click.option("--branch", default="", help="The limits of this branch's kiosks; default: the library's, and which branches differ.")
@click.option("--as-file", is_flag=True, help="Write them as a file to change and to give to set.")
@at_the_registry
def show(registry: Registry, *, day: datetime | None, branch: str, as_file: bool) -> None:
    """Show the terms that hold on a day."""
    found = registry.desk.offline.on(None if day is None else day.date())
    if as_file:
        click.echo(file_of(found or OfflineTerms(1, registry.desk.offline.today(), "?")), nl=False)
        return
    if found is None:
        say("offline.none_on")
        _show(OfflineLimits())
        return
    say("offline.terms", version=found.version, date=found.effective_from, source=found.source)
    _show(found.for_branch(branch))
    if not branch and found.branches:
        say("offline.branches", branches=", ".join(sorted(found.branches)))


@offline.command()
@at_the_registry
def history(registry: Registry) -> None:
    """List every version, the newest first: from when, where it comes from, who recorded it."""
    for one in reversed(registry.desk.offline.history()):
        say("offline.terms", version=one.version, date=one.effective_from, source=one.terms.source)
        click.echo(f"  {said('rules.recorded', at=f'{one.at.astimezone(registry.settings.zone):%Y-%m-%d %H:%M}', by=one.by)}")


@offline.command()
@file_argument
@at_the_registry
def preview(registry: Registry, *, file: Path) -> None:
    """Show what the terms in FILE would change, and change nothing."""
    new = read_or_refuse(file, read_offline_file, words="offline")
    _show_changes(_plainly(file, lambda: registry.desk.offline.preview(new)))


@offline.command(name="set")
@file_argument
@yes_option
@staff_option
@at_the_registry
def set_terms(registry: Registry, *, file: Path, yes: bool, staff: str) -> None:
    """Sign the terms in FILE (TOML, one [offline]) and put them on record, after showing what changes and from when."""
    new = read_or_refuse(file, read_offline_file, words="offline")
    _show_changes(_plainly(file, lambda: registry.desk.offline.preview(new)))
    if go_ahead("offline", yes=yes):
        _plainly(file, lambda: registry.desk.offline.add(new, by=staff))
        say("offline.added", version=new.version)


def _plainly(file: Path, ask: Callable[[], Answer]) -> Answer:
    """What the desk answers; its refusals in one line."""
    try:
        return ask()
    except OfflineRefusedError as error:
        refuse(f"{said(f'offline.refused.{error.code}')} {said('offline.nothing_done')}", USAGE)
    except DocumentError as error:
        refuse_file(file, placed(error, file.read_text(encoding="utf-8")), words="offline")


def _show(limits: OfflineLimits) -> None:
    for name, value in written_limits(limits).items():
        words = (f"{one.say(f'offline.name.{name}')}: {_value(name, value, one)}" for one in CATALOGUES)
        click.echo(f"  {' / '.join(words)}")


def _show_changes(found: OfflinePreview) -> None:
    say("offline.starts", date=found.terms.effective_from)
    if found.ends is not None:
        say("offline.ends", date=found.ends)
    for change in found.changes:
        for catalogue in CATALOGUES:
            line = catalogue.say(
                "offline.change",
                branch=change.branch or catalogue.say("offline.everywhere"),
                name=catalogue.say(f"offline.name.{change.name}"),
                old=_value(change.name, change.old, catalogue),
                new=_value(change.name, change.new, catalogue),
            )
            click.echo(f"  {line}")
    if not found.changes:
        say("offline.no_change")


def _value(name: str, value: object, catalogue: Catalogue) -> str:
    if isinstance(value, list):
        return "; ".join(
            catalogue.say("offline.step.regulars" if one["regulars_only"] else "offline.step", hours=one["up_to_hours"], items=one["items"])
            for one in value
        )
    return catalogue.say("offline.unlimited") if name in _UNLIMITED and value == 0 else str(value)
