from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame_clock import FrameLimits
from drivers.scan_lines import FrameRules
from drivers.scanner_address import (
    KeyboardAddress,
    ScannerAddressError,
    SerialAddress,
    VirtualAddress,
    parse_scanners,
)
from drivers.wedge_keys import ENTERS, TAB, WedgeTiming

MS = 1_000_000
BY_ID = "/dev/serial/by-id/usb-Honeywell_3310g-if00"
KEYBOARD_BY_ID = "/dev/input/by-id/usb-Symbol_Scanner-event-kbd"


def test_the_virtual_scanner_needs_no_more_words() -> None:
    assert parse_scanners("virtual") == (VirtualAddress(),)


def test_a_serial_scanner_runs_at_9600_8n1_unless_something_else_is_said() -> None:
    assert parse_scanners(f"serial:{BY_ID}") == (SerialAddress(BY_ID, 9600, 8, "N", 1),)


def test_a_serial_line_is_set_as_the_address_says() -> None:
    [address] = parse_scanners(
        f"serial:{BY_ID}?baud=115200&bits=7&parity=even&stop=2&end=cr&prefix=%5DC&suffix=%23&silence=200&longest=3000"
    )
    rules, limits = FrameRules(b"\r", "]C", "#"), FrameLimits(200 * MS, 3000 * MS)
    assert address == SerialAddress(BY_ID, 115200, 7, "E", 2, rules, limits)


@pytest.mark.parametrize(
    ("device", "meant"),
    [
        ("05e0:1200", KeyboardAddress(numbers=(0x05E0, 0x1200))),
        ("05E0:1200", KeyboardAddress(numbers=(0x05E0, 0x1200))),
        (KEYBOARD_BY_ID, KeyboardAddress(path=KEYBOARD_BY_ID)),
        ("/dev/input/by-path/pci-0-usb-0:1-event-kbd", KeyboardAddress(path="/dev/input/by-path/pci-0-usb-0:1-event-kbd")),
        (
            "Symbol Technologies, Inc, 2008 Symbol Bar Code Scanner",
            KeyboardAddress(name="Symbol Technologies, Inc, 2008 Symbol Bar Code Scanner"),
        ),
        ("What%3F%3B 50%25", KeyboardAddress(name="What?; 50%")),
    ],
)
def test_a_keyboard_is_named_by_its_numbers_a_stable_file_or_its_name(device: str, meant: KeyboardAddress) -> None:
    [address] = parse_scanners(f"keyboard:{device}")
    assert isinstance(address, KeyboardAddress)
    assert (address.numbers, address.path, address.name) == (meant.numbers, meant.path, meant.name)


def test_a_keyboards_timing_is_set_as_the_address_says() -> None:
    [address] = parse_scanners("keyboard:05e0:1200?gap=80&silence=600&fewest=6&end=tab&prefix=~&longest=4000")
    assert isinstance(address, KeyboardAddress)
    assert address.timing == WedgeTiming(80 * MS, 600 * MS, 6, frozenset({TAB}))
    assert (address.rules.prefix, address.limits) == ("~", FrameLimits(600 * MS, 4000 * MS))


def test_a_keyboard_by_default_ends_a_line_with_enter_or_tab_and_knows_a_person_by_the_pauses() -> None:
    [address] = parse_scanners("keyboard:05e0:1200")
    assert isinstance(address, KeyboardAddress)
    assert (address.timing, address.timing.ends) == (WedgeTiming(), ENTERS | {TAB})
    assert address.limits.silence == WedgeTiming().new_line_after


def test_several_scanners_are_parted_by_semicolons() -> None:
    found = parse_scanners(f"serial:{BY_ID} ; keyboard:05e0:1200;virtual")
    assert [type(one) for one in found] == [SerialAddress, KeyboardAddress, VirtualAddress]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write virtual, serial:"),
        ("serial:", "write virtual, serial:"),
        ("keyboard:", "write virtual, serial:"),
        ("usb:05e0:1200", "write virtual, serial:"),
        ("virtual?x=1", "write virtual, serial:"),
        ("virtual;", "write virtual, serial:"),
        ("serial:/dev/a%00b", "nobody can see"),
        ("keyboard:a%0Ab", "nobody can see"),
        ("serial:ttyUSB0", "a file such as /dev/serial/by-id/NAME"),
        ("keyboard:/dev/input/event4", "another device after each start"),
        ("keyboard:/dev/tty1", "another device after each start"),
        ("virtual;virtual", "named twice"),
        ("keyboard:05e0:1200;keyboard:05E0:1200?gap=60", "named twice"),
        ("virtual;serial:/dev/a;serial:/dev/b;serial:/dev/c", "3 at most"),
        (f"serial:{BY_ID}?baud=9601", "baud is one of 1200, 2400"),
        (f"serial:{BY_ID}?baud=", "baud is one of"),
        (f"serial:{BY_ID}?baud=٩٦٠٠", "baud is one of"),
        (f"serial:{BY_ID}?bits=9", "bits is one of 7, 8"),
        (f"serial:{BY_ID}?stop=0", "stop is one of 1, 2"),
        (f"serial:{BY_ID}?parity=E", "parity is one of none, even, odd"),
        (f"serial:{BY_ID}?end=enter", "end is one of any, cr, lf, etx"),
        (f"serial:{BY_ID}?gap=50", "no option gap, only baud, bits"),
        (f"serial:{BY_ID}?baud", "written ?NAME=VALUE"),
        (f"serial:{BY_ID}?prefix=%FF", "written ?NAME=VALUE"),
        (f"serial:{BY_ID}?baud=9600&baud=1200", "twice"),
        (f"serial:{BY_ID}?prefix=%02", "taken off in any case"),
        (f"serial:{BY_ID}?suffix=12345678901234567", "16 characters at most"),
        (f"serial:{BY_ID}?silence=0", "silence is one of 1 to 60000"),
        (f"serial:{BY_ID}?silence=2000&longest=1000", "longest must not be less than silence"),
        ("keyboard:05e0:1200?baud=9600", "no option baud"),
        ("keyboard:05e0:1200?end=cr", "end is one of any, enter, tab"),
        ("keyboard:05e0:1200?gap=1000", "gap must be less than silence"),
        ("keyboard:05e0:1200?fewest=33", "fewest is one of 1 to 32"),
    ],
)
def test_what_names_no_scanner_is_told_with_how_one_is_written(text: str, says: str) -> None:
    with pytest.raises(ScannerAddressError) as told:
        parse_scanners(text)
    assert says in str(told.value)


@pytest.mark.parametrize(
    "written", ["virtual", f"serial:{BY_ID}", "keyboard:05e0:1200", f"keyboard:{KEYBOARD_BY_ID}", "keyboard:What%3F%3B 50%25, Inc."]
)
def test_a_scanner_is_told_as_it_is_written_without_its_options(written: str) -> None:
    options = "" if written == "virtual" else "?end=any"
    [address] = parse_scanners(written + options)
    assert address.label == written


@given(st.text(max_size=60) | st.builds("{}:{}?{}".format, st.sampled_from(["serial", "keyboard"]), st.text(), st.text()))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(ScannerAddressError):
        assert 1 <= len(parse_scanners(text)) <= 3
