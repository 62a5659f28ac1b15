"""Reference images: how the screens look, kept in tests/ui/pictures; ``make references`` draws them anew.

**What is kept**: portrait, the usual look, Chinese and English, one state of each kind, at half size, in sixteen steps a channel.

**What counts as the same**: no field of 20 × 20 pixels of the glass may differ by more than ``TOLERANCE`` (of 255) in its mean colour, in any
channel. Letters that are rasterized otherwise (hinting, another FreeType) put the same ink into a field, but for its edge: a whole picture
shifted by a pixel of the glass, right and down, differs by 21. One shifted by four pixels differs by 49, an icon that is missing by 95,
another word by 177.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage

from ui.gallery.glass import Glass
from ui.gallery.views import VIEWS
from ui.window import PORTRAIT, prepare_environment

PICTURES = Path(__file__).parent / "pictures"
LANGUAGES = ("zh_TW", "en")
KEPT = tuple(
    view
    for view in VIEWS
    if not view.endswith(("-hostile", "-offline"))
    and (not view.startswith("devices") or view in {"devices-unwell", "devices-form-type-next", "devices-form-found"})
    and view
    not in {
        "attract-offline-day",
        "home-offline-not-regular",
        "home-offline-too-long",
        "home-other-card",
        "home-paused",
        "home-no-scanner",
        "home-full",
        "borrow-full-before",
        "borrow-no-scanner",
        "borrow-disk-full",
        "borrow-paused",
        "return-no-scanner",
        "loans-holds-only",
        "loans-long",
        "loss-all-cards",
        "loss-all-lost",
        "loss-done-untold",
        "goodbye-long",
        "goodbye-renewed",
        "card-code_malformed",
        "card-code_unknown_key",
        "card-code_wrong_signature",
        "card-code_not_yet_valid",
        "card-account_unknown",
        "out-of-service-revoked",
        "class-attract-waiting",
        "class-borrow",
        "class-home-suspended",
        "class-goodbye",
        "class-card-unknown",
        "check-good",
        "home-animal",
        "animals-chosen",
        "check-lost",
        "check-unreadable",
        "check-phone",
        "check-code_expired",
        "attract-scan-unreadable",
        "attract-scans-unreadable",
        "home-scan-publisher",
        "borrow-scan-misread",
        "return-scan-unknown",
        "pin-none",
        "return-session-empty",
        "loss-one",
    }
)
"""Without what differs from another state by a banner or a sentence only."""
TOLERANCE = 22
_HALF = QSize(PORTRAIT.width() // 2, PORTRAIT.height() // 2)
_FIELDS = QSize(PORTRAIT.width() // 20, PORTRAIT.height() // 20)


def path_of(view: str, language: str) -> Path:
    return PICTURES / f"{view}.{language}.png"


def draw(glass: Glass, view: str, language: str) -> QImage:
    """A screen as it is kept."""
    glass.show(VIEWS[view])
    glass.look(language)
    return _in_few_colours(_shrunk(glass.picture_at_rest().convertToFormat(QImage.Format.Format_RGB32), _HALF))


def difference(one: QImage, other: QImage) -> float:
    """The largest difference of a field, 0 to 255; all of it when the sizes differ."""
    if one.size() != other.size():
        return 255.0
    here, there = _shrunk(one, _FIELDS), _shrunk(other, _FIELDS)
    pairs = ((here.pixelColor(x, y), there.pixelColor(x, y)) for x in range(here.width()) for y in range(here.height()))
    return float(max(max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue())) for a, b in pairs))


def _shrunk(picture: QImage, size: QSize) -> QImage:
    return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _in_few_colours(picture: QImage) -> QImage:
    """Sixteen steps a channel: half the size of the files, at most 8 of 255 off."""
    few = bytes(picture.constBits()).translate(bytes(step & 0xF0 | step >> 4 for step in range(256)))
    return QImage(few, picture.width(), picture.height(), picture.bytesPerLine(), QImage.Format.Format_RGB32).copy()


def main() -> None:
    """Draw all anew."""
    prepare_environment(headless=True)
    app = QGuiApplication(sys.argv[:1])
    glass = Glass(PORTRAIT)
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    for view in KEPT:
        for language in LANGUAGES:
            draw(glass, view, language).save(str(path_of(view, language)))
    glass.close()
    app.shutdown()


if __name__ == "__main__":
    main()
