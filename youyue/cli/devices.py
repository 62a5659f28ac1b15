"""``youyue reader``, ``youyue card``, ``youyue item``: devices, real and virtual, from a terminal."""

import os
import queue
import signal
import threading
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from circulation.cards import CardUid, CardUidError, NumberForm
from drivers.ports import CardPresented, CardRemoved, CardUnreadable, DeviceError, DeviceHealth, ReaderEvent
from drivers.virtual_pcscd import VirtualPcscd
from drivers.virtual_reader import VirtualReaderAddress
from drivers.virtual_scanner import BarcodeTextError, send_scan
from drivers.vpcd import VirtualCard
from youyue.cli.calibration import find_form
from youyue.cli.reader_option import reader_option
from youyue.cli.refusals import MISSING, USAGE, refuse
from youyue.cli.words import said, staff_option
from youyue.devices import SLOTS, choose_reader, run_folder, scanner_socket
from youyue.reader_choice import ReaderChoice
from youyue.settings import LoadedSettings

_READ_LIMIT_S = 5.0


def until_interrupted() -> threading.Event:
    """An event that Ctrl-C or SIGTERM sets."""
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    return interrupted


@click.group()
def reader() -> None:
    """Card readers."""


@reader.command()
@reader_option
@click.option("--forms", is_flag=True, help="Print every UID in all number forms, to compare with a number on file.")
def watch(reader: ReaderChoice, *, forms: bool) -> None:
    """Print every tap until Ctrl-C.

    Comes back by itself when the reader or its service does. A UID identifies a child: don't keep what this prints.
    """
    try:
        source = choose_reader(reader)
    except DeviceError as error:
        refuse(error, MISSING)
    click.echo(f"Watching {source.name}. Ctrl-C ends.")
    interrupted = until_interrupted()
    device = source.open()
    events: queue.SimpleQueue[ReaderEvent] = queue.SimpleQueue()
    device.start(events.put)
    try:
        while not interrupted.is_set():
            try:
                event = events.get(timeout=0.2)
            except queue.Empty:
                continue
            click.echo(f"{datetime.now().astimezone():%H:%M:%S.%f}  {_told(event)}")
            if forms and isinstance(event, CardPresented):
                for form in NumberForm:
                    click.echo(f"{'':17}{form:<16} {event.uid.written_as(form)}")
    finally:
        device.stop()


def _told(event: ReaderEvent) -> str:
    match event:
        case CardPresented(uid, where):
            note = "" if uid.names_a_card else "  (random or blank: a telephone or a faulty card, never looked up)"
            return f"card     {uid.hex}  on {where}{note}"
        case CardUnreadable(where, _, problem):
            return f"no UID   on {where}: {problem}"
        case CardRemoved(where):
            return f"removed  from {where}"
        case DeviceHealth(_, state, fault, detail):
            return f"reader   {state}{f' ({fault})' if fault else ''}{f': {detail}' if detail else ''}"


@reader.command()
@reader_option
@click.option("--seconds", type=click.FloatRange(1, 3600), default=60, show_default=True, help="How long to wait for each card.")
@click.option("--sender", metavar="CODE", help="Whose numbers these are (bureau, or a school's code): its files are read so from then on.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --sender: the registry's folder; default: the setting registry.folder.",
)
@click.option("--database", metavar="URL", help="With --sender: a PostgreSQL database; default: the setting registry.database.")
@staff_option
@click.pass_obj
def calibrate(
    loaded: LoadedSettings,
    reader: ReaderChoice,
    seconds: float,
    sender: str | None,
    folder: Path | None,
    database: str | None,
    staff: str,
) -> None:
    """Find out how a sender writes card numbers: tap a card, type the number on file.

    Asks for another card until one form alone fits all of them. The numbers are compared and neither kept nor printed; with --sender
    the form is kept in the registry.
    """
    try:
        source = choose_reader(reader)
    except DeviceError as error:
        refuse(error, MISSING)
    find = partial(find_form, source.open(), wait_s=seconds)
    if sender is None:
        click.echo(said("calibrate.outcome.found", forms=find().form))
        return
    from youyue.cli.kept_form import find_and_keep  # noqa: PLC0415 - a kiosk has no registry's packages

    find_and_keep(find, loaded, folder, database, sender=sender, by=staff)


@reader.command()
def virtual() -> None:
    """Run a virtual reader alone until Ctrl-C: other terminals' commands find it by themselves."""
    interrupted = until_interrupted()
    try:
        with VirtualPcscd(run_folder(), environ=os.environ) as address:
            click.echo(f"The virtual reader is ready. Its service: PCSCLITE_CSOCK_NAME={address.socket}")
            click.echo("Tap a card in another terminal: youyue card insert 04A32B1C. Ctrl-C ends.")
            interrupted.wait()
    except DeviceError as error:
        refuse(error, MISSING)


@click.group()
def card() -> None:
    """Virtual cards."""


@card.command()
@click.argument("uid")
@click.option("--seconds", type=click.FloatRange(0.5, 3600), default=1.5, show_default=True, help="How long the card lies on the reader.")
@click.option(
    "--slot",
    type=click.Choice(["1", "2"]),
    default="1",
    show_default=True,
    help="Which place of the virtual reader; the demo's second kiosk has 2.",
)
def insert(uid: str, seconds: float, slot: str) -> None:
    """Lay a virtual card with this UID (hexadecimal, such as 04A32B1C) on the virtual reader."""
    try:
        number = CardUid.from_hex(uid)
    except CardUidError as error:
        refuse(error, USAGE)
    address = VirtualReaderAddress.find(run_folder())
    if address is None:
        refuse(f"no virtual reader runs in {run_folder()}; start one with `youyue reader virtual` or `youyue demo`", MISSING)
    interrupted = until_interrupted()
    try:
        with VirtualCard(number, port=address.port + int(slot) - 1) as laid:
            read = laid.wait_until_read(_READ_LIMIT_S)
            if not read:
                refuse(
                    f"{SLOTS[int(slot)]} did not ask the card for its UID within {_READ_LIMIT_S:g} s; does a kiosk or `youyue reader watch` run?",
                    MISSING,
                )
            interrupted.wait(seconds)
    except DeviceError as error:
        refuse(error, MISSING)
    click.echo(f"{number.hex} was read on {SLOTS[int(slot)]}.")


@click.group()
def item() -> None:
    """Virtual books."""


@item.command()
@click.argument("barcode")
@click.option("--kiosk", type=click.Choice(["1", "2"]), default="1", show_default=True, help="Which kiosk of the demo.")
def scan(barcode: str, kiosk: str) -> None:
    """Scan this barcode with the virtual scanner of a running kiosk."""
    try:
        send_scan(scanner_socket(int(kiosk)), barcode)
    except BarcodeTextError as error:
        refuse(error, USAGE)
    except DeviceError as error:
        refuse(error, MISSING)
