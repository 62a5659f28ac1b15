"""``youyue registry audit``: see whether the trail is whole, read it, sign it, report a breach, cut what is past its term."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import click

from registry.audit.store_reading import Wanted
from registry.audit.trail import TrailBrokenError, read_checkpoint
from registry.house import Registry
from registry.spreadsheet import private_file
from youyue.cli.desk import CATALOGUES, said, say, staff_option
from youyue.cli.privacy_room import at_the_privacy_desk, instant, patron_option, time_type, written_to
from youyue.cli.refusals import USAGE, refuse

actor_option = click.option("--actor", help="Only what this member of staff, kiosk or command did.")
csv_option = click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Write every row into this file.")


@click.group()
def audit() -> None:
    """The audit trail: who read and changed whose data, chained so that nobody changes it unseen."""


@audit.command()
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint that was exported before; any number.",
)
@at_the_privacy_desk
def verify(registry: Registry, *, files: tuple[Path, ...]) -> None:
    """Walk the whole trail. Exit code 0: whole; 1: broken, with the first broken entry."""
    found = registry.trail.verify(map(read_checkpoint, files))
    if found.broken is not None:
        raise TrailBrokenError(found.broken)
    say("audit.verify.whole", entries=found.entries, last=found.last, met=found.met)


@audit.command()
@actor_option
@click.option("--action", help="Only this action, such as 'patron looked up'.")
@patron_option
@click.option("--from", "since", type=time_type, help="From this moment on.")
@click.option("--to", "until", type=time_type, help="Before this moment.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, the latest first.")
@staff_option
@at_the_privacy_desk
def show(
    registry: Registry,
    *,
    actor: str | None,
    action: str | None,
    patron: UUID | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    staff: str,
) -> None:
    """Show entries, the latest first: number, moment, who, what, outcome, the patrons' keys. Reading is noted."""
    zone = registry.settings.zone
    wanted = Wanted(actor, action, patron, instant(since, zone), instant(until, zone))
    found = registry.privacy.breaches.entries(wanted, limit=limit, by=staff)
    for seq, entry in found:
        at = entry.at.astimezone(zone)
        details = " ".join(f"{name}={value}" for name, value in sorted(entry.detail.items()))
        about = ",".join(map(str, entry.patrons))
        click.echo(f"{seq}  {at:%Y-%m-%d %H:%M:%S}  {entry.actor}  {entry.action}  {entry.outcome}  [{about}]  {details}".rstrip())
    if not found:
        say("audit.show.none")


@audit.command()
@click.option("--from", "since", type=time_type, required=True, help="From this moment on.")
@click.option("--to", "until", type=time_type, required=True, help="Before this moment.")
@actor_option
@patron_option
@click.option("--known", type=time_type, help="When the breach became known; default: now.")
@csv_option
@staff_option
@at_the_privacy_desk
def breach(
    registry: Registry,
    *,
    since: datetime,
    until: datetime,
    actor: str | None,
    patron: UUID | None,
    known: datetime | None,
    csv_file: Path | None,
    staff: str,
) -> None:
    """Count who read or changed whose data between two moments, and say by when a breach must be reported."""
    if since >= until:
        refuse(said("audit.breach.times"), USAGE)
    zone = registry.settings.zone
    wanted = Wanted(actor=actor, patron=patron, since=instant(since, zone), until=instant(until, zone))
    report = registry.privacy.breaches.report(wanted, known_at=instant(known, zone), by=staff)
    say("audit.breach.title", since=f"{since:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}", patrons=report.patrons)
    for one in report.actors:
        say("audit.breach.actor", actor=one.actor, entries=one.entries, patrons=one.patrons)
    if csv_file is not None:
        with written_to(csv_file):
            rows = registry.privacy.breaches.write_csv(csv_file, report, CATALOGUES)
        say("audit.breach.file", rows=rows, path=csv_file)
    say("audit.breach.deadline", at=f"{report.deadline.astimezone(zone):%Y-%m-%d %H:%M}")


@audit.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the checkpoint into this file too.")
@click.option(
    "--accept", is_flag=True, help="Sign although what was signed last is not there: after a backup was brought back. It is noted."
)
@staff_option
@at_the_privacy_desk
def checkpoint(registry: Registry, *, out: Path | None, accept: bool, staff: str) -> None:
    """Sign where the trail ends now; the service does it once a day."""
    made = registry.trail.checkpoint(accept=staff if accept else None)
    say("audit.checkpoint.signed", seq=made.mark.seq)
    if out is not None:
        with written_to(out), private_file(out) as write:
            write(registry.trail.exported(made).decode())
        say("audit.checkpoint.file", path=out)


@audit.command()
@click.option("--older-than", "days", type=click.IntRange(1), required=True, metavar="DAYS", help="How old entries may become.")
@staff_option
@at_the_privacy_desk
def cut(registry: Registry, *, days: int, staff: str) -> None:
    """Cut entries that are older than DAYS from the front; a signed stub stays, from which the rest verifies."""
    count = registry.privacy.keeping.cut(timedelta(days=days), by=staff)
    say("audit.cut" if count else "audit.cut.none", count=count)
