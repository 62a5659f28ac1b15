"""What the doctor says of where slips go."""

from youyue.doctor.facts import SlipsFacts
from youyue.doctor.findings import Level
from youyue.doctor.judge_machine import judge_slips


def test_slips_may_go_to_a_printer_and_into_a_folder() -> None:
    (printer,) = judge_slips(SlipsFacts("", printer="tcp://p:9100"))
    assert (printer.level, printer.code) == (Level.OK, "slips_printer")
    both = judge_slips(SlipsFacts("/slips", is_writable=False, printer="usb:04b8:0e15"))
    assert [(one.level, one.code) for one in both] == [(Level.OK, "slips_printer"), (Level.FAILED, "slips_unwritable")]
