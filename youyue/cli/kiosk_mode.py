"""``youyue kiosk mode``: what a running kiosk is for."""

import click

from kiosk.modes import Mode
from texts.catalogue import Catalogue, open_catalogue
from texts.dates import clock_time
from youyue.cli.refusals import MISSING, USAGE, refuse
from youyue.devices import mode_socket
from youyue.mode_desk import ModeAnswer, ModeAsk, ModeDeskError, ask_mode_desk
from youyue.settings import LoadedSettings

_NAMES = {mode.value.replace("_", "-"): mode for mode in Mode}


@click.command("mode")
@click.argument("mode", type=click.Choice(list(_NAMES)), required=False)
@click.option("--minutes", type=click.IntRange(1, 720), help="End by itself after so long.")
@click.option("--kiosk", type=click.Choice(["1", "2"]), default="1", show_default=True, help="Which kiosk of this machine.")
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
    try:
        answer = ask_mode_desk(mode_socket(int(kiosk)), ModeAsk(chosen, None if minutes is None else minutes * 60))
    except ModeDeskError as error:
        refuse(error, MISSING)
    if chosen is None:
        click.echo(_as_it_is(answer, say))
    else:
        usual = round(loaded.settings.kiosk.class_visit_minutes) if chosen is Mode.CLASS_VISIT else None
        click.echo(_as_it_will_be(chosen, minutes or usual, say))


def _as_it_is(answer: ModeAnswer, say: Catalogue) -> str:
    time = "" if answer.until is None else clock_time(answer.until)
    return say.say(f"mode.now.{answer.mode.value}", time=time, first=answer.first, second=answer.second)


def _as_it_will_be(mode: Mode, minutes: int | None, say: Catalogue) -> str:
    """The kiosk's own minutes may be others than this terminal's, if its settings are: then it is the kiosk that is right."""
    if mode is Mode.CARD_CHECK and minutes is None:
        return say.say("mode.set.card_check.open")
    return say.say(f"mode.set.{mode.value}", minutes=minutes)
