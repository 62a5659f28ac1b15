"""What the commands of schools share: their options, how they are refused, a row of a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from registry.house import Registry
from registry.schools.refusals import SchoolRefusal, SchoolRefusedError
from registry.schools.school_years import school_year_of
from youyue.cli.desk import at_the_registry, said
from youyue.cli.refusals import FAILED, USAGE, refuse

_TRIED = {SchoolRefusal.MOVED, SchoolRefusal.NOTHING_TO_PRINT}

school_year_option = click.option("--school-year", type=click.IntRange(90, 200), help="Such as 114; default: the school year of today.")
branch_option = click.option("--branch", metavar="CODE", help="A branch, such as L12: only its own schools. Without it: all of them.")
source_option = click.option("--source", required=True, metavar="TEXT", help="Where this was written, such as the number of a letter.")
yes_option = click.option("--yes", is_flag=True, help="Store without asking.")


def at_the_schools(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the opened registry; what the desks of schools refuse ends it with one line."""
    return at_the_registry(_said_plainly()(command))


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except SchoolRefusedError as error:
        refuse(said(f"schools.refused.{error.code}"), FAILED if error.code in _TRIED else USAGE)


def year_of(registry: Registry, school_year: int | None) -> int:
    """The school year that was asked for, or today's."""
    return school_year or school_year_of(registry.desk.schools.today())


def row_of(*values: object) -> None:
    """Print one row of a table, its columns apart by a tab; what is missing is a dash."""
    click.echo("\t".join("-" if value is None or value == "" else str(value) for value in values))
