"""Whose file it is: the headings and card form of a sender, as they were saved, given with the command, or asked for."""

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from circulation.cards import NumberForm
from registry.rosters.desk import RosterDesk
from registry.rosters.headings import LAYOUTS, Field, folded, map_headings, shown_heading
from registry.rosters.loading import LoadedRoster, RosterOrder
from registry.rosters.number_forms import form_of
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.senders import own_headings
from registry.rosters.sheet import open_sheet
from youyue.cli.desk import said
from youyue.cli.refusals import USAGE, refuse
from youyue.roster_room import Progress


def as_before(desk: RosterDesk, order: RosterOrder, card_form: str | None, maps: Sequence[str], *, accept: bool) -> RosterOrder:
    """The order with what is known of its sender; what the command says goes before what was saved, cards that were compared before both.

    Raises:
        RosterFileError: a mapping that fits nothing.
        FormContradictedError: the sender was found to write card numbers in another form.

    """
    wanted = NumberForm(card_form) if card_form else None
    given = own_headings(maps)
    if order.sender is None:
        if given or accept:
            refuse("--map and --accept-headings need --sender: whose headings they are", USAGE)
        return replace(order, number_form=wanted or NumberForm.HEX)
    saved = desk.format_of(order.sender, order.kind)
    form = form_of(desk.calibrated_form_of(order.sender), given=wanted, saved=None if saved is None else saved.number_form)
    own = {**({} if saved is None else saved.own), **given}
    if accept:
        here = {folded(heading) for heading in open_sheet(order.path, replace(LAYOUTS[order.kind], own=own)).headings}
        own = {heading: field for heading, field in own.items() if heading in here or heading in given}
    return replace(order, number_form=form, own_headings=own, saved=None if accept or given else saved)


def load_asking(desk: RosterDesk, order: RosterOrder, progress: Progress) -> LoadedRoster:
    """Read the file; a person at a terminal is asked for the headings of columns that a sender calls otherwise.

    Raises:
        RosterFileError: it is no such roster.

    """
    try:
        return desk.load(order, told=progress.read)
    except RosterFileError as error:
        if error.fault is not FileFault.COLUMNS_MISSING or order.sender is None or not sys.stdin.isatty():
            raise
        return desk.load(replace(order, own_headings={**order.own_headings, **_asked(order, error)}, saved=None), told=progress.read)


def _asked(order: RosterOrder, error: RosterFileError) -> dict[str, Field]:
    """A heading for each missing column. Where not one heading is known, the row is somebody's data, and nothing is asked."""
    headings = [heading for heading in open_sheet(order.path, order.layout).headings if folded(heading)]
    if not any(order.layout.field_of(heading) for heading in headings):
        raise error
    click.echo(said("roster.map.headings", headings="、".join(map(shown_heading, headings))), err=True)
    found: dict[str, Field] = {}
    for name in str(error.values["columns"]).split("、"):
        column = name.split("／")[0]
        heading: str = click.prompt(said("roster.map.ask", field=column), err=True)
        found[folded(heading)] = Field(column)
    map_headings(headings, replace(order.layout, own={**order.own_headings, **found}))
    return found
