"""``youyue registry people``: the life of an account, for staff: shown, withdrawn, ended; guardians, families, slips, rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from registry.house import Registry
from registry.people.ages import AccountRules, Papers, Signer
from registry.people.erasing import ErasureForm
from registry.people.guardianship import NewGuardian, Relation
from registry.people.slips import as_csv, as_text
from registry.people.withdrawing import WithdrawalForm
from youyue.cli.desk import CATALOGUES, agreed, asked, at_the_registry, national_id_option, number_argument, patron_of, say, staff_option
from youyue.cli.people_forms import apply, family_join, family_leave, family_open, papers_option, patron_of_card, relation_option
from youyue.cli.people_page import shown
from youyue.cli.refusals import USAGE, refuse

signed_by_option = click.option(
    "--signed-by", type=click.Choice([str(one) for one in Signer]), required=True, help="Who signed the form: adults sign for themselves."
)
guardian_option = click.option("--guardian", type=click.UUID, metavar="KEY", help="The guardian who signed: a key that show names.")
yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.group()
def people() -> None:
    """People: apply at a desk, guardians, families, one-time codes, withdrawal of consent, the end of an account."""


@people.command()
@number_argument
@national_id_option
@staff_option
@at_the_registry
def show(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """Show everything that stands with the account of the card NUMBER, masked. The audit trail notes who looked."""
    patron = patron_of(registry, number, national_id=national_id)
    page = registry.people.persons.show(patron.id, by=staff)
    for catalogue in CATALOGUES:
        for line in shown(page, catalogue, registry.settings.zone):
            click.echo(line)


@people.command()
@number_argument
@national_id_option
@signed_by_option
@guardian_option
@click.option("--branch", help="The branch that took the form, such as L12.")
@yes_option
@staff_option
@at_the_registry
def withdraw(
    registry: Registry,
    *,
    number: str | None,
    national_id: bool,
    signed_by: str,
    guardian: UUID | None,
    branch: str | None,
    yes: bool,
    staff: str,
) -> None:
    """Take back the consent of the card NUMBER's patron: the student card stops at once, the rest goes when nothing is open."""
    patron = patron_of(registry, number, national_id=national_id)
    if not (yes or agreed("people.ask.withdraw", name=patron.masked_name)):
        say("desk.nothing_done")
        return
    done = registry.people.withdrawals.withdraw(WithdrawalForm(patron.id, Signer(signed_by), guardian, branch), by=staff)
    say("people.withdrawn", name=patron.masked_name)
    if done.outcome is None:
        left = done.left
        say("people.withdrawn.pending", loans=left.loans, debts=left.debts, questions=left.questions)
    else:
        say(f"people.withdrawn.{done.outcome}")


@people.command()
@number_argument
@national_id_option
@signed_by_option
@guardian_option
@yes_option
@staff_option
@at_the_registry
def erase(
    registry: Registry, *, number: str | None, national_id: bool, signed_by: str, guardian: UUID | None, yes: bool, staff: str
) -> None:
    """End the account of the card NUMBER's patron for good; refused while something is open."""
    patron = patron_of(registry, number, national_id=national_id)
    if not (yes or agreed("people.ask.erase", name=patron.masked_name)):
        say("desk.nothing_done")
        return
    registry.people.erasures.erase(ErasureForm(patron.id, Signer(signed_by), guardian), by=staff)
    say("people.erased", name=patron.masked_name)


@people.command("guardian-link")
@number_argument
@national_id_option
@relation_option
@papers_option
@click.option("--guardian-card", metavar="NUMBER", help="A card of the guardian, who is a patron; else name and telephone are asked for.")
@staff_option
@at_the_registry
def guardian_link(
    registry: Registry, *, number: str | None, national_id: bool, relation: str, papers: str, guardian_card: str | None, staff: str
) -> None:
    """Link a guardian to the child of the card NUMBER, by the papers shown. Their type is noted, nothing else."""
    child = patron_of(registry, number, national_id=national_id)
    if guardian_card is not None:
        adult = patron_of_card(registry, guardian_card)
        new = NewGuardian(Relation(relation), Papers(papers), adult=adult.id)
    else:
        new = NewGuardian(Relation(relation), Papers(papers), name=asked("people.ask.guardian"), phone=asked("people.ask.phone"))
    key = registry.people.guardians.link(child.id, new, by=staff)
    say("people.guardian.linked", name=child.masked_name, link=key)


@people.command("guardian-end")
@click.argument("key", type=click.UUID)
@staff_option
@at_the_registry
def guardian_end(registry: Registry, *, key: UUID, staff: str) -> None:
    """End the link KEY between a guardian and a child."""
    registry.people.guardians.end(key, by=staff)
    say("people.guardian.ended")


@people.command("pin-message")
@number_argument
@national_id_option
@staff_option
@at_the_registry
def pin_message(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """Ask for a one-time code by text message. It waits in the outbox: nothing that sends messages is part of this program."""
    patron = patron_of(registry, number, national_id=national_id)
    registry.people.codes.message(patron.id, by=staff)
    say("people.message.waits", name=patron.masked_name)


@people.command("school-slips")
@click.argument("school")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write; only its owner may read it."
)
@click.option("--form", type=click.Choice(["text", "csv"]), default="text", show_default=True, help="Slips to print and cut, or rows.")
@staff_option
@at_the_registry
def school_slips(registry: Registry, *, school: str, out: Path, form: str, staff: str) -> None:
    """Write one-time codes for the pupils of SCHOOL (its code) who have no PIN, masked. Print, seal, delete the file."""
    # Before any code is made: a code on no slip would void the one before.
    with _new_file(out):
        slips = registry.people.codes.for_school(school, by=staff)
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        out.write_text((as_csv if form == "csv" else as_text)(slips, CATALOGUES), encoding=encoding)
    say("people.slips", count=len(slips), file=out)


@contextmanager
def _new_file(path: Path) -> Iterator[None]:
    """An empty file that only its owner may read; gone again when nothing comes of it."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        refuse(f"{path}: is there already; nothing was changed", USAGE)
    except OSError as error:
        refuse(f"{path}: can't be written ({error.strerror})", USAGE)
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@people.command()
@at_the_registry
def rules(registry: Registry) -> None:
    """List the rules about ages and papers, the first in force first, and where they come from."""
    for one in registry.people.rules.all():
        for catalogue in CATALOGUES:
            papers = "、".join(catalogue.say(f"people.papers.{paper}") for paper in Papers if paper in one.papers)
            ages = {"adult": one.adult_from, "guardian": one.guardian_below, "year": one.one_tick_from}
            click.echo(catalogue.say("people.rules", at=f"{one.effective_from:%Y-%m-%d}", papers=papers, source=one.source, **ages))


@people.command("set-rules")
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day from which they hold.")
@click.option("--adult-from", type=click.IntRange(1, 30), required=True, help="Full years from which somebody signs alone.")
@click.option("--guardian-below", type=click.IntRange(1, 30), required=True, help="Full years until which a guardian must be linked.")
@click.option("--one-tick-from", type=click.IntRange(1, 999), required=True, help="The school year since which one tick decides all.")
@click.option("--papers", multiple=True, type=click.Choice([str(one) for one in Papers]), required=True, help="A type of papers accepted.")
@click.option("--source", required=True, help="Who decided, and where it is written.")
@staff_option
@at_the_registry
def set_rules(
    registry: Registry,
    *,
    effective_from: datetime,
    adult_from: int,
    guardian_below: int,
    one_tick_from: int,
    papers: tuple[str, ...],
    source: str,
    staff: str,
) -> None:
    """Set the rules about ages and papers from a day on."""
    accepted = frozenset(map(Papers, papers))
    new = AccountRules(effective_from.date(), adult_from, guardian_below, one_tick_from, accepted, source)
    registry.people.rules.set(new, by=staff)
    say("people.rules.set", at=f"{effective_from:%Y-%m-%d}")


for command in (apply, family_open, family_join, family_leave):
    people.add_command(command)
