"""``youyue registry rules``: what the library allows, from when, and who says so."""

from datetime import datetime
from pathlib import Path

import click

from circulation.patrons import PatronClass
from circulation.rules import RuleSet
from registry.house import Registry
from registry.terms.rule_changes import RulePreview, single_rules
from texts.catalogue import Catalogue
from youyue.cli.desk import CATALOGUES, at_the_registry, said, say, staff_option
from youyue.cli.previews import go_ahead, said_plainly, yes_option
from youyue.cli.table_files import read_or_refuse
from youyue.rule_file import read_rule_file

_OF_KINDS = {"days", "extra", "renewal_days"}


@click.group()
def rules() -> None:
    """Lending rules: limits, days, renewals, late returns, holds; each version with its date and its source."""


@rules.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The rules of this day; default: today.")
@at_the_registry
def show(registry: Registry, *, day: datetime | None) -> None:
    """Show the rules that hold on a day."""
    found = registry.desk.rules.on(None if day is None else day.date())
    if found is None:
        say("rules.none_on", date="" if day is None else f"{day:%Y-%m-%d}")
        return
    _show(found)


@rules.command()
@at_the_registry
def history(registry: Registry) -> None:
    """List every version, the newest first: from when, where it comes from, who recorded it."""
    for one in registry.desk.rules.history():
        say("rules.set", version=one.rule_set.version, date=one.rule_set.effective_from, source=one.rule_set.source)
        if one.at is not None:
            click.echo(f"  {said('rules.recorded', at=f'{one.at.astimezone(registry.settings.zone):%Y-%m-%d %H:%M}', by=one.by)}")
        if one.because:
            click.echo(f"  {said('rules.because', because=one.because)}")


@rules.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--retroactive", metavar="REASON", default="", help="Why the rules hold for days that are over.")
@yes_option
@staff_option
@at_the_registry
def add(registry: Registry, *, file: Path, retroactive: str, yes: bool, staff: str) -> None:
    """Put the version in FILE (TOML, one [[rule_set]]) on record, after showing what changes, from when and for whom."""
    new = read_or_refuse(file, read_rule_file, words="rules")
    with said_plainly():
        preview = registry.desk.rules.preview(new, because=retroactive)
        _show_changes(preview)
        if go_ahead("rules", yes=yes):
            count = registry.desk.rules.add(new, by=staff, because=retroactive)
            say("rules.added", version=new.version)
            if count:
                say("rules.reckoned", count=count)


def _show(found: RuleSet) -> None:
    say("rules.set", version=found.version, date=found.effective_from, source=found.source)
    for patron_class in PatronClass:
        say(f"rules.class.{patron_class}")
        for path, value in single_rules(found, patron_class):
            click.echo(f"  {' / '.join(f'{_name(path, one)}: {_value(value, one)}' for one in CATALOGUES)}")


def _show_changes(preview: RulePreview) -> None:
    say("rules.starts", date=preview.starts)
    if preview.ends is not None:
        say("rules.ends", date=preview.ends)
    for change in preview.changes:
        for catalogue in CATALOGUES:
            line = catalogue.say(
                "rules.change",
                patron_class=catalogue.say(f"rules.class.{change.patron_class}"),
                name=_name(change.path, catalogue),
                old=_value(change.old, catalogue),
                new=_value(change.new, catalogue),
            )
            click.echo(f"  {line}")
    if not preview.changes:
        say("rules.no_change")
    for patron_class in dict.fromkeys(change.patron_class for change in preview.changes):
        for catalogue in CATALOGUES:
            name = catalogue.say(f"rules.class.{patron_class}")
            click.echo(catalogue.say("rules.patrons", patron_class=name, count=preview.patrons.get(patron_class, 0)))


def _name(path: tuple[str, ...], catalogue: Catalogue) -> str:
    if path[0] in _OF_KINDS:
        return catalogue.say(f"rules.name.{path[0]}", kind=catalogue.say(f"rules.kind.{path[1]}"))
    return catalogue.say(f"rules.name.{'.'.join(path)}")


def _value(value: object, catalogue: Catalogue) -> str:
    match value:
        case None:
            return catalogue.say("rules.unsaid")
        case bool():
            return catalogue.say("rules.yes" if value else "rules.no")
        case _:
            return str(value)
