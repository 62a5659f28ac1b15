"""``youyue registry cases``: what the registry does not decide by itself, with both sides, and what staff decide."""

import sys
from uuid import UUID

import click

from circulation.ids import PatronId
from registry.cases.acts import CaseOrder
from registry.cases.decisions import Decision
from registry.cases.kinds import CaseKind
from registry.cases.shown import ShownCase, Side
from registry.cases.store_decisions import CaseFilter, Viewer
from registry.house import Registry
from texts.catalogue import Catalogue, TextMissingError
from youyue.cli.case_words import card_choices, effect_lines, in_words
from youyue.cli.desk import CATALOGUES, at_the_registry, said, say, staff_option
from youyue.cli.refusals import USAGE, refuse

_KEPT = ("first", "second")
_BETWEEN = " / "

case_argument = click.argument("key", metavar="CASE", type=click.UUID)
decision_argument = click.argument("decision", type=click.Choice([str(one) for one in Decision]))
branch_option = click.option("--branch", help="Only what a branch may see, such as L12; default: everything.")
keep_option = click.option("--keep", type=click.Choice(_KEPT), help="For merge: which of the two accounts stays, as they are shown.")
card_option = click.option(
    "--card", "cards", multiple=True, metavar="KIND=first|second", help="For merge: whose card of a kind stays, where both have one."
)


@click.group()
def cases() -> None:
    """Cases: questions for staff, what may be decided of them, and what that would do."""


@cases.command("list")
@branch_option
@click.option("--kind", type=click.Choice([str(one) for one in CaseKind]), help="Only cases of this kind.")
@click.option("--mine", is_flag=True, help="Only those that --staff has taken.")
@click.option("--decided", is_flag=True, help="Those that have been decided, the latest first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many.")
@staff_option
@at_the_registry
@in_words()
def listed(registry: Registry, *, branch: str | None, kind: str | None, mine: bool, decided: bool, limit: int, staff: str) -> None:
    """List the cases that wait, the oldest first: key, kind, days, who has it."""
    wanted = CaseFilter(None if kind is None else CaseKind(kind), staff if mine else None, decided)
    found = registry.casework.cases.listed(Viewer(staff, branch), wanted, limit=limit)
    for one in found:
        click.echo(f"{one.id}  {_BETWEEN.join(_line(one, catalogue) for catalogue in CATALOGUES)}")
    if not found:
        say("case.none")


@cases.command()
@case_argument
@click.option("--full", is_flag=True, help="Everything that both sides say, unmasked; the audit trail notes who asked.")
@branch_option
@staff_option
@at_the_registry
@in_words()
def show(registry: Registry, *, key: UUID, full: bool, branch: str | None, staff: str) -> None:
    """Show both sides of CASE, what differs first, and what may be decided."""
    one = registry.casework.cases.show(key, Viewer(staff, branch), full=full)
    for catalogue in CATALOGUES:
        click.echo(_line(one, catalogue))
        if one.patron is not None:
            about = "case.about" if one.other_patron is None else "case.about.two"
            click.echo(f"  {catalogue.say(about, name=one.patron, other=one.other_patron)}")
        if one.batch is not None:
            click.echo(f"  {catalogue.say('case.batch', row=one.row_number, batch=one.batch)}")
        for reason in one.reasons:
            click.echo(f"  {catalogue.say('case.flagged', reason=_reason(reason, catalogue))}")
        for side in one.sides:
            click.echo(f"  {_side(side, catalogue)}")
        for decision in one.allowed:
            click.echo(f"  {catalogue.say('case.allowed', decision=catalogue.say(f'case.decision.{decision}'), code=decision)}")
        if one.because:
            click.echo(f"  {catalogue.say('case.because', because=one.because)}")


@cases.command()
@case_argument
@click.option("--to", "assignee", metavar="NAME", help="Who looks after it; default: --staff.")
@click.option("--back", is_flag=True, help="Give it back: nobody has it.")
@branch_option
@staff_option
@at_the_registry
@in_words()
def assign(registry: Registry, *, key: UUID, assignee: str | None, back: bool, branch: str | None, staff: str) -> None:
    """Take CASE, or give it to somebody."""
    who = None if back else assignee or staff
    registry.casework.cases.assign(key, who, Viewer(staff, branch))
    say("case.given_back" if who is None else "case.assigned", who=who)


@cases.command()
@case_argument
@decision_argument
@keep_option
@card_option
@branch_option
@staff_option
@at_the_registry
@in_words()
def preview(
    registry: Registry, *, key: UUID, decision: str, keep: str | None, cards: tuple[str, ...], branch: str | None, staff: str
) -> None:
    """Show what deciding CASE so would do. Nothing is changed."""
    viewer = Viewer(staff, branch)
    order = _order(registry, key, viewer, decision, keep=keep, cards=cards)
    for line in effect_lines(registry.casework.cases.preview(key, order, viewer)):
        click.echo(line)


@cases.command()
@case_argument
@decision_argument
@click.option("--because", required=True, metavar="TEXT", help="Why; it is kept with the case and forgotten with it.")
@keep_option
@card_option
@click.option("--yes", is_flag=True, help="Do it without asking.")
@branch_option
@staff_option
@at_the_registry
@in_words()
def decide(
    registry: Registry,
    *,
    key: UUID,
    decision: str,
    because: str,
    keep: str | None,
    cards: tuple[str, ...],
    yes: bool,
    branch: str | None,
    staff: str,
) -> None:
    """Decide CASE: shows what it would do and asks first."""
    viewer = Viewer(staff, branch)
    order = _order(registry, key, viewer, decision, keep=keep, cards=cards, because=because)
    desk = registry.casework.cases
    for line in effect_lines(desk.preview(key, order, viewer)):
        click.echo(line)
    if not agreed_to(yes=yes):
        say("desk.nothing_done")
        return
    desk.decide(key, order, viewer)
    click.echo(_BETWEEN.join(one.say("case.decided", decision=one.say(f"case.decision.{decision}")) for one in CATALOGUES))


@cases.command()
@case_argument
@click.option("--because", required=True, metavar="TEXT", help="Why it is undone.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@branch_option
@staff_option
@at_the_registry
@in_words()
def undo(registry: Registry, *, key: UUID, because: str, yes: bool, branch: str | None, staff: str) -> None:
    """Undo the decision of CASE: shows what that would do and asks first. The case waits again."""
    viewer = Viewer(staff, branch)
    desk = registry.casework.cases
    for line in effect_lines(desk.preview_undo(key, viewer)):
        click.echo(line)
    if not agreed_to(yes=yes):
        say("desk.nothing_done")
        return
    desk.undo(key, viewer, because=because)
    say("case.undone")


def agreed_to(*, yes: bool) -> bool:
    """Whether to do what was just shown: a person at a terminal is asked, a script must say it beforehand."""
    if yes:
        return True
    if not sys.stdin.isatty():
        refuse(f"{said('desk.nothing_done')} {said('desk.ask_for_yes')}", USAGE)
    return click.confirm(said("case.ask"), default=False)


def _order(
    registry: Registry, key: UUID, viewer: Viewer, decision: str, *, keep: str | None, cards: tuple[str, ...], because: str = ""
) -> CaseOrder:
    if Decision(decision) is not Decision.MERGE or keep is None:
        return CaseOrder(Decision(decision), because)
    one = registry.casework.cases.show(key, viewer)
    both = dict(zip(_KEPT, (one.patron_key, one.other_key), strict=True))
    known: dict[str, PatronId] = {word: patron for word, patron in both.items() if patron is not None}
    return CaseOrder(Decision.MERGE, because, known.get(keep), card_choices(cards, known))


def _line(one: ShownCase, catalogue: Catalogue) -> str:
    kind = catalogue.say(f"case.kind.{one.kind}")
    if one.decision is not None:
        return catalogue.say("case.line.decided", kind=kind, who=one.decided_by, decision=_decision(one.decision, catalogue))
    who = catalogue.say("case.nobody") if one.assignee is None else catalogue.say("case.whose", who=one.assignee)
    return catalogue.say("case.line", kind=kind, days=one.days, who=who)


def _decision(code: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.say(f"case.decision.{code}")
    except TextMissingError:  # a newer program decided so
        return code


def _reason(code: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.say(f"reason.{code}")
    except TextMissingError:  # a newer program flagged it
        return code


def _side(side: Side, catalogue: Catalogue) -> str:
    try:
        name = catalogue.say(f"case.side.{side.name}")
    except TextMissingError:
        name = side.name
    nothing = catalogue.say("case.side.nothing")
    mark = "*" if side.differs else " "
    return catalogue.say("case.side.line", mark=mark, name=name, asks=side.asks or nothing, known=side.known or nothing)
