"""Files that hold one table, given to a command: read, or refused in both languages with the line of everything that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from youyue.cli.desk import CATALOGUES, said
from youyue.cli.refusals import USAGE, refuse
from youyue.toml_table import TableFileError

Read = TypeVar("Read")


def read_or_refuse(file: Path, read: Callable[[Path], Read], *, words: str) -> Read:
    """What a file says. ``words``: under which keys the catalogue has the sentences for its faults."""
    try:
        return read(file)
    except TableFileError as error:
        refuse_file(file, error, words=words)
    except OSError as error:
        refuse(f"{file}: {error.strerror}", USAGE)


def refuse_file(file: Path, error: TableFileError, *, words: str) -> NoReturn:
    """Tell every fault with its line, and end: nothing was done."""
    for one in error.faults:
        for catalogue in CATALOGUES:
            fault = catalogue.say(f"{words}.fault.{one.fault.code}", least=one.fault.least, most=one.fault.most)
            where = catalogue.say("rules.file.fault", fault=fault, line=one.line, path=".".join(one.fault.path))
            click.echo(f"{file.name}: {where}", err=True)
    reason = "" if error.problem is None else f"{file.name}: {said(f'{words}.file.{error.problem}', line=error.line)} "
    refuse(f"{reason}{said(f'{words}.nothing_done')}", USAGE)
