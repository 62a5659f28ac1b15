"""``python -m youyue.doctor.screen``: start Qt without a screen, load the fonts, print what came of it as JSON."""

import sys

import msgspec

from youyue.doctor.facts import ScreenFacts


def main() -> int:
    """Print ``ScreenFacts``."""
    from PySide6.QtCore import qVersion  # noqa: PLC0415 - that it can't be loaded is the news
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - the same

    from ui.fonts import FontMissingError, load_fonts  # noqa: PLC0415 - the same

    app = QGuiApplication(sys.argv[:1])
    problem = ""
    try:
        load_fonts()
    except FontMissingError as error:
        problem = str(error)
    del app
    sys.stdout.buffer.write(msgspec.json.encode(ScreenFacts(qt=qVersion(), font_problem=problem)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
