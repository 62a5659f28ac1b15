"""``youyue registry schools``, the follow-up of contact data: progress, batches, worklist, call list, what waits."""

from collections.abc import Sequence
from pathlib import Path

import click

from registry.house import Registry
from registry.schools.call_list import write_call_list
from registry.schools.contact_rule import ContactRoute
from registry.schools.store_progress import SchoolProgress, of_branches
from registry.schools.store_waiting import RowsOfFile
from registry.schools.store_worklist import Wanted
from youyue.cli.desk import CATALOGUES, said, say, staff_option
from youyue.cli.refusals import USAGE, refuse
from youyue.cli.school_options import at_the_schools, branch_option, row_of, school_year_option, year_of


@click.command()
@school_year_option
@branch_option
@click.option("--by-branch", is_flag=True, help="One line a branch in place of one line a school.")
@at_the_schools
def progress(registry: Registry, *, school_year: int | None, branch: str | None, by_branch: bool) -> None:
    """Show how far the contact data of each school are."""
    found = registry.desk.contacts.progress(year_of(registry, school_year), branch=branch)
    if by_branch:
        say("schools.progress.of_branch")
        for code, of_branch in of_branches(found).items():
            row_of(code, of_branch.schools, *_counts(of_branch.total))
        return
    say("schools.progress.columns")
    for one in found:
        row_of(one.school, one.name, one.branch, *_counts(one))


def _counts(one: SchoolProgress) -> tuple[object, ...]:
    return (one.consenting, one.complete, one.incomplete, one.waiting, one.batches, one.late, one.last_on)


@click.command()
@school_year_option
@branch_option
@at_the_schools
def batches(registry: Registry, *, school_year: int | None, branch: str | None) -> None:
    """List the batches of contact data, the latest first: who checked them, what came of them, whether they were late."""
    found = registry.desk.contacts.batches(year_of(registry, school_year), branch=branch)
    if not found:
        say("schools.batches.none")
        return
    say("schools.batches.columns")
    for one in found:
        at = one.checked_at.astimezone(registry.settings.zone)
        mark = {True: "late", False: "in_time", None: "unknown"}[one.late]
        numbers = (one.written, one.completed, one.waiting)
        row_of(f"{at:%Y-%m-%d %H:%M}", one.checked_by, one.school, *numbers, said(f"schools.batch.{mark}"), one.last_day)


@click.command()
@school_year_option
@branch_option
@click.option("--school", metavar="CODE", help="One school only.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="How many, the oldest first.")
@staff_option
@at_the_schools
def worklist(registry: Registry, *, school_year: int | None, branch: str | None, school: str | None, limit: int, staff: str) -> None:
    """List the pupils whose contact data are missing, the oldest first, and how to reach each. It is written down as a read."""
    wanted = Wanted(year_of(registry, school_year), branch, school)
    found = registry.desk.contacts.worklist(wanted, by=staff, limit=limit)
    if not found:
        say("schools.worklist.none")
        return
    say("schools.worklist.columns")
    for one in found:
        since = one.since.astimezone(registry.settings.zone)
        row_of(f"{since:%Y-%m-%d}", one.school_year, one.school, one.student_number, one.masked_name, _way(one.route))
    say("schools.worklist.count", count=len(found))


def _way(route: ContactRoute) -> str:
    return said(f"contact.route.{route.kind}", phone="、".join(route.phones))


@click.command("call-list")
@click.argument("school", metavar="SCHOOL_CODE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@school_year_option
@branch_option
@staff_option
@at_the_schools
def call_list(registry: Registry, *, school: str, file: Path, school_year: int | None, branch: str | None, staff: str) -> None:
    """Write FILE (HTML, A4), the list for a call to a school: student numbers and masked names. It is written down as a read."""
    found = registry.desk.contacts.call_list(Wanted(year_of(registry, school_year), branch, school), by=staff)
    try:
        write_call_list(file, found, CATALOGUES)
    except OSError as error:
        refuse(f"{file}: can't be written ({error.strerror})", USAGE)
    say("schools.call.written", path=file)


@click.command()
@school_year_option
@branch_option
@at_the_schools
def waiting(registry: Registry, *, school_year: int | None, branch: str | None) -> None:
    """List the rows that wait for the Bureau's file, and those that were handed back: by school and row number."""
    year = year_of(registry, school_year)
    desk = registry.desk.contacts
    for key, found in (("waits", desk.waiting(year, branch=branch)), ("handed_back", desk.handed_back(year, branch=branch))):
        if found:
            say(f"schools.waiting.{key}")
            _show_rows(registry, found)
        elif key == "waits":
            say("schools.waiting.none")


def _show_rows(registry: Registry, found: Sequence[RowsOfFile]) -> None:
    say("schools.waiting.columns")
    for one in found:
        at = one.loaded_at.astimezone(registry.settings.zone)
        row_of(f"{at:%Y-%m-%d %H:%M}", one.school, ", ".join(map(str, one.rows)))
