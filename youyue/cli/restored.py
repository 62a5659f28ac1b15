"""``youyue registry restored``: after the registry was put back from a backup."""

import click

from registry.house import Registry
from youyue.cli.desk import CATALOGUES, at_the_registry, say, staff_option
from youyue.cli.previews import go_ahead, yes_option


@click.command()
@yes_option
@staff_option
@at_the_registry
def restored(registry: Registry, *, staff: str, yes: bool) -> None:
    """Tell all kiosks that this registry was put back from a backup: each fetches a snapshot and sends again what it still holds.

    A service that runs hears of it by itself. A registry notices most such cases alone; this is for when nobody has told it yet.
    """
    room = registry.restored
    known = room.standing()
    at = known.heard_at and known.heard_at.astimezone(registry.settings.zone)
    say("restored.preview" if at else "restored.preview.never", at=f"{at:%Y-%m-%d %H:%M}" if at else "", position=known.position)
    for one in known.kiosks:
        for catalogue in CATALOGUES:
            click.echo("  " + catalogue.say("restored.kiosk", branch=one.branch, name=one.name, number=one.last_seq))
    say("restored.what")
    if go_ahead("restored", yes=yes):
        made = room.begin(by=staff)
        say("restored.done", count=len(known.kiosks), version=made.above)
