"""``youyue printer``: the receipt printer from a terminal, a real one or one made of software."""

import os
import queue
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from drivers.escpos_links import open_link
from drivers.escpos_printer import EscposPrinter
from drivers.ports import DeviceHealth, DeviceState, PrinterEvent, Raster, SlipNotPrinted, SlipPrinted
from drivers.printer_address import HOW_TO_WRITE_ONE, PrinterAddressError, parse_address
from drivers.virtual_printer import VirtualPrinter
from texts.catalogue import Catalogue, open_catalogue
from texts.device_words import device_word, fault_word, repair_word
from youyue.cli.devices import until_interrupted
from youyue.cli.refusals import FAILED, MISSING, USAGE, WARNINGS, refuse
from youyue.settings import LoadedSettings

_TEST_WITHIN_S = 30.0
_USUAL_PORT = 9100
_address_option = click.option("--address", help=f"{HOW_TO_WRITE_ONE}; default: the setting kiosk.printer.")


@click.group()
def printer() -> None:
    """The receipt printer: how it is, a test slip, one made of software."""


@printer.command()
@_address_option
@click.pass_obj
def status(loaded: LoadedSettings, address: str | None) -> None:
    """Ask the printer how it is. Exit code 0: well; 4: it prints, somebody should look, or it can't print; 3: it can't be reached."""
    say = open_catalogue(loaded.settings.kiosk.language)
    device, events = _started(loaded, address)
    try:
        health = _health(events)
    finally:
        device.stop()
    _tell(health, say)
    if health.state is not DeviceState.READY:
        raise SystemExit(MISSING if health.state is DeviceState.MISSING else WARNINGS)


@printer.command()
@_address_option
@click.pass_obj
def test(loaded: LoadedSettings, address: str | None) -> None:
    """Print a test slip: Chinese, English, a code, the edges of the paper."""
    say = open_catalogue(loaded.settings.kiosk.language)
    slip = _test_slip(loaded)
    device, events = _started(loaded, address)
    try:
        device.print(1, slip, within=_TEST_WITHIN_S)
        outcome = _outcome(events)
    finally:
        device.stop()
    if isinstance(outcome, SlipNotPrinted):
        refuse(f"{fault_word(outcome.fault.value, say)} {repair_word(outcome.fault.value, say)}", FAILED)
    click.echo(say.say("slip.fate.printed"))


@printer.command()
@click.option("--port", type=click.IntRange(0, 65535), default=_USUAL_PORT, show_default=True, help="On loopback; 0 takes a free one.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Where each slip becomes a picture, slip-1.png and so on; default: here.",
)
def virtual(port: int, folder: Path) -> None:
    """Run a printer made of software until Ctrl-C: each slip becomes a picture."""
    interrupted = until_interrupted()
    slips: queue.SimpleQueue[Raster] = queue.SimpleQueue()
    try:
        device = VirtualPrinter(slips.put, port=port)
    except OSError as error:
        refuse(f"can't listen on 127.0.0.1:{port} ({error.strerror}); choose another --port", MISSING)
    click.echo(f"The printer is ready: kiosk.printer = {device.address!r}. Ctrl-C ends.")
    count = 0
    try:
        while not interrupted.is_set():
            try:
                slip = slips.get(timeout=0.2)
            except queue.Empty:
                continue
            count += 1
            path = folder / f"slip-{count}.png"
            _save(slip, path)
            click.echo(f"{datetime.now().astimezone():%H:%M:%S}  {path}")
    except OSError as error:
        refuse(f"{folder}: a slip can't be written ({error.strerror}); choose another --folder", USAGE)
    finally:
        device.close()


def _started(loaded: LoadedSettings, address: str | None) -> tuple[EscposPrinter, "queue.SimpleQueue[PrinterEvent]"]:
    section = loaded.settings.kiosk
    place = address or section.printer
    if not place:
        refuse(f"no printer is set: give --address or the setting kiosk.printer, such as {HOW_TO_WRITE_ONE}", USAGE)
    try:
        link = partial(open_link, parse_address(place))
    except PrinterAddressError as error:
        refuse(f"--address: {error}", USAGE)
    device = EscposPrinter(link, monotonic=time.monotonic, answers=section.printer_answers)
    events: queue.SimpleQueue[PrinterEvent] = queue.SimpleQueue()
    device.start(events.put)
    return device, events


def _health(events: "queue.SimpleQueue[PrinterEvent]") -> DeviceHealth:
    while not isinstance(event := events.get(), DeviceHealth):
        pass
    return event


def _outcome(events: "queue.SimpleQueue[PrinterEvent]") -> SlipPrinted | SlipNotPrinted:
    while isinstance(event := events.get(), DeviceHealth):
        pass
    return event


def _tell(health: DeviceHealth, say: Catalogue) -> None:
    name = device_word(health.device, say)
    if health.fault is None:
        click.echo(say.say("doctor.device_ready", device=name))
        return
    fault = health.fault.value
    click.echo(say.say(f"doctor.device_{health.state.value}", device=name, fault=fault_word(fault, say)))
    click.echo(repair_word(fault, say))
    if health.detail:
        click.echo(health.detail)


def _test_slip(loaded: LoadedSettings) -> Raster:
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - the printer's status needs no Qt

    from ui.fonts import load_fonts  # noqa: PLC0415 - the same
    from ui.paper.raster import Roll, raster_of  # noqa: PLC0415 - the same
    from ui.paper.slips import trial_slip  # noqa: PLC0415 - the same
    from ui.speech import Speech  # noqa: PLC0415 - the same

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication.instance() or QGuiApplication(["youyue"])
    load_fonts()
    language = loaded.settings.kiosk.language
    speech = Speech(open_catalogue(language), open_catalogue("en" if language == "zh_TW" else "zh_TW"))
    slip = raster_of(
        trial_slip(datetime.now().astimezone(), speech, loaded.settings.library.website), Roll(loaded.settings.kiosk.printer_roll)
    )
    del application
    return slip


def _save(slip: Raster, path: Path) -> None:
    from drivers.escpos_bytes import picture_of  # noqa: PLC0415 - Pillow, which only a slip needs

    picture_of(slip).save(path)
