"""``youyue scanner``: what is plugged in, and what each scan is taken for."""

import queue
from datetime import datetime

import click

from circulation.barcodes import CodeForms
from drivers.input_nodes import keyboards
from drivers.plugged_scanners import serial_ports
from drivers.ports import BarcodeScanned, DeviceHealth, ScannerEvent, ScanUnreadable
from drivers.scanner_address import (
    HOW_TO_WRITE_ONE,
    KeyboardAddress,
    ScannerAddress,
    ScannerAddressError,
    SerialAddress,
    parse_scanners,
)
from drivers.virtual_reader import make_private
from kiosk.opener import MobileCard
from kiosk.scans import CardScanned, ItemScanned, ScanRefused, sort_scan
from texts.catalogue import Catalogue, open_catalogue
from texts.device_words import device_word, fault_word, repair_word
from youyue.cli.devices import until_interrupted
from youyue.cli.refusals import MISSING, USAGE, refuse
from youyue.code_forms import code_forms
from youyue.devices import open_scanner, run_folder, scanner_device
from youyue.settings import LoadedSettings


@click.group()
def scanner() -> None:
    """Barcode scanners: what is plugged in, what each scan is taken for."""


@scanner.command("list")
def list_scanners() -> None:
    """Print what is plugged in and could be a scanner, as the setting kiosk.scanner names it. Opens nothing.

    A keyboard that people type on stands there too: whatever kiosk.scanner names is the kiosk's alone.
    """
    found = [(SerialAddress(path).label, "serial port") for path in serial_ports()]
    found += [(KeyboardAddress(numbers=(one.vendor, one.product)).label, f"{one.name} at {one.path}") for one in keyboards()]
    if not found:
        refuse("no serial port on USB and no keyboard is plugged in; plug the scanner in and try again", MISSING)
    width = max(len(address) for address, _ in found)
    for address, what in found:
        click.echo(f"{address:<{width}}  {what}")


@scanner.command()
@click.option("--scanner", "written", metavar="ADDRESS", help=f"{HOW_TO_WRITE_ONE}; default: the setting kiosk.scanner.")
@click.pass_obj
def watch(loaded: LoadedSettings, written: str | None) -> None:
    """Print every scan and what a kiosk takes it for, until Ctrl-C. End the kiosk first: a scanner serves one program.

    A library card's number identifies a patron: don't keep what this prints.
    """
    section = loaded.settings.kiosk
    say = open_catalogue(section.language)
    forms = code_forms(section.item_codes, section.card_codes)
    interrupted = until_interrupted()
    events: queue.SimpleQueue[ScannerEvent] = queue.SimpleQueue()
    make_private(run_folder())
    scanners = [open_scanner(one, 1, device=scanner_device(n)) for n, one in enumerate(_addresses(written or section.scanner), start=1)]
    for one in scanners:
        one.start(events.put)
    try:
        while not interrupted.is_set():
            try:
                event = events.get(timeout=0.2)
            except queue.Empty:
                continue
            click.echo(f"{datetime.now().astimezone():%H:%M:%S.%f}  {_told(event, forms, say)}")
    finally:
        for one in scanners:
            one.stop()


def _addresses(text: str) -> tuple[ScannerAddress, ...]:
    try:
        return parse_scanners(text)
    except ScannerAddressError as error:
        refuse(f"--scanner: {error}", USAGE)


def _told(event: ScannerEvent, forms: CodeForms, say: Catalogue) -> str:
    match event:
        case BarcodeScanned(text, where):
            return f"{text}  {_taken_for(event, forms, say)}  ({where})"
        case ScanUnreadable(where, _, problem):
            return f"{_taken_for(event, forms, say)}: {problem}  ({where})"
        case DeviceHealth(device, state, fault, detail):
            name = device_word(device, say)
            if fault is None:
                return f"{say.say('doctor.device_ready', device=name)}: {detail}"
            words = say.say(f"doctor.device_{state.value}", device=name, fault=fault_word(fault.value, say))
            return "\n                 ".join((words, repair_word(fault.value, say), detail))


def _taken_for(scan: BarcodeScanned | ScanUnreadable, forms: CodeForms, say: Catalogue) -> str:
    match sort_scan(scan, forms):
        case ItemScanned():
            return say.say("scanner.item")
        case CardScanned(opener):
            return say.say("scanner.mobile_card" if isinstance(opener, MobileCard) else "scanner.library_card")
        case ScanRefused(fault):
            return say.say(f"scan.{fault.value}")
