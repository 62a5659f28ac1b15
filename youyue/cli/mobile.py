"""``youyue registry mobile``: the devices on which a patron's mobile card is, and the keys that its codes are signed with."""

from datetime import datetime

import click

from registry.house import Registry
from youyue.cli.desk import CATALOGUES, at_the_registry, national_id_option, number_argument, patron_of, say, staff_option


@click.group()
def mobile() -> None:
    """Mobile cards: a patron's devices; sign them out; a new key for codes."""


@mobile.command("list")
@number_argument
@national_id_option
@staff_option
@at_the_registry
def list_(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """List the devices of the patron of the card NUMBER, those that were signed out too."""
    patron = patron_of(registry, number, national_id=national_id)
    found = registry.desk.mobile.devices(patron.id, by=staff)

    def local(at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(registry.settings.zone):%Y-%m-%d %H:%M}"

    for one in found:
        device = one.device
        times = {"at": local(device.signed_in_at), "seen": local(device.last_seen_at), "out": local(device.signed_out_at)}
        for catalogue in CATALOGUES:
            line = "mobile.line" if device.signed_out_at is None else "mobile.line.out"
            click.echo(catalogue.say(line, name=device.name, app=one.app_name, **times))
    if not found:
        say("mobile.none", name=patron.masked_name)


@mobile.command("sign-out-all")
@number_argument
@national_id_option
@staff_option
@at_the_registry
def sign_out_all(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """Sign out every device of the patron of the card NUMBER; the cards go on working."""
    patron = patron_of(registry, number, national_id=national_id)
    count = registry.desk.mobile.sign_out_all(patron.id, by=staff)
    say("mobile.signed_out", name=patron.masked_name, count=count)


@mobile.command("new-key")
@click.option("--at-once", is_flag=True, help="Somebody else may have the key: end the ones before now.")
@staff_option
@at_the_registry
def new_key(registry: Registry, *, at_once: bool, staff: str) -> None:
    """Make a new key for codes. It is told to kiosks a day before it signs, unless it must be AT ONCE."""
    made = registry.desk.mobile.keys.renew(at_once=at_once, by=staff)
    at = made.signs_from.astimezone(registry.settings.zone)
    say("mobile.new_key.at_once" if at_once else "mobile.new_key", number=made.number, at=f"{at:%Y-%m-%d %H:%M}")
