"""``youyue registry import``: the files of the Education Bureau and of the schools."""

import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from circulation.cards import NumberForm
from registry.database_errors import UnusableDatabaseError
from registry.house import Registry
from registry.keys import KeyFileError
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.card_numbers import NumberFormError
from registry.rosters.headings import RosterKind
from registry.rosters.loading import LoadedRoster, RosterOrder
from registry.rosters.number_forms import FormContradictedError
from registry.rosters.preview import Preview
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.report import file_lines, preview_lines, problem_lines, unusual_lines, warning_lines, write_bad_rows
from registry.rosters.store_batches import BatchState
from registry.rosters.store_writing import RegistryMovedError
from texts.catalogue import Catalogue, open_catalogue
from youyue.cli.desk import staff_option
from youyue.cli.opening import database_option, folder_option, open_for
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.cli.roster_senders import as_before, load_asking
from youyue.clock import SystemClock
from youyue.registry_room import is_empty
from youyue.roster_room import Progress, uncollected
from youyue.settings import LoadedSettings

_REPUBLIC_BEGINS = 1911
_SCHOOL_YEAR_MONTH = 8
_MOST_WARNINGS = 100


@click.command("import")
@click.argument("kind", type=click.Choice([str(kind) for kind in RosterKind]))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@folder_option
@database_option
@click.option("--dry-run", is_flag=True, help="Show what the file would change, and store nothing.")
@click.option("--yes", is_flag=True, help="Store without asking, the good rows of a file with bad ones too.")
@click.option(
    "--bad-rows", type=click.Path(path_type=Path, dir_okay=False), help="Write the refused rows with their reasons into this CSV."
)
@click.option("--school-year", type=click.IntRange(90, 200), help="Such as 115; default: the school year of today.")
@click.option("--consent-declared", metavar="VERSION", help="Every row consented, on this version of the form: for files without a column.")
@click.option("--cohort", help="Whose consent that is, such as 新生; goes with --consent-declared.")
@click.option(
    "--card-form",
    type=click.Choice([str(form) for form in NumberForm]),
    help="How the sender writes card numbers; default: as `youyue reader calibrate` has found, else as before, else hex.",
)
@click.option(
    "--sender", metavar="CODE", help="Whose file it is (bureau, or a school's code): its own headings and card form are remembered."
)
@click.option(
    "--map", "maps", multiple=True, metavar="HEADING=COLUMN", help="What an own heading of the sender means, such as 家長手機=行動電話."
)
@click.option("--accept-headings", is_flag=True, help="Take the file though the sender's headings are not those of last time.")
@click.option("--stage", is_flag=True, help="Let it wait, sealed, for whoever runs `youyue registry batches commit`.")
@staff_option
@click.pass_obj
def import_roster(
    loaded: LoadedSettings,
    kind: str,
    file: Path,
    folder: Path | None,
    database: str | None,
    bad_rows: Path | None,
    school_year: int | None,
    consent_declared: str | None,
    cohort: str | None,
    card_form: str | None,
    sender: str | None,
    maps: tuple[str, ...],
    staff: str,
    *,
    dry_run: bool,
    yes: bool,
    accept_headings: bool,
    stage: bool,
) -> None:
    """Load FILE (CSV or XLSX), a roster of the KIND: pupils or their contact data, reissued, handed-in or lost cards.

    Shows what it would change and asks before anything is stored; loading a file twice changes nothing.
    """
    year = school_year or _school_year(SystemClock().now().astimezone(ZoneInfo(loaded.settings.library.time_zone)).date())
    declaration = _declaration(consent_declared, cohort)
    catalogues = (open_catalogue("zh_TW"), open_catalogue("en"))
    with closing(open_for(loaded, folder, database)) as registry:
        if is_empty(registry):
            refuse(f"{registry.database.place}: there is no library in it; run `youyue registry init` first", USAGE)
        try:
            order = RosterOrder(RosterKind(kind), file, year, declaration=declaration, sender=sender)
            order = as_before(registry.rosters.desk, order, card_form, maps, accept=accept_headings)
            wishes = _Wishes(staff, bad_rows, dry_run, yes, stage)
            with uncollected():
                _import(registry, order, catalogues, wishes)
        except RosterFileError as error:
            refuse(f"{file.name}: {' / '.join(file_lines(error, catalogues))}", USAGE)
        except NumberFormError as error:
            refuse(error, USAGE)
        except FormContradictedError as error:
            found = {"sender": error.calibrated.sender, "form": error.calibrated.form, "wanted": error.wanted}
            refuse(" / ".join(catalogue.say("roster.form_contradicted", **found) for catalogue in catalogues), USAGE)
        except KeyFileError as error:
            refuse(error, FAILED)
        except UnusableDatabaseError as error:
            refuse(error, MISSING)
        except RegistryMovedError:
            refuse(" / ".join(catalogue.say("roster.moved") for catalogue in catalogues), FAILED)
        except OSError as error:
            refuse(f"{bad_rows or error.filename}: can't be written ({error.strerror})", USAGE)


@dataclass(frozen=True, slots=True)
class _Wishes:
    staff: str
    bad_rows: Path | None
    dry_run: bool
    yes: bool
    stage: bool


def _import(registry: Registry, order: RosterOrder, catalogues: tuple[Catalogue, ...], wishes: _Wishes) -> None:
    desk = registry.rosters.desk
    progress = Progress(catalogues, sys.stderr)
    with progress:
        roster = load_asking(desk, order, progress)
        progress.say("roster.progress.comparing")
        preview = desk.preview(roster, by=wishes.staff)
    _show(roster, preview, catalogues)
    if wishes.bad_rows is not None and write_bad_rows(wishes.bad_rows, roster, catalogues):
        _say_all(catalogues, "roster.bad_rows_file", path=wishes.bad_rows)
    if not (wishes.dry_run or wishes.stage) and not roster.names_consent:
        raise RosterFileError(FileFault.NO_CONSENT)
    if preview.changes_nothing:
        _say_all(catalogues, "roster.nothing_to_do")
    elif wishes.dry_run or not (wishes.yes or wishes.stage or _agreed(catalogues)):
        _say_all(catalogues, "roster.nothing_stored")
    else:
        # A person who was asked has looked; a script's word is enough for those kinds only that may be committed at once.
        waits = wishes.stage or (wishes.yes and order.kind not in registry.settings.rosters.at_once)
        with progress:
            progress.say("roster.progress.storing")
            brought = (desk.stage if waits else desk.commit)(roster, preview, by=wishes.staff)
        for line in unusual_lines(brought.unusual, catalogues):
            click.echo(line)
        if brought.state is BatchState.STAGED:
            _say_all(catalogues, "batch.staged", id=brought.batch)
        else:
            _say_all(catalogues, "roster.stored")


def _declaration(form_version: str | None, cohort: str | None) -> ConsentDeclaration | None:
    if form_version and cohort:
        return ConsentDeclaration(form_version, cohort)
    if form_version or cohort:
        refuse("--consent-declared and --cohort go together: which form, and whose consent", USAGE)
    return None


def _school_year(today: date) -> int:
    return today.year - _REPUBLIC_BEGINS - (today.month < _SCHOOL_YEAR_MONTH)


def _show(roster: LoadedRoster, preview: Preview, catalogues: tuple[Catalogue, ...]) -> None:
    for line in problem_lines(roster, catalogues):
        click.echo(line)
    for number, line in enumerate(warning_lines(roster, catalogues)):
        if number == _MOST_WARNINGS * len(catalogues):
            _say_all(catalogues, "roster.more_warnings", count=len(roster.warnings) - _MOST_WARNINGS)
            break
        click.echo(line)
    for line in preview_lines(roster, preview, catalogues):
        click.echo(line)


def _agreed(catalogues: tuple[Catalogue, ...]) -> bool:
    """Whether to store: a person at a terminal is asked, a script must say it beforehand."""
    if not sys.stdin.isatty():
        unsaid = (f"{catalogue.say('roster.nothing_stored')} {catalogue.say('roster.ask_for_yes')}" for catalogue in catalogues)
        refuse(" / ".join(unsaid), USAGE)
    return click.confirm(" / ".join(catalogue.say("roster.ask") for catalogue in catalogues), default=False)


def _say_all(catalogues: tuple[Catalogue, ...], key: str, **values: object) -> None:
    click.echo(" / ".join(catalogue.say(key, **values) for catalogue in catalogues))
