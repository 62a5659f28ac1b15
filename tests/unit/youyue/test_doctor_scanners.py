"""What the doctor says of scanners and of the forms of codes."""

import pytest

from youyue.doctor.facts import CodeFacts, ScannerFacts
from youyue.doctor.findings import Level
from youyue.doctor.judge_scanners import judge_scanners
from youyue.doctor.probe_scanners import see_scanners

NO_FORMS = CodeFacts("", "")


def test_the_virtual_scanner_is_told_to_be_none_of_metal() -> None:
    (scanner, *_) = judge_scanners(see_scanners("virtual"), NO_FORMS)
    assert (scanner.level, scanner.code) == (Level.OK, "scanner_virtual")


@pytest.mark.parametrize("setting", ["serial:/dev/serial/by-id/no-such?baud=1200", "keyboard:ffff:ffff"])
def test_a_scanner_that_is_not_there_is_named_as_in_the_settings(setting: str) -> None:
    (scanner, *_) = judge_scanners(see_scanners(setting), NO_FORMS)
    assert (scanner.level, scanner.code) == (Level.FAILED, "scanner_not_there")
    assert scanner.values == {"device": "scanner", "address": setting.partition("?")[0], "fault": "no_scanner"}


def test_each_of_several_scanners_has_its_line() -> None:
    seen = see_scanners("virtual; serial:/dev/null; serial:/dev/no-such")
    assert seen == (
        ScannerFacts("scanner", "virtual"),
        ScannerFacts("scanner_2", "serial:/dev/null"),
        ScannerFacts("scanner_3", "serial:/dev/no-such", "no_scanner"),
    )
    codes = [finding.code for finding in judge_scanners(seen, NO_FORMS)]
    assert codes == ["scanner_virtual", "scanner_there", "scanner_not_there", "item_codes_any", "card_codes_none"]


def test_the_forms_of_codes_are_told() -> None:
    told = [(finding.code, finding.values) for finding in judge_scanners((), CodeFacts("3#{12}%", "2#{12}%"))]
    assert told == [("item_codes", {"forms": "3#{12}%"}), ("card_codes", {"forms": "2#{12}%"})]
