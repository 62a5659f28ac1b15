"""``youyue registry schools``: which branch each school has in a school year, its deadlines, and the step into the next year."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from registry.house import Registry
from registry.rosters.problems import RosterFileError
from registry.rosters.report import file_lines
from registry.schools.deadlines import Deadline
from registry.schools.list_report import list_problem_lines
from registry.schools.school_years import Semester
from youyue.cli.desk import CATALOGUES, said, say, staff_option
from youyue.cli.refusals import USAGE, refuse
from youyue.cli.school_contacts import batches, call_list, progress, waiting, worklist
from youyue.cli.school_options import at_the_schools, branch_option, row_of, school_year_option, source_option, year_of, yes_option


@click.group()
def schools() -> None:
    """Schools: their branches, deadlines and contact data."""


@schools.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@school_year_option
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The day it holds from; default: the first day of the school year.")
@source_option
@click.option("--dry-run", is_flag=True, help="Show what the list would change, and store nothing.")
@yes_option
@staff_option
@at_the_schools
def import_schools(
    registry: Registry,
    *,
    file: Path,
    school_year: int | None,
    since: datetime | None,
    source: str,
    dry_run: bool,
    yes: bool,
    staff: str,
) -> None:
    """Load FILE (CSV or XLSX), the list of schools: 學校代碼, 學校名稱, 電話, 指定閱覽單位."""
    desk = registry.desk.schools
    try:
        read = desk.load_list(file)
        order = desk.order_of(year_of(registry, school_year), since=since, source=source)
        preview = desk.preview_list(read, order)
        for line in list_problem_lines(read, CATALOGUES):
            click.echo(line)
        _numbers("schools.list", preview.counts())
        if not preview.added and not preview.changed:
            say("schools.nothing_to_do")
        elif dry_run or not _agreed(yes=yes):
            say("schools.nothing_stored")
        else:
            desk.commit_list(read, order, preview, by=staff)
            say("schools.stored")
    except RosterFileError as error:
        refuse(f"{file.name}: {' / '.join(file_lines(error, CATALOGUES))}", USAGE)


@schools.command("list")
@school_year_option
@branch_option
@at_the_schools
def list_schools(registry: Registry, *, school_year: int | None, branch: str | None) -> None:
    """List the schools of a school year with their branches."""
    found = registry.desk.schools.schools(year_of(registry, school_year), branch=branch)
    if not found:
        say("schools.none")
        return
    say("schools.list.columns")
    for school, year in found:
        last = (None,) * 4 if year is None else (year.phone, year.school_year, year.since, year.source)
        row_of(school.code, school.name, school.branch, *last)


@schools.command()
@click.argument("school_year", type=click.IntRange(90, 200))
@click.argument("semester", type=click.IntRange(1, 2))
@click.option("--begins", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day of school.")
@click.option("--last-day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day on which contact data are in time.")
@source_option
@staff_option
@at_the_schools
def deadline(registry: Registry, *, school_year: int, semester: int, begins: datetime, last_day: datetime, source: str, staff: str) -> None:
    """Set until when schools may send contact data in a SEMESTER (1 or 2) of a SCHOOL_YEAR such as 114."""
    given = Deadline(school_year, Semester(semester), begins.date(), last_day.date(), source)
    marked = registry.desk.schools.set_deadline(given, by=staff)
    _say_deadline(given)
    say("schools.deadline.marked", count=marked)


@schools.command()
@click.option("--school-year", type=click.IntRange(90, 200), help="Such as 114; default: all.")
@at_the_schools
def deadlines(registry: Registry, *, school_year: int | None) -> None:
    """List the deadlines, with where each was written."""
    found = registry.desk.schools.deadlines(school_year)
    for one in found:
        _say_deadline(one)
        click.echo(f"  {one.source}")
    if not found:
        say("schools.deadline.none")


@schools.command()
@click.argument("school_year", type=click.IntRange(91, 200))
@click.option("--dry-run", is_flag=True, help="Show what it would do, and store nothing.")
@yes_option
@staff_option
@at_the_schools
def rollover(registry: Registry, *, school_year: int, dry_run: bool, yes: bool, staff: str) -> None:
    """Begin SCHOOL_YEAR, such as 115: schools keep their branches unless a list says otherwise. No card and no account expires."""
    desk = registry.desk.schools
    preview = desk.preview_rollover(school_year)
    _numbers("schools.rollover", preview.counts())
    if dry_run or not _agreed(yes=yes):
        say("schools.nothing_stored")
        return
    moved = desk.roll_over(preview, by=staff)
    say("schools.stored")
    say("schools.rollover.followed", count=moved)


def _say_deadline(one: Deadline) -> None:
    say("schools.deadline.set", year=one.school_year, semester=int(one.semester), begins=one.begins, last_day=one.last_day)


def _numbers(prefix: str, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        click.echo(f"{count:>8}  {said(f'{prefix}.{name}')}")


def _agreed(*, yes: bool) -> bool:
    """Whether to store: a person at a terminal is asked, a script must say it beforehand."""
    if yes:
        return True
    if not sys.stdin.isatty():
        refuse(f"{said('schools.nothing_stored')} {said('schools.ask_for_yes')}", USAGE)
    return click.confirm(said("schools.ask"), default=False)


for command in (progress, batches, worklist, call_list, waiting):
    schools.add_command(command)
