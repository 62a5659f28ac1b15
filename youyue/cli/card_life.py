"""``youyue registry cards …``: cards that were handed in, cancelled or found, and a card's whole life."""

from uuid import UUID

import click

from registry.cards.store import CardRecord
from registry.cards.store_events import CardEvent
from registry.cards.store_found import FindOutcome
from registry.desk.store_search import PatronFound
from registry.house import Registry
from youyue.cli.at_a_card import LAST_DIGITS, at_a_card
from youyue.cli.desk import CATALOGUES, at_the_registry, say, staff_option


@click.command("hand-in")
@at_a_card
def hand_in(registry: Registry, patron: PatronFound, card: CardRecord, *, staff: str) -> None:
    """The student ID NUMBER was given back (繳回): its number ends, account, loans and mobile card stay."""
    done = registry.desk.life.hand_in(card.uid, by=staff)
    say("desk.handed_in", name=patron.masked_name, of_kind=done)


@click.command()
@at_a_card
def cancel(registry: Registry, patron: PatronFound, card: CardRecord, *, staff: str) -> None:
    """The student ID NUMBER was cancelled and kept (註銷): that is noted, the card goes on working."""
    done = registry.desk.life.cancel(card.uid, by=staff)
    say("desk.cancelled", name=patron.masked_name, of_kind=done)


@click.command()
@at_a_card
def history(registry: Registry, patron: PatronFound, card: CardRecord, *, staff: str) -> None:
    """Show the life of the card NUMBER, and of the patron's other cards, oldest first."""
    life = registry.desk.life.life(card.uid, by=staff)
    say("desk.history.of", name=patron.masked_name, of_kind=life.card.kind)
    for one in life.of_patron:
        at = one.at.astimezone(registry.settings.zone)
        for catalogue in CATALOGUES:
            words = {"kind": catalogue.say(f"desk.kind.{one.kind}"), "event": catalogue.say(f"desk.event.{one.event}")}
            mark = "*" if _is_this(one, life.of_card) else " "
            click.echo(
                f"{mark} {catalogue.say('desk.history.line', at=f'{at:%Y-%m-%d %H:%M}', by=one.actor, channel=one.channel, **words)}"
            )
    if not life.of_patron:
        say("desk.history.none")


@click.command()
@click.option("--branch", help="Only what was shown at this branch, such as L12.")
@staff_option
@at_the_registry
def found(registry: Registry, *, branch: str | None, staff: str) -> None:
    """List the lost cards that were shown to a kiosk: the branch looks for them. The latest first, each with its key."""
    waiting = registry.desk.life.finds(branch=branch, by=staff)
    for one in waiting:
        last = one.last_at.astimezone(registry.settings.zone)
        click.echo(f"{one.id}")
        for catalogue in CATALOGUES:
            kind = catalogue.say(f"desk.kind.{one.kind}") if one.kind is not None else catalogue.say("desk.found.replaced")
            tail = one.number[-LAST_DIGITS:] if one.number is not None else "–"
            words = {"branch": one.branch, "name": one.masked_name, "kind": kind, "tail": tail, "at": f"{last:%Y-%m-%d %H:%M}"}
            click.echo(f"  {catalogue.say('desk.found', count=one.times, **words)}")
    if not waiting:
        say("desk.found.none")


@click.command("settle-find")
@click.argument("key", metavar="KEY", type=click.UUID)
@click.option("--outcome", type=click.Choice([str(one) for one in FindOutcome]), required=True, help="What came of it.")
@staff_option
@at_the_registry
def settle_find(registry: Registry, *, key: UUID, outcome: str, staff: str) -> None:
    """Settle the find KEY. The card stays stopped; `cards restore` lets it be used again."""
    registry.desk.life.settle_find(key, FindOutcome(outcome), by=staff)
    say("desk.found.settled")


def _is_this(one: CardEvent, of_card: tuple[CardEvent, ...]) -> bool:
    return bool(of_card) and one.card_key == of_card[0].card_key


COMMANDS = (hand_in, cancel, history, found, settle_find)
