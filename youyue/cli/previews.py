"""A change that is shown before it is made: what a person is asked, and what a script must say beforehand."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from registry.calendars.changes import CalendarRefusal
from registry.calendars.desk import CalendarRefusedError
from registry.overdue.desk import SuspensionRefusedError
from registry.terms.desk import RulesRefusedError
from youyue.cli.desk import said, say
from youyue.cli.refusals import FAILED, USAGE, refuse

_WRONG_WORDS = {*CalendarRefusal} - {CalendarRefusal.MOVED}

yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


def go_ahead(room: str, *, yes: bool) -> bool:
    """Whether to do what was shown. The sentences are ``<room>.ask``, ``<room>.ask_for_yes`` and ``<room>.nothing_done``."""
    if yes:
        return True
    if not sys.stdin.isatty():
        refuse(f"{said(f'{room}.nothing_done')} {said(f'{room}.ask_for_yes')}", USAGE)
    if click.confirm(said(f"{room}.ask"), default=False):
        return True
    say(f"{room}.nothing_done")
    return False


@contextmanager
def said_plainly() -> Iterator[None]:
    """End the command with one line when rules, calendars or suspensions refuse it."""
    try:
        yield
    except RulesRefusedError as error:
        refuse(said(f"rules.refused.{error.code}"), USAGE)
    except CalendarRefusedError as error:
        refuse(said(f"calendar.refused.{error.code}"), USAGE if error.code in _WRONG_WORDS else FAILED)
    except SuspensionRefusedError as error:
        refuse(said(f"suspension.refused.{error.code}"), USAGE)
