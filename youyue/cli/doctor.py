"""``youyue doctor`` and ``youyue registry doctor``: what is wrong, since when, what to do."""

import io
import sys
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from texts.catalogue import languages, open_catalogue
from youyue.cli.refusals import FAILED, WARNINGS
from youyue.clock import SystemClock
from youyue.doctor.findings import Finding, Level, worst
from youyue.doctor.report import document, lines
from youyue.doctor.rounds import KioskPlace, Practice, RegistryPlace
from youyue.settings import LoadedSettings, RegistrySection

_CODES = {Level.OK: 0, Level.WARNING: WARNINGS, Level.FAILED: FAILED}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to knock when it listens everywhere

EXIT_HELP = f"""\b
Exit codes:
  0  all is well
  {WARNINGS}  it works, and somebody should look
  {FAILED}  something does not work
  2  wrong words or settings: nothing was looked at"""

language_option = click.option("--language", type=click.Choice(languages()), help="Of the report; default: the setting kiosk.language.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.command(epilog=EXIT_HELP)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="The kiosk's folder; default: the setting kiosk.folder.")
@language_option
@json_option
@click.pass_obj
def doctor(loaded: LoadedSettings, folder: Path | None, language: str | None, *, as_json: bool) -> None:
    """Look at this kiosk: what is wrong, since when, and what to do.

    Looks only, also while the kiosk runs: software, screen, readers, scanners, folder, identity, databases, news, network, clock, disk.
    For a registry: youyue registry doctor.
    """
    from kiosk.settings import KioskSettings  # noqa: PLC0415 - a registry has no kiosk's packages
    from youyue.doctor.kiosk_round import KioskRound  # noqa: PLC0415 - the same

    section = loaded.settings.kiosk
    place = KioskPlace(
        folder or Path(section.folder),
        section.reader,
        section.slips_folder,
        section.printer,
        section.scanner,
        section.item_codes,
        section.card_codes,
    )
    found = KioskRound(place, Practice(SystemClock()), KioskSettings().offline).findings()
    _tell(loaded, found, "kiosk", language, as_json=as_json)


@click.command("doctor", epilog=EXIT_HELP)
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="The registry's folder; default: the setting registry.folder."
)
@click.option("--database", metavar="URL", help="A PostgreSQL database; default: the setting registry.database.")
@click.option("--url", help="Where the service answers; default: the settings registry.host and registry.port.")
@language_option
@json_option
@click.pass_obj
def registry_doctor(
    loaded: LoadedSettings, folder: Path | None, database: str | None, url: str | None, language: str | None, *, as_json: bool
) -> None:
    """Look at this registry: what is wrong, since when, and what to do.

    Looks only, also while the service runs: software, folder, keys, database, kiosks, service, certificate, clock, disk.
    """
    from youyue.doctor.registry_round import RegistryRound  # noqa: PLC0415 - a kiosk has no registry's packages

    section = loaded.settings.registry
    rows = section.database if database is None else database
    place = RegistryPlace(
        folder or Path(section.folder),
        rows,
        url or _usual_url(section),
        section.tls_certificate,
        ZoneInfo(loaded.settings.library.time_zone),
    )
    _tell(loaded, RegistryRound(place, Practice(SystemClock())).findings(), "registry", language, as_json=as_json)


def _usual_url(section: RegistrySection) -> str:
    host = _EVERYWHERE.get(section.host, section.host)
    scheme = "https" if section.tls_certificate else "http"
    return f"{scheme}://[{host}]:{section.port}" if ":" in host else f"{scheme}://{host}:{section.port}"


def _tell(loaded: LoadedSettings, found: Iterable[Finding], place: str, language: str | None, *, as_json: bool) -> None:
    catalogue = open_catalogue(language or loaded.settings.kiosk.language)
    zone = ZoneInfo(loaded.settings.library.time_zone)
    findings = tuple(found)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese shows what it can
    if as_json:
        click.echo(document(findings, catalogue, place=place, at=SystemClock().now(), zone=zone))
    else:
        for line in lines(findings, catalogue, zone=zone):
            click.echo(line)
    raise SystemExit(_CODES[worst(findings)])
