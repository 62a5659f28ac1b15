"""What is filled in at a desk: an application with ID papers, a family account. Personal data is asked for, never among a command's words."""

from datetime import date

import click

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.national_ids import NationalId, NationalIdError
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.store_search import PatronFound
from registry.house import Registry
from registry.people.ages import Papers, Signer
from registry.people.application import Application, ContactGiven, FirstCard, Proxy
from registry.people.family_desk import NewFamily
from registry.people.guardianship import NewGuardian, Relation
from registry.rosters.values import ValueProblemError, read_birth_date
from youyue.cli.desk import asked, at_the_registry, said, say, staff_of_command, staff_option, uid_of
from youyue.cli.refusals import USAGE, refuse

_PAPERS = click.Choice([str(one) for one in Papers])
_RELATION = click.Choice([str(one) for one in Relation])
papers_option = click.option("--papers", type=_PAPERS, required=True, help="The type of papers shown; no number and no copy is kept.")
relation_option = click.option("--relation", type=_RELATION, required=True, help="What the guardian is to the child.")


@click.command()
@click.option("--branch", required=True, help="The branch that serves, such as L12; it becomes the person's own.")
@papers_option
@click.option("--signed-by", type=click.Choice([str(one) for one in Signer]), required=True, help="Who signed the form.")
@click.option("--no-national-id", is_flag=True, help="There is none: a passport.")
@click.option("--guardian-relation", type=_RELATION, help="A guardian comes along: what they are to the applicant.")
@click.option("--guardian-papers", type=_PAPERS, help="The type of papers the guardian shows.")
@click.option("--guardian-card", metavar="NUMBER", help="A card of the guardian, who is a patron; else name and telephone are asked for.")
@click.option("--proxy-relation", type=_RELATION, help="Somebody comes instead: what they are to the applicant.")
@click.option("--proxy-papers", multiple=True, type=_PAPERS, help="A type of papers that whoever comes instead shows of their own.")
@click.option("--card", "card_number", metavar="NUMBER", help="A first card, bound at once; without one the mobile card follows.")
@click.option(
    "--kind", type=click.Choice([str(kind) for kind in CardKind]), default=str(CardKind.EASYCARD), show_default=True, help="Of this card."
)
@staff_option
@at_the_registry
def apply(
    registry: Registry,
    *,
    branch: str,
    papers: str,
    signed_by: str,
    no_national_id: bool,
    guardian_relation: str | None,
    guardian_papers: str | None,
    guardian_card: str | None,
    proxy_relation: str | None,
    proxy_papers: tuple[str, ...],
    card_number: str | None,
    kind: str,
    staff: str,
) -> None:
    """Open an account for somebody who applies with ID papers at a branch."""
    card = None if card_number is None else FirstCard(CardKind(kind), uid_of(card_number))
    adult = None if guardian_card is None else patron_of_card(registry, guardian_card).id
    given = Application(
        name=asked("people.ask.name"),
        born=_birth_date(registry),
        papers=Papers(papers),
        signed_by=Signer(signed_by),
        branch=branch,
        contact=_contact(),
        national_id=None if no_national_id else _national_id(),
        guardian=_guardian(guardian_relation, guardian_papers, adult),
        proxy=_proxy(proxy_relation, proxy_papers),
        card=card,
    )
    done = registry.people.applications.apply(given, by=staff)
    say("people.applied", name=done.masked_name)


@click.command("family-open")
@click.option("--branch", required=True, help="The branch that serves, such as L12.")
@click.option("--card", "card_number", metavar="NUMBER", required=True, help="The barcode card's number.")
@click.option("--member", "members", metavar="NUMBER", multiple=True, help="A card of a member.")
@staff_option
@at_the_registry
def family_open(registry: Registry, *, branch: str, card_number: str, members: tuple[str, ...], staff: str) -> None:
    """Open a family account with a barcode card and its first members."""
    people = tuple(patron_of_card(registry, number).id for number in members)
    family = NewFamily(asked("people.ask.family"), _contact(), branch, uid_of(card_number), people)
    registry.people.families.open(family, by=staff)
    say("people.family.opened", count=len(set(people)))


@click.command("family-join")
@click.argument("family")
@click.argument("member")
@staff_option
@at_the_registry
def family_join(registry: Registry, *, family: str, member: str, staff: str) -> None:
    """Make the patron of the card MEMBER a member of the family with the card FAMILY."""
    registry.people.families.join(*_both(registry, family, member), by=staff)
    say("people.family.joined")


@click.command("family-leave")
@click.argument("family")
@click.argument("member")
@staff_option
@at_the_registry
def family_leave(registry: Registry, *, family: str, member: str, staff: str) -> None:
    """End the membership of the patron of the card MEMBER."""
    registry.people.families.leave(*_both(registry, family, member), by=staff)
    say("people.family.left")


def patron_of_card(registry: Registry, number: str) -> PatronFound:
    """The patron of a card number."""
    found = registry.desk.cards.find(ByNumber(uid_of(number)), by=staff_of_command())
    if not found:
        raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
    return found[0]


def _both(registry: Registry, family: str, member: str) -> tuple[PatronId, PatronId]:
    return patron_of_card(registry, family).id, patron_of_card(registry, member).id


def _contact() -> ContactGiven:
    return ContactGiven(
        asked("people.ask.address"), _perhaps("people.ask.phone"), _perhaps("people.ask.mobile"), _perhaps("people.ask.postal_code")
    )


def _guardian(relation: str | None, papers: str | None, adult: PatronId | None) -> NewGuardian | None:
    if relation is None and papers is None and adult is None:
        return None
    if relation is None or papers is None:
        refuse(said("people.guardian_words"), USAGE)
    if adult is not None:
        return NewGuardian(Relation(relation), Papers(papers), adult=adult)
    return NewGuardian(Relation(relation), Papers(papers), name=asked("people.ask.guardian"), phone=asked("people.ask.guardian_phone"))


def _proxy(relation: str | None, papers: tuple[str, ...]) -> Proxy | None:
    if relation is None and not papers:
        return None
    if relation is None or not papers:
        refuse(said("people.proxy_words"), USAGE)
    return Proxy(asked("people.ask.proxy"), Relation(relation), tuple(map(Papers, papers)))


def _birth_date(registry: Registry) -> date:
    try:
        return read_birth_date(asked("people.ask.birth_date"), today=registry.people.rules.today)
    except ValueProblemError:
        refuse(said("people.birth_date_unreadable"), USAGE)


def _national_id() -> NationalId:
    try:
        return NationalId.read(asked("desk.ask.national_id"))
    except NationalIdError as error:
        refuse(said(f"people.{error.fault}"), USAGE)


def _perhaps(key: str) -> str:
    answer: str = click.prompt(said(key), default="", show_default=False, err=True)
    return answer
