"""What the doctor says of readers that nfcpy drives."""

import pytest

from drivers.nfcpy_address import parse_nfcpy
from drivers.nfcpy_holders import Holder, KernelDriver, OtherProgram
from drivers.nfcpy_survey import FoundReader
from youyue.doctor.findings import Level
from youyue.doctor.nfcpy_readers import NfcpyFacts, judge_nfcpy, see_nfcpy

USB = parse_nfcpy("nfcpy")
NODE = "/dev/bus/usb/001/004"


@pytest.mark.parametrize(
    ("holder", "level", "code"),
    [
        (None, Level.OK, "nfcpy_reader"),
        (OtherProgram("youyue"), Level.OK, "nfcpy_reader"),
        (OtherProgram(""), Level.OK, "nfcpy_reader"),
        (OtherProgram("pcscd"), Level.FAILED, "nfcpy_held_by_program"),
        (KernelDriver("pn533_usb"), Level.FAILED, "nfcpy_held_by_kernel"),
    ],
)
def test_a_reader_that_is_there_is_well_unless_somebody_else_has_it(holder: Holder | None, level: Level, code: str) -> None:
    (finding,) = judge_nfcpy(NfcpyFacts(USB, (FoundReader("usb", NODE, holder),)))
    assert (finding.level, finding.code, finding.values["node"]) == (level, code, NODE)


def test_of_several_readers_one_that_is_free_is_enough() -> None:
    held, free = FoundReader("usb", NODE, OtherProgram("pcscd")), FoundReader("usb", "/dev/bus/usb/001/005")
    (finding,) = judge_nfcpy(NfcpyFacts(USB, (held, free)))
    assert finding.values["node"] == free.node


def test_each_path_that_is_set_is_judged() -> None:
    facts = NfcpyFacts(parse_nfcpy("nfcpy:usb:072f,tty:USB0:pn532"), (FoundReader("tty:USB0:pn532", "/dev/ttyUSB0"),))
    assert [(finding.code, finding.values["path"]) for finding in judge_nfcpy(facts)] == [
        ("nfcpy_none", "usb:072f"),
        ("nfcpy_reader", "tty:USB0:pn532"),
    ]


def test_a_machine_without_nfcpy_is_told_what_to_install() -> None:
    (finding,) = judge_nfcpy(NfcpyFacts(USB, problem="nfcpy is not installed"))
    assert (finding.level, finding.code) == (Level.FAILED, "nfcpy_missing")


def test_a_reader_that_no_bus_has_is_missed() -> None:
    (finding,) = judge_nfcpy(see_nfcpy(parse_nfcpy("nfcpy:usb:0000:0000")))
    assert finding.code == "nfcpy_none"
