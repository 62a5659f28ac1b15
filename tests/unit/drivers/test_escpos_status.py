"""What a printer says of itself, as Epson's command reference defines the bits; anything else says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos_status import (
    PAPER_IN_ORDER,
    Query,
    fault_in_order,
    fault_of,
    in_order_answer,
    prints,
    real_time_answer,
    state_of,
)
from drivers.ports import DeviceFault, DeviceState

WELL = dict.fromkeys(Query, 0x12)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({}, None),
        ({Query.PRINTER: 0x1A}, DeviceFault.PRINTER_ERROR),
        ({Query.PRINTER: 0x1A, Query.OFFLINE: 0x16}, DeviceFault.COVER_OPEN),
        ({Query.PRINTER: 0x1A, Query.OFFLINE: 0x32}, DeviceFault.PAPER_OUT),
        ({Query.OFFLINE: 0x16, Query.PAPER: 0x72}, DeviceFault.COVER_OPEN),
        ({Query.OFFLINE: 0x52}, DeviceFault.PRINTER_ERROR),
        ({Query.ERROR: 0x1A}, DeviceFault.PRINTER_ERROR),
        ({Query.ERROR: 0x32}, DeviceFault.PRINTER_ERROR),
        ({Query.ERROR: 0x52}, DeviceFault.PRINTER_ERROR),
        ({Query.PAPER: 0x72}, DeviceFault.PAPER_OUT),
        ({Query.PAPER: 0x7E}, DeviceFault.PAPER_OUT),
        ({Query.PAPER: 0x1E}, DeviceFault.PAPER_LOW),
        ({Query.PRINTER: 0x36}, None),
    ],
)
def test_the_bits_mean_what_the_reference_says(answers: dict[Query, int], fault: DeviceFault | None) -> None:
    assert fault_of(WELL | answers) is fault


def test_a_printer_that_answers_nothing_is_silent_and_not_well() -> None:
    assert fault_of({}) is DeviceFault.PRINTER_SILENT


@pytest.mark.parametrize(
    ("answer", "fault"), [(0x00, None), (0x03, DeviceFault.PAPER_LOW), (0x0C, DeviceFault.PAPER_OUT), (0x0F, DeviceFault.PAPER_OUT)]
)
def test_the_answer_in_order_tells_of_the_roll(answer: int, fault: DeviceFault | None) -> None:
    assert fault_in_order(answer) is fault


def test_the_questions_are_those_of_the_reference() -> None:
    assert [query.command for query in Query] == [b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04"]
    assert PAPER_IN_ORDER == b"\x1dr\x01"


@given(st.binary(max_size=64))
def test_whatever_comes_is_an_answer_of_one_kind_or_none(received: bytes) -> None:
    real_time, in_order = real_time_answer(received), in_order_answer(received)
    if real_time is not None:
        assert real_time in received
        assert real_time & 0b1001_0011 == 0b0001_0010
    if in_order is not None:
        assert in_order in received
        assert in_order & 0b1001_0000 == 0
    assert real_time is None or real_time != in_order


@given(st.binary(max_size=8), st.sampled_from([0x11, 0x13]))
def test_flow_control_is_never_taken_for_an_answer(noise: bytes, flow: int) -> None:
    assert real_time_answer(bytes([flow])) is None
    assert in_order_answer(bytes([flow])) is None
    assert real_time_answer(bytes([0x12, flow])) == 0x12


@given(st.dictionaries(st.sampled_from(Query), st.integers(0, 255)))
def test_all_bits_together_are_a_fault_or_none_and_only_the_roll_running_low_still_prints(answers: dict[Query, int]) -> None:
    fault = fault_of(answers)
    assert prints(fault) is (fault in {None, DeviceFault.PAPER_LOW})
    assert (state_of(fault) is DeviceState.READY) is (fault is None)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (DeviceFault.NO_PRINTER, DeviceState.MISSING),
        (DeviceFault.PAPER_OUT, DeviceState.DEGRADED),
        (DeviceFault.PRINTER_SILENT, DeviceState.DEGRADED),
    ],
)
def test_only_what_can_not_be_reached_is_missing(fault: DeviceFault, state: DeviceState) -> None:
    assert state_of(fault) is state
