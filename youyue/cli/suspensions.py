"""``youyue registry suspensions``: what a patron owes for late returns, paying it, waiving it."""

from datetime import timedelta

import click

from registry.desk.store_search import PatronFound
from registry.house import Registry
from registry.overdue.desk import Owed
from youyue.cli.desk import at_the_registry, national_id_option, number_argument, patron_of, say, staff_option
from youyue.cli.previews import said_plainly


@click.group()
def suspensions() -> None:
    """Late returns: how long a patron is suspended, and what ends it."""


@suspensions.command()
@number_argument
@national_id_option
@staff_option
@at_the_registry
def show(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """Show what the patron of the card NUMBER owes for late returns; that somebody looked is noted."""
    patron = patron_of(registry, number, national_id=national_id)
    _show(patron, registry.desk.suspensions.owed(patron.id, by=staff))


@suspensions.command()
@number_argument
@national_id_option
@click.option("--amount", type=click.IntRange(1), required=True, help="Whole NT$ that were taken; a part shortens the suspension.")
@staff_option
@at_the_registry
def pay(registry: Registry, *, number: str | None, national_id: bool, amount: int, staff: str) -> None:
    """Note that the patron of the card NUMBER has paid."""
    patron = patron_of(registry, number, national_id=national_id)
    with said_plainly():
        left = registry.desk.suspensions.pay(patron.id, amount, by=staff)
    say("suspension.paid", amount=amount)
    _show(patron, left)


@suspensions.command()
@number_argument
@national_id_option
@click.option("--days", type=click.IntRange(1), help="So many days of items; default: all that is owed.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept until the suspension is forgotten.")
@staff_option
@at_the_registry
def waive(registry: Registry, *, number: str | None, national_id: bool, days: int | None, reason: str, staff: str) -> None:
    """Let the patron of the card NUMBER off, with a reason."""
    patron = patron_of(registry, number, national_id=national_id)
    with said_plainly():
        left = registry.desk.suspensions.waive(patron.id, days, because=reason, by=staff)
    say("suspension.waived")
    _show(patron, left)


def _show(patron: PatronFound, owed: Owed) -> None:
    name = patron.masked_name
    if not owed.suspensions:
        say("suspension.none", name=name)
        return
    if owed.until is not None:
        say("suspension.until", name=name, until=owed.until, again=owed.until + timedelta(days=1))
    if owed.waiting:
        say("suspension.waiting", name=name)
    for one in owed.suspensions:
        if one.last_return is None:
            say("suspension.run.waiting", count=len(one.returns), days=one.days)
        else:
            say("suspension.run", count=len(one.returns), days=one.days, last=one.last_return)
    if owed.amount is None:
        say("suspension.no_rate")
    else:
        say("suspension.amount", amount=owed.amount, rate=owed.rate)
