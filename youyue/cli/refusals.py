"""From an error somebody can repair to one line on standard error and an exit code for scripts."""

from typing import NoReturn

import click

FAILED = 1
"""It was tried and did not succeed."""
USAGE = 2
"""The words of the command, a setting or a file are wrong (click's own number)."""
MISSING = 3
"""Something this command needs is not there: a service, a device, a registry. Try again when it is."""
WARNINGS = 4
"""The doctor found what somebody should look at, and nothing that does not work."""

EXIT_CODES = f"""\b
Exit codes:
  0  done
  {FAILED}  tried, and it failed
  {USAGE}  wrong words, setting or file
  {MISSING}  a service, device or registry is not there; try again when it is
  {WARNINGS}  the doctor warns, and nothing has failed"""


def refuse(message: object, exit_code: int = FAILED) -> NoReturn:
    """End the command with one line that says what is wrong and what to do."""
    click.echo(f"youyue: {' '.join(str(message).split())}", err=True)
    raise SystemExit(exit_code)
