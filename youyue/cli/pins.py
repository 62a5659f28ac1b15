"""``youyue registry pin-code`` and ``pin-set``: a first PIN or a new one, by a one-time code on a slip from the desk."""

from uuid import UUID

import click

from registry.house import Registry
from youyue.cli.desk import asked, at_the_registry, national_id_option, number_argument, patron_of, say, staff_option


@click.command("pin-code")
@number_argument
@national_id_option
@click.option("--guardian", type=click.UUID, metavar="KEY", help="The guardian who takes a child's code: a key that people show names.")
@staff_option
@at_the_registry
def pin_code(registry: Registry, *, number: str | None, national_id: bool, guardian: UUID | None, staff: str) -> None:
    """Make a one-time code with which the patron of the card NUMBER sets a PIN; the code before is void. The PIN that is there works on."""
    patron = patron_of(registry, number, national_id=national_id)
    made = registry.people.codes.slip(patron.id, guardian=guardian, by=staff)
    until = made.expires_at.astimezone(registry.settings.zone)
    say("desk.pin_code", code=made.code, name=patron.masked_name, at=f"{until:%Y-%m-%d}")


@click.command("pin-set")
@staff_option
@at_the_registry
def pin_set(registry: Registry, *, staff: str) -> None:
    """Set a PIN by a one-time code; both are asked for, and the PIN is not shown."""
    code = asked("desk.ask.pin_code")
    registry.desk.pins.set_by_code(code, asked("desk.ask.pin", hidden=True), by=staff)
    say("desk.pin_set")
