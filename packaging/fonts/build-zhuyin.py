#!/usr/bin/env python3
"""Makes ui/fonts/YouyueZhuyin-*.ttf: a glyph for each syllable in bopomofo, upright, as it stands to the right of a character.

The signs are those of Chiron GoRound TC Bold (SIL OFL 1.1), a third of their size: the signs one under the other, the tone to the right of the
last one, the dot of the light tone above the first one, as school books in Taiwan print them. A glyph's code is ``texts.readings.sign``.
Run it when readings were added: ``.venv/bin/python packaging/fonts/build-zhuyin.py``. A test says when a syllable is missing.
"""

from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from texts.readings import FINALS, INITIALS, MEDIALS, TONES, open_readings, sign

FONTS = Path(__file__).parents[2] / "ui" / "fonts"
FAMILY = "Youyue Zhuyin"
SCALE, CELL, WIDTH = 0.325, 290, 460
COLUMN, MIDDLE = 168, 380
"""Where the column's middle is, from the left and from the base line, in thousandths of the character's size."""
TONE_SCALE, TONE_X, TONE_UP, DOT_UP = 0.5, 378, 95, 205
SIGNS = INITIALS + MEDIALS + FINALS


def signs_font() -> TTFont:
    """The signs and tones alone, as the face that the glyphs are made of."""
    font = TTFont(FONTS / "ChironGoRoundTC-Bold.ttf")
    options = subset.Options()
    options.notdef_outline, options.name_IDs, options.layout_features, options.hinting = True, ["*"], [], False
    cutter = subset.Subsetter(options)
    cutter.populate(text=SIGNS + TONES)
    cutter.subset(font)
    return font


def add_syllable(font: TTFont, syllable: str) -> str:
    """Put one syllable together."""
    cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
    signs = [letter for letter in syllable if letter not in TONES]
    tone = syllable[-1] if syllable[-1] in TONES else ""
    pen = TTGlyphPen(glyphs)
    top = MIDDLE + (len(signs) - 1) * CELL / 2
    for number, letter in enumerate(signs):
        pen.addComponent(cmap[ord(letter)], (SCALE, 0, 0, SCALE, COLUMN - 500 * SCALE, top - number * CELL - MIDDLE * SCALE))
    if tone:
        name = cmap[ord(tone)]
        box = font["glyf"][name]
        x, y = (box.xMin + box.xMax) / 2, (box.yMin + box.yMax) / 2
        last = top - (len(signs) - 1) * CELL
        across, up = (COLUMN, top + DOT_UP) if tone == "˙" else (TONE_X, last + TONE_UP)
        pen.addComponent(name, (TONE_SCALE, 0, 0, TONE_SCALE, across - x * TONE_SCALE, up - y * TONE_SCALE))
    made = f"u{ord(sign(syllable)):X}"
    glyph = pen.glyph()
    font["glyf"][made] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][made] = (WIDTH, glyph.xMin)
    return made


def main() -> None:
    """Write the font."""
    font = signs_font()
    made = {ord(sign(syllable)): add_syllable(font, syllable) for syllable in sorted(open_readings().syllables())}
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, made
    font["cmap"].tables = [table]
    font.setGlyphOrder([*font.getGlyphOrder()])
    font["head"].created = font["head"].modified = 3_850_000_000
    font.recalcTimestamp = False
    for style, weight, selection, mac in (("Medium", 500, 0x40, 0), ("Bold", 700, 0x20, 1)):
        write(font, style, weight, selection, mac)
    print(f"{len(made)} syllables")


def write(font: TTFont, style: str, weight: int, selection: int, mac: int) -> None:
    """Write it under a weight of its own: of a family without a bold face Qt smears one."""
    for record in list(font["name"].names):
        font["name"].removeNames(nameID=record.nameID)
    whole = f"{FAMILY} {style}"
    names = {1: FAMILY, 2: style, 3: whole, 4: whole, 6: f"YouyueZhuyin-{style}", 13: "SIL Open Font License 1.1", 16: FAMILY, 17: style}
    for number, words in names.items():
        font["name"].setName(words, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass, font["OS/2"].fsSelection, font["head"].macStyle = weight, selection, mac
    font.save(FONTS / f"YouyueZhuyin-{style}.ttf")


if __name__ == "__main__":
    main()
