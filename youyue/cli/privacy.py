"""``youyue registry privacy``: requests of people about their data, everything that is held of a person, notices of where data came from."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click

from circulation.ids import PatronId
from registry.desk.losing import IdentityItem
from registry.house import Registry
from registry.privacy.notices import NoticeChannel
from registry.privacy.requests import Asker, RequestChannel, RequestOrder, RequestOutcome
from registry.privacy.terms import BREACH, TRAIL, RequestKind, Term
from texts.catalogue import Catalogue
from youyue.cli.desk import CATALOGUES, national_id_option, number_argument, said, say, staff_option
from youyue.cli.privacy_corrections import COMMANDS as CORRECTIONS
from youyue.cli.privacy_room import at_the_privacy_desk, instant, patron_option, person_of, time_type, written_to
from youyue.cli.refusals import USAGE, refuse

_BETWEEN = " / "


@click.group()
def privacy() -> None:
    """What the law owes people about their data."""


@privacy.command("take-request")
@number_argument
@national_id_option
@click.option("--nobody", is_flag=True, help="Whoever asks is not on record.")
@click.option("--kind", type=click.Choice([str(kind) for kind in RequestKind]), required=True, help="What is asked.")
@click.option("--channel", type=click.Choice([str(one) for one in RequestChannel]), required=True, help="How it came.")
@click.option("--asker", type=click.Choice([str(one) for one in Asker]), default=str(Asker.SELF), show_default=True, help="Who asks.")
@click.option("--proof", "proofs", multiple=True, type=click.Choice([str(item) for item in IdentityItem]), help="What proved it; twice.")
@click.option("--received", type=time_type, help="When it came; default: now.")
@staff_option
@at_the_privacy_desk
def take_request(
    registry: Registry,
    *,
    number: str | None,
    national_id: bool,
    nobody: bool,
    kind: str,
    channel: str,
    asker: str,
    proofs: tuple[str, ...],
    received: datetime | None,
    staff: str,
) -> None:
    """Enter a request of the person of the card NUMBER into the register, and say by when it must be answered."""
    if nobody and (number is not None or national_id):
        refuse(said("desk.which_card"), USAGE)
    person = None if nobody else person_of(registry, number, national_id=national_id, staff=staff)
    received_at = instant(received, registry.settings.zone)
    order = RequestOrder(
        *(person, RequestKind(kind), RequestChannel(channel), Asker(asker), frozenset(map(IdentityItem, proofs)), received_at)
    )
    taken = registry.privacy.requests.take(order, by=staff)
    _say_all("privacy.request.taken", {"kind": f"privacy.kind.{kind}"}, due=taken.due, key=taken.id)


@privacy.command("requests")
@staff_option
@at_the_privacy_desk
def list_requests(registry: Registry, *, staff: str) -> None:
    """List the requests that nobody has answered, the most urgent first, each with its key and its patron's."""
    waiting = registry.privacy.requests.waiting(by=staff)
    today = registry.privacy.requests.today()
    for one in waiting:
        click.echo(f"{one.id}  [{one.patron or '–'}]" + (f"  {said('privacy.request.overdue')}" if one.due < today else ""))
        received = one.received_at.astimezone(registry.settings.zone)
        words = {"kind": f"privacy.kind.{one.kind}", "asker": f"privacy.asker.{one.asker}", "channel": f"privacy.channel.{one.channel}"}
        for catalogue in CATALOGUES:
            click.echo(f"  {_in_words(catalogue, 'privacy.request.line', words, received=f'{received:%Y-%m-%d}', due=one.due)}")
    if not waiting:
        say("privacy.request.none")


@privacy.command("extend-request")
@click.argument("key", metavar="KEY", type=click.UUID)
@click.option("--because", required=True, help="Why; whoever asked is told so in writing.")
@staff_option
@at_the_privacy_desk
def extend_request(registry: Registry, *, key: UUID, because: str, staff: str) -> None:
    """Extend the term of the request KEY, once."""
    say("privacy.request.extended", due=registry.privacy.requests.extend(key, because=because, by=staff).due)


@privacy.command("answer-request")
@click.argument("key", metavar="KEY", type=click.UUID)
@click.option("--outcome", type=click.Choice([str(one) for one in RequestOutcome]), required=True, help="What was decided.")
@click.option("--because", default="", help="Why; needed when it is refused, in whole or in part.")
@staff_option
@at_the_privacy_desk
def answer_request(registry: Registry, *, key: UUID, outcome: str, because: str, staff: str) -> None:
    """Enter how the request KEY was answered."""
    registry.privacy.requests.answer(key, RequestOutcome(outcome), because=because, by=staff)
    _say_all("privacy.request.answered", {"outcome": f"privacy.outcome.{outcome}"})


@privacy.command()
@at_the_privacy_desk
def terms(registry: Registry) -> None:
    """List the terms of the law that the register goes by, from when on they hold and where they are written."""
    for one in registry.privacy.requests.terms():
        values = {"days": one.days, "more": one.extension_days, "since": one.effective_from, "source": one.source}
        _say_all("privacy.term.line", {"kind": f"privacy.kind.{one.kind}"}, **values)


@privacy.command("add-term")
@click.option("--kind", type=click.Choice([*(str(kind) for kind in RequestKind), BREACH, TRAIL]), required=True, help="Of what.")
@click.option("--days", type=click.IntRange(1, 3650), required=True, help="In how many days.")
@click.option("--extension", type=click.IntRange(0, 3650), default=0, show_default=True, help="How many more, once.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="From which day on.")
@click.option("--source", required=True, help="Where it is written.")
@staff_option
@at_the_privacy_desk
def add_term(registry: Registry, *, kind: str, days: int, extension: int, since: datetime, source: str, staff: str) -> None:
    """Add a term that holds from a day on; the one before stays for what was received earlier."""
    day: date = since.date()
    if not registry.privacy.requests.add_term(Term(kind, day, days, extension, source), by=staff):
        refuse(said("privacy.term.there"), USAGE)
    say("privacy.term.added")


@privacy.command()
@number_argument
@national_id_option
@patron_option
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON into this file.")
@click.option("--text", "text_file", type=click.Path(path_type=Path, dir_okay=False), help="Write text for people into this file.")
@staff_option
@at_the_privacy_desk
def export(
    registry: Registry,
    *,
    number: str | None,
    national_id: bool,
    patron: UUID | None,
    json_file: Path | None,
    text_file: Path | None,
    staff: str,
) -> None:
    """Write everything that the registry holds about the person of the card NUMBER, for that person."""
    if json_file is None and text_file is None:
        refuse(said("privacy.export.which"), USAGE)
    key = None if patron is None else PatronId(patron)
    person = person_of(registry, number, national_id=national_id, patron=key, staff=staff)
    data = registry.privacy.exports.export(person, by=staff)
    for path, write in ((json_file, registry.privacy.exports.write_json), (text_file, registry.privacy.exports.write_text)):
        if path is not None:
            with written_to(path):
                write(path, data, CATALOGUES)
            say("privacy.export.file", path=path)


@privacy.command()
@click.option("--branch", help="Only patrons of this branch, such as L12.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Write them for printing, with names and texts.")
@click.option("--language", type=click.Choice([one.language for one in CATALOGUES]), default="zh_TW", show_default=True, help="Of the CSV.")
@staff_option
@at_the_privacy_desk
def notices(registry: Registry, *, branch: str | None, csv_file: Path | None, language: str, staff: str) -> None:
    """List whom the library has to tell where their data came from, the oldest first."""
    owed = registry.privacy.notices.owed(branch=branch, by=staff)
    if not owed:
        say("privacy.notice.none")
    elif csv_file is not None:
        catalogue = next(one for one in CATALOGUES if one.language == language)
        with written_to(csv_file):
            registry.privacy.notices.write_csv(csv_file, owed, catalogue)
        say("privacy.notice.file", count=len(owed), path=csv_file)
    else:
        for one in owed:
            day = f"{one.received_at.astimezone(registry.settings.zone):%Y-%m-%d}"
            values = {"name": one.masked_name, "branch": one.branch or "–", "day": day}
            click.echo(f"{one.patron}")
            for catalogue in CATALOGUES:
                click.echo(f"  {_in_words(catalogue, 'privacy.notice.line', {'source': f'privacy.source.{one.source}'}, **values)}")


@privacy.command("notice-given")
@number_argument
@national_id_option
@patron_option
@click.option("--channel", type=click.Choice([str(one) for one in NoticeChannel]), required=True, help="How they were told.")
@staff_option
@at_the_privacy_desk
def notice_given(registry: Registry, *, number: str | None, national_id: bool, patron: UUID | None, channel: str, staff: str) -> None:
    """Note that the person of the card NUMBER was told where their data came from."""
    key = None if patron is None else PatronId(patron)
    person = person_of(registry, number, national_id=national_id, patron=key, staff=staff)
    say("privacy.notice.given", count=registry.privacy.notices.give([person], NoticeChannel(channel), by=staff))


for command in CORRECTIONS:
    privacy.add_command(command)


def _in_words(catalogue: Catalogue, key: str, words: dict[str, str], /, **values: object) -> str:
    return catalogue.say(key, **values, **{name: catalogue.say(word) for name, word in words.items()})


def _say_all(key: str, words: dict[str, str], /, **values: object) -> None:
    click.echo(_BETWEEN.join(_in_words(catalogue, key, words, **values) for catalogue in CATALOGUES))
