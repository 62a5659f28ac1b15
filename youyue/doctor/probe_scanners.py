"""Looking for the scanners that a kiosk's settings name. Opens none."""

from drivers.plugged_scanners import fault_of
from drivers.scanner_address import parse_scanners
from youyue.devices import scanner_device
from youyue.doctor.facts import ScannerFacts


def see_scanners(setting: str) -> tuple[ScannerFacts, ...]:
    """Each of ``kiosk.scanner``."""
    return tuple(
        ScannerFacts(scanner_device(place), address.label, None if (fault := fault_of(address)) is None else fault.value)
        for place, address in enumerate(parse_scanners(setting), start=1)
    )
