"""Draws an exhibition into a folder: a picture a screen, a contact sheet a wing, one page over all."""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtGui import QImage

from ui.gallery.contact_sheet import ContactSheet
from ui.gallery.glass import Glass
from ui.gallery.index_page import index_page
from ui.gallery.plan import FORMATS, Exhibition, Wing
from ui.gallery.views import VIEWS

INDEX = "index.html"


class GalleryFolderError(OSError):
    """A picture can't be written."""


def hang(exhibition: Exhibition, folder: Path, *, drawn: Callable[[Wing], None]) -> None:
    """Draw everything; ``drawn`` hears of each wing when it is done. Files of the same names are written over, others stay.

    Raises:
        GalleryFolderError: a picture can't be written.
        OSError: the folder can't be made.
        FontMissingError, WindowError: the screens can't be drawn.

    """
    for name, wings in groupby(exhibition.wings(), key=lambda wing: wing.format):
        glass = Glass(FORMATS[name])
        try:
            for wing in wings:
                _hang_wing(glass, wing, exhibition.views, folder)
                drawn(wing)
        finally:
            glass.close()
    (folder / INDEX).write_text(index_page(exhibition), encoding="utf-8")


def _hang_wing(glass: Glass, wing: Wing, views: Sequence[str], folder: Path) -> None:
    place = folder / wing.name
    place.mkdir(parents=True, exist_ok=True)
    sheet = ContactSheet(wing.name, FORMATS[wing.format], len(views))
    for view in views:
        glass.show(VIEWS[view])
        glass.look(wing.language, wing.look)
        picture = glass.picture_at_rest()
        _save(picture, place / f"{view}.png")
        sheet.hang(view, picture)
    _save(sheet.draw(), folder / f"{wing.name}.png")


def _save(picture: QImage, path: Path) -> None:
    if not picture.save(str(path)):
        message = f"{path}: the picture can't be written"
        raise GalleryFolderError(message)
