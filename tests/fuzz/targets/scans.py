"""What scanners send: bytes of a serial line or a socket, key events of a wedge; and what the codes in them say."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from circulation.barcodes import LIBRARY_CODABAR, CodeFormError, CodeForms, is_publisher_code, with_codabar_check_digit
from circulation.cards import CardUid
from circulation.mobile_codes import (
    MobileCodeProblem,
    decide_mobile_code,
    is_mobile_code,
    message_of,
    read_mobile_code,
    window_at,
)
from drivers.ports import BarcodeScanned, CardPresented, ScanUnreadable
from drivers.scan_lines import LONGEST_BARCODE, NEVER_ENDED, FrameRules, LineReading, ScanLines
from drivers.scanner_address import KeyboardAddress, ScannerAddressError, SerialAddress, parse_scanners
from drivers.wedge_keys import WedgeKeys
from kiosk.opener import BarcodeCard, MobileCard
from kiosk.scans import CardScanned, ItemScanned, ScanFault, ScanRefused, opener_in, sort_scan
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


_RULES = (FrameRules(), FrameRules(ends=b"\x03"), FrameRules(prefix="]C1"), FrameRules(prefix="^", suffix="$"))


def scan_lines(data: bytes) -> None:
    """The bytes of a serial scanner: the same lines however they are cut, never more than 1 KiB held, and nothing of what was given up."""
    given = Bytes(data)
    how = given.number()
    rules = _RULES[how % len(_RULES)]
    steps, times, stream = given.take(2), _times(given.number(2), MOST_BYTES), given.rest()
    run = stream[:1].replace(b"\n", b"") * times
    readings = _lines_in([run, *pieces(stream, steps)], rules)
    assert readings == _lines_in([run + stream], rules)
    assert readings == _lines_in([run[:1000], run[1000:], *pieces(stream, b"\x01")], rules)
    for reading in readings:
        _is_a_reading(reading)
    _starts_anew(stream, rules, swallows=how >= len(_RULES))


def _starts_anew(stream: bytes, rules: FrameRules, *, swallows: bool) -> None:
    lines, code = ScanLines(rules), b"^]C1ABC$" + rules.ends[:1]
    assert all(lines.feed(stream))
    begun = lines.is_begun
    assert (lines.swallow() if swallows else lines.give_up()) == (NEVER_ENDED if begun else None)
    assert lines.is_begun is swallows
    if swallows:
        assert list(lines.feed(code)) == []
        assert lines.give_up() is None
    assert list(lines.feed(code)) == list(ScanLines(rules).feed(code))


def _lines_in(parts: Iterable[bytes], rules: FrameRules) -> list[LineReading]:
    lines = ScanLines(rules)
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
        _gives_up(presses, now)


def _gives_up(presses: Sequence[Press], now: int) -> None:
    """What keys were lost of, what was given up, and what is swallowed to its end is no code."""
    wedge = WedgeKeys()
    for code, value, at in presses:
        wedge.press(code, value, at=at)
    wedge.press(2, 1, at=now)
    assert wedge.is_begun
    assert wedge.give_up() == NEVER_ENDED
    assert wedge.swallow() is None
    assert wedge.press(2, 1, at=now) is wedge.press(28, 1, at=now) is None
    wedge.lose()
    assert wedge.is_begun
    lost = wedge.press(28, 1, at=now)
    assert lost is not None
    assert lost.problem


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


_FORMS = tuple(
    CodeForms.read(items, cards)
    for items, cards in (("#{13}%", ""), ("", ""), ("?{8} @-#{9} A{3}", "#{16}"), ("3#{12}%", "04#{12} 0A#{18}"), ("", "#{14}"))
)


def scanned_code(data: bytes) -> None:
    """A code on a book or a card, sorted by one of a few libraries' forms; or the forms of a library themselves."""
    given = Bytes(data)
    which = given.number()
    text = text_of(given.rest())
    if which < len(_FORMS):
        _is_sorted(text, _FORMS[which])
        _has_one_check_digit(text)
    else:
        _are_told_apart(text, which)


def _is_sorted(code: str, forms: CodeForms) -> None:
    scan = sort_scan(BarcodeScanned(code, "scanner", 0), forms)
    match scan:
        case ItemScanned(barcode):
            assert barcode == code
            assert not forms.items or (is_plain(code) and any(form.fits(code) for form in forms.items))
            assert not is_publisher_code(code)
        case CardScanned(MobileCard()):
            assert is_mobile_code(code)
        case CardScanned(BarcodeCard(number)):
            assert any(form.fits(code) for form in forms.cards)
            assert number.hex == code
        case ScanRefused(ScanFault.PUBLISHER_CODE):
            assert code.isascii()
            assert code.isdigit()
        case ScanRefused():
            assert not any(form.fits(code) for form in (*forms.items, *forms.cards))
    assert (opener_in(scan) is not None) is isinstance(scan, CardScanned)
    assert sort_scan(ScanUnreadable("scanner", 0), forms) == ScanRefused(ScanFault.UNREADABLE)
    assert opener_in(CardPresented(CardUid.from_hex("04A32B1C"), "reader", 0)) is not None


def _has_one_check_digit(code: str) -> None:
    try:
        whole = with_codabar_check_digit(code)
    except ValueError:
        assert not set(code) <= set("0123456789")
    else:
        assert LIBRARY_CODABAR.fits(whole) is (len(whole) == 14)


def _are_told_apart(written: str, which: int) -> None:
    items, _, cards = written.partition("\n")
    try:
        forms = CodeForms.read(items, cards)
    except CodeFormError as error:
        assert error.form in written.split()
        return
    for form in (*forms.items, *forms.cards):
        code = "".join(sorted(place)[which % len(place)] for place in form.places)
        assert form.has_shape(code)
        assert not is_mobile_code(code)
    for card in forms.cards:
        assert not any(card.shares_a_code_with(item) or item.shares_a_code_with(card) for item in forms.items)


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


def scanner_address(data: bytes) -> None:
    """The scanners of the settings."""
    text = text_of(data)
    try:
        scanners = parse_scanners(text)
    except ScannerAddressError as error:
        assert len(str(error)) < len(text) + 300
        return
    assert len(scanners) == text.count(";") + 1
    for scanner in scanners:
        match scanner:
            case SerialAddress():
                assert is_plain(scanner.path)
                assert 1200 <= scanner.baud <= 115200
                assert 0 < scanner.limits.silence <= scanner.limits.longest
            case KeyboardAddress():
                assert is_plain(scanner.path + scanner.name)
                assert 0 < scanner.timing.longest_gap < scanner.timing.new_line_after


TARGETS = (
    Target("scan_lines", ("drivers.scan_lines",), scan_lines, longest=64),
    Target("wedge_keys", ("drivers.wedge_keys",), wedge_keys, longest=48),
    Target("scanned_code", ("circulation.barcodes", "kiosk.scans"), scanned_code, longest=64),
    Target("scanner_address", ("drivers.scanner_address",), scanner_address, longest=200),
    Target("mobile_code", ("circulation.mobile_codes",), mobile_code, longest=200),
)
