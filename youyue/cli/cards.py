"""``youyue registry cards``: the registry's desk for staff, in the folder or the database where the service runs."""

from datetime import datetime, timedelta

import click

from registry.cards.store import CardRecord
from registry.cards.store_losses import LossChannel
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.desk.store_search import PatronFound
from registry.house import Registry
from youyue.cli.at_a_card import LAST_DIGITS, at_a_card
from youyue.cli.desk import (
    CATALOGUES,
    agreed,
    at_the_registry,
    kind_of,
    kind_option,
    national_id_option,
    number_argument,
    patron_of,
    question_of,
    say,
    staff_option,
    uid_of,
)


@click.group()
def cards() -> None:
    """Cards of patrons: look one up, replace it, stop it, give it back."""


@cards.command()
@number_argument
@national_id_option
@click.option("--name", is_flag=True, help="Ask for a name: shows everybody who is called so.")
@staff_option
@at_the_registry
def show(registry: Registry, *, number: str | None, national_id: bool, name: bool, staff: str) -> None:
    """Show the patron of the card NUMBER: masked name, cards, how many loans. The audit trail notes who was shown."""
    found = registry.desk.cards.find(question_of(number, national_id=national_id, name=name), by=staff)
    if not found:
        raise DeskRefusedError(DeskRefusal.NOBODY_FOUND if number is None else DeskRefusal.NO_SUCH_RECORD)
    for patron in found:
        _show(patron)


@cards.command()
@number_argument
@national_id_option
@kind_option
@click.option("--new", "new_number", required=True, metavar="NUMBER", help="The new card's number.")
@click.option("--issued", type=click.DateTime(["%Y-%m-%d"]), help="The day the new card was issued; default: now.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@staff_option
@at_the_registry
def replace(
    registry: Registry,
    *,
    number: str | None,
    national_id: bool,
    kind: str,
    new_number: str,
    issued: datetime | None,
    yes: bool,
    staff: str,
) -> None:
    """Replace the card NUMBER, or bind a first one: the old number is no such record at once, the new one works."""
    new = uid_of(new_number)
    patron = patron_of(registry, number, national_id=national_id)
    of_kind = kind_of(patron, number, kind)
    old = next((card.uid for card in patron.cards if card.kind is of_kind), None)
    question = "desk.ask.replace" if old is not None else "desk.ask.bind"
    if not (yes or agreed(question, name=patron.masked_name, of_kind=of_kind)):
        say("desk.nothing_done")
        return
    # The card may have been issued until the last moment of that day.
    issued_at = None if issued is None else issued.replace(tzinfo=registry.settings.zone) + timedelta(days=1)
    done = registry.desk.cards.replace(NewCardOrder(patron.id, of_kind, new, old, issued_at), by=staff)
    say("desk.bound" if done.old is None else "desk.replaced", name=patron.masked_name, of_kind=of_kind)


@cards.command()
@click.option("--channel", type=click.Choice(["phone", "desk"]), required=True, help="How it was reported.")
@click.option(
    "--proof", "proofs", multiple=True, type=click.Choice([str(item) for item in IdentityItem]), help="What proved the caller; twice."
)
@click.option("--branch", help="The branch that took the report, such as L12.")
@at_a_card
def lose(
    registry: Registry, patron: PatronFound, card: CardRecord, *, channel: str, proofs: tuple[str, ...], branch: str | None, staff: str
) -> None:
    """Stop the lost card NUMBER everywhere; the patron's other cards go on working."""
    call = LossCall(card.uid, LossChannel(channel), frozenset(map(IdentityItem, proofs)), branch)
    stopped = registry.desk.losses.lose(call, by=staff)
    say("desk.lost.already" if stopped.already else "desk.lost", name=patron.masked_name, of_kind=stopped.kind)
    if stopped.outside_hours:
        say("desk.lost.outside_hours")


@cards.command()
@click.option("--reason", required=True, help="Why; it is kept with the report.")
@at_a_card
def restore(registry: Registry, patron: PatronFound, card: CardRecord, *, reason: str, staff: str) -> None:
    """Let the lost card NUMBER be used again."""
    done = registry.desk.losses.restore(card.uid, because=reason, by=staff)
    say("desk.restored", name=patron.masked_name, of_kind=done)


@cards.command("confirm-loss")
@at_a_card
def confirm_loss(registry: Registry, patron: PatronFound, card: CardRecord, *, staff: str) -> None:
    """Confirm a report on the card NUMBER that was made by national ID alone."""
    done = registry.desk.losses.confirm(card.uid, by=staff)
    say("desk.confirmed", name=patron.masked_name, of_kind=done)


@cards.command()
@staff_option
@at_the_registry
def unconfirmed(registry: Registry, *, staff: str) -> None:
    """List the reports by national ID alone that wait for staff, oldest first."""
    waiting = registry.desk.losses.soft_holds(by=staff)
    for one in waiting:
        at = one.reported_at.astimezone(registry.settings.zone)
        say("desk.unconfirmed", name=one.masked_name, of_kind=one.kind, tail=one.number[-LAST_DIGITS:], at=f"{at:%Y-%m-%d %H:%M}")
    if not waiting:
        say("desk.unconfirmed.none")


def _show(patron: PatronFound) -> None:
    for catalogue in CATALOGUES:
        contact = catalogue.say("desk.contact.complete" if patron.contact_complete else "desk.contact.incomplete")
        branch = patron.regular_at or catalogue.say("desk.branch.none")
        click.echo(catalogue.say("desk.patron", name=patron.masked_name, branch=branch, contact=contact))
        pin = catalogue.say("desk.pin.set" if patron.has_pin else "desk.pin.none")
        click.echo(f"  {catalogue.say('desk.account', loans=patron.open_loans, blocks=patron.blocks, pin=pin)}")
        for card in patron.cards:
            kind, state = catalogue.say(f"desk.kind.{card.kind}"), catalogue.say(f"desk.state.{card.state}")
            click.echo(f"  {catalogue.say('desk.card', kind=kind, tail=card.uid.hex[-LAST_DIGITS:], state=state)}")
        if not patron.cards:
            click.echo(f"  {catalogue.say('desk.no_cards')}")
