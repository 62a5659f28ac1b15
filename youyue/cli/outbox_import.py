"""``youyue registry outbox import``: a kiosk's facts that came on a stick."""

from pathlib import Path

import click

from circulation.outbox_file import MAX_OUTBOX_FILE
from registry.exchange.outbox_files import FileRefusedError
from registry.house import Registry
from registry.outbox_room import outbox_desk_of
from youyue.cli.desk import at_the_registry, said, say, staff_option
from youyue.cli.refusals import FAILED, USAGE, refuse


@click.group()
def outbox() -> None:
    """What kiosks without a network sent on a stick."""


@outbox.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--although-revoked", is_flag=True, help="Take it from a kiosk whose rights were taken away: you know that it is its own.")
@staff_option
@at_the_registry
def take(registry: Registry, *, file: Path, although_revoked: bool, staff: str) -> None:
    """Take the facts in FILE, each once, whatever came before or comes later by network. All of them or none."""
    try:
        with file.open("rb") as source:
            content = source.read(MAX_OUTBOX_FILE + 1)
    except OSError as error:
        refuse(f"{file}: {said('outbox.file_unreadable')} ({error.strerror})", USAGE)
    try:
        taken = outbox_desk_of(registry).take(content, by=staff, although_revoked=although_revoked)
    except FileRefusedError as error:
        refuse(f"{file.name}: {said(f'outbox.refused.{error.code}', number=error.number)}", FAILED)
    say(
        "outbox.taken",
        kiosk=taken.kiosk,
        branch=taken.branch,
        first=taken.first_seq,
        last=taken.last_seq,
        new=taken.new,
        before=taken.before,
    )
    if taken.flagged or taken.unread:
        say("outbox.taken.staff", flagged=taken.flagged, unread=taken.unread)
