"""What the settings say of scanners and codes, and what of it is there. Pure."""

from collections.abc import Iterable, Iterator

from youyue.doctor.facts import CodeFacts, ScannerFacts
from youyue.doctor.findings import Check, Finding, failed, ok


def judge_scanners(scanners: Iterable[ScannerFacts], codes: CodeFacts) -> Iterator[Finding]:
    """Each scanner, then how codes are told apart. Whether a scanner is read from, the running kiosk tells (``judge_devices``)."""
    for scanner in scanners:
        if scanner.fault is not None:
            yield failed(Check.SCANNER, "scanner_not_there", device=scanner.device, address=scanner.address, fault=scanner.fault)
        elif scanner.address == "virtual":
            yield ok(Check.SCANNER, "scanner_virtual")
        else:
            yield ok(Check.SCANNER, "scanner_there", device=scanner.device, address=scanner.address)
    yield ok(Check.SCANNER, "item_codes", forms=codes.items) if codes.items else ok(Check.SCANNER, "item_codes_any")
    yield ok(Check.SCANNER, "card_codes", forms=codes.cards) if codes.cards else ok(Check.SCANNER, "card_codes_none")
