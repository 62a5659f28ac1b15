"""Which scanners a kiosk has, as its settings name them. Pure.

``virtual``, ``serial:/dev/serial/by-id/…?baud=9600``, ``keyboard:05e0:1200``, ``keyboard:/dev/input/by-id/…-event-kbd``,
``keyboard:NAME``; several are parted by semicolons. After a question mark come options, percent-encoded as in an address of the web.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote

from drivers.frame_clock import FrameLimits
from drivers.scan_lines import FRAME_CHARACTERS, FrameRules
from drivers.wedge_keys import ENTERS, TAB, WedgeTiming

HOW_TO_WRITE_ONE = "virtual, serial:/dev/serial/by-id/NAME, keyboard:VENDOR:PRODUCT or keyboard:/dev/input/by-id/NAME-event-kbd"

MOST_SCANNERS = 3
_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_BITS = (7, 8)
_STOPS = (1, 2)
_PARITIES = {"none": "N", "even": "E", "odd": "O"}
_LINE_ENDS = {"any": b"\r\n", "cr": b"\r", "lf": b"\n", "etx": b"\x03"}
_KEY_ENDS = {"any": ENTERS | {TAB}, "enter": ENTERS, "tab": frozenset({TAB})}
_MS = 1_000_000
_PLAIN = "/:-_.,+ ()"
"""Signs that may stand in an address as they are; a question mark and a semicolon may not."""
_LONGEST_MARK = 16
_NUMBERS = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_STABLE_INPUTS = ("/dev/input/by-id/", "/dev/input/by-path/")
_SERIAL_OPTIONS = frozenset({"baud", "bits", "parity", "stop", "end", "prefix", "suffix", "silence", "longest"})
_KEYBOARD_OPTIONS = frozenset({"end", "prefix", "suffix", "gap", "silence", "longest", "fewest"})


class ScannerAddressError(ValueError):
    """This names no scanner; the message says what is wrong and how one is written."""


@dataclass(frozen=True, slots=True)
class VirtualAddress:
    """The scanner made of software, for demos and tests: a unix socket in the kiosk's run folder."""

    @property
    def label(self) -> str:
        """As it is written."""
        return "virtual"


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A serial scanner, or a USB one that poses as such: device file, bits a second, data bits, ``N``, ``E`` or ``O``, stop bits."""

    path: str
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: int = 1
    rules: FrameRules = field(default_factory=FrameRules)
    limits: FrameLimits = field(default_factory=FrameLimits)

    @property
    def label(self) -> str:
        """As it is written, without its options."""
        return f"serial:{quote(self.path, safe=_PLAIN)}"


@dataclass(frozen=True, slots=True)
class KeyboardAddress:
    """A scanner that poses as a keyboard: by the numbers of maker and kind, by a stable device file, or by its name."""

    numbers: tuple[int, int] | None = None
    path: str = ""
    name: str = ""
    rules: FrameRules = field(default_factory=FrameRules)
    timing: WedgeTiming = field(default_factory=WedgeTiming)
    limits: FrameLimits = field(default_factory=FrameLimits)

    @property
    def label(self) -> str:
        """As it is written, without its options."""
        numbers = "" if self.numbers is None else "{:04x}:{:04x}".format(*self.numbers)
        return f"keyboard:{numbers or quote(self.path or self.name, safe=_PLAIN)}"


ScannerAddress = VirtualAddress | SerialAddress | KeyboardAddress


def parse_scanners(text: str) -> tuple[ScannerAddress, ...]:
    """Read the scanners of the settings.

    Raises:
        ScannerAddressError: one is none, one is named twice, or there are too many.

    """
    found = tuple(_parse_one(one.strip()) for one in text.split(";"))
    if len(found) > MOST_SCANNERS:
        message = f"a kiosk has {MOST_SCANNERS} at most"
        raise ScannerAddressError(message)
    for place, one in enumerate(found):
        if one.label in {other.label for other in found[:place]}:
            message = "the same scanner is named twice"
            raise ScannerAddressError(message)
    return found


def _parse_one(text: str) -> ScannerAddress:
    place, _, query = text.partition("?")
    kind, _, device = place.partition(":")
    if text == "virtual":
        return VirtualAddress()
    device = unquote(device)
    if not device.isprintable():
        message = "a device's name holds characters that nobody can see"
        raise ScannerAddressError(message)
    if kind == "serial" and device:
        return _serial(device, _options(query, _SERIAL_OPTIONS))
    if kind == "keyboard" and device:
        return _keyboard(device, _options(query, _KEYBOARD_OPTIONS))
    message = f"write {HOW_TO_WRITE_ONE}"
    raise ScannerAddressError(message)


def _serial(path: str, given: Mapping[str, str]) -> SerialAddress:
    if not path.startswith("/dev/"):
        message = "a serial scanner is a file such as /dev/serial/by-id/NAME"
        raise ScannerAddressError(message)
    return SerialAddress(
        path,
        _number(given, "baud", _BAUDS, 9600),
        _number(given, "bits", _BITS, 8),
        _PARITIES[_word(given, "parity", _PARITIES, "none")],
        _number(given, "stop", _STOPS, 1),
        _rules(given, _LINE_ENDS[_word(given, "end", _LINE_ENDS, "any")]),
        _limits(given),
    )


def _keyboard(device: str, given: Mapping[str, str]) -> KeyboardAddress:
    usual = WedgeTiming()
    limits = _limits(given, silence=usual.new_line_after // _MS)
    timing = WedgeTiming(
        longest_gap=_milliseconds(given, "gap", usual.longest_gap // _MS),
        new_line_after=limits.silence,
        fewest_characters=_number(given, "fewest", range(1, 33), usual.fewest_characters),
        ends=_KEY_ENDS[_word(given, "end", _KEY_ENDS, "any")],
    )
    if timing.longest_gap >= timing.new_line_after:
        message = "gap must be less than silence"
        raise ScannerAddressError(message)
    rules = _rules(given, b"")
    if numbers := _NUMBERS.fullmatch(device):
        return KeyboardAddress(numbers=(int(numbers[1], 16), int(numbers[2], 16)), rules=rules, timing=timing, limits=limits)
    if device.startswith(_STABLE_INPUTS):
        return KeyboardAddress(path=device, rules=rules, timing=timing, limits=limits)
    if device.startswith("/"):
        message = f"{device} is another device after each start; take its name in /dev/input/by-id, see `youyue scanner list`"
        raise ScannerAddressError(message)
    return KeyboardAddress(name=device, rules=rules, timing=timing, limits=limits)


def _options(query: str, known: frozenset[str]) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    except ValueError:
        message = "options are written ?NAME=VALUE&NAME=VALUE"
        raise ScannerAddressError(message) from None
    options = dict(pairs)
    unknown = sorted(set(options) - known)
    if unknown or len(options) < len(pairs):
        message = f"there is no option {unknown[0]}, only {', '.join(sorted(known))}" if unknown else "an option stands there twice"
        raise ScannerAddressError(message)
    return options


def _rules(given: Mapping[str, str], ends: bytes) -> FrameRules:
    prefix, suffix = given.get("prefix", ""), given.get("suffix", "")
    for mark in (prefix, suffix):
        if len(mark) > _LONGEST_MARK or mark.strip(FRAME_CHARACTERS) != mark:
            message = f"prefix and suffix have {_LONGEST_MARK} characters at most; blanks, tabs, STX and ETX are taken off in any case"
            raise ScannerAddressError(message)
    return FrameRules(ends, prefix, suffix)


def _limits(given: Mapping[str, str], *, silence: int = FrameLimits().silence // _MS) -> FrameLimits:
    limits = FrameLimits(_milliseconds(given, "silence", silence), _milliseconds(given, "longest", FrameLimits().longest // _MS))
    if limits.longest < limits.silence:
        message = "longest must not be less than silence"
        raise ScannerAddressError(message)
    return limits


def _milliseconds(given: Mapping[str, str], name: str, usual: int) -> int:
    return _MS * _number(given, name, range(1, 60_001), usual)


def _number(given: Mapping[str, str], name: str, allowed: range | tuple[int, ...], usual: int) -> int:
    text = given.get(name, str(usual))
    if text.isascii() and text.isdigit() and len(text) <= len(str(max(allowed))) and int(text) in allowed:
        return int(text)
    said = f"{allowed[0]} to {allowed[-1]}" if isinstance(allowed, range) else ", ".join(map(str, allowed))
    message = f"{name} is one of {said}"
    raise ScannerAddressError(message)


def _word(given: Mapping[str, str], name: str, allowed: Mapping[str, object], usual: str) -> str:
    word = given.get(name, usual)
    if word in allowed:
        return word
    message = f"{name} is one of {', '.join(allowed)}"
    raise ScannerAddressError(message)
