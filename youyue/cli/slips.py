"""``youyue slip``: slips of a running kiosk, printed again by staff."""

import click

from texts.catalogue import Catalogue, open_catalogue
from youyue.cli.refusals import FAILED, MISSING, refuse
from youyue.devices import slip_socket
from youyue.settings import LoadedSettings
from youyue.slip_desk import SlipAnswer, SlipAsk, SlipDeskError, ToldSlip, ask_slip_desk

_kiosk_option = click.option("--kiosk", type=click.Choice(["1", "2"]), default="1", show_default=True, help="Which kiosk of this machine.")


@click.group()
def slip() -> None:
    """Slips on the receipt printer of a running kiosk."""


@slip.command("list")
@_kiosk_option
@click.pass_obj
def list_slips(loaded: LoadedSettings, kiosk: str) -> None:
    """Print which slips can be printed again: never what stands on them.

    A visit's slip is kept for some minutes and only the newest one (kiosk.slips_kept_minutes); slips of items wait until they are printed.
    """
    say = open_catalogue(loaded.settings.kiosk.language)
    for one in _asked(kiosk, SlipAsk()).slips:
        click.echo(_line(one, say))


@slip.command()
@click.option("--number", type=int, help="Which one (see `youyue slip list`); without it the newest.")
@_kiosk_option
@click.pass_obj
def reprint(loaded: LoadedSettings, kiosk: str, number: int | None) -> None:
    """Print a slip again."""
    say = open_catalogue(loaded.settings.kiosk.language)
    answer = _asked(kiosk, SlipAsk(reprint=True, number=number))
    if answer.reprinted is None:
        refuse(say.say("slip.none" if number is None else "slip.none_of_number", number=number or 0), FAILED)
    click.echo(say.say("slip.reprinted", slip=_line(answer.reprinted, say)))


def _asked(kiosk: str, ask: SlipAsk) -> SlipAnswer:
    try:
        return ask_slip_desk(slip_socket(int(kiosk)), ask)
    except SlipDeskError as error:
        refuse(error, MISSING)


def _line(slip: ToldSlip, say: Catalogue) -> str:
    fate = say.say(f"slip.fate.{slip.fate}")
    if slip.fault:
        fate = f"{fate} ({say.say(f'fault.{slip.fault}')})"
    return f"{slip.number}  {slip.made_at.astimezone():%H:%M:%S}  {say.say(f'slip.kind.{slip.kind}')}  {fate}"
