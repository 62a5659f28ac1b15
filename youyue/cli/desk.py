"""What the desk's commands share: the opened registry, how a patron is named, sentences in both languages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from circulation.cards import CardKind, CardUid, CardUidError
from registry.cards.replacement import BindingRefusal
from registry.cards.store import CardRecord
from registry.database_errors import UnusableDatabaseError
from registry.desk.questions import ByName, ByNationalId, ByNumber, Question
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.store_search import PatronFound
from registry.house import Registry
from registry.partners.roles import PartnerRefusal
from registry.people.refusals import PeopleRefusal, PeopleRefusedError
from youyue.cli.opening import database_option, folder_option, open_for
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.cli.words import CATALOGUES, NOBODY_NAMED, said, staff_option
from youyue.settings import LoadedSettings

__all__ = ["CATALOGUES", "NOBODY_NAMED", "said", "staff_option"]
_WRONG_WORDS = {
    DeskRefusal.IDENTITY_UNPROVEN,
    DeskRefusal.REASON_MISSING,
    DeskRefusal.BRANCH_UNKNOWN,
    DeskRefusal.NO_CARD_NUMBER,
    DeskRefusal.PIN_FORMAT,
    DeskRefusal.PIN_BIRTHDAY,
    DeskRefusal.PIN_TRIVIAL,
    PartnerRefusal.NAME,
    PartnerRefusal.KEY,
}
_WRONG_FORMS = {
    PeopleRefusal.BRANCH_UNKNOWN,
    PeopleRefusal.SCHOOL_UNKNOWN,
    PeopleRefusal.NAME_MISSING,
    PeopleRefusal.BIRTH_DATE_WRONG,
    PeopleRefusal.PAPERS_NOT_ACCEPTED,
    PeopleRefusal.CONTACT_INCOMPLETE,
    PeopleRefusal.NO_CARD_NUMBER,
    PeopleRefusal.PROXY_UNPROVEN,
    PeopleRefusal.SIGNER_WRONG,
    PeopleRefusal.GUARDIAN_NEEDED,
    PeopleRefusal.GUARDIAN_INCOMPLETE,
}

number_argument = click.argument("number", required=False)
national_id_option = click.option(
    "--national-id", is_flag=True, help="Ask for the national ID: others could read it among a command's words."
)
kind_option = click.option(
    "--kind",
    type=click.Choice([str(kind) for kind in CardKind]),
    default=str(CardKind.EASYCARD),
    show_default=True,
    help="Which of the patron's cards, with --national-id.",
)


def at_the_registry(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the opened registry in place of the folder and the database; what the desk refuses ends it with one line."""

    @folder_option
    @database_option
    @click.pass_obj
    def with_registry(loaded: LoadedSettings, /, folder: Path | None, database: str | None, **words: object) -> None:
        with closing(open_for(loaded, folder, database)) as registry, _said_plainly():
            command(registry, **words)

    with_registry.__name__, with_registry.__doc__ = command.__name__, command.__doc__
    return with_registry


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except DeskRefusedError as error:
        refuse(said(f"desk.refused.{error.code}"), USAGE if error.code in _WRONG_WORDS else FAILED)
    except PeopleRefusedError as error:
        wrong = all(code in _WRONG_FORMS for code in error.codes)
        refuse("; ".join(map(_in_words, error.codes)), USAGE if wrong else FAILED)
    except UnusableDatabaseError as error:
        refuse(error, MISSING)


def _in_words(code: PeopleRefusal | BindingRefusal) -> str:
    return said(f"desk.refused.{code}" if isinstance(code, BindingRefusal) else f"people.refused.{code}")


def staff_of_command() -> str:
    """Who runs this command, as its option ``--staff`` says; a command without one is the command line's own."""
    return str(click.get_current_context().params.get("staff") or NOBODY_NAMED)


def question_of(number: str | None, *, national_id: bool, name: bool) -> Question:
    """What staff ask for: exactly one of the three. IDs and names are asked for, because others could read them among the words of a command."""
    if [number is not None, national_id, name].count(True) != 1:
        refuse(said("desk.which_one"), USAGE)
    if national_id:
        return ByNationalId.written(asked("desk.ask.national_id"))
    return ByName.written(asked("desk.ask.name")) if name else ByNumber(uid_of(number or ""))


def patron_of(registry: Registry, number: str | None, *, national_id: bool) -> PatronFound:
    """The patron of a card number, or of a national ID that is asked for."""
    if (number is not None) == national_id:
        refuse(said("desk.which_card"), USAGE)
    found = registry.desk.cards.find(question_of(number, national_id=national_id, name=False), by=staff_of_command())
    if not found:
        raise DeskRefusedError(DeskRefusal.NOBODY_FOUND if number is None else DeskRefusal.NO_SUCH_RECORD)
    return found[0]


def kind_of(patron: PatronFound, number: str | None, kind: str) -> CardKind:
    """The kind of the card with this number; without one, the kind that was asked for."""
    if number is None:
        return CardKind(kind)
    uid = uid_of(number)
    return next(card.kind for card in patron.cards if card.uid == uid)


def card_of(patron: PatronFound, kind: CardKind) -> CardRecord:
    """The patron's card of a kind."""
    found = next((card for card in patron.cards if card.kind is kind), None)
    if found is None:
        raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
    return found


def uid_of(written: str) -> CardUid:
    """A card number as it was typed."""
    try:
        return CardUid.from_hex(written)
    except CardUidError:
        # Not repeated: it may be a national ID in the wrong place.
        refuse(said("desk.number_unreadable"), USAGE)


def say(key: str, *, of_kind: CardKind | None = None, **values: object) -> None:
    """Print a sentence in every language."""
    click.echo(said(key, of_kind=of_kind, **values))


def asked(key: str, *, hidden: bool = False) -> str:
    """What a person types; the PIN twice, and unseen."""
    answer: str = click.prompt(said(key), hide_input=hidden, confirmation_prompt=hidden, err=True)
    return answer


def agreed(key: str, *, of_kind: CardKind | None = None, **values: object) -> bool:
    """Whether to do it: a person at a terminal is asked, a script must say it beforehand."""
    if not sys.stdin.isatty():
        refuse(f"{said('desk.nothing_done')} {said('desk.ask_for_yes')}", USAGE)
    return click.confirm(said(key, of_kind=of_kind, **values), default=False)
