"""``youyue registry revoke`` and ``youyue registry new-cover``: what is done when a kiosk, or what was on it, may be in strange hands."""

import click

from registry.house import Registry
from registry.kiosks.store import KioskRecord
from youyue.cli.desk import at_the_registry, said, say, staff_option
from youyue.cli.previews import go_ahead, yes_option
from youyue.cli.refusals import USAGE, refuse


@click.command()
@click.argument("kiosk", metavar="KIOSK")
@yes_option
@staff_option
@at_the_registry
def revoke(registry: Registry, *, kiosk: str, staff: str, yes: bool) -> None:
    """Take the rights of KIOSK away: its ID, or its name when no other kiosk in service has that.

    When it hears of it, it wipes what it knows of patrons. What card keys travel under is another from then on.
    """
    found = _the_one(registry.all_kiosks(), kiosk)
    say("revoke.preview", branch=found.branch, name=found.name, kiosk=found.id)
    say("revoke.what")
    if go_ahead("revoke", yes=yes):
        registry.revoke_kiosk(found.id, by=staff)
        say("revoke.done", branch=found.branch, name=found.name)


@click.command()
@staff_option
@at_the_registry
def new_cover(registry: Registry, *, staff: str) -> None:
    """Change what card keys travel under, as every revocation does: when what a kiosk held in memory may have been seen."""
    say("cover.changed", version=registry.covers.change(by=staff))


def _the_one(kiosks: list[KioskRecord], wanted: str) -> KioskRecord:
    meant = [one for one in kiosks if wanted in {str(one.id), one.name}]
    serving = [one for one in meant if one.revoked_at is None]
    if not meant:
        refuse(said("revoke.unknown", kiosk=wanted), USAGE)
    if not serving:
        refuse(said("revoke.already", kiosk=wanted), USAGE)
    if len(serving) > 1:
        refuse(said("revoke.several", kiosk=wanted, ids=", ".join(f"{one.branch} {one.id}" for one in serving)), USAGE)
    return serving[0]
