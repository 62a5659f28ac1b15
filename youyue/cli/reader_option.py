"""The option ``--reader`` of every command that uses one."""

import click

from youyue.reader_choice import ReaderChoice, parse_reader


class ReaderParam(click.ParamType[ReaderChoice]):
    """``auto``, ``system``, ``virtual`` or ``nfcpy:PATH``."""

    name = "auto|system|virtual|nfcpy:PATH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ReaderChoice:
        """Read the choice, or end the command with what to write."""
        try:
            return parse_reader(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


reader_option = click.option(
    "--reader",
    type=ReaderParam(),
    default="auto",
    show_default=True,
    help="auto: a real reader where there is one, else the virtual one. nfcpy:PATH: one that nfcpy drives.",
)
