#!/usr/bin/env python3
"""Make ui/fonts/*.ttf from the published web font: the only way these two files ever come about.

    npm pack @fontsource/chiron-goround-tc@5.3.0
    tar xzf fontsource-chiron-goround-tc-5.3.0.tgz
    .venv/bin/python packaging/fonts/build-fonts.py package ui/fonts

The web font comes in about 120 pieces a weight. They are merged into one TrueType file a weight
(half a minute each); the names are then repaired, otherwise Qt sees "Chiron GoRound TC ExtraLight",
and the line is made 1.25 em high instead of 1.45, so that words stand in the middle of a button.
Layout tables are dropped: the screens need no ligatures, no kerning and no vertical text.
Needs fonttools and brotli, both in the developer requirements.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FAMILY = "Chiron GoRound TC"
WEIGHTS = {500: "Medium", 700: "Bold"}
DROPPED = ("GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "DSIG")
_BOLD = 700
_ITALIC_AND_BOLD_BITS = 0x61
_FS_BOLD, _FS_REGULAR = 0x20, 0x40
_WINDOWS = (3, 1, 0x409)
ASCENT, DESCENT = 0.98, 0.27
"""Of the em. Ink of Chinese reaches from 0.88 to -0.12, of Latin letters with accents and tails from 0.95 to -0.25."""


class FontSourceError(Exception):
    """The folder is not the unpacked web font."""


def pieces(package: Path, weight: int) -> list[Path]:
    """Name the files of one weight, in the order of its style sheet.

    Raises:
        FontSourceError: the style sheet is not there or names no file.

    """
    sheet = package / f"{weight}.css"
    if not sheet.is_file():
        message = f"{sheet} is missing: unpack @fontsource/chiron-goround-tc and give its folder"
        raise FontSourceError(message)
    names = re.findall(r"url\(\./(files/[^)]+\.woff2)\)", sheet.read_text(encoding="utf-8"))
    if not names:
        message = f"{sheet} names no woff2 file"
        raise FontSourceError(message)
    return [package / name for name in names]


def merged(sources: list[Path], scratch: Path) -> TTFont:
    """Put all pieces into one font without layout tables."""
    plain = []
    for number, source in enumerate(sources):
        font = TTFont(source)
        for table in DROPPED:
            if table in font:
                del font[table]
        font.flavor = None
        plain.append(scratch / f"{number}.ttf")
        font.save(plain[-1])
    return Merger().merge([str(path) for path in plain])


def name_it(font: TTFont, weight: int) -> None:
    """Say family, style and weight in every table that Qt and FreeType look at."""
    style = WEIGHTS[weight]
    records = font["name"]
    version = records.getDebugName(5) or "Version 5.3.0"
    licence = {record.nameID: str(record) for record in records.names if record.nameID in {0, 13, 14}}
    records.names = []
    names = {
        **licence,
        1: FAMILY if weight == _BOLD else f"{FAMILY} {style}",
        2: "Bold" if weight == _BOLD else "Regular",
        3: f"{FAMILY} {style}; merged from @fontsource/chiron-goround-tc 5.3.0",
        4: f"{FAMILY} {style}",
        5: version,
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    for number, text in names.items():
        records.setName(text, number, *_WINDOWS)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection &= ~_ITALIC_AND_BOLD_BITS
    font["OS/2"].fsSelection |= _FS_BOLD if weight == _BOLD else _FS_REGULAR
    font["head"].macStyle = 1 if weight == _BOLD else 0
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False


def set_line(font: TTFont) -> None:
    """Give all three places where a line's height stands the same values."""
    em = font["head"].unitsPerEm
    ascent, descent = round(ASCENT * em), round(DESCENT * em)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, -descent, 0
    metrics = font["OS/2"]
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, -descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, descent


def main() -> int:
    """Build both weights; say what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked folder of @fontsource/chiron-goround-tc")
    parser.add_argument("target", type=Path, help="where the TTF files and their licence go, ui/fonts")
    arguments = parser.parse_args()
    arguments.target.mkdir(parents=True, exist_ok=True)
    try:
        for weight, style in WEIGHTS.items():
            with tempfile.TemporaryDirectory() as scratch:
                font = merged(pieces(arguments.package, weight), Path(scratch))
                name_it(font, weight)
                set_line(font)
                target = arguments.target / f"{FAMILY.replace(' ', '')}-{style}.ttf"
                font.save(target)
            print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, {len(font.getBestCmap())} characters")
        shutil.copyfile(arguments.package / "LICENSE", arguments.target / "LICENSE")
    except FontSourceError as error:
        print(f"build-fonts: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
