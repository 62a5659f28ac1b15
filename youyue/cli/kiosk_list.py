"""``youyue registry kiosks``: every kiosk, when it was last heard, and which of its devices do not work and since when."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from registry.store_inspection import KioskInspection
from texts.catalogue import Catalogue, open_catalogue
from texts.device_words import device_word, fault_word
from youyue.cli.opening import database_option, folder_option
from youyue.cli.refusals import FAILED, MISSING, refuse
from youyue.clock import SystemClock
from youyue.doctor.judge_registry import DatabaseFault
from youyue.doctor.probe_registry import see_database
from youyue.settings import LoadedSettings


@click.command()
@folder_option
@database_option
@click.option("--down", is_flag=True, help="Only those that somebody should look at.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--language", type=click.Choice(["zh_TW", "en"]), help="Default: the setting kiosk.language.")
@click.pass_obj
def kiosks(loaded: LoadedSettings, folder: Path | None, database: str | None, language: str | None, *, down: bool, as_json: bool) -> None:
    """List the kiosks: branch, name, when they were last heard, and what does not work since when.

    A kiosk reports every five minutes; after 20 minutes of silence it counts as silent. Looks only, also while the service runs.
    """
    section = loaded.settings.registry
    found = see_database(folder or Path(section.folder), section.database if database is None else database)
    if isinstance(found, DatabaseFault):
        refuse(found.detail, MISSING if found.is_missing else FAILED)
    if found.holds is None:
        refuse(f"{found.place}: its tables are another version's ({found.revision}); `youyue registry doctor` says more", FAILED)
    now, zone = SystemClock().now(), ZoneInfo(loaded.settings.library.time_zone)
    shown = [one for one in found.holds.kiosks if not down or _wants_somebody(one, now)]
    if as_json:
        click.echo(json.dumps([_plain(one, now) for one in shown], ensure_ascii=False, indent=2))
        return
    catalogue = open_catalogue(language or loaded.settings.kiosk.language)
    if not found.holds.kiosks:
        click.echo(catalogue.say("kiosks.none"))
    for one in shown:
        for line in _lines(one, now, catalogue, zone):
            click.echo(line)


def _state(kiosk: KioskInspection, now: datetime) -> str:
    if kiosk.revoked_at is not None:
        return "revoked"
    if kiosk.health is None:
        return "never"
    if kiosk.health.is_silent(now):
        return "off"
    return "down" if kiosk.health.down else "well"


def _wants_somebody(kiosk: KioskInspection, now: datetime) -> bool:
    return _state(kiosk, now) in {"off", "down"}


def _lines(kiosk: KioskInspection, now: datetime, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[str]:
    health = kiosk.health
    heard = "" if health is None else "  " + catalogue.say("kiosks.heard", at=_instant(health.received_at, zone))
    yield f"{kiosk.branch}  {kiosk.name}  {catalogue.say(f'kiosks.{_state(kiosk, now)}')}{heard}"
    if health is None or kiosk.revoked_at is not None:
        return
    for one in health.down:
        fault = fault_word(one.fault, catalogue)
        told = catalogue.say("kiosks.device", device=device_word(one.device, catalogue), fault=fault, since=_instant(one.since, zone))
        yield f"     {told}"


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _plain(kiosk: KioskInspection, now: datetime) -> dict[str, object]:
    health = kiosk.health
    return {
        "kiosk": str(kiosk.kiosk),
        "name": kiosk.name,
        "branch": kiosk.branch,
        "state": _state(kiosk, now),
        "heard_at": None if health is None else health.received_at.isoformat(),
        "version": None if health is None else health.version,
        "devices": []
        if health is None
        else [{"device": one.device, "state": one.state, "since": one.since.isoformat(), "fault": one.fault} for one in health.devices],
    }
