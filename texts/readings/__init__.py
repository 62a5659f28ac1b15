"""How Chinese is read in Taiwan, in bopomofo (注音), character by character.

``characters.tsv`` and ``words.tsv`` are made by packaging/readings/build-readings.py out of libchewing's dictionary (LGPL-2.1-or-later).
``corrections.tsv`` holds what was reviewed by hand, our own sentences' words first of all; it wins.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

INITIALS, MEDIALS, FINALS, TONES = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ", "ㄧㄨㄩ", "ㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ", "˙ˊˇˋ"
_FIRST_SIGN = 0x10_0000
"""In the last plane of private use. ``ui.plain`` takes these out of what comes from outside."""
JOINER = "\u2060"
"""Between two characters: no line breaks here."""
_HERE = Path(__file__).parent
_SANDHI = {"一": ("ㄧ", "ㄧˊ", "ㄧˋ"), "不": ("ㄅㄨˋ", "ㄅㄨˊ", "ㄅㄨˋ")}
"""Alone, before the fourth tone, before another one: school books print them as they are spoken."""
_DIGITS = frozenset("零〇一二三四五六七八九十百千0123456789")
_COUNTED_FROM_ONE = frozenset("第初期月")
"""Before 一 these make it a number of an order, which is spoken as it stands alone: 第一, 初一, 星期一."""


class Readings:
    """The readings of characters and of the words in which they are read otherwise. A value."""

    def __init__(self, characters: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> None:
        self._characters = characters
        self._words = words
        self._longest = max(map(len, words), default=1)

    def read(self, text: str) -> tuple[str, ...]:
        """The reading of each character, empty for what has none: digits, letters, signs, characters nobody knows. The longest word wins."""
        found = [reading for word in self._words_in(text) for reading in self._read_word(word)]
        return tuple(self._as_spoken(text, number, found) for number in range(len(text)))

    def syllables(self) -> frozenset[str]:
        """Every syllable that can be read."""
        of_words = (reading for word in self._words.values() for reading in word if reading)
        of_sandhi = (reading for spoken in _SANDHI.values() for reading in spoken)
        return frozenset((*self._characters.values(), *of_words, *of_sandhi))

    def annotated(self, text: str) -> str:
        """The text with the sign of its reading after each character, held to it by a joiner, for the font of the readings.

        Joiners that stand between characters already, so that no line breaks there, change no reading and stay.
        """
        read = iter(self.read(text.replace(JOINER, "")))
        return "".join(
            f"{character}{JOINER}{reading}" if reading else character
            for character, reading in ((character, "" if character == JOINER else _signed(next(read))) for character in text)
        )

    def _words_in(self, text: str) -> Iterator[str]:
        first = 0
        while first < len(text):
            last = min(len(text), first + self._longest)
            while last > first + 1 and text[first:last] not in self._words:
                last -= 1
            yield text[first:last]
            first = last

    def _read_word(self, word: str) -> tuple[str, ...]:
        return self._words.get(word) or tuple(self._characters.get(character, "") for character in word)

    def _as_spoken(self, text: str, number: int, found: list[str]) -> str:
        character = text[number]
        if character not in _SANDHI:
            return found[number]
        alone, before_fourth, before_other = _SANDHI[character]
        after = found[number + 1] if number + 1 < len(text) else ""
        if character == "一" and (
            not after or text[number - 1 : number] in (_DIGITS | _COUNTED_FROM_ONE) or text[number + 1] in _DIGITS | {"月"}
        ):
            return alone
        if not after:
            return alone
        return before_fourth if after.endswith("ˋ") or text[number + 1] == "個" else before_other


def sign(syllable: str) -> str:
    """The one character that stands for a syllable in the font of the readings.

    Raises:
        ValueError: it is no syllable in bopomofo, its tone last.

    """
    rest, number = syllable, 0
    for letters in (INITIALS, MEDIALS, FINALS, TONES):
        place = letters.find(rest[:1]) + 1 if rest else 0
        rest = rest[1:] if place else rest
        number = number * (len(letters) + 1) + place
    if rest or not syllable:
        message = f"{syllable!r} is no syllable in bopomofo"
        raise ValueError(message)
    return chr(_FIRST_SIGN + number)


def _signed(syllable: str) -> str:
    return sign(syllable) if syllable else ""


@cache
def open_readings() -> Readings:
    """Read the tables, once in a process: about 30 ms."""
    characters = {character: reading for reading, those in _rows("characters.tsv") for character in those}
    words = {word: tuple(readings.split(" ")) for name in ("words.tsv", "corrections.tsv") for word, readings in _rows(name)}
    single = {word: readings[0] for word, readings in words.items() if len(word) == 1}
    return Readings(characters | single, {word: readings for word, readings in words.items() if len(word) > 1})


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("\t")
            yield key, value
