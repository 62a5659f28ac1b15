"""A kiosk that is touched through standard input, one word a line: a headless one of the command line has card and scanner only.

Prints each new screen, and ``lines N`` when items have been scanned; everything else on its output are logs, the most talkative ones.
"""

import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from circulation.cards import CardKind
from drivers.virtual_scanner import VirtualScanner
from kiosk.events import (
    BackChosen,
    BorrowChosen,
    Event,
    FinishChosen,
    LoansChosen,
    LossByIdEntered,
    LossChosen,
    PinEntered,
    RenewAllChosen,
    ReturnChosen,
    TitlesChosen,
    Touched,
)
from kiosk.view import Borrow, Loans, PinPad, Return, View
from sync.identity import read_identity
from youyue import logs
from youyue.clock import SystemClock, SystemKeys
from youyue.devices import SLOTS, choose_reader, scanner_socket
from youyue.machine import KioskMachine, Surroundings, kiosk_settings
from youyue.settings import Settings

TOUCHES: Mapping[str, Callable[..., Event]] = {
    "touch": Touched,
    "back": BackChosen,
    "borrow": BorrowChosen,
    "return": ReturnChosen,
    "loans": LoansChosen,
    "titles": TitlesChosen,
    "renew": RenewAllChosen,
    "loss": LossChosen,
    "finish": FinishChosen,
    "pin": PinEntered,
    "loss-by-id": lambda number, born: LossByIdEntered(number, date.fromisoformat(born), CardKind.EASYCARD),
}


def said(view: View) -> str:
    """A screen's name and its numbers; nothing that names anybody."""
    screen = view.screen
    name = type(screen).__name__
    match screen:
        case Borrow(borrowed=count) | Return(returned=count):
            return f"{name} {count}"
        case Loans(loans=loans, titles_hidden=hidden):
            return f"{name} {len(loans)} {'hidden' if hidden else 'shown'}"
        case PinPad(problem=problem):
            return f"{name} {problem}"
        case _:
            return name


def run(folder: Path) -> None:
    logs.configure(verbose=True)
    identity = read_identity(folder)
    last = ""

    def show(view: View) -> None:
        nonlocal last
        if (now := said(view)) != last:
            last = now
            sys.stdout.write(f"screen {now}\n")
            sys.stdout.flush()

    source = choose_reader("virtual")
    surroundings = Surroundings(
        source.open(SLOTS[1]),
        (VirtualScanner(scanner_socket(1), clock=time.monotonic_ns),),
        show,
        lambda _: None,
        SystemClock(),
        SystemKeys(),
    )
    machine = KioskMachine(folder, identity, kiosk_settings(Settings(), identity), surroundings)
    machine.start()
    for line in sys.stdin:
        word, *values = line.split()
        machine.post(TOUCHES[word](*values))
    machine.stop()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
