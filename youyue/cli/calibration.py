"""``youyue reader calibrate``: cards from a reader, numbers from a person, until one form fits."""

import queue
import time
from dataclasses import dataclass

import click

from circulation.calibration import Calibration, CalibrationOutcome, FormSearch, NumberedCard
from circulation.cards import CardUid, NumberForm
from drivers.ports import CardPresented, CardReader, CardUnreadable, DeviceHealth, DeviceState, ReaderEvent
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.cli.words import said

_Events = queue.SimpleQueue[ReaderEvent]


@dataclass(frozen=True, slots=True)
class FoundForm:
    """The one form that fits, and how many cards have shown it."""

    form: NumberForm
    cards: int


def find_form(device: CardReader, *, wait_s: float) -> FoundForm:
    """Ask for one card after another until one form alone fits them. Ends the command when there can be none.

    ``wait_s`` is the time, in seconds, that each card may take to come.
    """
    events: _Events = queue.SimpleQueue()
    device.start(events.put)
    try:
        return _compare_cards(events, wait_s)
    finally:
        device.stop()


def _compare_cards(events: _Events, wait_s: float) -> FoundForm:
    search = FormSearch()
    while True:
        uid = _next_card(events, search, wait_s)
        search, found = search.compare(NumberedCard(uid, _ask_number()))
        if found.outcome is CalibrationOutcome.FOUND:
            return FoundForm(found.forms[0], len(search.cards))
        if found.outcome.ends:
            refuse(_told(found), FAILED)
        click.echo(_told(found))
        _forget(events)


def _next_card(events: _Events, search: FormSearch, wait_s: float) -> CardUid:
    """Wait for a card that was not compared yet; what else happens on the reader is told and waited out."""
    click.echo(said("calibrate.lay_on"))
    until = time.monotonic() + wait_s
    while True:
        try:
            event = events.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            refuse(said("calibrate.no_card", seconds=f"{wait_s:g}"), MISSING)
        match event:
            case CardPresented(uid) if not uid.names_a_card:
                click.echo(said("calibrate.no_identity"))
            case CardPresented(uid) if search.knows(uid):
                click.echo(said("calibrate.same_card"))
            case CardPresented(uid):
                return uid
            case CardUnreadable():
                click.echo(said("calibrate.unreadable"))
            case DeviceHealth(state=state, fault=fault) if state is not DeviceState.READY:
                click.echo(said("calibrate.not_ready", fault=str(fault)))
            case _:
                pass


def _ask_number() -> str:
    try:
        number: str = click.prompt(said("calibrate.ask"))
    except click.Abort:
        refuse(said("calibrate.ended"), USAGE)
    return number


def _forget(events: _Events) -> None:
    """Drop what happened while a person typed: a card counts only after it was asked for."""
    while not events.empty():
        events.get()


def _told(found: Calibration) -> str:
    return said(f"calibrate.outcome.{found.outcome}", forms=", ".join(found.forms), apart=", ".join(found.apart))
