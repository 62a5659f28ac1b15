"""What a scanner that poses as a keyboard sends: the kernel's own event bytes. Key codes are those of the kernel's header, by way of evdev."""

import struct
from collections.abc import Iterator

from evdev import ecodes

_EVENT = struct.Struct("llHHi")
"""``struct input_event`` of linux/input.h on a machine of 64 bits: seconds, microseconds, type, code, value."""
EVENT_BYTES = _EVENT.size
_NAMES = {"-": "MINUS", ".": "DOT", "/": "SLASH", " ": "SPACE", "\n": "ENTER", "\t": "TAB", ";": "SEMICOLON", "=": "EQUAL"}
_SHIFTED = {":": ";", "+": "=", "?": "/", "_": "-"}
_UP, _DOWN = 0, 1
KEY_OF_NO_CHARACTER = ecodes.KEY_F1


def keys_of(text: str) -> Iterator[tuple[int, int]]:
    """Codes and values: each key down and up, Shift held around what needs it."""
    for character in text:
        plain = _SHIFTED.get(character, character.lower())
        code = getattr(ecodes, f"KEY_{_NAMES.get(plain, plain.upper())}")
        if plain != character:
            yield ecodes.KEY_LEFTSHIFT, _DOWN
        yield code, _DOWN
        yield code, _UP
        if plain != character:
            yield ecodes.KEY_LEFTSHIFT, _UP


def event_bytes(microseconds: int, kind: int, code: int, value: int) -> bytes:
    """One event as the kernel writes it."""
    return _EVENT.pack(*divmod(microseconds, 1_000_000), kind, code, value)


class Typist:
    """Types on one keyboard, ``gap`` microseconds after each key and a third of a second between lines."""

    def __init__(self, *, gap: int = 4000) -> None:
        self._gap = gap
        self._now = 1_700_000_000_000_000

    def type(self, text: str) -> bytes:
        """The events of a text, each with the kernel's "that was all of it"."""
        return self.press(keys_of(text))

    def press(self, keys: Iterator[tuple[int, int]]) -> bytes:
        """The events of keys."""
        self._now += 300_000
        events = []
        for code, value in keys:
            self._now += self._gap if value == _DOWN else 0
            events += [event_bytes(self._now, ecodes.EV_KEY, code, value), event_bytes(self._now, ecodes.EV_SYN, ecodes.SYN_REPORT, 0)]
        return b"".join(events)

    def lost(self) -> bytes:
        """What the kernel says when it had to throw events away."""
        return event_bytes(self._now, ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
