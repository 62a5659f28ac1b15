"""Names on screens: the one table that masks them. A kiosk never holds more of a name than this gives.

Source: the programme's rule for names on screens (surname only by default; the last character too as
a setting; compound surnames by list; Latin names by initial; Indigenous and long names by their first
character only). Names are stored as received (R16); only the mask is cleaned.
"""

import re
import unicodedata
from enum import StrEnum, unique

CIRCLE = "○"

_LISTED = (
    "歐陽 司馬 上官 諸葛 司徒 司空 夏侯 皇甫 尉遲 公孫 長孫 慕容 令狐 宇文 軒轅 端木 東方 南宮 西門 申屠 公羊 澹臺 "
    "濮陽 淳于 單于 太叔 仲孫 鍾離 鮮于 閭丘 赫連 呼延 獨孤 拓跋 万俟 聞人 東郭 百里 左丘 梁丘 巫馬 公西 公冶 宗政 漆雕 樂正 "
    "范姜 張簡 張廖 陳吳 葉劉 翁林 郭李 徐辜"
)
COMPOUND_SURNAMES = frozenset(_LISTED.split())
"""Two characters that are one surname, with the double surnames of Taiwan among them."""

_PLAIN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")
_LONGEST_PLAIN = 4
_IDEOGRAPHS = (0x20000, 0x40000)
_PLACE_IN_PLANE, _NO_CHARACTER = 0xFFFF, 0xFFFE
"""The last two places of every plane are no characters."""


@unique
class NameStyle(StrEnum):
    """How much of an ordinary name is shown."""

    SURNAME = "surname"
    """王○○"""
    SURNAME_AND_LAST = "surname_and_last"
    """王○明"""


def masked(name: str, style: NameStyle = NameStyle.SURNAME) -> str:
    """What a screen may show of a name. Whatever is given, the answer is short, plain text without control characters."""
    if _PLAIN.fullmatch(name):
        return _ordinary(list(name), style)
    characters = _characters(name)
    if not characters:
        return CIRCLE
    first = characters[0]
    if "LATIN" in unicodedata.name(first[0], ""):
        return f"{first.upper()}. {CIRCLE}"
    han = all(_is_han(character[0]) for character in characters)
    if han and len(characters) == 1:
        return first + CIRCLE
    if han and len(characters) <= _LONGEST_PLAIN:
        return _ordinary(characters, style)
    return first + CIRCLE * 2


def folded(name: str) -> str:
    """A name without the differences that mean nothing, for comparing and searching only (R16)."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _ordinary(characters: list[str], style: NameStyle) -> str:
    compound = len(characters) > 2 and "".join(characters[:2]) in COMPOUND_SURNAMES  # noqa: PLR2004 - a surname of two needs a given name
    surname, given = (characters[:2], characters[2:]) if compound else (characters[:1], characters[1:])
    shown = given[-1] if style is NameStyle.SURNAME_AND_LAST and len(given) > 1 else CIRCLE
    return "".join(surname) + CIRCLE * (len(given) - 1) + shown


def _is_han(character: str) -> bool:
    return "CJK" in unicodedata.name(character, "") or unicodedata.category(character) == "Co" or _is_later_han(character)


def _is_later_han(character: str) -> bool:
    """Whether a later Unicode than this Python's may have an ideograph here: planes 2 and 3 are set aside for them alone."""
    point = ord(character)
    return _IDEOGRAPHS[0] <= point < _IDEOGRAPHS[1] and point & _PLACE_IN_PLANE < _NO_CHARACTER and unicodedata.category(character) == "Cn"


def _characters(name: str) -> list[str]:
    """The visible characters, each with the marks that belong to it; a separator inside is kept as one of its own."""
    found: list[str] = []
    for point in unicodedata.normalize("NFC", name).strip():
        category = unicodedata.category(point)
        if category in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} and not _is_later_han(point):
            continue
        if category.startswith("M"):
            if found:
                found[-1] = (found[-1] + point)[:3]
            continue
        found.append(point)
    while found and unicodedata.category(found[0][0])[0] in "PZS":
        found.pop(0)
    return found
