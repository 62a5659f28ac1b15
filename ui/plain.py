"""Text from outside, made harmless before it reaches a screen: titles, names, barcodes, branch names."""

import unicodedata

LONGEST = 200
"""Characters; more than any screen shows of one title."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_KEPT = frozenset("\u200d") | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
"""Joiner and variation selectors: they choose the form of a character, they move nothing."""


def plain(text: str, *, longest: int = LONGEST) -> str:
    """Strip control, format and bidirectional characters, fold white space, cap the length in characters.

    Markup stays what it is, letters: every text on the screens is drawn as plain text.
    """
    seen = (
        " " if character in _SPACES else character
        for character in text[: longest * 8]
        if character in _SPACES or character in _KEPT or unicodedata.category(character) not in _UNSEEN
    )
    one_line = " ".join("".join(seen).split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1].rstrip() + "…"
