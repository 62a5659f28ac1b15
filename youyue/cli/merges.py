"""``youyue registry merges``: two accounts of one person become one, and two again for a while."""

from uuid import UUID

import click

from circulation.ids import PatronId
from registry.desk.questions import ByNationalId, ByNumber, Question
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.house import Registry
from registry.merges.rules import MergeOrder
from youyue.cli.case_words import card_choices, effect_lines, in_words, rows_in_words
from youyue.cli.cases import agreed_to
from youyue.cli.desk import CATALOGUES, asked, at_the_registry, say, staff_of_command, staff_option, uid_of
from youyue.cli.refusals import USAGE, refuse

_STAYS, _GOES = "staying", "vanishing"

stays_argument = click.argument("stays", metavar="[NUMBER_OF_STAYING", required=False)
goes_argument = click.argument("goes", metavar="NUMBER_OF_VANISHING]", required=False)
ids_option = click.option(
    "--national-id", is_flag=True, help="Ask for both national IDs instead: others could read them among a command's words."
)
card_option = click.option(
    "--card", "cards", multiple=True, metavar=f"KIND={_STAYS}|{_GOES}", help="Whose card of a kind stays, where both have one."
)
merge_argument = click.argument("key", metavar="MERGE", type=click.UUID)


@click.group()
def merges() -> None:
    """Duplicates: make one account of two of the same person, and two again."""


@merges.command()
@stays_argument
@goes_argument
@ids_option
@card_option
@at_the_registry
@in_words()
def preview(registry: Registry, *, stays: str | None, goes: str | None, national_id: bool, cards: tuple[str, ...]) -> None:
    """Show what making one account of two would do: those of two card numbers, or of two national IDs. Nothing is changed."""
    order = _order(registry, stays, goes, national_id=national_id, cards=cards, because="")
    for line in effect_lines(registry.casework.merges.preview(order)):
        click.echo(line)


@merges.command()
@stays_argument
@goes_argument
@ids_option
@card_option
@click.option("--because", required=True, metavar="TEXT", help="Why the two are one person; forgotten when it can no longer be undone.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@staff_option
@at_the_registry
@in_words()
def merge(
    registry: Registry,
    *,
    stays: str | None,
    goes: str | None,
    national_id: bool,
    cards: tuple[str, ...],
    because: str,
    yes: bool,
    staff: str,
) -> None:
    """Make one account of two: loans, holds, blocks and cards go to the one that stays. Shows it and asks first."""
    order = _order(registry, stays, goes, national_id=national_id, cards=cards, because=because)
    for line in effect_lines(registry.casework.merges.preview(order)):
        click.echo(line)
    if not agreed_to(yes=yes):
        say("desk.nothing_done")
        return
    say("merge.done", merge=registry.casework.merges.merge(order, by=staff))


@merges.command()
@merge_argument
@click.option("--because", required=True, metavar="TEXT", help="Why it is undone.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@staff_option
@at_the_registry
@in_words()
def undo(registry: Registry, *, key: UUID, because: str, yes: bool, staff: str) -> None:
    """Make two accounts of one again. Shows first what has happened since: that stays with the account that was kept."""
    parting = registry.casework.merges.preview_undo(key)
    for line in effect_lines(parting.effects):
        click.echo(line)
    for table, count in sorted(parting.since.items()):
        click.echo(" / ".join(one.say("merge.since", of=rows_in_words(table, one), count=count) for one in CATALOGUES))
    if not agreed_to(yes=yes):
        say("desk.nothing_done")
        return
    registry.casework.merges.undo(key, because=because, by=staff)
    say("merge.undone")


@merges.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@at_the_registry
@in_words()
def listed(registry: Registry, *, limit: int) -> None:
    """List the latest merges: key, when, by whom, whose account, until when each can be undone."""
    found = registry.casework.merges.listed(limit=limit)
    zone = registry.settings.zone
    for one, name in found:
        key = "merge.line" if one.undone_at is None else "merge.line.undone"
        at, until = one.merged_at.astimezone(zone), one.until.astimezone(zone)
        words = {"at": f"{at:%Y-%m-%d %H:%M}", "who": one.actor, "name": name, "until": f"{until:%Y-%m-%d}"}
        click.echo(f"{one.id}  {' / '.join(catalogue.say(key, **words) for catalogue in CATALOGUES)}")
    if not found:
        say("merge.none")


def _order(
    registry: Registry, stays: str | None, goes: str | None, *, national_id: bool, cards: tuple[str, ...], because: str
) -> MergeOrder:
    if national_id == (goes is not None) or (stays is None) != (goes is None):
        refuse("name the two accounts by two card numbers, or with --national-id", USAGE)
    if national_id:
        questions: list[Question] = [ByNationalId.written(asked(f"merge.ask.{word}")) for word in (_STAYS, _GOES)]
    else:
        questions = [ByNumber(uid_of(number or "")) for number in (stays, goes)]
    staying, vanishing = (_patron(registry, question) for question in questions)
    return MergeOrder(staying, vanishing, because, card_choices(cards, {_STAYS: staying, _GOES: vanishing}))


def _patron(registry: Registry, question: Question) -> PatronId:
    found = registry.desk.cards.find(question, by=staff_of_command())
    if not found:
        raise DeskRefusedError(DeskRefusal.NOBODY_FOUND if isinstance(question, ByNationalId) else DeskRefusal.NO_SUCH_RECORD)
    return found[0].id
