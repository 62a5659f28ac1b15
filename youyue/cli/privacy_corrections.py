"""``youyue registry privacy``: corrections, the names that wait for a librarian, and who is still to be told."""

from collections.abc import Iterable
from uuid import UUID

import click

from circulation.ids import PatronId
from registry.house import Registry
from registry.privacy.corrections import CorrectedField, CorrectionOrder, Recipient
from texts.catalogue import Catalogue
from youyue.cli.desk import CATALOGUES, national_id_option, number_argument, said, say, staff_option
from youyue.cli.privacy_room import at_the_privacy_desk, patron_option, person_of
from youyue.cli.refusals import USAGE, refuse

_BETWEEN = " / "


@click.command()
@number_argument
@national_id_option
@patron_option
@click.option(
    "--field", "fields", multiple=True, type=click.Choice([str(one) for one in CorrectedField]), help="What is wrong; any number."
)
@click.option("--papers-seen", is_flag=True, help="A librarian has seen papers for the new name; else it waits.")
@click.option("--request", type=click.UUID, metavar="KEY", help="The request on the register that asked for it.")
@staff_option
@at_the_privacy_desk
def correct(
    registry: Registry,
    *,
    number: str | None,
    national_id: bool,
    patron: UUID | None,
    fields: tuple[str, ...],
    papers_seen: bool,
    request: UUID | None,
    staff: str,
) -> None:
    """Correct data of the person of the card NUMBER. New values are asked for: others could read a command's words."""
    if not fields:
        refuse(said("privacy.correct.no_field"), USAGE)
    key = None if patron is None else PatronId(patron)
    person = person_of(registry, number, national_id=national_id, patron=key, staff=staff)
    written = {CorrectedField(one): _asked(one) for one in dict.fromkeys(fields)}
    made = registry.privacy.corrections.correct(CorrectionOrder(person, written, papers_seen, request), by=staff)
    click.echo(_BETWEEN.join(one.say("privacy.correct.done", fields=_listed(one, "field", made.fields), key=made.id) for one in CATALOGUES))
    if made.waits:
        say("privacy.correct.waits")
    if made.untold:
        click.echo(_BETWEEN.join(one.say("privacy.correct.tell", recipients=_listed(one, "recipient", made.untold)) for one in CATALOGUES))


@click.command()
@staff_option
@at_the_privacy_desk
def corrections(registry: Registry, *, staff: str) -> None:
    """List corrections whose name waits for a librarian, or of which somebody is still to be told, each with its key and its patron's."""
    unfinished = registry.privacy.corrections.unfinished(by=staff)
    for one in unfinished:
        click.echo(f"{one.id}  [{one.patron}]")
        at = f"{one.made_at.astimezone(registry.settings.zone):%Y-%m-%d}"
        for catalogue in CATALOGUES:
            waits = catalogue.say("privacy.correct.name_waits" if one.waits else "privacy.correct.settled")
            told = _listed(catalogue, "recipient", one.untold) or catalogue.say("privacy.correct.nobody")
            fields = _listed(catalogue, "field", one.fields)
            click.echo(f"  {catalogue.say('privacy.correct.line', fields=fields, at=at, waits=waits, recipients=told)}")
    if not unfinished:
        say("privacy.correct.none")


@click.command("confirm-name")
@click.argument("key", metavar="KEY", type=click.UUID)
@staff_option
@at_the_privacy_desk
def confirm_name(registry: Registry, *, key: UUID, staff: str) -> None:
    """Papers were seen: the name of the correction KEY becomes the library's."""
    registry.privacy.corrections.confirm_name(key, by=staff)
    say("privacy.correct.confirmed")


@click.command("reject-name")
@click.argument("key", metavar="KEY", type=click.UUID)
@staff_option
@at_the_privacy_desk
def reject_name(registry: Registry, *, key: UUID, staff: str) -> None:
    """The name of the correction KEY is not taken: it is forgotten, and the library's own stays."""
    registry.privacy.corrections.reject_name(key, by=staff)
    say("privacy.correct.rejected")


@click.command()
@click.argument("key", metavar="KEY", type=click.UUID)
@click.argument("recipient", type=click.Choice([str(one) for one in Recipient if one is not Recipient.KIOSKS]))
@staff_option
@at_the_privacy_desk
def told(registry: Registry, *, key: UUID, recipient: str, staff: str) -> None:
    """Note that RECIPIENT, who had the wrong data, was told of the correction KEY."""
    registry.privacy.corrections.tell(key, Recipient(recipient), by=staff)
    click.echo(_BETWEEN.join(one.say("privacy.correct.ticked", recipient=one.say(f"privacy.recipient.{recipient}")) for one in CATALOGUES))


def _asked(field: str) -> str:
    question = _BETWEEN.join(one.say("privacy.correct.ask", field=one.say(f"privacy.field.{field}")) for one in CATALOGUES)
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    return answer


def _listed(catalogue: Catalogue, kind: str, codes: Iterable[str]) -> str:
    return "、".join(catalogue.say(f"privacy.{kind}.{code}") for code in codes)


COMMANDS = (correct, corrections, confirm_name, reject_name, told)
