"""``youyue registry``: the central service."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from registry.kiosks.enrolment import UnknownBranchError
from registry.server import ServerStartError, Tls, TlsNeededError, listen
from registry.tls import CertificatesExistError, make_certificates
from youyue.cli.audit import audit
from youyue.cli.batches import batches
from youyue.cli.card_life import COMMANDS as CARD_LIFE
from youyue.cli.cards import cards
from youyue.cli.cases import cases
from youyue.cli.doctor import registry_doctor
from youyue.cli.holds import holds
from youyue.cli.kiosk_list import kiosks
from youyue.cli.kiosk_rights import new_cover, revoke
from youyue.cli.merges import merges
from youyue.cli.mobile import mobile
from youyue.cli.offline import offline
from youyue.cli.opening import database_option, folder_option, open_for
from youyue.cli.opening_days import calendar
from youyue.cli.outbox_import import outbox
from youyue.cli.partners import partners
from youyue.cli.people import people
from youyue.cli.pins import pin_code, pin_set
from youyue.cli.privacy import privacy
from youyue.cli.refusals import MISSING, USAGE, refuse
from youyue.cli.restored import restored
from youyue.cli.rosters import import_roster
from youyue.cli.rules import rules
from youyue.cli.schools import schools
from youyue.cli.suspensions import suspensions
from youyue.clock import SystemClock
from youyue.demo.city import make_city
from youyue.demo.rosters import load_city_by_rosters
from youyue.garbage import leave_standing
from youyue.registry_room import is_empty, load_library
from youyue.settings import LoadedSettings

_DEMO_SEED = 114


@click.group()
def registry() -> None:
    """The central registry: patrons, cards, items, loans, kiosks."""


@registry.command()
@folder_option
@database_option
@click.option("--demo-city", is_flag=True, help="Also load a demo city: 600 invented pupils with cards, and items.")
@click.option("--copies", type=click.IntRange(1, 100_000), default=60, show_default=True, help="Items of the demo city in each branch.")
@click.pass_obj
def init(loaded: LoadedSettings, folder: Path | None, database: str | None, copies: int, *, demo_city: bool) -> None:
    """Make a registry and load the branches, lending rules and opening days it begins with."""
    opened = open_for(loaded, folder, database)
    try:
        if not is_empty(opened):
            refuse(f"{opened.database.place}: there is a library in it already; nothing was changed", USAGE)
        count = load_library(opened)
        click.echo(f"{opened.database.place}: {count} branches, their opening days and the lending rules are loaded.")
        if demo_city:
            city = make_city(seed=_DEMO_SEED, pupils=600, copies_per_branch=copies)
            with TemporaryDirectory() as folder_of_files:
                load_city_by_rosters(opened, city, Path(folder_of_files))
            click.echo(f"{len(city.pupils)} invented pupils and {len(city.copies)} items too.")
    finally:
        opened.close()


@registry.command()
@folder_option
@database_option
@click.argument("branch")
@click.pass_obj
def code(loaded: LoadedSettings, folder: Path | None, database: str | None, branch: str) -> None:
    """Issue a one-time code with which one new kiosk of BRANCH (such as L12) enrols; it holds for 15 minutes."""
    opened = open_for(loaded, folder, database)
    try:
        issued = opened.issue_code(branch)
    except UnknownBranchError as error:
        hint = "run `youyue registry init` first" if is_empty(opened) else "write a code such as L12"
        refuse(f"{error}; {hint}", USAGE)
    finally:
        opened.close()
    click.echo(f"{issued.code}   for one kiosk of {issued.branch}, until {issued.expires_at.astimezone():%H:%M}")


@registry.command()
@folder_option
@database_option
@click.option("--host", help="Address to listen on; default: the setting registry.host. Others than loopback need a certificate.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; default: the setting registry.port. 0 takes a free one.")
@click.option("--certificate", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Server certificate (PEM).")
@click.option("--key", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its key (PEM).")
@click.pass_obj
def serve(
    loaded: LoadedSettings,
    folder: Path | None,
    database: str | None,
    host: str | None,
    port: int | None,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Serve kiosks until Ctrl-C."""
    section = loaded.settings.registry
    opened = open_for(loaded, folder, database)
    try:
        tls = _tls(certificate or section.tls_certificate, key or section.tls_key)
        server = opened.server(listen(host or section.host, section.port if port is None else port), tls=tls)
        if is_empty(opened):
            click.echo(f"{opened.database.place} has no branches yet: run `youyue registry init`.", err=True)
        click.echo(f"The registry serves {server.url} from {opened.database.place}. Its API: {server.url}/schema. Ctrl-C ends.")
        leave_standing()
        server.run()
    except (TlsNeededError, ServerStartError) as error:
        refuse(error, USAGE)
    except OSError as error:
        refuse(f"can't listen on {host or section.host}: {error.strerror}; choose another --host or --port", MISSING)
    finally:
        opened.close()


def _tls(certificate: Path | str, key: Path | str) -> Tls | None:
    if bool(certificate) != bool(key):
        refuse("a certificate and its key go together: give both or none", USAGE)
    return Tls(Path(certificate), Path(key)) if certificate else None


@registry.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("hosts", nargs=-1, required=True)
def certificates(folder: Path, hosts: tuple[str, ...]) -> None:
    """Make an own certificate authority and a server certificate for HOSTS (names or addresses) in FOLDER."""
    try:
        made = make_certificates(folder, hosts, now=SystemClock().now())
    except (CertificatesExistError, ValueError) as error:
        refuse(error, USAGE)
    except OSError as error:
        refuse(f"{folder}: can't be written ({error.strerror})", USAGE)
    click.echo(f"For the registry:  --certificate {made.server.certificate} --key {made.server.key}")
    click.echo(f"For every kiosk:   --ca {made.authority}")
    click.echo(f"For a safe:        {made.authority_key}")


registry.add_command(import_roster)
registry.add_command(audit)
registry.add_command(privacy)
registry.add_command(batches)
registry.add_command(registry_doctor)
registry.add_command(cards)
for command in CARD_LIFE:
    cards.add_command(command)
registry.add_command(cases)
registry.add_command(kiosks)
registry.add_command(revoke)
registry.add_command(new_cover)
registry.add_command(merges)
registry.add_command(holds)
registry.add_command(mobile)
registry.add_command(outbox)
registry.add_command(partners)
registry.add_command(people)
registry.add_command(pin_code)
registry.add_command(pin_set)
registry.add_command(schools)
registry.add_command(restored)
registry.add_command(rules)
registry.add_command(offline)
registry.add_command(calendar)
registry.add_command(suspensions)
