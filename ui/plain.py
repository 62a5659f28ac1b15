"""Text from outside, made harmless before it reaches a screen: titles, names, barcodes, branch names."""

import unicodedata

LONGEST = 200
"""Characters; more than any screen shows of one title."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_KEPT = frozenset("\u200d") | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
"""Joiner and variation selectors: they choose the form of a character, they move nothing."""
_IDEOGRAPHS = range(0x20000, 0x40000)
"""The planes of ideographs: Unicode fills them faster than Python's table (Ext. H and I came after it), and a title lacks no letter for that."""
_OUR_SIGNS = range(0x100000, 0x102000)
"""The signs of our readings, in the last plane of private use: in a title they mean something else."""
_NEVER = frozenset({0xFFFE, 0xFFFF})
"""The ends of a plane: non-characters for good."""


def plain(text: str, *, longest: int = LONGEST) -> str:
    """Strip control, format and bidirectional characters, fold white space, cap the length in characters.

    Markup stays what it is, letters: every text on the screens is drawn as plain text.
    """
    seen = (
        " " if character in _SPACES else character
        for character in text[: longest * 8]
        if character in _SPACES or character in _KEPT or _is_seen(character)
    )
    one_line = " ".join("".join(seen).split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1].rstrip() + "…"


def _is_seen(character: str) -> bool:
    """Whether it is a letter or sign, user-defined ones (private use) among them, and no control, format or non-character."""
    category = unicodedata.category(character)
    if ord(character) in _OUR_SIGNS:
        return False
    return category not in _UNSEEN or (category == "Cn" and ord(character) in _IDEOGRAPHS and ord(character) & 0xFFFF not in _NEVER)
