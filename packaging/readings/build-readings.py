#!/usr/bin/env python3
"""Makes the readings of Chinese characters in bopomofo, as Taiwan reads them, out of libchewing's dictionary.

    packaging/readings/build-readings.py FOLDER     where dictionary.dat and index_tree.dat are (Debian: libchewing3-data)

Writes two files into texts/readings: ``characters.tsv`` (a reading, the characters that are read so unless a word says otherwise) and
``words.tsv`` (a word and its readings, where it matters). A character's usual reading is the one it has most often in the words of the
dictionary, weighted with how often they are written. A word is kept when it is read otherwise than its characters usually are, or when
such a word stands inside it and would be taken for it.

The tree: records of 8 bytes, a syllable as 16 bits and twice 24 bits. Under the syllable 0 stand a word's place in the other file and
its frequency, else the first and the last record of the syllables that follow.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parents[2] / "texts" / "readings"
INITIALS, MEDIALS, FINALS, TONES = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ", "ㄧㄨㄩ", "ㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ", "˙ˊˇˋ"
SIGNS = frozenset(INITIALS + MEDIALS + FINALS + TONES)
"""They stand in the dictionary too, each read as itself."""
BROKEN = frozenset(INITIALS[:14])
"""No syllables: initials that have lost the rest."""
LONGEST = 6
"""Characters of a word; longer ones are proverbs, whose parts are read alike."""

Syllables = tuple[str, ...]


def syllable(code: int) -> str:
    """A syllable in bopomofo, its tone last."""
    parts = ((INITIALS, code >> 9 & 63), (MEDIALS, code >> 7 & 3), (FINALS, code >> 3 & 15), (TONES, code & 7))
    return "".join(signs[number - 1] for signs, number in parts if number)


def words_of(folder: Path) -> Iterator[tuple[str, Syllables, int]]:
    """All words with readings and frequencies."""
    words, tree = (folder / "dictionary.dat").read_bytes(), (folder / "index_tree.dat").read_bytes()

    def record(number: int) -> tuple[int, int, int]:
        raw = tree[number * 8 : number * 8 + 8]
        return int.from_bytes(raw[:2], "little"), int.from_bytes(raw[2:5], "little"), int.from_bytes(raw[5:], "little")

    def under(number: int, path: Syllables) -> Iterator[tuple[str, Syllables, int]]:
        _, first, end = record(number)
        for child in range(first, end):
            code, place, frequency = record(child)
            if code == 0:
                yield words[place : words.index(b"\0", place)].decode(), path, frequency
            else:
                yield from under(child, (*path, syllable(code)))

    return under(0, ())


def usual_readings(words: dict[str, dict[Syllables, int]]) -> dict[str, str]:
    """The usual reading of each character."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for word, readings in words.items():
        share = len(readings)
        for syllables, frequency in readings.items():
            for character, read in zip(word, syllables, strict=True):
                used[character][read] += 0 if len(word) == 1 else (frequency + 1) / share
    return {character: max(sorted(readings), key=readings.__getitem__) for character, readings in used.items()}


def told(words: dict[str, Syllables], usual: dict[str, str]) -> dict[str, Syllables]:
    """The words that must be told: read otherwise, or hiding one that is."""
    otherwise = {word for word, read in words.items() if tuple(usual[character] for character in word) != read}

    def hides(word: str) -> bool:
        spans = ((first, last) for first in range(len(word)) for last in range(first + 2, len(word) + 1) if last - first < len(word))
        return any(word[first:last] in otherwise for first, last in spans)

    return {word: read for word, read in sorted(words.items()) if word in otherwise or hides(word)}


def main() -> None:
    """Write both files."""
    words: dict[str, dict[Syllables, int]] = defaultdict(dict)
    for word, syllables, frequency in words_of(Path(sys.argv[1])):
        if len(word) == len(syllables) <= LONGEST and not SIGNS & set(word) and not BROKEN & set(syllables):
            words[word][syllables] = frequency
    usual = usual_readings(words)
    best = {
        word: max(
            sorted(readings),
            key=lambda syllables: (readings[syllables], tuple(usual[c] == s for c, s in zip(word, syllables, strict=True))),
        )
        for word, readings in words.items()
        if len(word) > 1
    }
    by_reading: dict[str, list[str]] = defaultdict(list)
    for character, read in sorted(usual.items()):
        by_reading[read].append(character)
    TARGET.mkdir(exist_ok=True)
    (TARGET / "characters.tsv").write_text("".join(f"{read}\t{''.join(by_reading[read])}\n" for read in sorted(by_reading)), "utf-8")
    kept = told(best, usual)
    (TARGET / "words.tsv").write_text("".join(f"{word}\t{' '.join(read)}\n" for word, read in kept.items()), "utf-8")
    print(f"{len(usual)} characters, {len(kept)} of {len(best)} words")


if __name__ == "__main__":
    main()
