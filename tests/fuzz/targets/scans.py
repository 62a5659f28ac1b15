"""What scanners send: bytes of a serial line or a socket, key events of a wedge; and what the codes in them say."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from circulation.barcodes import LIBRARY_CODABAR, BarcodeFault, BarcodeFormat, barcode_fault, is_publisher_code, with_codabar_check_digit
from circulation.mobile_codes import (
    MobileCodeProblem,
    decide_mobile_code,
    is_mobile_code,
    message_of,
    read_mobile_code,
    window_at,
)
from drivers.scan_lines import LONGEST_BARCODE, LineReading, ScanLines
from drivers.wedge_keys import WedgeKeys
from tests.fuzz.inputs import Bytes, is_plain, pieces, text_of
from tests.fuzz.target import Target

MOST_BYTES = 4 * LONGEST_BARCODE
MS = 1_000_000
GROUP_SEPARATOR = "\x1d"
"""Of GS1 codes."""


def _is_a_reading(reading: LineReading) -> None:
    assert bool(reading.text) is not bool(reading.problem)
    assert len(reading.text) <= LONGEST_BARCODE
    assert is_plain(reading.text.replace(GROUP_SEPARATOR, ""))
    assert reading.text == reading.text.strip(" \t\r\x02\x03")


def scan_lines(data: bytes) -> None:
    """The bytes of a serial scanner: the same lines however they are cut, never more than 1 KiB held."""
    given = Bytes(data)
    steps, times, stream = given.take(2), _times(given.number(2), MOST_BYTES), given.rest()
    run = stream[:1].replace(b"\n", b"") * times
    readings = _lines_in([run, *pieces(stream, steps)])
    assert readings == _lines_in([run + stream])
    assert readings == _lines_in([run[:1000], run[1000:], *pieces(stream, b"\x01")])
    for reading in readings:
        _is_a_reading(reading)


def _lines_in(parts: Iterable[bytes]) -> list[LineReading]:
    lines = ScanLines()
    readings: list[LineReading] = []
    for part in parts:
        readings += lines.feed(part)
        assert len(lines._begun) <= MOST_BYTES
    return readings


def _times(number: int, limit: int) -> int:
    """How often the first letter comes: very seldom about as often as a limit allows, which no fuzzer would write out, and is slow."""
    return (0, limit - 4 + number % 8, LONGEST_BARCODE - 4 + number % 8)[(number >= 0xFFF0) + (number >= 0xFFF8)]


Press = tuple[int, int, int]
"""Key code, value, nanoseconds."""


def wedge_keys(data: bytes) -> None:
    """Key events: releases and repeats of other keys than Shift change nothing, and a second of silence makes everything new."""
    presses = _presses_of(data)
    now = presses[-1][2] if presses else 0
    readings = _keyed(presses)
    for reading in readings:
        _is_a_reading(reading)
        assert reading.problem or len(reading.text) >= 4
    if len(presses) >= LONGEST_BARCODE - 4:
        return
    if len(presses) % 2:
        noise = [(code + 200, place % 2 * 2, at) for place, (code, _, at) in enumerate(presses)]
        assert readings == _keyed(sorted(presses + noise, key=lambda press: press[2]))
    else:
        fresh = _keyed([*presses, *((code, 0, now) for code in (42, 54)), *_code_after(now)])
        assert fresh[len(readings) :] == _keyed(_code_after(now))


def _presses_of(data: bytes) -> list[Press]:
    """Two bytes each: the key; how it moves, and after how long."""
    given = Bytes(data)
    times, now = _times(given.number(2), LONGEST_BARCODE), 0
    presses = []
    for place, (code, how) in enumerate(given.groups(2)):
        value = (1, 0, 2, -1)[how & 3]
        if place == 0:
            presses += [(code, value, now)] * times
        now += (5, 0, 50, 51, 400, 1000, 1001, 3000)[how >> 2 & 7] * MS
        presses.append((code, value, now))
    return presses


def _code_after(now: int) -> list[Press]:
    return [(code, 1, now + 2000 * MS) for code in (2, 3, 4, 5, 28)]


def _keyed(presses: Sequence[Press]) -> list[LineReading]:
    wedge = WedgeKeys()
    readings = []
    for code, value, at in presses:
        if (reading := wedge.press(code, value, at=at)) is not None:
            readings.append(reading)
        assert len(wedge._begun) <= LONGEST_BARCODE
        assert len(wedge._held) <= 2
    return readings


_FORMATS = (
    LIBRARY_CODABAR,
    BarcodeFormat(),
    BarcodeFormat(lengths=frozenset({8, 10}), alphabet=frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    BarcodeFormat(codabar_check_digit=True),
)


def item_barcode(data: bytes) -> None:
    """A code on a book."""
    given = Bytes(data)
    wanted = _FORMATS[given.number() % len(_FORMATS)]
    code = text_of(given.rest())
    match barcode_fault(code, wanted):
        case None:
            assert wanted.alphabet.issuperset(code)
            assert is_plain(code)
            assert not wanted.lengths or len(code) in wanted.lengths
            assert not is_publisher_code(code)
        case BarcodeFault.PUBLISHER_CODE:
            assert code.isascii()
            assert code.isdigit()
    try:
        whole = with_codabar_check_digit(code)
    except ValueError:
        assert not set(code) <= set("0123456789")
    else:
        fault = barcode_fault(whole, LIBRARY_CODABAR)
        assert fault in ({None, BarcodeFault.PUBLISHER_CODE} if len(whole) == 14 else {BarcodeFault.LENGTH, BarcodeFault.PUBLISHER_CODE})


_NOW = datetime(2026, 9, 1, tzinfo=UTC)
_SKEW = timedelta(seconds=5)
_INSTANT = timedelta(microseconds=1)
_KEYS = {1: b"\x01" * 32, 2: b"\x02" * 32}


def _is_signed(public_key: bytes, message: bytes, signature: bytes, /) -> bool:
    """A signature that a fuzzer may find: Ed25519 is not what is tried here."""
    assert (len(public_key), len(message), len(signature)) == (32, len(b"youyue mobile code v1\0") + 23, 64)
    return signature[0] == public_key[0]


def mobile_code(data: bytes) -> None:
    """A QR code of a phone, as a scanner gives it."""
    scanned = text_of(data)
    code = read_mobile_code(scanned)
    if code is None:
        verdict = decide_mobile_code(scanned, now=_NOW, keys=_KEYS, is_signed=_is_signed, skew=_SKEW)
        assert verdict is MobileCodeProblem.MALFORMED
        return
    assert is_mobile_code(scanned)
    assert is_plain(scanned)
    assert code.text == scanned.upper()
    assert read_mobile_code(code.text) == read_mobile_code(code.text.lower()) == code
    assert code.message == message_of(code.key_number, code.window, code.patron)
    assert window_at(code.begins_at) == code.window == window_at(code.ends_at) - 1
    verdicts = [
        decide_mobile_code(scanned, now=now, keys=_KEYS, is_signed=_is_signed, skew=_SKEW)
        for now in (code.begins_at, code.begins_at - _SKEW - _INSTANT, code.ends_at + _SKEW)
    ]
    if code.key_number not in _KEYS:
        assert set(verdicts) == {MobileCodeProblem.UNKNOWN_KEY}
    elif code.signature[0] != _KEYS[code.key_number][0]:
        assert set(verdicts) == {MobileCodeProblem.WRONG_SIGNATURE}
    else:
        assert verdicts == [code, MobileCodeProblem.NOT_YET_VALID, MobileCodeProblem.EXPIRED]


TARGETS = (
    Target("scan_lines", ("drivers.scan_lines",), scan_lines, longest=64),
    Target("wedge_keys", ("drivers.wedge_keys",), wedge_keys, longest=48),
    Target("item_barcode", ("circulation.barcodes",), item_barcode, longest=64),
    Target("mobile_code", ("circulation.mobile_codes",), mobile_code, longest=200),
)
