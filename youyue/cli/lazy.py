"""Commands that are imported when they are called: a kiosk has no registry installed, and no command waits for another's libraries."""

from importlib import import_module
from typing import ClassVar

import click

from youyue.cli.refusals import MISSING, refuse

_EXTRAS = {
    "argon2": "registry",
    "psycopg": "registry",
    "python_calamine": "registry",
    "litestar": "registry",
    "uvicorn": "registry",
    "PySide6": "kiosk",
    "escpos": "kiosk",
    "evdev": "kiosk",
    "serial": "kiosk",
    "qrcode": "kiosk",
    "smartcard": "kiosk",
    "sqlcipher3": "kiosk",
    "requests": "kiosk",
}


class LazyGroup(click.Group):
    """A group whose commands stand in modules of ``youyue.cli``: ``{name: (module, help)}``."""

    modules: ClassVar[dict[str, tuple[str, str]]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self.modules:
            return super().get_command(ctx, cmd_name)
        module, _ = self.modules[cmd_name]
        try:
            command = getattr(import_module(f"youyue.cli.{module}"), cmd_name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing not in _EXTRAS:
                raise
            refuse(f"{cmd_name!r} needs {missing}, which is not installed: install youyue-kiosk[{_EXTRAS[missing]}]", MISSING)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing any."""
        lines = {name: help_text for name, (_, help_text) in self.modules.items()}
        lines |= {name: command.get_short_help_str(100) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(lines.items()))
