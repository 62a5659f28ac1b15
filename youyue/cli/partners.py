"""``youyue registry partners``: the machines that speak to the registry for themselves (the Bureau's system, mobile-card apps)."""

from uuid import UUID

import click

from registry.house import Registry
from registry.partners.roles import PartnerRole, fingerprint
from youyue.cli.desk import CATALOGUES, at_the_registry, say, staff_option


@click.group()
def partners() -> None:
    """Partners: who they are; register one by its public key; take one's rights away."""


@partners.command("list")
@at_the_registry
def list_(registry: Registry) -> None:
    """List all partners in the order in which they came, the revoked too."""
    found = registry.desk.partners.everyone()
    for one in found:
        click.echo(f"{one.id}  {fingerprint(one.public_key)}")
        since = (one.revoked_at or one.registered_at).astimezone(registry.settings.zone)
        for catalogue in CATALOGUES:
            role = catalogue.say(f"partner.role.{one.role}")
            line = "partner.line" if one.revoked_at is None else "partner.line.revoked"
            click.echo(f"  {catalogue.say(line, name=one.name, role=role, at=f'{since:%Y-%m-%d}', by=one.registered_by)}")
    if not found:
        say("partner.none")


@partners.command()
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in PartnerRole]), required=True, help="What it speaks for.")
@click.option(
    "--public-key", required=True, metavar="BASE64", help="The 32 bytes of its Ed25519 public key. The secret half never leaves it."
)
@staff_option
@at_the_registry
def add(registry: Registry, *, name: str, role: str, public_key: str, staff: str) -> None:
    """Register the partner NAME by its public key. Compare the fingerprint with its people before you tell them the ID."""
    made = registry.desk.partners.register(name, PartnerRole(role), public_key, by=staff)
    say("partner.added", name=made.name, partner=made.id, fingerprint=fingerprint(made.public_key))


@partners.command()
@click.argument("key", metavar="PARTNER_ID", type=click.UUID)
@staff_option
@at_the_registry
def revoke(registry: Registry, *, key: UUID, staff: str) -> None:
    """Take the rights of PARTNER_ID away; its key never comes back."""
    registry.desk.partners.revoke(key, by=staff)
    say("partner.revoked", partner=key)
