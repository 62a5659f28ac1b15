"""``youyue kiosk mode`` and ``youyue kiosk devices``: what staff want of a running kiosk."""

import click

from kiosk.modes import Mode
from kiosk.settings import KioskSettings
from texts.catalogue import Catalogue, open_catalogue
from texts.dates import clock_time
from youyue.cli.refusals import MISSING, USAGE, refuse
from youyue.devices import mode_socket
from youyue.mode_desk import ModeAnswer, ModeAsk, ModeDeskError, ask_mode_desk
from youyue.settings import LoadedSettings

_NAMES = {mode.value.replace("_", "-"): mode for mode in Mode}


_kiosk_option = click.option("--kiosk", type=click.Choice(["1", "2"]), default="1", show_default=True, help="Which kiosk of this machine.")


@click.command("mode")
@click.argument("mode", type=click.Choice(list(_NAMES)), required=False)
@click.option("--minutes", type=click.IntRange(1, 720), help="End by itself after so long.")
@_kiosk_option
@click.pass_obj
def mode_command(loaded: LoadedSettings, mode: str | None, minutes: int | None, kiosk: str) -> None:
    """Say what the running kiosk of this machine is for, or set it.

    class-visit: pupils in a row; the next card ends the turn before it, no names, and it ends by itself
    (kiosk.class_visit_minutes). card-check: lay a card down and see whether it works; nothing is lent. lending: as on every day.
    """
    say = open_catalogue(loaded.settings.kiosk.language)
    if mode is None and minutes is not None:
        refuse(say.say("mode.minutes_of_what"), USAGE)
    chosen = None if mode is None else _NAMES[mode]
    if chosen is Mode.LENDING and minutes is not None:
        refuse(say.say("mode.no_end"), USAGE)
    answer = _asked(kiosk, ModeAsk(chosen, None if minutes is None else minutes * 60))
    if chosen is None:
        click.echo(_as_it_is(answer, say))
    else:
        usual = round(loaded.settings.kiosk.class_visit_minutes) if chosen is Mode.CLASS_VISIT else None
        click.echo(_as_it_will_be(chosen, minutes or usual, say))


@click.command("devices")
@_kiosk_option
@click.pass_obj
def devices_command(loaded: LoadedSettings, kiosk: str) -> None:
    """Open the page of devices on the running kiosk: how each part is, a try of reader, scanner and printer, the form of card numbers.

    It opens when nobody is at the kiosk, closes by its button or when nobody touches it, and never lends anything.
    """
    say = open_catalogue(loaded.settings.kiosk.language)
    answer = _asked(kiosk, ModeAsk(devices=True))
    click.echo(say.say("mode.devices", minutes=round(KioskSettings().device_page / 60)) if answer.free else say.say("mode.devices.waits"))


def _asked(kiosk: str, ask: ModeAsk) -> ModeAnswer:
    try:
        return ask_mode_desk(mode_socket(int(kiosk)), ask)
    except ModeDeskError as error:
        refuse(error, MISSING)


def _as_it_is(answer: ModeAnswer, say: Catalogue) -> str:
    time = "" if answer.until is None else clock_time(answer.until)
    return say.say(f"mode.now.{answer.mode.value}", time=time, first=answer.first, second=answer.second)


def _as_it_will_be(mode: Mode, minutes: int | None, say: Catalogue) -> str:
    """The kiosk's own minutes may be others than this terminal's, if its settings are: then it is the kiosk that is right."""
    if mode is Mode.CARD_CHECK and minutes is None:
        return say.say("mode.set.card_check.open")
    return say.say(f"mode.set.{mode.value}", minutes=minutes)
