"""The two weights of Chiron GoRound TC, the readings in bopomofo, and the fallback for rare characters."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FAMILY = "Chiron GoRound TC"
READINGS = "Youyue Zhuyin"
FALLBACK = "Noto Sans CJK TC"
FOLDER = Path(__file__).parent / "fonts"


class FontMissingError(Exception):
    """A font of the screens is not there: they would show empty boxes."""


def load_fonts() -> None:
    """Make all families known to Qt. Needs a QGuiApplication; may be called twice.

    Raises:
        FontMissingError: a font file can't be read, or the fallback is not installed.

    """
    if FAMILY not in QFontDatabase.families():
        for path in sorted(FOLDER.glob("*.ttf")):
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                message = f"{path.name} can't be read as a font: make it again with packaging/fonts"
                raise FontMissingError(message)
    for family, remedy in (
        (FAMILY, "packaging/fonts/build-fonts.py makes it"),
        (READINGS, "packaging/fonts/build-zhuyin.py makes it"),
        (FALLBACK, "apt-get install fonts-noto-cjk"),
    ):
        if family not in QFontDatabase.families():
            message = f"the font {family} is missing: {remedy}"
            raise FontMissingError(message)
    QFont.insertSubstitutions(FAMILY, [READINGS, FALLBACK])
