"""The page of devices in its states."""

from collections.abc import Mapping
from datetime import UTC, datetime

from circulation.calibration import Calibration, CalibrationOutcome
from circulation.cards import CardKind, NumberForm
from drivers.ports import DeviceFault, DeviceState
from kiosk.device_book import DISK, REGISTRY, REPLICA, PartFault, Standing
from kiosk.scans import ScanFault
from kiosk.view import View
from kiosk.view_devices import CardFault, CardTried, CodeKind, CodeTried, Compared, Devices, FormSought
from ui.gallery.examples import LONG, MARKUP, NOW, OFFLINE_SINCE, a_view

THIS_MORNING = datetime(2026, 11, 24, 0, 12, tzinfo=UTC)
WELL = tuple(Standing(device, DeviceState.READY, THIS_MORNING) for device in (REGISTRY, DISK, REPLICA, "reader", "scanner", "printer"))
UNWELL = (
    Standing("reader", DeviceState.MISSING, OFFLINE_SINCE, DeviceFault.HELD_BY_KERNEL),
    Standing("scanner", DeviceState.DEGRADED, OFFLINE_SINCE, DeviceFault.SCANS_UNREADABLE),
    Standing("scanner_2", DeviceState.READY, THIS_MORNING),
    Standing("printer", DeviceState.DEGRADED, OFFLINE_SINCE, DeviceFault.PAPER_LOW),
    Standing(REGISTRY, DeviceState.MISSING, OFFLINE_SINCE, PartFault.REGISTRY_LOST),
    Standing(DISK, DeviceState.DEGRADED, THIS_MORNING, PartFault.DISK_LOW),
    Standing(REPLICA, DeviceState.MISSING, THIS_MORNING, PartFault.REPLICA_DIFFERS),
)
EVERY_FORM = tuple(NumberForm)
A_CARD = CardTried(1, "reader", "2B1C", 4, CardKind.EASYCARD, known=True)


def _page(screen: Devices, standings: tuple[Standing, ...] = WELL) -> View:
    return a_view(screen, standings=standings, idle=(NOW - 30, NOW + 270))


def _told(outcome: CalibrationOutcome) -> View:
    """What is said after a number was compared."""
    last = {
        CalibrationOutcome.FOUND: Calibration(outcome, (NumberForm.DECIMAL_LITTLE,)),
        CalibrationOutcome.SEVERAL_FIT: Calibration(outcome, (NumberForm.HEX, NumberForm.HEX_REVERSED)),
        CalibrationOutcome.UNDECIDED: Calibration(outcome, (NumberForm.DECIMAL_LITTLE, NumberForm.DECIMAL_BIG)),
        CalibrationOutcome.DISAGREES: Calibration(outcome, (NumberForm.HEX,), (NumberForm.DECIMAL_BIG, NumberForm.WIEGAND_BIG)),
        CalibrationOutcome.SHARED: Calibration(outcome, (NumberForm.LOW24_LITTLE,)),
    }.get(outcome, Calibration(outcome))
    compared = ("9F04", "2B1C") if last.outcome.counts else ("9F04",)
    return _page(Devices(sought=FormSought(None, compared, Compared("2B1C", last), laid=2)))


DEVICE_VIEWS: Mapping[str, View] = {
    "devices": _page(Devices()),
    "devices-tried": _page(Devices(A_CARD, CodeTried(2, "scanner", CodeKind.ITEM, "30234000517861"))),
    "devices-unwell": _page(
        Devices(CardTried(1, "reader", "D5E6", 7, known=False), CodeTried(2, "scanner", fault=ScanFault.UNKNOWN_FORM)), UNWELL
    ),
    "devices-refused": _page(Devices(CardTried(1, "reader", fault=CardFault.RANDOM), CodeTried(2, "scanner", CodeKind.MOBILE)), UNWELL[3:]),
    "devices-hostile": _page(Devices(CardTried(1, MARKUP, "2B1C", 10), CodeTried(2, LONG, CodeKind.ITEM, MARKUP + LONG))),
    "devices-form": _page(Devices(sought=FormSought())),
    "devices-form-type": _page(Devices(sought=FormSought("2B1C", laid=1))),
    "devices-form-type-next": _page(Devices(sought=FormSought("2B1C", ("9F04", "77A0"), fault=CardFault.UNREADABLE, laid=3))),
    "devices-form-same-card": _page(Devices(sought=FormSought(None, ("9F04",), fault=CardFault.COMPARED, laid=1))),
    **{f"devices-form-{outcome.value}": _told(outcome) for outcome in CalibrationOutcome},
}
