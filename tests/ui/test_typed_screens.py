"""Screens in the middle of being used: half-typed forms, a mistake, a tap on the button that is held, a printer that is there."""

from collections.abc import Callable, Mapping

import pytest
from PySide6.QtCore import QRectF

from tests.ui.bench import Bench
from tests.ui.test_every_screen import (
    contrast_faults,
    every_language,
    every_look,
    overlaps,
    require_none,
    target_faults,
    text_faults,
    texts,
)
from tests.ui.test_loss_form import BORN, CITIZEN
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS


def type_id(bench: Bench, text: str = CITIZEN) -> None:
    form = bench.kiosk._pages.loss_form
    for key in text:
        form.press(key)
    form.forward()


def type_birth_date(bench: Bench, text: str = BORN) -> None:
    type_id(bench)
    bench.kiosk._pages.loss_form.choose_era("roc")
    type_id(bench, text)


def choose_kind(bench: Bench) -> None:
    type_birth_date(bench)
    bench.kiosk._pages.loss_form.choose_kind("barcode")


def type_pin(bench: Bench) -> None:
    for digit in "70294816":
        bench.kiosk._pages.pin.press(digit)


def tap_the_hold_button(bench: Bench) -> None:
    (button,) = bench.of_type("HoldButton")
    button.clicked.emit()  # type: ignore[attr-defined] # a signal of the QML type


def offer_print(bench: Bench) -> None:
    bench.kiosk.slip_printing.offer(can_print=True)


def fail_to_print(bench: Bench) -> None:
    offer_print(bench)
    bench.kiosk.slip_printing.ask()
    bench.kiosk.slip_printing.report_failure()


USES: Mapping[str, tuple[str, Callable[[Bench], None]]] = {
    "loss-by-id-second-character": ("loss-by-id", lambda bench: type_id(bench, "A")),
    "loss-by-id-wrong": ("loss-by-id", lambda bench: type_id(bench, "A123456788")),
    "loss-by-id-birth": ("loss-by-id", lambda bench: type_birth_date(bench, "10403")),
    "loss-by-id-no-such-day": ("loss-by-id", lambda bench: type_birth_date(bench, "1040230")),
    "loss-by-id-kind": ("loss-by-id", type_birth_date),
    "loss-by-id-kind-chosen": ("loss-by-id", choose_kind),
    "pin-typed": ("pin", type_pin),
    "pin-typed-after-a-wrong-one": ("pin-wrong", type_pin),
    "loss-tapped": ("loss-chosen", tap_the_hold_button),
    "goodbye-print": ("goodbye-everything", offer_print),
    "goodbye-print-failed": ("goodbye-everything", fail_to_print),
}


@every_look
@every_language
@pytest.mark.parametrize("use", sorted(USES))
def test_everything_can_be_read_and_pressed(kiosk: Bench, use: str, language: str, look: Look, request: pytest.FixtureRequest) -> None:
    view, act = USES[use]
    kiosk.show(VIEWS["attract"])
    kiosk.show(VIEWS[view])
    kiosk.look(language, look)
    kiosk.settle()

    act(kiosk)
    kiosk.settle()
    kiosk.picture()
    kiosk.settle()
    picture = kiosk.picture()
    orientation = request.node.callspec.params["kiosk"]
    glass = QRectF(0, 0, picture.width(), picture.height())
    shown = texts(kiosk)
    faults = [*text_faults(shown, glass), *contrast_faults(shown, picture), *overlaps(shown), *target_faults(kiosk, glass)]
    kiosk.kiosk.slip_printing.offer(can_print=False)
    require_none(faults, picture, f"{use}.{orientation}.{language}.{look}")
